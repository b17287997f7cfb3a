# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree of small files: made up, the same one on each machine; and trees compared."""

import calendar
import math
import os
import stat
import subprocess
import time
from dataclasses import dataclass, field

DIRECTORIES = 4000
MEDIAN = 4096           # bytes
LARGEST = 8 << 20
POOL, PIECE = 65536, 32768


# ---- the plan ----

class Random:
    """Lehmer's generator: the same numbers everywhere."""
    def __init__(self, seed):
        self.x = seed

    def next(self):
        self.x = self.x * 16807 % 2147483647
        return self.x / 2147483647


@dataclass
class Plan:
    """What a tree consists of; names are relative to it."""
    directories: list = field(default_factory=list)
    files: list = field(default_factory=list)       # (place in the plan, size, name)
    symlinks: list = field(default_factory=list)    # (target, name)
    links: list = field(default_factory=list)       # (existing name, name)


def random_size(random, median=MEDIAN):
    """As source code has them: logarithmically normal, half of them below 4 KiB (or
    MEDIAN), 12 KiB in the mean, the last thousandth over 400 KiB."""
    radius = math.sqrt(-2 * math.log(random.next()))
    normal = radius * math.cos(2 * math.pi * random.next())
    return min(int(median * math.exp(1.482 * normal)), LARGEST)


def nested(count):
    """The names of COUNT directories, eight in each."""
    paths = ["."]
    for i in range(1, count):
        paths.append("%s/part-%d" % (paths[(i - 1) // 8], i))
    return paths


def plan_tree(count, directories, median):
    """COUNT files in DIRECTORIES, of which a quarter have half of the files."""
    random, plan = Random(20240229), Plan()
    paths = nested(directories)
    plan.directories = paths[1:]
    place = len(plan.directories)

    def directory():
        return paths[int(directories * random.next() ** 2)]

    for i in range(count):
        size, where = random_size(random, median), directory()
        name = "%s/source-file-%d%s" % (where, i, ".c" if i % 3 else ".h")
        place += 1
        plan.files.append((place, size, name))
        if i % 100 == 50:
            place += 1
            plan.symlinks.append(("source-file-%d" % i, "%s/link-%d" % (where, i)))
        if i % 1000 == 500:
            place += 1
            plan.links.append((name, "%s/same-%d" % (directory(), i)))
    return plan


# ---- making it ----

def make_pool():
    """Text from which each file takes its content, from a place of its own on."""
    lines, x = [], 0
    for _ in range(POOL // 16):
        x = (x + 7) * 16807 % 2147483647
        lines.append("%015d\n" % (x * 100000))
    return "".join(lines).encode("ascii")


def nanoseconds(text, more=0):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%S")) * 10 ** 9 + more


def write_file(path, size, pool, place):
    with open(path, "wb") as f:
        begin = place % PIECE
        for left in range(size, 0, -PIECE):
            f.write(pool[begin:begin + min(left, PIECE)])


def give_attributes(files, top):
    """Not all the same: programs, read-only files, and times of their own."""
    then = nanoseconds("2020-02-29T12:00:00", 123456789)
    for number, (_, _, name) in enumerate(files, 1):
        path = os.path.join(top, name)
        if number % 50 < 2:
            os.chmod(path, 0o755 if number % 50 == 0 else 0o444)
        if number % 7 == 0:
            os.utime(path, ns=(then, then))


def make(top, count, directories=DIRECTORIES, median=MEDIAN):
    """Make the tree of COUNT files as the new directory TOP."""
    plan, pool = plan_tree(count, directories, median), make_pool()
    before = os.umask(0o022)
    try:
        os.mkdir(top)
        for name in plan.directories:
            os.mkdir(os.path.join(top, name))
        for place, size, name in plan.files:
            write_file(os.path.join(top, name), size, pool, place)
    finally:
        os.umask(before)
    give_attributes(plan.files, top)
    for target, name in plan.symlinks:
        os.symlink(target, os.path.join(top, name))
    for existing, name in plan.links:
        os.link(os.path.join(top, existing), os.path.join(top, name))
    then = nanoseconds("2021-03-04T05:06:07")
    for where, _, _ in os.walk(top):
        os.utime(where, ns=(then, then))


# ---- looking at it ----

def children(directory):
    """What DIRECTORY has; nothing if it can't be read."""
    try:
        with os.scandir(directory) as found:
            return list(found)
    except OSError:
        return []


def entries(top):
    """(name, lstat) of TOP and of everything below it that can be read; names are
    relative to TOP.  No recursion: a tree may be deeper than Python's stack."""
    begin = len(os.path.join(top, ""))
    waiting = [top]
    yield ".", os.lstat(top)
    while waiting:
        for entry in children(waiting.pop()):
            yield entry.path[begin:], entry.stat(follow_symlinks=False)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)


@dataclass(frozen=True)
class Counts:
    files: int
    linked: int         # files that have other names
    directories: int
    symlinks: int
    bytes: int


def count(top):
    """How many entries of each kind TOP has, itself included."""
    modes = [st for _, st in entries(top)]
    files = [st for st in modes if stat.S_ISREG(st.st_mode)]
    return Counts(len(files), sum(st.st_nlink > 1 for st in files),
                  sum(stat.S_ISDIR(st.st_mode) for st in modes),
                  sum(stat.S_ISLNK(st.st_mode) for st in modes),
                  sum(st.st_size for st in files))


def has_files(top, least):
    """Whether there are at least LEAST regular files below TOP."""
    found = 0
    for _, st in entries(top):
        found += stat.S_ISREG(st.st_mode)
        if found >= least:
            return True
    return False


def attributes(top):
    """What a copy that keeps them has in common with TOP: by name the number of links,
    and a tuple of type and mode, owner, time, and target of a symlink."""
    found = {}
    for name, st in entries(top):
        link = stat.S_ISLNK(st.st_mode)
        target = os.readlink(os.path.join(top, name)) if link else ""
        found[name] = (st.st_nlink,
                       (st.st_mode, st.st_uid, st.st_gid, st.st_mtime_ns, target))
    return found


def same_attributes(source, dest, links):
    """Whether DEST has the attributes SOURCE, and the same numbers of LINKS if wanted."""
    copied = attributes(dest)
    return source.keys() == copied.keys() and all(
        there[1] == copied[name][1] and (not links or there[0] == copied[name][0])
        for name, there in source.items())


def same(keeps, listed):
    """Whether "dest" has what "source" has, as far as it KEEPS that (Program.keeps);
    LISTED are the attributes of "source"."""
    done = subprocess.run(["diff", "-r", "--no-dereference", "source", "dest"],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False)
    return done.returncode == 0 and (
        keeps == "plain" or same_attributes(listed, "dest", keeps == "linked"))


def read(top):
    """Have all content of TOP in memory."""
    subprocess.run(["find", top, "-type", "f", "-exec", "cat", "{}", "+"], check=False,
                   stdout=subprocess.DEVNULL)
