# SPDX-License-Identifier: GPL-3.0-or-later
"""The file systems that rows are measured on, one at a time: an image in DIR on a loop
device, or a tmpfs.  Without root it is DIR itself."""

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass

from bench.messages import say

# The kernel would initialize tables while we measure, so mkfs does.  The image is
# allocated beforehand and keeps all its blocks.
EXT4 = ["mkfs.ext4", "-q", "-F",
        "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0", "-b"]
XFS = ["mkfs.xfs", "-q", "-f", "-K", "-m"]
MKFS = {
    "ext4": EXT4 + ["4096"],
    "ext4-1k": EXT4 + ["1024"],
    "xfs": XFS + ["reflink=1"],
    "xfs-noreflink": XFS + ["reflink=0"],
    "btrfs": ["mkfs.btrfs", "-q", "-f", "-K"],
}
# As soon as less is free than twice what is dirty and has no blocks yet, ext4 writes it
# back while it is copied (fs/ext4/inode.c, ext4_nonda_switch; 6.18).  So an image has
# room for so many more copies.
CALM = 2
MADE = ("tmpfs", "ext4", "xfs", "btrfs")
ZEROS = bytes(1 << 20)
ACROSS = "-to-"                 # between the kinds of a source and of its copy
IN_MEMORY = ("tmpfs", "ramfs", "hugetlbfs")


class NoPlace(Exception):
    """A file system can't be made; the text tells why."""


# ---- what is there ----

def mount_of(directory):
    """The device and the type of the file system that DIRECTORY is on."""
    path = os.path.realpath(directory)
    best, found = "", ("unknown", "unknown")
    with open("/proc/self/mounts", encoding="utf-8", errors="surrogateescape") as f:
        for line in f:
            device, where, kind = line.split()[:3]
            where = where.encode("utf-8", "surrogateescape").decode("unicode_escape")
            inside = path == where or path.startswith(where.rstrip("/") + "/")
            if inside and len(where) >= len(best):
                best, found = where, (device, kind)
    return found


def kind_of(directory):
    """The type of the file system that DIRECTORY is on."""
    return mount_of(directory)[1]


def lacks_journal(directory):
    """Whether DIRECTORY is on an ext4 without a journal.  There a new file steps over
    inodes that were freed within the last minutes, one by one (fs/ext4/ialloc.c,
    recently_deleted; 6.18): a copy after the removal of another takes 30 to 50 s instead
    of 2 s."""
    device, kind = mount_of(directory)
    options = "/proc/fs/ext4/%s/options" % os.path.basename(os.path.realpath(device))
    if kind != "ext4" or not os.path.exists(options):
        return False
    with open(options, encoding="ascii", errors="replace") as f:
        return not any(line.startswith("data=") for line in f)


def shares_blocks(directory):
    """Whether cp can share blocks within DIRECTORY."""
    with tempfile.TemporaryDirectory(prefix="mmcp-bench.", dir=directory) as d:
        with open(os.path.join(d, "a"), "w", encoding="ascii") as f:
            f.write("x")
        return subprocess.run(["cp", "--reflink=always", "a", "b"], cwd=d, check=False,
                              stderr=subprocess.DEVNULL).returncode == 0


def free_bytes(directory):
    s = os.statvfs(directory)
    return s.f_bavail * s.f_frsize


def taken_by(path):
    """The bytes that the file PATH takes on its device; 0 if there is none."""
    try:
        return os.stat(path).st_blocks * 512
    except FileNotFoundError:
        return 0


def has_free(directory, wanted):
    """Whether WANTED bytes are free, or soon are: xfs frees blocks a little after the
    removal."""
    for _ in range(20):
        if free_bytes(directory) >= wanted:
            return True
        subprocess.run(["sync", "-f", directory], check=False)
        time.sleep(0.5)
    return False


# ---- write-back ----

class WriteBack:
    """Write-back can be held off.  An image in memory has no device that writes: the
    processors do, and would copy the copy again while it is made."""

    HELD = (("dirty_ratio", "80"), ("dirty_background_ratio", "70"))
    NAMES = ("dirty_ratio", "dirty_bytes", "dirty_background_ratio",
             "dirty_background_bytes")

    def __init__(self):
        self.before = None

    def hold(self):
        """Hold it off, where that is allowed."""
        if self.before is not None:
            return
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


# ---- mounts ----

def call(command):
    """Run COMMAND; NoPlace has its last line if it fails."""
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


def new_directory(parent):
    return os.path.realpath(tempfile.mkdtemp(prefix="mmcp-bench.", dir=parent))


