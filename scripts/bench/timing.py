# SPDX-License-Identifier: GPL-3.0-or-later
"""A row is measured: its source made, each program tried and its copy compared,
and then round after round.  All of it works in the current directory."""

import math
import mmap
import os
import shlex
import shutil
import statistics
import subprocess
import time

from bench import rows
from bench.places import IN_MEMORY

LARGE = 16 << 20                # below it, memory is used again before a host has it
POOL = (64 << 20) - 4099        # no multiple of a page: what is misplaced differs
POPULATE_WRITE = 23             # MADV_POPULATE_WRITE
TREE = '. "$0/lib.sh"; . "$0/tree.sh"; '
HERE = os.path.dirname(os.path.abspath(__file__))


class Failed(Exception):
    """A row can't be measured; why is its text."""


def remove(path):
    if os.path.islink(path) or not os.path.isdir(path):
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
        return
    if subprocess.run(["rm", "-rf", path], stderr=subprocess.DEVNULL, check=False).returncode:
        subprocess.run(["chmod", "-R", "u+rwx", path], check=False)
        shutil.rmtree(path)


def read_file(path):
    with open(path, "rb", buffering=0) as f:
        buffer = bytearray(1 << 20)
        while f.readinto(buffer):
            pass


def write_random(path, size):
    pool = os.urandom(min(size, POOL))
    with open(path, "wb", buffering=0) as f:
        left = size
        while left > 0:
            left -= f.write(pool[:left])


