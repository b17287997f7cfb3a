# SPDX-License-Identifier: GPL-3.0-or-later
"""The trees that --trees copies: of what each consists, and how it is made."""

import os
from dataclasses import dataclass
from typing import Callable

from bench import tree
from bench.sizes import KIB, MIB

FILES = 60000           # of the tree of small files, unless --files says so
DIRECTORIES = 3000      # among so many files
MEDIAN = 3 * KIB        # bytes of a small file,
MEAN = 10 * KIB         # and no less than what they take on average
LARGE, LARGE_FILES = 300 * MIB, 3
SMALL_FILES = 30000     # in one directory with the large ones
IN_ONE = 100            # symbolic links in one directory
IN_CHAIN = 10           # files in each directory of a chain


# ---- how they are made: each makes the directory TOP, of COUNT names ----

def small(top, count):
    """As source code, with all kinds of entries: the tree of tree.py."""
    tree.make(top, count, max(1, DIRECTORIES * count // FILES), MEDIAN)


def symlinks(top, count):
    """They lead nowhere: a copy doesn't follow them."""
    for i in range(count):
        where = os.path.join(top, "part-%d" % (i // IN_ONE))
        if i % IN_ONE == 0:
            os.makedirs(where)
        os.symlink("../target-%d" % i, os.path.join(where, "link-%d" % i))


def directories(top, count):
    """Eight in each."""
    os.mkdir(top)
    for name in tree.nested(count)[1:]:
        os.mkdir(os.path.join(top, name))


def in_one_directory(size):
    """What makes files of SIZE in a single directory."""
    def make(top, count):
        pool = tree.make_pool()
        os.mkdir(top)
        for i in range(count):
            tree.write_file("%s/file-%d" % (top, i), size, pool, i)
    return make


def small_in_one(top, count):
    """Small files in a single directory."""
    random, pool = tree.Random(20240229), tree.make_pool()
    os.mkdir(top)
    for i in range(count):
        size = tree.random_size(random, MEDIAN)
        tree.write_file("%s/file-%d" % (top, i), size, pool, i)


def large_among_small(top, count):
    """Small files in a single directory, and among them, far apart, three large ones."""
    random, pool = tree.Random(20240229), tree.make_pool()
    os.mkdir(top)
    apart = count // (LARGE_FILES + 1)
    for i in range(count):
        large = i % apart == 0 and 0 < i <= LARGE_FILES * apart
        size = large_size(count) if large else tree.random_size(random, MEDIAN)
        tree.write_file("%s/file-%d" % (top, i), size, pool, i)


def names(top, count):
    """COUNT names of one file."""
    os.mkdir(top)
    first = os.path.join(top, "name-0")
    tree.write_file(first, MEDIAN, tree.make_pool(), 0)
    for i in range(1, count):
        os.link(first, "%s/name-%d" % (top, i))


def chain(top, count):
    """Each directory has one more, and some files."""
    pool, where = tree.make_pool(), top
    for i in range(count):
        if i % IN_CHAIN == 0:
            where = os.path.join(where, "d") if i > 0 else top
            os.mkdir(where)
        tree.write_file("%s/file-%d" % (where, i), MEDIAN, pool, i)


def few(top, count):
    """Four files in a directory."""
    pool = tree.make_pool()
    for i in range(count):
        where = os.path.join(top, "part-%d" % (i // 4))
        if i % 4 == 0:
            os.makedirs(where)
        tree.write_file("%s/file-%d" % (where, i), MEDIAN, pool, i)


# ---- what there is ----

@dataclass(frozen=True)
class Kind:
    """One kind of tree.  COUNT files or other entries are in it where FILES are in the
    tree of small files, and of each there are so many BYTES."""
    what: str
    count: int
    bytes: int
    make: Callable


KINDS = {
    "small": Kind("%d small files", FILES, MEAN, small),
    "symlinks": Kind("%d symbolic links", 40000, 0, symlinks),
    "directories": Kind("%d directories", 30000, 0, directories),
    "20M": Kind("%d files of 20 MiB", 60, 20 * MIB, in_one_directory(20 * MIB)),
    "1M": Kind("%d files of 1 MiB", 1000, MIB, in_one_directory(MIB)),
    "empty-100k": Kind("%d empty files in one directory", 100000, 0, in_one_directory(0)),
    "empty-400k": Kind("%d empty files in one directory", 400000, 0, in_one_directory(0)),
    "names": Kind("%d names of one file", 30000, 0, names),
    "small-in-one": Kind("%d small files in one directory", 20000, MEAN, small_in_one),
    "several": Kind("%d small files in one directory", 500, MEAN, small_in_one),
    "chain": Kind("%d files, ten in each of a chain of directories", 10000, MEDIAN,
                  chain),
    "mixed": Kind("%d files in one directory, three of them large", SMALL_FILES,
                  MEAN + LARGE_FILES * LARGE // SMALL_FILES, large_among_small),
    "tiny": Kind("a tree of %d files", 12, MEDIAN, few),
}


def large_size(count):
    """That of a large file among COUNT small ones."""
    return max(1, LARGE * count // SMALL_FILES)


def count_of(name, files):
    """How many entries the tree NAME has if that of small files has FILES; a few are as
    many as they are."""
    kind = KINDS[name]
    if name == "tiny":
        return kind.count
    return max(LARGE_FILES + 1, kind.count * files // FILES)


def bytes_of(name, count):
    """What the content of the tree NAME takes, with COUNT entries."""
    return KINDS[name].bytes * count


def make(name, top, count):
    """Make the tree NAME as the new directory TOP."""
    before = os.umask(0o022)
    try:
        KINDS[name].make(top, count)
    finally:
        os.umask(before)
