# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line."""
import argparse
import os
import re
import shutil
import signal
import sys

import battery
from battery.copies import Copy, Side, make_source
from battery.known import is_impossible
from battery.performing import Watch, perform
from battery.rows import ROWS
from battery.sources import UMASK

DIRECTIONS = ("in", "out", "within")


def chosen(options):
    for number, this in enumerate(ROWS):
        if options.sample and not this.sample:
            continue
        if options.only and not re.search(options.only, this.name):
            continue
        yield number, this


def make_sources(options):
    """For an image of what can't be written to: each row's source under its number."""
    for number, this in chosen(options):
        make_source(this, os.path.join(os.fsencode(options.make_sources), b"%d" % number))


class Tally:
    """What came of a direction."""

    def __init__(self):
        self.rows = self.same = self.failed = 0
        self.refused, self.different = [], []

    def add(self, name, status, found):
        self.rows += 1
        self.failed += status != 0
        if not found:
            self.same += 1
        elif found[0].startswith("refused: "):
            self.refused.append((name, found))
        else:
            self.different.append((name, found))

    def text(self):
        parts = ["%d of %d as cp" % (self.same, self.rows)]
        if self.failed:
            parts.append("%d that cp can't" % self.failed)
        if self.refused:
            parts.append("%d refused" % len(self.refused))
        if self.different:
            parts.append("%d DIFFERENT" % len(self.different))
        return ", ".join(parts)


def tell(label, name, found, limit=12):
    print("%s: %s" % (label, name))
    for line in found[:limit]:
        print("    " + os.fsencode(line).decode("utf-8", "backslashreplace"))
    if len(found) > limit:
        print("    and %d more" % (len(found) - limit))
    sys.stdout.flush()


def perform_all(options):
    sides = [Side(options.sides[0], options.cp), Side(options.sides[1], options.mmcp)]
    watch = Watch(sides, options.fusectl)
    worst = 0
    for direction in options.directions.split(","):
        tally = Tally()
        for number, this in chosen(options):
            if is_impossible(options.label, this, direction):
                continue
            copy = Copy(this, direction, options.ready and direction == "out", number,
                        options.fuse)
            try:
                with watch:
                    status, found = perform(copy, sides, options.label)
            except OSError as error:
                print("%s, %s: %s: %s%s" % (
                    options.label, direction, this.name, error,
                    "; it didn't answer, and is cut off" * watch.cut))
                return 2
            if watch.cut:
                print("%s, %s: %s: it doesn't answer, and is cut off" % (
                    options.label, direction, this.name))
                return 2
            tally.add(this.name, status, found)
            if found and (options.verbose or not found[0].startswith("refused: ")):
                tell("%s, %s" % (options.label, direction), this.name, found)
        print("%s\t%s\t%s" % (options.label, direction, tally.text()), flush=True)
        if options.table:
            with open(options.table, "a") as f:
                f.write("%s\t%s\t%d\t%d\t%d\t%d\t%d\n" % (
                    options.label, direction, tally.rows, tally.same, tally.failed,
                    len(tally.refused), len(tally.different)))
        worst |= bool(tally.different)
    return worst


def main():
    parser = argparse.ArgumentParser(description=battery.__doc__.splitlines()[0])
    parser.add_argument("--cp", default=shutil.which("cp"))
    parser.add_argument("--mmcp", default="mmcp")
    parser.add_argument("--label", default="fs", help="what the file system is called")
    parser.add_argument("--directions", default=",".join(DIRECTIONS))
    parser.add_argument("--sample", action="store_true", help="few rows")
    parser.add_argument("--only", help="the rows whose names match this expression")
    parser.add_argument("--ready", action="store_true", help="sources are there already")
    parser.add_argument("--make-sources", metavar="DIR",
                        help="make them, and nothing else")
    parser.add_argument("--fuse", action="store_true", help="it is one of FUSE")
    parser.add_argument("--fusectl", metavar="DIR", default="/sys/fs/fuse/connections",
                        help="where a fusectl is mounted")
    parser.add_argument("--table", help="a file to add lines to")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("sides", nargs="*", help="cp's and mmcp's directory")
    options = parser.parse_args()
    os.umask(UMASK)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.make_sources:
        return make_sources(options)
    return perform_all(options)
