# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies random files in random ways while random things go wrong, and judges what is
left by a rule of its own: what mmcp says (its exit status) has to agree with what is
there.  Each round has a seed; that of a failed round is printed, and `--seed N --rounds
1' does it again.  As root it uses small file systems of its own (ext4, xfs, btrfs,
tmpfs); else, or if DIR is given, DIR (or the current directory).  Not part of make check.

With --trees it copies random trees instead, from each file system to each (and an
overlay), by root, an ordinary user, and one who copies root's trees, and cp says what is
right."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time

sys.dont_write_bytecode = True
USAGE = """python3 scripts/torture [--trees] [--seed N] [--minutes M] [--rounds R]
                               [--mmcp FILE] [--shim FILE] [DIR]"""
SCRIPTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# The package, and the trees of the tests.
sys.path[:1] = [SCRIPTS, os.path.join(SCRIPTS, "../tests/tools")]

from torture import files, places


def parse():
    """The options; `shim' is None if there is no shim."""
    parser = argparse.ArgumentParser(
        prog="torture", usage=USAGE, description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--mmcp", default=os.path.join(SCRIPTS, "../build/mmcp"))
    parser.add_argument("--shim", default=None)
    parser.add_argument("--trees", action="store_true")
    parser.add_argument("dir", nargs="?")
    options = parser.parse_args()
    options.mmcp = os.path.abspath(options.mmcp)
    if not os.access(options.mmcp, os.X_OK):
        sys.exit("torture: no mmcp at %s: build it, or say --mmcp FILE" % options.mmcp)
    built = os.path.dirname(options.mmcp)
    shim = options.shim or os.path.join(built, "tests/tools/shim.so")
    options.shim = os.path.abspath(shim) if os.path.exists(shim) else None
    with open(options.mmcp, "rb") as f:
        options.sanitized = b"__asan_init" in f.read()
    return options


def torture_all(top, mounted, options):
    """Do what OPTIONS ask for, below TOP; what is mounted is added to MOUNTED at once.
    Return whether no round failed."""
    if not options.dir and os.geteuid() == 0:
        places.make_file_systems(top, mounted)
        if options.trees and any(name == "tmpfs" for name, _ in mounted):
            places.make_overlay(top, mounted)
    where = mounted or [("here", top)]
    names = ", ".join(name for name, _ in where)
    lack = "" if options.shim or options.trees else ", without the shim"
    print("torture: seed %d on %s%s" % (options.seed, names, lack))
    if not options.trees:
        return files.torture(where, options)
    from torture import trees       # which imports those of the tests
    return trees.torture(where, top, options)


def main():
    options, mounted = parse(), []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))   # not without the end of this
    top = tempfile.mkdtemp(prefix="mmcp-torture.", dir=options.dir or None)
    try:
        return 0 if torture_all(top, mounted, options) else 1
    finally:
        places.unmount(mounted[::-1])
        shutil.rmtree(top, ignore_errors=True)


sys.exit(main())
