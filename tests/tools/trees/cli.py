# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line."""
import argparse
import os
import random
import signal

import trees
from trees.basics import NOBODY
from trees.comparing import compare
from trees.many import Summary, one_round, options_for, perform_all, start_worker
from trees.randomtree import Tree, make_outside
from trees.snapshots import name_links, snapshot
from trees.variants import variants


def command_make(args):
    top = os.fsencode(os.path.abspath(args.dir))
    outside = top + b".outside"
    if not os.path.lexists(outside):
        make_outside(outside)
    Tree(random.Random("tree %d" % args.seed), top, outside, args.tame).make()
    return 0


def command_compare(args):
    shots = [snapshot(os.fsencode(d)) for d in (args.a, args.b)]
    for shot in shots:
        name_links(shot)
    lines = list(compare(*shots, ignore=args.ignore.split(",")))
    print("\n".join(lines), end="\n" if lines else "")
    return 1 if lines else 0


def options_from(args):
    return options_for(args.mmcp, args.cp, args.from_dir, args.to_dir,
                       NOBODY if args.guest or args.nobody else None, args.jobs,
                       args.options,
                       args.keep)


def command_round(args):
    options = options_from(args)
    start_worker(NOBODY if args.nobody else None)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    result = one_round((args.seed, "", options))
    for name in result.skipped:
        print("%s does not know %s" % (name, result.variant))
    print("\n".join(result.lines) if result.lines
          else "seed %d: no difference" % args.seed)
    return 1 if result.lines else 0


def command_rounds(args):
    options = options_from(args)
    tasks = [(seed, "", options) for seed in range(args.first, args.first + args.count)]
    summary = Summary()
    for result in perform_all(tasks, args.workers, NOBODY if args.nobody else None):
        summary.add(result)
    summary.print(not args.quiet)
    return 1 if summary.failed else 0


def command_variants(_args):
    for variant in variants():
        print(" ".join(variant.options) or "(none)")
    return 0


def add_round_options(parser):
    parser.add_argument("--mmcp", required=True, help="the program to judge")
    parser.add_argument("--cp", default="cp", help="the one to judge by")
    parser.add_argument("--from", dest="from_dir", help="where sources are made")
    parser.add_argument("--to", dest="to_dir", help="where copies are made")
    parser.add_argument("--jobs", type=int, help="always this many workers")
    parser.add_argument("--options", help="always these, as in the list of variants")
    parser.add_argument("--nobody", action="store_true",
                        help="do everything as an ordinary user")
    parser.add_argument("--guest", action="store_true",
                        help="root makes the trees, and an ordinary user copies")
    parser.add_argument("--keep", action="store_true", help="leave what was made")


def main():
    parser = argparse.ArgumentParser(prog="trees",
                                     description=trees.__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)

    def command(name, function, text):
        sub = commands.add_parser(name, help=text)
        sub.set_defaults(function=function)
        return sub
    sub = command("make", command_make, "make the random tree of a seed")
    sub.add_argument("seed", type=int)
    sub.add_argument("dir")
    sub.add_argument("--tame", action="store_true",
                     help="without FIFOs, sockets, devices")
    sub = command("compare", command_compare, "print all differences of two trees")
    sub.add_argument("a")
    sub.add_argument("b")
    sub.add_argument("--ignore", default="atime",
                     help="fields, with commas (%(default)s)")
    sub = command("round", command_round, "do the round of a seed")
    sub.add_argument("seed", type=int)
    add_round_options(sub)
    sub = command("rounds", command_rounds, "do many rounds")
    sub.add_argument("first", type=int)
    sub.add_argument("count", type=int)
    sub.add_argument("--workers", type=int, default=2)
    sub.add_argument("--quiet", action="store_true", help="no count for each variant")
    add_round_options(sub)
    command("variants", command_variants, "list the options that are tried")
    args = parser.parse_args()
    return args.function(args)
