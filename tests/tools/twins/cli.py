# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line."""
import argparse
import collections
import itertools
import multiprocessing
import os
import re
import sys

import trees
import twins
from twins.judging import judge
from twins.places import Place
from twins.programs import Program, find_cp
from twins.samefile import same_cases
from twins.table import Broken, read_table
from twins.telling import tell

SHOWN = 30                      # lines of a case that failed
Outcome = collections.namedtuple("Outcome", "group where text lines skipped")


class Worker:
    """What a process needs, once."""

    places = programs = None

    @classmethod
    def start(cls, places, programs):
        cls.places, cls.programs = places, programs
        for place in places:
            place.open()

    @classmethod
    def do(cls, task):
        number, case = task
        place = cls.places[number]
        reason = place.lacks(case)
        if reason is None and cls.programs[0].is_another(case):
            reason = "this cp does it in another way"
        try:
            lines = [] if reason else judge(case, place, *cls.programs)
        except (Broken, OSError, RecursionError) as error:
            lines = ["%s: %s" % (type(error).__name__, str(error)[:200])]
        return Outcome((number, case.group), case.where, case.text, lines, reason)


def tasks_for(cases, places):
    """The first place of each user has all; others what is marked, or depends on them."""
    done = set()
    for number, place in enumerate(places):
        first = place.uid not in done
        done.add(place.uid)
        for case in cases:
            if first or {"everywhere", "reflink"} & case.marks.keys():
                yield number, case


def print_outcomes(outcomes, places):
    """One TAP line for each group, and what failed in it."""
    groups = {}
    for outcome in outcomes:
        groups.setdefault(outcome.group, []).append(outcome)
    failed = 0
    for number, ((place, group), found) in enumerate(groups.items(), 1):
        bad = [o for o in found if o.lines]
        done = [o for o in found if not o.skipped]
        failed += len(bad)
        label = "%s (%s, uid %d): %d cases" % (
            group, places[place].label, places[place].uid, len(done))
        print("%sok %d - %s%s" % ("not " if bad else "", number, label,
                                  "" if done else " # SKIP " + found[0].skipped))
        for outcome in bad:
            print("# %s: %s" % (outcome.where, outcome.text))
            for line in outcome.lines[:SHOWN]:
                print("#     " + re.sub(r"(\w)\1{49,}", shorter, line))
        sys.stdout.flush()
    print("1..%d" % len(groups))
    print("# %d cases, %d of them skipped, %d failed" % (
        len(outcomes), sum(o.skipped is not None for o in outcomes), failed))
    return failed


def shorter(match):
    """A long run of one letter as the table has it."""
    return "{%s*%d}" % (match[1], len(match[0]))


def parse_place(text):
    """DIRECTORY:LABEL:UID"""
    top, label, uid = text.rsplit(":", 2)
    return Place(top, label, int(uid))


def main():
    parser = argparse.ArgumentParser(description=twins.__doc__.splitlines()[0])
    parser.add_argument("--mmcp", required=True)
    parser.add_argument("--cp", default=os.environ.get("CP") or "cp")
    parser.add_argument("--place", action="append", required=True, type=parse_place,
                        metavar="DIRECTORY:LABEL:UID")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--stride", type=int, default=1, help="only one case of so many")
    parser.add_argument("--tell", action="store_true", help="only print what cp does")
    parser.add_argument("--only", default="",
                        help="what TABLE:LINE or arguments must match")
    parser.add_argument("tables", nargs="*", help="none: one file under two names")
    options = parser.parse_args()
    programs = Program(find_cp(options.cp)), Program(options.mmcp)
    if programs[0].version is None:
        print("1..0 # SKIP the cp here is not GNU's")
        return 77
    cases = list(itertools.chain(*map(read_table, options.tables))) \
        if options.tables else list(same_cases())
    cases = [c for c in cases if re.search(options.only, c.where + ": " + c.text)]
    if options.tell:
        options.place[0].make_room()
        for case in cases:
            print(case.where, case.text, *tell(case, options.place[0], programs[0]),
                  sep="\n  ")
        trees.remove(options.place[0].top)
        return 0
    tasks = list(tasks_for(cases[::options.stride], options.place))
    for place in options.place:
        place.make_room()
    try:
        with multiprocessing.Pool(options.workers, Worker.start,
                                  (options.place, programs)) as pool:
            print_outcomes(pool.map(Worker.do, tasks, chunksize=8), options.place)
    finally:
        for place in options.place:
            trees.clear(place.top)
    return 0