def touch_memory(size):
    """Have SIZE bytes of free memory that the machine really has.  A host may take back what
    is free, and then the first to use it waits for it: the same cp of 2 GiB took 0.25 or 2.8 s
    (6.18, a virtual machine whose balloon reports free pages)."""
    with open("/proc/meminfo", encoding="ascii") as f:
        free = next(int(line.split()[1]) << 10 for line in f if line.startswith("MemFree"))
    size = min(size, free // 4 * 3)
    if size <= 0:
        return
    with mmap.mmap(-1, size) as memory:
        # What a host takes back are huge pages.
        if hasattr(mmap, "MADV_HUGEPAGE"):
            try:
                memory.madvise(mmap.MADV_HUGEPAGE)
            except OSError:     # a kernel without them
                pass
        try:
            memory.madvise(POPULATE_WRITE)
        except OSError:         # before Linux 5.14
            for at in range(0, size, mmap.PAGESIZE):
                memory[at] = 1


def tree_call(function, env=None):
    """A function of tree.sh."""
    done = subprocess.run(["sh", "-c", TREE + function, HERE], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, check=False,
                          env={**os.environ, "me": "bench", **(env or {})})
    return done.returncode == 0


# ---- what is copied ----

class File:
    """One file, onto a new name."""
    def __init__(self, row, kind):
        self.row, self.kind = row, kind

    def source_is(self):
        return ("file", self.row.size)

    def make(self):
        write_random("source", self.row.size)

    def memory(self):
        """What a copy may want: pages, and those of an image below them; of much, more than that,
        as nobody knows which of the free ones it will get."""
        if self.row.size < LARGE:
            return 0
        return 2 * self.row.size + (rows.GIB if self.row.size > 4 * LARGE else 0)

    def before_round(self):
        pass

    def before(self):
        """What precedes a figure, untimed."""
        if self.row.cache == "cold":
            self.clear()
        self.settle()
        if self.row.cache == "warm":
            self.read()
            self.clear()

    def read(self):
        read_file("source")

    def clear(self):
        """What precedes each run of a block."""
        remove("dest")

    def settle(self):
        if self.kind not in IN_MEMORY:
            subprocess.run(["sync", "-f", "."], check=True)
        if self.row.cache == "cold":
            with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as f:
                f.write("3\n")

    def same(self, program):
        return subprocess.run(["cmp", "source", "dest"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0


class Over(File):
    """One file, over another one of its size, which is in memory as well."""
    def clear(self):
        size = self.row.size
        if not os.path.exists("dest") or os.path.getsize("dest") != size:
            remove("dest")
            with open("dest", "wb") as f:
                for at in range(0, size, rows.MIB):
                    f.write(b"x" * min(rows.MIB, size - at))

    def before(self):
        self.clear()
        self.settle()
        read_file("source")
        read_file("dest")


class Clone(File):
    """No byte moves: nothing is read, and no memory wanted."""
    def memory(self):
        return 0

    def read(self):
        pass


class Sparse(File):
    """Compared where either has data: one of 1 TiB can't be read."""
    def memory(self):
        return 2 * self.row.data

    def source_is(self):
        return ("sparse", self.row.size, self.row.data, self.row.places)

    def make(self):
        step = rows.SPARSE_SIZE // self.row.places // 4096 * 4096
        each = max(self.row.data // self.row.places // 4096 * 4096, 4096)
        pool = os.urandom(POOL)
        with open("source", "wb", buffering=0) as f:
            f.truncate(rows.SPARSE_SIZE)
            for i in range(self.row.places):
                at = i * 4099 % (POOL - each)
                os.pwrite(f.fileno(), pool[at:at + each], i * step)

    def read(self):
        with open("source", "rb", buffering=0) as f:
            for at, end in data_of(f.fileno()):
                os.pread(f.fileno(), end - at, at)

    def same(self, program):
        with open("source", "rb", buffering=0) as a, open("dest", "rb", buffering=0) as b:
            if os.fstat(b.fileno()).st_size != self.row.size:
                return False
            if os.fstat(b.fileno()).st_blocks > os.fstat(a.fileno()).st_blocks * 1.1 + 2048:
                return False
            return all(os.pread(a.fileno(), end - at, at)
                       == os.pread(b.fileno(), end - at, at)
                       for f in (a, b) for at, end in data_of(f.fileno()))


def data_of(fd):
    """(begin, end) of each piece of data, of at most 1 MiB."""
    size, end = os.fstat(fd).st_size, 0
    while True:
        try:
            at = os.lseek(fd, end, os.SEEK_DATA)
        except OSError:
            return
        end = min(os.lseek(fd, at, os.SEEK_HOLE), at + rows.MIB, size)
        yield at, end


class Tree(File):
    """Made and compared by the functions of tree.sh."""
    def source_is(self):
        return ("tree", self.row.size)

    def make(self):
        if not tree_call("made_tree && listing source >listed",
                         {"made_files": str(self.row.size)}):
            raise Failed("no tree could be made")

    def before_round(self):
        tree_call("read_tree")

    def before(self):
        self.clear()
        self.settle()

    def same(self, program):
        kind = "plain"
        if program.name.split()[0] != "rsync" and " -a " in program.command:
            kind = "linked"
        elif " -a " in program.command:
            kind = "archive"
        return tree_call("same_tree " + kind)


    def memory(self):
        return 3 << 30


SHAPES = {"file": File, "tiny": File, "over": Over, "clone": Clone, "sparse": Sparse,
          "tree": Tree}


# ---- one run, one figure, one row ----

def argv_of(program):
    argv = shlex.split(program.command)
    path = argv[0] if "/" in argv[0] else shutil.which(argv[0])
    return path, argv, {**os.environ, **dict(program.env)}


def run(program, out):
    """Seconds, user and system seconds (with all children), and whether it failed."""
    path, argv, env = argv_of(program)
    opened = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
              (os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
              (os.POSIX_SPAWN_DUP2, 1, 2)]
    begin = time.perf_counter()
    pid = os.posix_spawn(path, argv, env, file_actions=opened)
    try:
        _, status, usage = os.wait4(pid, 0)
    except BaseException:
        os.kill(pid, 15)
        os.waitpid(pid, 0)
        raise
    return time.perf_counter() - begin, usage.ru_utime, usage.ru_stime, status != 0


def last_line(out):
    with open(out, encoding="utf-8", errors="replace") as f:
        lines = f.read().strip().splitlines()
    return lines[-1] if lines else "without a word"


def figure(shape, program, out):
    """The medians of one block of runs."""
    got = []
    for i in range(shape.row.block):
        if i == 0:
            shape.before()
            touch_memory(shape.memory())
        else:
            shape.clear()
        *times, failed = run(program, out)
        if failed:
            raise Failed("'%s' failed: %s" % (program.command, last_line(out)))
        got.append(times)
    return [statistics.median(column) for column in zip(*got)]


def tried(shape, programs, out, say):
    """Each program once, and its copy compared; those that can take part."""
    good = []
    for program in programs:
        remove("dest")
        shape.before()
        failed = run(program, out)[3]
        if not failed and shape.same(program):
            good.append(program)
        elif program.kind == "guest":
            say("left out: '%s': %s" % (program.command, last_line(out) if failed
                                        else "its copy differs"))
        else:
            raise Failed("'%s': %s" % (program.command, last_line(out) if failed
                                       else "its copy differs"))
    return good


def make_source(shape, made):
    """Unless the row before had the same; MADE is what it had."""
    remove("dest")
    if made != shape.source_is():
        remove("source")
        shape.make()
    return shape.source_is()


def order(number, count):
    """In which order round NUMBER has COUNT programs: it begins with the next one, and goes
    on by another stride, so that none always runs in what the same other one left."""
    strides = [s for s in range(1, count + 1) if math.gcd(s, count) == 1]
    stride = strides[number % len(strides)]
    return [(number + step * stride) % count for step in range(count)]


def measure(row, kind, made, out, say):
    """All figures of ROW: a list of (program, [(seconds, user, system), one a round]), and
    what the source is now."""
    shape = SHAPES[row.shape](row, kind)
    made = make_source(shape, made)
    programs = tried(shape, row.programs, out, say)
    figures = [[] for _ in programs]
    for number in range(row.pairs):
        shape.before_round()
        for which in order(number, len(programs)):
            figures[which].append(figure(shape, programs[which], out))
        say("%s: round %d of %d" % (row.name, number + 1, row.pairs))
    remove("dest")
    return list(zip(programs, figures)), made