def loop_device(path):
    """A new loop device of the file PATH, past the page cache if its file system can."""
    if shutil.which("losetup") is None:
        raise NoPlace("losetup is missing")
    for direct in (["--direct-io=on"], []):
        done = subprocess.run(["losetup", "--find", "--show", *direct, path],
                              capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.strip()
        say("losetup %s: %s" % (" ".join(direct), done.stderr.strip()))
    raise NoPlace("losetup failed")


@dataclass(frozen=True)
class Images:
    """The images that file systems are on.  DISK is a directory on a device: they are
    there, read and written past its page cache; "": in memory, or where DIR is."""
    size: int               # bytes of each
    inodes: int = 0         # of ext4 and tmpfs; 0: as many as they have by themselves
    disk: str = ""

    def make(self, path, kind):
        """Make the file PATH an image with a file system of KIND."""
        with open(path, "wb") as f:
            os.posix_fallocate(f.fileno(), 0, self.size)
            if self.disk:
                self.write(f)
        more = ["-N", str(self.inodes)] if self.inodes and kind == "ext4" else []
        call(MKFS[kind] + more + [path])

    def write(self, f):
        """Write zeros, so that the blocks are no longer unwritten when it is measured."""
        for at in range(0, self.size, len(ZEROS)):
            f.write(ZEROS[:self.size - at])
        f.flush()
        os.fsync(f.fileno())
        os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def mount(self, path, options, where):
        """Mount the image PATH at WHERE.  The loop device goes away with the mount."""
        if not self.disk:
            call(["mount", "-o", ",".join(["loop", *options]), path, where])
            return
        device = loop_device(path)
        try:
            call(["mount", "-o", ",".join(["rw", *options]), device, where])
        finally:
            call(["losetup", "--detach", device])


class Places:
    """enter() returns a directory to work in, on a file system of that kind, and removes
    what was there before.  In one of a kind such as tmpfs-to-ext4, "from" is a directory
    on the former.  A context manager: nothing remains."""

    def __init__(self, top_dir, disk_dir, own, images):
        self.top_dir, self.disk_dir, self.own = top_dir, disk_dir, own
        self.images = images
        self.current = self.work = None
        self.mounts, self.made = [], []
        self.write_back = WriteBack()

    def __enter__(self):
        self.top = self.images_in = new_directory(self.top_dir)
        if self.images.disk:
            self.images_in = new_directory(self.images.disk)
        return self

    def __exit__(self, *_):
        self.leave()
        for path in (self.top, self.images_in):
            shutil.rmtree(path, ignore_errors=True)

    def enter(self, kind):
        if kind == self.current:
            return self.work
        self.leave()
        try:
            self.work = self.begin(kind)
        except NoPlace:
            self.leave()
            raise
        self.current = kind
        return self.work

    def begin(self, kind):
        """A new directory on a new file system of KIND."""
        if kind == "disk" or not self.own:
            return new_directory(self.disk_dir if kind == "disk" else self.top)
        origin, _, kind = kind.rpartition(ACROSS)
        work = new_directory(self.mount(kind, "fs"))
        if origin:
            os.symlink(self.mount(origin, "origin"), os.path.join(work, "from"))
        return work

    def mount(self, kind, name):
        """A new file system of KIND; return where it is."""
        where = os.path.join(self.top, name)
        os.makedirs(where, exist_ok=True)
        if kind == "tmpfs":
            self.mount_tmpfs(where)
        elif kind == "overlay":
            self.mount_overlay(where)
        else:
            self.mount_image(kind, where)
        return where

    def mount_at(self, where, options):
        call(["mount"] + options + [where])
        self.mounts.append(where)

    def mount_tmpfs(self, where):
        options = "size=%d,mode=0700" % self.images.size
        if self.images.inodes:
            options += ",nr_inodes=%d" % self.images.inodes
        self.mount_at(where, ["-t", "tmpfs", "-o", options, "tmpfs"])

    def mount_overlay(self, where):
        """Over ext4."""
        below = self.mount("ext4", "below")
        for name in ("lower", "upper", "work"):
            os.mkdir(os.path.join(below, name))
        options = "lowerdir={0}/lower,upperdir={0}/upper,workdir={0}/work".format(below)
        self.mount_at(where, ["-t", "overlay", "-o", options, "overlay"])

    def mount_image(self, kind, where):
        if shutil.which(MKFS[kind][0]) is None:
            raise NoPlace("%s is missing" % MKFS[kind][0])
        if free_bytes(self.images_in) < self.images.size:
            raise NoPlace("%s has %d MiB free; %d MiB are needed" % (
                os.path.dirname(self.images_in), free_bytes(self.images_in) >> 20,
                self.images.size >> 20))
        image = os.path.join(self.images_in, "image-%d" % len(self.made))
        self.made.append(image)
        self.images.make(image, kind)
        xfs = MKFS[kind][0] == "mkfs.xfs"
        self.images.mount(image, [] if xfs else ["nodiscard"], where)
        self.mounts.append(where)
        if kind_of(self.images_in) in IN_MEMORY:
            self.write_back.hold()

    def leave(self):
        os.chdir("/")
        if self.work and not self.mounts:
            subprocess.run(["chmod", "-R", "u+rwx", self.work], check=False)
            # Python's own recursion would end in a tree that is deep.
            subprocess.run(["rm", "-rf", self.work], check=False)
        while self.mounts:
            unmount(self.mounts.pop())
        for image in self.made:
            os.unlink(image)
        self.made.clear()
        self.write_back.release()
        self.current = self.work = None
