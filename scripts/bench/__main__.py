# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the benchmark: python3 scripts/bench --help says what it measures."""

import os
import signal
import sys

sys.dont_write_bytecode = True
# The package is found from everywhere, and its modules hide none of Python's.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# mkfs and its like are not on everybody's PATH.
os.environ["PATH"] = os.environ.get("PATH", "/usr/bin:/bin") \
    + ":/usr/local/sbin:/usr/sbin:/sbin"

from bench import command_line, comparison, many


def end(number, _):
    """Leave by an exception, so that what was made is removed."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


def main():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, end)
    args = command_line.parse(sys.argv[1:])
    return many.main(args) if args.many else comparison.main(args)


sys.exit(main())
