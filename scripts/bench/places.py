# SPDX-License-Identifier: GPL-3.0-or-later
"""The file systems that rows are measured on.  One at a time: an image in
DIR and a loop device for it, or a tmpfs; without root, DIR itself."""

import os
import shutil
import subprocess
import tempfile
import time

# Tables that the kernel would initialize while we measure are initialized before.  The
# image has all its blocks before, and keeps them.
MKFS = {
    "ext4": ["mkfs.ext4", "-q", "-F", "-b", "4096",
             "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0"],
    "xfs": ["mkfs.xfs", "-q", "-f", "-K", "-m", "reflink=1"],
    "btrfs": ["mkfs.btrfs", "-q", "-f", "-K"],
}
MADE = ("tmpfs", "ext4", "xfs", "btrfs")
IN_MEMORY = ("tmpfs", "ramfs", "hugetlbfs")


class NoPlace(Exception):
    """It can't be made; why is its text."""


def kind_of(directory):
    """The type of the file system that DIRECTORY is on."""
    path = os.path.realpath(directory)
    best, kind = "", "unknown"
    with open("/proc/self/mounts", encoding="utf-8", errors="surrogateescape") as f:
        for line in f:
            _, where, type_ = line.split()[:3]
            where = where.encode("utf-8", "surrogateescape").decode("unicode_escape")
            inside = path == where or path.startswith(where.rstrip("/") + "/")
            if inside and len(where) >= len(best):
                best, kind = where, type_
    return kind


def shares_blocks(directory):
    with tempfile.TemporaryDirectory(prefix="mmcp-bench.", dir=directory) as d:
        with open(os.path.join(d, "a"), "w", encoding="ascii") as f:
            f.write("x")
        return subprocess.run(["cp", "--reflink=always", "a", "b"], cwd=d, check=False,
                              stderr=subprocess.DEVNULL).returncode == 0


def free_bytes(directory):
    s = os.statvfs(directory)
    return s.f_bavail * s.f_frsize


def has_free(directory, wanted):
    """Whether so much is free, or is so soon: xfs gives back what was removed a little later."""
    for _ in range(20):
        if free_bytes(directory) >= wanted:
            return True
        subprocess.run(["sync", "-f", directory], check=False)
        time.sleep(0.5)
    return False


class Dirty:
    """What is written stays in memory while this is held.  An image in memory has no device
    that writes: the processors do, and would copy the copy again while it is made."""

    HELD = (("dirty_ratio", "80"), ("dirty_background_ratio", "70"))
    NAMES = ("dirty_ratio", "dirty_bytes", "dirty_background_ratio", "dirty_background_bytes")

    def __init__(self):
        self.before = None

    def hold(self):
        """Where it isn't allowed it isn't done."""
        try:
            before = [(name, self.read(name)) for name in self.NAMES]
            for name, value in self.HELD:
                self.write(name, value)
        except OSError:
            return
        self.before = before

    def release(self):
        # Of each pair one is 0, which can't be written.
        for name, value in self.before or ():
            if value != "0":
                self.write(name, value)
        self.before = None

    @staticmethod
    def read(name):
        with open("/proc/sys/vm/" + name, encoding="ascii") as f:
            return f.read().strip()

    @staticmethod
    def write(name, value):
        with open("/proc/sys/vm/" + name, "w", encoding="ascii") as f:
            f.write(value)


def call(command):
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          check=False)
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise NoPlace("%s: %s" % (command[0], lines[-1] if lines else done.returncode))


def unmount(where):
    for _ in range(20):
        if subprocess.run(["umount", where], stderr=subprocess.DEVNULL,
                          check=False).returncode == 0:
            return
        time.sleep(0.5)
    call(["umount", "-l", where])


class Places:
    """enter() gives a directory to work in, on a file system of that kind; what was there
    before is gone.  A context manager: nothing remains."""

    def __init__(self, top_dir, disk_dir, own, size):
        self.top_dir, self.disk_dir, self.own, self.size = top_dir, disk_dir, own, size
        self.current = self.work = self.mounted = self.image = None
        self.dirty = Dirty()

    def __enter__(self):
        self.top = tempfile.mkdtemp(prefix="mmcp-bench.", dir=self.top_dir)
        self.top = os.path.realpath(self.top)
        return self

    def __exit__(self, *_):
        self.leave()
        shutil.rmtree(self.top, ignore_errors=True)

    def enter(self, kind):
        if kind == self.current:
            return self.work
        self.leave()
        if kind == "disk" or not self.own:
            parent = self.disk_dir if kind == "disk" else self.top
        else:
            parent = self.mount(kind)
        self.work = os.path.realpath(tempfile.mkdtemp(prefix="mmcp-bench.", dir=parent))
        self.current = kind
        return self.work

    def mount(self, kind):
        where = os.path.join(self.top, "fs")
        os.makedirs(where, exist_ok=True)
        if kind == "tmpfs":
            call(["mount", "-t", "tmpfs", "-o", "size=%d,mode=0700" % self.size, "tmpfs",
                  where])
        else:
            if shutil.which(MKFS[kind][0]) is None:
                raise NoPlace("%s is missing" % MKFS[kind][0])
            if free_bytes(self.top) < self.size:
                raise NoPlace("%s has %d MiB free; %d MiB are needed" % (
                    self.top_dir, free_bytes(self.top) >> 20, self.size >> 20))
            self.image = os.path.join(self.top, "image")
            with open(self.image, "wb") as f:
                os.posix_fallocate(f.fileno(), 0, self.size)
            try:
                call(MKFS[kind] + [self.image])
                call(["mount", "-o", "loop,nodiscard" if kind != "xfs" else "loop", self.image,
                      where])
            except NoPlace:
                self.remove_image()
                raise
            if kind_of(self.top) in IN_MEMORY:
                self.dirty.hold()
        self.mounted = where
        return where

    def leave(self):
        os.chdir("/")
        if self.mounted:
            unmount(self.mounted)
        elif self.work:
            subprocess.run(["chmod", "-R", "u+rwx", self.work], check=False)
            shutil.rmtree(self.work, ignore_errors=True)
        self.remove_image()
        self.dirty.release()
        self.current = self.work = self.mounted = None

    def remove_image(self):
        if self.image:
            os.unlink(self.image)
            self.image = None
