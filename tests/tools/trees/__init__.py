# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy random trees by cp and by mmcp in twin directories, and compare everything.

GNU cp decides what is right: what it makes of a source, an old destination and some
options is what mmcp has to make of them, with the same messages and exit status.  All
random choices come from a seed, so a failed round can be repeated by its number.
Intended differences are listed in excuses.py, each with its reason, and nowhere else.

python3 -B tests/tools/trees --help has the commands.  Other tools use what is imported
here.
"""
from trees.basics import KIB, MIB, NOBODY, SECOND, clear, remove
from trees.comparing import compare
from trees.excuses import EXPECTED, FAILED, PARENTS
from trees.many import Summary, options_for, perform_all
from trees.randomtree import HOSTILE
from trees.snapshots import name_links, snapshot

__all__ = ["EXPECTED", "FAILED", "HOSTILE", "KIB", "MIB", "NOBODY", "PARENTS", "SECOND",
           "Summary", "clear", "compare", "name_links", "options_for", "perform_all",
           "remove",
           "snapshot"]
