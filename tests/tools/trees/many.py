# SPDX-License-Identifier: GPL-3.0-or-later
"""Many rounds, by several processes."""
import collections
import multiprocessing
import os
import signal
import sys
import types

from trees.basics import become, is_root
from trees.programs import Program
from trees.rounds import Round

Result = collections.namedtuple("Result", "seed label variant skipped lines")


def options_for(mmcp, cp="cp", from_dir=None, to_dir=None, uid=None, jobs=None,
                options=None, keep=False):
    return types.SimpleNamespace(
        mmcp=Program(os.path.abspath(mmcp) if "/" in mmcp else mmcp), cp=Program(cp),
        from_dir=from_dir, to_dir=to_dir, uid=os.geteuid() if uid is None else uid,
        jobs=jobs, options=options, keep=keep)


def one_round(task):
    """Perform the round of TASK, (seed, label, options)."""
    seed, label, options = task
    chosen = Round(seed, options)
    skipped = chosen.skipped()
    try:
        lines = [] if skipped else chosen.perform()
    except Exception as error:  # a broken round is a failed one, with its seed
        lines = ["seed %d (%s): the tester failed: %s: %s" % (
            seed, chosen.name, type(error).__name__, ascii(str(error)))]
        if error.__traceback__:
            last = error.__traceback__
            while last.tb_next:
                last = last.tb_next
            lines.append("    at line %d of %s" % (last.tb_lineno, os.path.basename(
                last.tb_frame.f_code.co_filename)))
    return Result(seed, label, chosen.name, skipped, lines)


def start_worker(uid):
    """The parent hears of ^C, and ends the workers, who then clean up."""
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    os.umask(0o022)
    if uid is not None and is_root() and uid != 0:
        become(uid)


def perform_all(tasks, workers=2, uid=None):
    """Yield the results of TASKS as they come, done by WORKERS processes as UID."""
    pool = multiprocessing.get_context("fork").Pool(workers, start_worker, (uid,))
    try:
        yield from pool.imap_unordered(one_round, tasks, chunksize=4)
        pool.close()            # terminating those that are done can hang
    except BaseException:
        pool.terminate()
        raise
    pool.join()


class Summary:
    """What became of many rounds."""

    def __init__(self):
        self.counts = collections.Counter()
        self.unknown = collections.defaultdict(set)
        self.failed = []
        self.done = 0

    def add(self, result):
        for name in result.skipped:
            self.unknown[name].add(result.variant)
        if result.skipped:
            return
        self.done += 1
        self.counts[result.variant] += 1
        if result.lines:
            self.failed.append(result)
            print("\n".join(result.lines), flush=True)

    def print(self, per_variant=True):
        if per_variant:
            for variant, count in sorted(self.counts.items()):
                bad = sum(f.variant == variant for f in self.failed)
                print("%5d %s%s" % (count, variant, ", %d failed" % bad if bad else ""))
        for name, options in sorted(self.unknown.items()):
            print("left out, not known to this %s: %s" % (
                name, "; ".join(sorted(options))))
        print("trees: %d rounds, %d failed%s" % (
            self.done, len(self.failed), ": seeds " + " ".join(
            str(f.seed) for f in self.failed) if self.failed else ""))
