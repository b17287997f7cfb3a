# SPDX-License-Identifier: GPL-3.0-or-later
"""The file systems that rows are measured on, one at a time: an image in DIR on a loop
device, or a tmpfs.  Without root it is DIR itself."""

import os
import shutil
import subprocess
import tempfile
import time

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
MADE = ("tmpfs", "ext4", "xfs", "btrfs")
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


def make_image(path, kind, size):
    """Make the file PATH an image of SIZE bytes with a file system of KIND."""
    with open(path, "wb") as f:
        os.posix_fallocate(f.fileno(), 0, size)
    call(MKFS[kind] + [path])


def new_directory(parent):
    return os.path.realpath(tempfile.mkdtemp(prefix="mmcp-bench.", dir=parent))


class Places:
    """enter() returns a directory to work in, on a file system of that kind, and removes
    what was there before.  In one of a kind such as tmpfs-to-ext4, "from" is a directory
    on the former.  A context manager: nothing remains."""

    def __init__(self, top_dir, disk_dir, own, size):
        self.top_dir, self.disk_dir, self.own, self.size = top_dir, disk_dir, own, size
        self.current = self.work = None
        self.mounts, self.images = [], []
        self.write_back = WriteBack()

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
            self.mount_at(where, ["-t", "tmpfs", "-o", "size=%d,mode=0700" % self.size,
                                  "tmpfs"])
        elif kind == "overlay":
            self.mount_overlay(where)
        else:
            self.mount_image(kind, where)
        return where

    def mount_at(self, where, options):
        call(["mount"] + options + [where])
        self.mounts.append(where)

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
        if free_bytes(self.top) < self.size:
            raise NoPlace("%s has %d MiB free; %d MiB are needed" % (
                self.top_dir, free_bytes(self.top) >> 20, self.size >> 20))
        image = os.path.join(self.top, "image-%d" % len(self.images))
        self.images.append(image)
        make_image(image, kind, self.size)
        xfs = MKFS[kind][0] == "mkfs.xfs"
        self.mount_at(where, ["-o", "loop" if xfs else "loop,nodiscard", image])
        if kind_of(self.top) in IN_MEMORY:
            self.write_back.hold()

    def leave(self):
        os.chdir("/")
        if self.work and not self.mounts:
            subprocess.run(["chmod", "-R", "u+rwx", self.work], check=False)
            shutil.rmtree(self.work, ignore_errors=True)
        while self.mounts:
            unmount(self.mounts.pop())
        for image in self.images:
            os.unlink(image)
        self.images.clear()
        self.write_back.release()
        self.current = self.work = None
