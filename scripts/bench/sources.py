# SPDX-License-Identifier: GPL-3.0-or-later
"""What is copied: one class for each shape of a row.  It makes "source" in the current
directory, prepares each run, and compares "dest" with it."""

import ctypes
import os
import shutil
import subprocess

from bench import tree
from bench.messages import Failed
from bench.places import IN_MEMORY
from bench.sizes import GIB, MIB

POOL = (64 << 20) - 4099        # no multiple of a page: what is misplaced differs


# ---- files ----

def call(*command):
    """Run COMMAND; it is an error if that fails."""
    if subprocess.run(command, check=False).returncode != 0:
        raise Failed("%s failed" % " ".join(command))


def remove(path):
    """Remove PATH, whatever it is; directories may be read-only to their owner."""
    if os.path.islink(path) or not os.path.isdir(path):
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
        return
    done = subprocess.run(["rm", "-rf", path], stderr=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
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


def fill(path, but):
    """Reserve a new file PATH that leaves no more than BUT bytes free."""
    with open(path, "wb") as f:
        end, step = 0, GIB
        while step >= MIB:
            free = os.fstatvfs(f.fileno())
            try:
                if free.f_bfree * free.f_frsize < but + step:
                    raise OSError
                os.posix_fallocate(f.fileno(), end, step)
                end += step
            except OSError:
                step //= 2


def punch(fd, at, size):
    """Free the blocks of SIZE bytes from AT on: FALLOC_FL_PUNCH_HOLE, which Python's
    library doesn't have."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.fallocate(fd, 3, ctypes.c_long(at), ctypes.c_long(size)) < 0:
        raise Failed("fallocate: %s" % os.strerror(ctypes.get_errno()))


def data_of(fd):
    """(begin, end) of each piece of data, of at most 1 MiB."""
    size, end = os.fstat(fd).st_size, 0
    while True:
        try:
            at = os.lseek(fd, end, os.SEEK_DATA)
        except OSError:
            return
        end = min(os.lseek(fd, at, os.SEEK_HOLE), at + MIB, size)
        yield at, end


# ---- shapes ----

class File:
    """One file, onto a new name.  KIND is the type of the file system."""
    def __init__(self, row, kind):
        self.row, self.kind = row, kind
        self.prefix = ()        # words before each command

    def source_is(self):
        """What tells this source from that of another row."""
        return ("file", self.row.size)

    def make(self):
        write_random(self.row.source, self.row.size)
        call("sync", "-f", self.row.source)

    def ready(self):
        """The source is there, made for this row or for the one before."""

    def copied(self):
        """Bytes that are copied, for which free memory is prepared."""
        return self.row.size

    def before_round(self):
        """What precedes a round, untimed."""

    def before(self):
        """What precedes a figure, untimed."""
        if self.row.cache == "cold":
            self.clear()
        self.settle()
        if self.row.cache == "warm":
            self.read()
            self.clear()

    def read(self):
        """Have the source in memory."""
        read_file(self.row.source)

    def clear(self):
        """What precedes each run of a block, untimed."""
        remove("dest")

    def settle(self):
        """Have everything written, and, for a cold run, the caches empty."""
        if self.kind not in IN_MEMORY:
            call("sync", "-f", ".")
        if self.row.cache == "cold":
            with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as f:
                f.write("3\n")

    def same(self, program):
        """Whether what PROGRAM made equals the source."""
        return subprocess.run(["cmp", self.row.source, "dest"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0


class Over(File):
    """One file, over another one of its size, which is in memory as well."""
    def clear(self):
        size = self.row.size
        if not os.path.exists("dest") or os.path.getsize("dest") != size:
            remove("dest")
            with open("dest", "wb") as f:
                for at in range(0, size, MIB):
                    f.write(b"x" * min(MIB, size - at))

    def before(self):
        self.clear()
        self.settle()
        if self.row.cache == "warm":
            self.read()

    def read(self):
        read_file(self.row.source)
        read_file("dest")


class Extents(File):
    """A file in as many pieces on its device as row.places says, without holes."""
    def source_is(self):
        return ("extents", self.row.size, self.row.places)

    def make(self):
        """Write it where all that is free is pieces between those of another file."""
        piece = self.row.size // self.row.places
        comb = 2 * self.row.size + 64 * MIB         # its extents take blocks, too
        with open("comb", "wb") as f:
            os.posix_fallocate(f.fileno(), 0, comb)
            fill("filler", 16 * MIB)
            for at in range(0, comb, 2 * piece):
                punch(f.fileno(), at, piece)
        call("sync", "-f", ".")                     # they are free from now on
        super().make()
        remove("comb")
        remove("filler")


class Clone(File):
    """No byte moves: nothing is read, and no memory wanted."""
    def copied(self):
        return 0

    def read(self):
        pass


class Sparse(File):
    """A file that is mostly holes.  It is compared where either has data: reading 1 TiB
    would take too long."""
    def copied(self):
        return self.row.data

    def source_is(self):
        return ("sparse", self.row.size, self.row.data, self.row.places)

    def make(self):
        step = self.row.size // self.row.places // 4096 * 4096
        each = max(self.row.data // self.row.places // 4096 * 4096, 4096)
        pool = os.urandom(POOL)
        with open("source", "wb", buffering=0) as f:
            f.truncate(self.row.size)
            for i in range(self.row.places):
                at = i * 4099 % (POOL - each)
                os.pwrite(f.fileno(), pool[at:at + each], i * step)

    def read(self):
        with open("source", "rb", buffering=0) as f:
            for at, end in data_of(f.fileno()):
                os.pread(f.fileno(), end - at, at)

    def same(self, program):
        with open("source", "rb", buffering=0) as a, open("dest", "rb", buffering=0) as b:
            source, dest = a.fileno(), b.fileno()
            blocks = os.fstat(source).st_blocks * 1.1 + 2048
            if os.fstat(dest).st_size != self.row.size \
                    or os.fstat(dest).st_blocks > blocks:
                return False
            return all(os.pread(source, end - at, at) == os.pread(dest, end - at, at)
                       for fd in (source, dest) for at, end in data_of(fd))


class Tree(File):
    """A tree of small files: a copy of the directory ORIGIN, or one that is made up."""
    def __init__(self, row, kind, origin=None):
        super().__init__(row, kind)
        self.origin = origin
        self.listed = None
        self.bytes = 0

    def source_is(self):
        return ("tree", self.row.size, self.origin)

    def make(self):
        if self.origin:
            call("cp", "-a", self.origin, "source")
        else:
            tree.make("source", self.row.size)

    def ready(self):
        self.listed = tree.attributes("source")
        self.bytes = sum(st.st_blocks * 512 for _, st in tree.entries("source"))

    def before_round(self):
        if self.row.cache == "warm":
            self.read()

    def before(self):
        self.clear()
        self.settle()

    def read(self):
        tree.read("source")

    def same(self, program):
        return tree.same(program.keeps, self.listed)

    def copied(self):
        return self.bytes


SHAPES = {"file": File, "tiny": File, "over": Over, "clone": Clone, "sparse": Sparse,
          "tree": Tree, "extents": Extents}
