# SPDX-License-Identifier: GPL-3.0-or-later
"""How a copy by many ranks scales, simulated: the tables of doc/scale.md.

    python3 scripts/bench/scale.py                      all tables
    python3 scripts/bench/scale.py --predict 1 2 4      copies of one tree here

The second needs what --help lists, measured where the copies will be made."""

import argparse
import collections
import heapq
import math
import multiprocessing
import os
import random
import statistics
import sys

sys.dont_write_bytecode = True
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from bench.names import Chain, Tree
from bench.ranks import ALL, GROUP, Model, Simulation

# `mmcp -j1` of 256 MiB on tmpfs, in milliseconds, 24 times.
RANGES = (129, 131, 134, 144, 149, 157, 158, 160, 160, 161, 162, 162, 165, 165, 166, 167,
          180, 192, 192, 193, 208, 208, 320, 418)
RANKS = (1, 2, 4, 16, 64, 256, 1024, 4096, 10000)
LATENCIES = (2, 10, 50)
MEAN, DEVIATION = 1000 * statistics.mean(RANGES), 1000 * statistics.pstdev(RANGES)
LAST = 24               # ranges of each rank that are looked at one by one
SEED = 20240229


# ---- small files ----

def finishing(sim, finish):
    """The time until the shared directories are finished, each of which takes FINISH:
    by rank 0; or by all ranks, one depth after the other."""
    if len(sim.brokers) == 1:
        return sum(sim.shared.values()) * finish
    turn = 2 * sim.model.latency + 2 * (len(sim.brokers) + GROUP) * sim.model.message
    return sum(-(-n // sim.ranks) * finish + turn for n in sim.shared.values())


Outcome = collections.namedtuple("Outcome",
                                 "seconds efficiency root tasks shared finishing")


def copy(model, count, names, tree=Tree):
    """The outcome of one copy of NAMES names by COUNT ranks."""
    sim = Simulation(model, count, names, tree)
    told = count if len(sim.brokers) == 1 else len(sim.brokers) + GROUP
    end = sim.run() + told * model.message + model.latency
    return Outcome(end / 1e6, names * model.name_us / count / end, sim.root.spent / end,
                   sim.gifts / count, sum(sim.shared.values()),
                   finishing(sim, model.name_us) / 1e6)


# ---- large files ----

FILES, BYTES = 100, 10 ** 13
PIECE = 1 << 28         # what RANGES are of
PARTS, AT_ONCE = 64, 16     # ranges of a file, as mmcp has them now


def time_of(pieces, rng):
    """The time of a range of so many PIECES."""
    if pieces <= 16:
        return sum(rng.choice(RANGES) for _ in range(pieces)) * 1000
    return rng.gauss(pieces * MEAN, math.sqrt(pieces) * DEVIATION)


def ranges(model, ranks, pieces, at_once):
    """The efficiency of copies of large files by ranges of so many PIECES, which are
    claimed from the rank that has the file.  All but the last ranges of each rank are
    passed over."""
    rng = random.Random(model.seed)
    each = -(-BYTES // (pieces * PIECE))
    working = min(ranks, FILES * (at_once + 1))
    claim = 2 * model.latency + 4 * model.message
    before = max(0, FILES * each // working - LAST)
    left = [each - before * working // FILES] * FILES
    free = [0.] * FILES         # when the owner has handled all claims so far
    heap = [(before * (pieces * MEAN + claim)
             + rng.gauss(0, math.sqrt(before * pieces) * DEVIATION), i, i % FILES)
            for i in range(working)]
    heapq.heapify(heap)
    end = 0.
    while heap:
        now, i, file = heapq.heappop(heap)
        if left[file] == 0:
            file = max(range(FILES), key=left.__getitem__)
            now += claim        # rank 0 says where there is more
        if left[file] == 0:
            end = max(end, now)
            continue
        left[file] -= 1
        arrived = now + model.latency + model.message
        free[file] = max(free[file], arrived) + 2 * model.message
        done = free[file] + model.latency + model.message + time_of(pieces, rng)
        heapq.heappush(heap, (done, i, file))
    return FILES * each * pieces * MEAN / ranks / end


def linked(model):
    """The efficiency where each name has another one that somebody else has: it waits for
    a question to the file's home."""
    return model.name_us / (model.name_us + 2 * model.latency + 5 * model.message)


# ---- the tables ----

def table(title, head, rows):
    """Print a table as doc/scale.md has it."""
    print("\n%s\n\n| %s |\n|%s" % (title, " | ".join(head), "---:|" * len(head)))
    for row in rows:
        print("| %s |" % " | ".join(str(cell) for cell in row))
    sys.stdout.flush()


def percent(share):
    return "%.0f %%" % (100 * share) if share < .995 else "100 %"


def seconds(value):
    return "%.0f" % value if value >= 100 else "%.1f" % value if value >= 1 \
        else "%.2f" % value


def model_of(args, **others):
    model = Model(args.file_us, args.message, 10, args.nap, ALL, 10, SEED)
    return model._replace(**others)


def small_jobs(args, name_us, latencies):
    """The copies for one table of small files, those that take longest to simulate first:
    (ranks, column, model)."""
    for count in reversed(RANKS):
        model = model_of(args, name_us=name_us)
        if args.metadata_rate:
            model = model._replace(name_us=max(name_us, 1e6 * count / args.metadata_rate))
        if count >= 1024:
            if args.long or latencies == LATENCIES and count <= 4096:
                yield count, "groups", model._replace(group=GROUP, counts=1)
            yield count, "once", model._replace(counts=1)
        for latency in latencies:
            yield count, latency, model._replace(latency=latency)


def run_small(job):
    count, column, model, names = job
    return (count, column), copy(model, count, names)


def small_table(args, pool, name_us, latencies):
    """A table of copies whose names take NAME_US each."""
    jobs = [(*job, args.billion) for job in small_jobs(args, name_us, latencies)]
    found = dict(pool.imap_unordered(run_small, jobs))
    rows = []
    for count in RANKS:
        star, once, groups = (found.get((count, column))
                              for column in (10, "once", "groups"))
        rows.append([count, seconds(star.seconds),
                     *(percent(found[count, latency].efficiency)
                       for latency in latencies),
                     percent(star.root), "%.0f" % star.tasks, star.shared,
                     seconds(star.finishing), percent(once.efficiency) if once else "",
                     percent(groups.efficiency) if groups else "",
                     seconds(groups.finishing) if groups else ""])
    table("%d names, %.0f µs each" % (args.billion, name_us),
          ["ranks", "seconds", *("star, %d µs" % latency for latency in latencies),
           "rank 0 busy", "tasks a rank", "shared directories", "finished in, s",
           "star, counts 1/s", "groups", "finished in, s"], rows)


def chain_table(args):
    rows = []
    for count in RANKS[:-2]:
        rows.append([count])
        for name_us in (args.file_us, args.slow_us):
            for latency in LATENCIES:
                outcome = copy(model_of(args, name_us=name_us, latency=latency), count,
                               22000, Chain)
                rows[-1].append("%.2f" % (outcome.efficiency * count))
    table("A chain of 2000 directories: times as fast as one rank",
          ["ranks", *("%.0f µs, %d µs" % (name_us, latency)
                      for name_us in (args.file_us, args.slow_us)
                      for latency in LATENCIES)], rows)


def large_row(job):
    model, count = job
    part = -(-BYTES // PARTS // PIECE)
    hows = ((part, AT_ONCE), (part, count), (4, count), (1, count))
    return [count, *(percent(ranges(model, count, *how)) for how in hows)]


def large_table(args, pool):
    jobs = [(model_of(args), count) for count in RANKS]
    table("%d files of 10 TB" % FILES,
          ["ranks", "%d ranges a file, %d at once" % (PARTS, AT_ONCE),
           "%d ranges" % PARTS, "of 1 GiB", "of 256 MiB"],
          pool.map(large_row, jobs, 1))


def limits_table(args):
    rows = []
    for message in (10, 15, 20):
        model = model_of(args, message=message)
        rows.append([message, *("%.0f" % (1e6 / message / counts) for counts in (10, 1)),
                     "%.0f" % (1e6 / message / 4), "%.2f" % (3e-6 * message * RANKS[-1]),
                     *(percent(linked(model._replace(name_us=us)))
                       for us in (args.file_us, args.slow_us))])
    table("Where one process is busy all the time",
          ["µs a message", "ranks, counts 10/s", "1/s", "tasks a second",
           "%d ranks ask for one file, s" % RANKS[-1],
           *("all names linked, %.0f µs" % us for us in (args.file_us, args.slow_us))],
          rows)


def tables(args):
    with multiprocessing.Pool() as pool:
        small_table(args, pool, args.file_us, LATENCIES)
        small_table(args, pool, args.slow_us, LATENCIES[1:2])
        large_table(args, pool)
    chain_table(args)
    limits_table(args)


# ---- one copy here ----

def predict(args):
    """Print how long copies of one tree will take on this machine."""
    rows, alone = [], None
    for count in args.predict:
        walkers = count * args.walkers
        polling = min(.9, args.poll * count / args.processors)
        each = args.file_us * (args.slowdown if walkers > 1 else 1) / (1 - polling) \
            * max(1, walkers / args.processors) / args.walkers
        model = Model(each, args.message, args.latency, args.nap, ALL, 10, SEED)
        outcomes = [copy(model._replace(seed=SEED + i), count, args.names)
                    for i in range(9)]
        copied = statistics.median(o.seconds + o.finishing for o in outcomes)
        start = args.start + count * args.start_rank
        alone = alone or copied
        rows.append([count, "%.2f" % start, "%.3f" % copied, "%.2f" % (start + copied),
                     "%.2f" % (alone / copied)])
    table("%d names" % args.names, ["ranks", "start-up, s", "copy, s", "both, s",
                                    "times the first"], rows)


def parse():
    parser = argparse.ArgumentParser(
        prog="scale.py", description="Simulate copies by many ranks.")
    number = {"type": float, "metavar": "N"}
    parser.add_argument("--predict", type=int, nargs="+", metavar="RANKS",
                        help="the time of copies here, instead of the tables")
    parser.add_argument("--file-us", default=30, **number,
                        help="microseconds a name, by `mmcp -j1` (default: 30)")
    parser.add_argument("--slow-us", default=500, **number,
                        help="the same, on a parallel file system (default: 500)")
    parser.add_argument("--message", default=15, **number,
                        help="microseconds of each end for a message (default: 15)")
    parser.add_argument("--nap", default=1000, **number,
                        help="microseconds that the agent of a rank that copies sleeps at"
                        " most (default: 1000)")
    parser.add_argument("--metadata-rate", default=0, **number,
                        help="names a second that the file system can make at most")
    parser.add_argument("--long", action="store_true",
                        help="groups in all rows: ten minutes")
    parser.add_argument("--billion", type=int, default=10 ** 9, metavar="N",
                        help="names in the tables (default: 1000000000)")
    here = parser.add_argument_group("for --predict")
    here.add_argument("--names", type=int, default=63660, metavar="N",
                      help="names in the tree, with directories (default: 63660)")
    here.add_argument("--processors", type=int, default=2, metavar="N",
                      help="that all ranks share (default: 2)")
    here.add_argument("--walkers", type=int, default=1, metavar="N",
                      help="workers of each rank (default: 1)")
    here.add_argument("--slowdown", default=1.1, **number,
                      help="of two copies side by side, against one (default: 1.1)")
    here.add_argument("--start", default=.55, **number,
                      help="seconds until the ranks run (default: 0.55)")
    here.add_argument("--start-rank", default=.09, **number,
                      help="and for each rank (default: 0.09)")
    here.add_argument("--poll", default=.01, **number,
                      help="of a processor that an agent polls for (default: 0.01)")
    here.add_argument("--latency", default=10, **number,
                      help="microseconds of a message on its way (default: 10)")
    return parser.parse_args()


def main():
    args = parse()
    if args.predict:
        predict(args)
    else:
        tables(args)


if __name__ == "__main__":
    main()
