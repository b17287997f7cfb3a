# SPDX-License-Identifier: GPL-3.0-or-later
"""The options.  There are two sets: those of one comparison, and those of many rows,
which --all, --cells, --pictures, --proofs, --readme, --sweep and --trees choose."""

import argparse
import os
import re
import shutil
import subprocess

from bench import cells, forest, sizes
from bench.messages import die, say

MANY = ("--all", "--cells", "--pictures", "--proofs", "--readme", "--sweep", "--trees")
MODES = "--all|--cells|--pictures|--proofs|--readme FILE|--sweep|--trees"
LIB = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib.sh")


class Parser(argparse.ArgumentParser):
    def error(self, message):
        die(message + "; --help says more")


# ---- values ----

def size(text):
    """The bytes of TEXT, such as 512M."""
    found = sizes.parse(text)
    if found is None:
        raise argparse.ArgumentTypeError("'%s' is not a size, such as 512M or 2G" % text)
    return found


def positive(text):
    if not re.fullmatch(r"[1-9][0-9]*", text):
        raise argparse.ArgumentTypeError("'%s' is not a number above 0" % text)
    return int(text)


def names(text):
    return tuple(n for n in text.split(",") if n)


def also(text):
    """A command with SOURCE and DEST in it; its program gets an absolute path, because
    the command runs in another directory."""
    if "\n" in text:
        raise argparse.ArgumentTypeError("a command is a single line")
    if not re.search(r" .*\bSOURCE\b", text) or not re.search(r" .*\bDEST\b", text):
        raise argparse.ArgumentTypeError("'%s' has no SOURCE or no DEST" % text)
    program, rest = text.split(" ", 1)
    if "/" in program:
        program = os.path.abspath(program)
    if shutil.which(program) is None:
        raise argparse.ArgumentTypeError("%s can't be run" % program)
    return program + " " + rest


# ---- the two sets of options ----

def add_common(p):
    p.add_argument("--also", metavar="COMMAND", type=also, action="append", default=[],
                   help="also this, with SOURCE and DEST for names (with --all: in rows"
                   " of one file); repeatable")
    p.add_argument("--jobs", metavar="N", type=positive, help="mmcp -jN")
    p.add_argument("--mmcp", metavar="PATH",
                   help="the mmcp to measure (build/mmcp, or the one on PATH)")
    p.add_argument("--json", metavar="FILE",
                   help="write the results to FILE, with hyperfine's names")
    p.add_argument("--install", action="store_true", help="install what is missing")


def comparison_parser():
    p = Parser(prog="bench", allow_abbrev=False,
               usage="python3 scripts/bench [OPTION...] DIR\n"
               "  or:  python3 scripts/bench " + MODES + " [OPTION...] DIR",
               description="Copy a file or a tree within DIR with mmcp, cp and others,"
               " and compare.",
               epilog="Many rows, on file systems of their own, by --all, --cells,"
               " --pictures, --proofs, --readme, --sweep or --trees: --all --help"
               " lists the options of these.")
    p.add_argument("dir", metavar="DIR", help="where the copies are made")
    p.add_argument("--size", metavar="SIZE", type=size,
                   help="bytes, with K, M, G or T (2G)")
    p.add_argument("--tree", metavar="SOURCE", nargs="?",
                   help="a tree instead: --tree=SOURCE, or /usr/share if that has 60 000"
                   " files, else one that is made up")
    p.add_argument("--rounds", metavar="N", type=positive, default=7,
                   help="runs of each program (7)")
    p.add_argument("--cold", action="store_true",
                   help="also with cold caches (root only)")
    p.add_argument("--overwrite", action="store_true",
                   help="write over a file of that size, instead of a new one")
    p.add_argument("--variants", action="store_true",
                   help="also mmcp -j1 and, of a file, mmcp with each engine")
    add_common(p)
    return p


