# SPDX-License-Identifier: GPL-3.0-or-later
"""Rounds of trees, which the tests make, copy and judge (tests/tools/trees)."""

import itertools
import os
import shutil
import sys
import time

import trees


def tree_tasks(places, seeds, user, options):
    """The rounds of USER for these SEEDS, which go through all pairs of PLACES."""
    inside = "nobody" if user == "nobody" else "root"
    pairs = {}
    for one, two in itertools.product(places, places):
        pairs["%s to %s, %s" % (one[0], two[0], user)] = trees.options_for(
            options.mmcp, from_dir=os.path.join(one[1], inside),
            to_dir=os.path.join(two[1], inside),
            uid=None if user in ("root", "user") else trees.NOBODY)
    for seed, label in zip(seeds, itertools.cycle(pairs)):
        yield seed, label, pairs[label]


def make_homes(places):
    """Make a directory for each user in each of PLACES."""
    for _, where in places:
        for name, uid in (("root", os.geteuid()), ("nobody", trees.NOBODY)):
            os.mkdir(os.path.join(where, name))
            if os.geteuid() == 0:
                os.chown(os.path.join(where, name), uid, uid)
        os.chmod(where, 0o755)


def torture(places, top, options):
    """Rounds of trees; return whether none failed."""
    make_homes(places)
    users = ["root", "nobody", "guest"] if os.geteuid() == 0 else ["user"]
    if os.geteuid() == 0:               # or an ordinary user may not reach it
        os.chmod(top, 0o755)
        options.mmcp = shutil.copy(options.mmcp, os.path.join(top, "mmcp"))
    summary = trees.Summary()
    seed, end = options.seed, time.time() + options.minutes * 60
    for user in itertools.cycle(users):
        left = options.seed + options.rounds - seed if options.rounds else sys.maxsize
        if left <= 0 or (not options.rounds and time.time() >= end):
            break
        some = range(seed, seed + min(left, 200))
        seed += len(some)
        for result in trees.perform_all(tree_tasks(places, some, user, options),
                                        uid=trees.NOBODY if user == "nobody" else None):
            if result.lines:
                print("torture: FAILED, %s" % result.label)
            summary.add(result)
    summary.print()
    return not summary.failed