def add_rows(p):
    """The options that choose rows, and what each copies."""
    p.add_argument("--results", metavar="DIR", default="bench-results",
                   help="where results are kept (bench-results); rows that are there,"
                   " with the same conditions, aren't run again")
    p.add_argument("--rows", metavar="NAMES", type=names, default=(),
                   help="these only, by commas; * and ? are wild")
    p.add_argument("--list", action="store_true", help="list the rows and exit")
    p.add_argument("--again", action="store_true", help="run rows again that are there")
    p.add_argument("--on", metavar="KINDS", type=names, default=(),
                   help="of tmpfs,ext4,xfs,btrfs (all; pictures and sweeps: tmpfs,ext4);"
                   " with --proofs, --readme and --trees of tmpfs,ext4; with --cells"
                   " of " + ",".join(cells.KINDS))
    p.add_argument("--disk", metavar="DIR",
                   help="a real device, for files on it, and cold caches; with --trees"
                   " the image of ext4 is there")
    p.add_argument("--large", metavar="SIZE", type=size,
                   help="the large file (2G; with --cells, --proofs and --readme 1G, and"
                   " none is larger)")
    p.add_argument("--files", metavar="N", type=positive,
                   help="the files of the tree (63000; with --proofs, --readme and"
                   " --trees 60000, and the other trees are larger or smaller in"
                   " proportion)")
    p.add_argument("--rounds", metavar="N", type=positive, default=0,
                   help="rounds of each row (10 or 20; with --cells, --proofs, --readme"
                   " and --trees 7)")
    p.add_argument("--without", metavar="NAMES", type=names, default=(),
                   help="not these programs, by commas")
    p.add_argument("--before", metavar="PATH",
                   help="with --cells, --proofs and --trees: another build of mmcp, in"
                   " the same rounds")


def many_parser():
    p = Parser(prog="bench", allow_abbrev=False,
               usage="python3 scripts/bench " + MODES + " [OPTION...] DIR")
    what = p.add_argument_group("what").add_mutually_exclusive_group(required=True)
    what.add_argument("--all", action="store_true",
                      help="the whole table, and pictures: 15 to 30 minutes")
    what.add_argument("--cells", action="store_true",
                      help="one file in many situations, a cell each: is mmcp ahead in"
                      " all of them? Half an hour to an hour")
    what.add_argument("--pictures", action="store_true",
                      help="throughput by size and by workers, drawn")
    what.add_argument("--proofs", action="store_true",
                      help="what --verify, --manifest, --resume and the status file"
                      " cost. A quarter of an hour")
    what.add_argument("--readme", metavar="FILE",
                      help="the six rows in README, which are written to where they"
                      " stand in FILE. Ten minutes")
    what.add_argument("--sweep", action="store_true",
                      help="what mmcp has as constants, over a range")
    what.add_argument("--trees", action="store_true",
                      help="trees of many shapes, against plain cp: is mmcp ahead with"
                      " all of them? An hour or two. With MMCP_MPI_MODULE, ranks of MPI"
                      " copy some of them, too")
    p.add_argument("dir", metavar="DIR", help="where images are made; a tmpfs, best")
    add_rows(p)
    add_common(p)
    return p


# ---- the command line ----

def make_absolute(args, *options):
    """Both modes change the directory."""
    for name in options:
        if getattr(args, name):
            setattr(args, name, os.path.abspath(getattr(args, name)))


def parse_comparison(words):
    # --tree takes its SOURCE after a "=" only, so that DIR isn't taken for it.
    words = ["--tree=" if word == "--tree" else word for word in words]
    args = comparison_parser().parse_args(words)
    if args.tree is not None and args.size:
        die("--size is of a file, and not of a tree")
    if args.tree is not None and args.overwrite:
        die("--overwrite is of a file, and not of a tree")
    make_absolute(args, "dir", "json", "tree")
    return args


def parse_many(words):
    args = many_parser().parse_args(words)
    if args.before and not (args.cells or args.proofs or args.trees):
        die("--before is for --cells, --proofs and --trees")
    like_trees = args.proofs or args.readme or args.trees
    like_cells = args.cells or args.proofs or args.readme
    args.files = args.files or (forest.FILES if like_trees else 63000)
    args.large = args.large or (1 if like_cells else 2) * sizes.GIB
    make_absolute(args, "dir", "disk", "results", "json", "before", "readme")
    return args


def parse(words):
    """The options of WORDS, with `many' telling of which mode they are."""
    many = any(word.split("=")[0] in MANY for word in words)
    args = parse_many(words) if many else parse_comparison(words)
    args.many = many
    for directory in (args.dir, args.disk if many else None):
        if directory and not os.path.isdir(directory):
            die("%s is not a directory" % directory)
    return args


# ---- what they ask for ----

def install(what):
    """Install what the rows of scripts/lib.sh that begin with WHAT need, or die."""
    done = subprocess.run(["sh", "-c", '. "$0"; install_missing "$1"', LIB, what],
                          env={**os.environ, "me": "bench"}, check=False)
    if done.returncode != 0:
        say("not everything could be installed")
        raise SystemExit(1)
