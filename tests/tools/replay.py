# SPDX-License-Identifier: GPL-3.0-or-later
"""replay.py: what a power loss would have left, at many moments of a record of recordfs.

A disk with a volatile cache keeps all that was written before its last flush, and any
part of what came after it.  So a moment is a number of records that had arrived, and a
choice: `all' of the writes since the last flush are kept, `none', or those pieces of
PIECE bytes that a generator with this seed picks.  For each moment the image is rebuilt
and mounted, which replays the journal, and the rules are held against what is there.

A rule is PATH[|PATH]...=STATE[,STATE]...: at least one of the paths is in one of the
states.  A state is `absent', or a name in the directory CONTENTS: the same file, symlink
or kind of thing.  If PATH ends in a slash, states are directories in CONTENTS, and each
name below any of them is below PATH what it is in one of them, or absent as there."""

import argparse
import ctypes
import errno
import fcntl
import os
import random
import stat
import struct
import subprocess
import sys
import time

HEAD = struct.Struct("=QQ")
FLUSH = (1 << 64) - 1
PIECE = 4096
BLKBSZSET = 0x40081271
BTRFS_FORGET = 0x50009405       # BTRFS_IOC_FORGET_DEV
OPTIONS = {"xfs": b"nouuid"}
SHOWN = 8           # bad moments that are described

libc = ctypes.CDLL(None, use_errno=True)


class Log:
    """The records: (offset, data), or (FLUSH, b"")."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = memoryview(file.read())
        self.records = []
        self.ends = []          # of each record, in bytes of the log
        at = 0
        while at < len(self.data):
            offset, length = HEAD.unpack_from(self.data, at)
            at += HEAD.size + length
            self.records.append((offset, self.data[at - length:at]))
            self.ends.append(at)

    def count_at(self, size):
        """The records in the first SIZE bytes of the log."""
        return sum(end <= size for end in self.ends)

    def is_write(self, index):
        return self.records[index][0] != FLUSH

    def kept(self, moment):
        """The writes of which something is on the disk at MOMENT, in their order."""
        arrived, choice = moment
        flushed = arrived
        while flushed > 0 and self.is_write(flushed - 1):
            flushed -= 1
        for offset, data in self.records[:flushed]:
            if offset != FLUSH:
                yield offset, data
        if choice == "none":
            return
        for offset, data in self.records[flushed:arrived]:
            yield from [(offset, data)] if choice == "all" else ()
        if choice != "all":
            yield from picked(self.records[flushed:arrived], random.Random(choice))


def picked(writes, generator):
    share = generator.choice((0.1, 0.5, 0.9))
    for offset, data in writes:
        for at in range(0, len(data), PIECE):
            if generator.random() < share:
                yield offset + at, data[at:at + PIECE]


def choose(log, begin, finished, committed, count, seed):
    """COUNT moments from BEGIN on: those when the program had FINISHED and when its names
    were COMMITTED; of the others, the generator picks one half with all writes."""
    generator = random.Random(seed)
    end = len(log.records)
    moments = [(finished, "none"), (finished, "all"), (committed, "all"), (end, "all")]
    writes = [n for n in range(begin + 1, end + 1) if log.is_write(n - 1)]
    whole = [(n, "all") for n in writes if (n, "all") not in moments]
    rest = max(count - len(moments), 0)
    moments += sorted(generator.sample(whole, min(len(whole), (rest + 1) // 2)))
    while len(moments) < count and writes:
        moments.append((generator.choice(writes), generator.randrange(1 << 32)))
    return moments


# ---- the image ----

def copy_sparse(source, dest):
    """Make DEST a copy of SOURCE, holes and all, but the same inode."""
    size = os.fstat(source).st_size
    os.ftruncate(dest, 0)
    os.ftruncate(dest, size)
    at = 0
    while True:
        try:
            at = os.lseek(source, at, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:
                return
            raise
        end = os.lseek(source, at, os.SEEK_HOLE)
        while at < end:
            at += os.pwrite(dest, os.pread(source, min(end - at, 1 << 20), at), at)


class Disk:
    """The image of a moment, on a loop device, and where it is mounted."""

    def __init__(self, args):
        self.base = os.open(args.base, os.O_RDONLY)
        self.image = os.open(args.image, os.O_RDWR)
        self.device, self.dir, self.fs = args.device, args.dir, args.fs

    def rebuild(self, writes):
        drop_cache(self.device)
        copy_sparse(self.base, self.image)
        for offset, data in writes:
            os.pwrite(self.image, data, offset)
        drop_cache(self.device)
        forget(self.device)

    def mount(self):
        names = (self.device.encode(), self.dir.encode(), self.fs.encode())
        if libc.mount(*names, ctypes.c_ulong(0), OPTIONS.get(self.fs)) == 0:
            return None
        return os.strerror(ctypes.get_errno())

    def unmount(self):
        if libc.umount2(self.dir.encode(), 0) < 0:
            raise OSError(ctypes.get_errno(), "umount", self.dir)


def drop_cache(device):
    """Have no page of DEVICE in memory: another block size drops all.  That is refused
    while it is mounted: another mount namespace (unshare -m) may have a copy of our last
    mount, and for as long the next one would show that file system, as it was."""
    fd = os.open(device, os.O_RDONLY)
    for tries in range(1000):
        try:
            for size in (512, 4096):
                fcntl.ioctl(fd, BLKBSZSET, struct.pack("=Q", size))
            break
        except OSError as error:
            if error.errno != errno.EBUSY or tries == 999:
                raise
            time.sleep(0.02)
    os.close(fd)


def forget(device):
    """Have btrfs forget what was on DEVICE: it refuses a disk that is older than the one
    it knows by the same identity."""
    request = bytearray(struct.pack("=q4088s", 0, device.encode()))
    try:
        control = os.open("/dev/btrfs-control", os.O_RDWR)
    except OSError:
        return
    try:
        fcntl.ioctl(control, BTRFS_FORGET, request)
    except OSError:
        pass                    # it knows nothing of it
    os.close(control)


# ---- what is there ----

ABSENT = "absent", None


def look(path):
    """What PATH is, such that equal things compare equal."""
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return "symlink", os.readlink(path)
        if stat.S_ISREG(mode):
            with open(path, "rb") as file:
                return "file", file.read()
        return "other", stat.S_IFMT(mode)
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT
    except OSError as error:
        return "error", error.strerror


def look_below(top):
    """What all but the directories below TOP are, by their paths."""
    return {os.path.relpath(os.path.join(where, name), top):
            look(os.path.join(where, name))
            for where, _, names in os.walk(top) for name in names}


def describe(thing, contents):
    for name, known in contents.items():
        if thing == known:
            return name
    kind, what = thing
    if kind == "file":
        zeros = what.count(0)
        return "%d bytes%s" % (len(what), ", %d of them 0" % zeros if zeros else "")
    return kind if what is None else "%s %s" % (kind, what)


def broken_tree(path, top, states, trees):
    """The same for a PATH that ends in a slash."""
    there, wrong = look_below(os.path.join(top, path)), []
    for name in sorted(set().union(*(trees[state] for state in states))):
        thing = there.get(name, ABSENT)
        if thing not in [trees[state].get(name, ABSENT) for state in states]:
            wrong.append("%s%s is %s" % (path, name, describe(thing, {})))
    if len(wrong) > SHOWN:
        wrong[SHOWN:] = ["%d more are wrong" % (len(wrong) - SHOWN)]
    return ", ".join(wrong) or None


def broken(rule, top, contents, trees):
    """None if RULE holds below TOP, or else what is there."""
    paths, _, states = rule.partition("=")
    if paths.endswith("/"):
        return broken_tree(paths, top, states.split(","), trees)
    things = [(path, look(os.path.join(top, path))) for path in paths.split("|")]
    wanted = [contents[state] for state in states.split(",")]
    if any(thing in wanted for _, thing in things):
        return None
    return " and ".join("%s is %s" % (path, describe(thing, contents))
                        for path, thing in things)


def judge(disk, log, moment, rules, contents, trees, then):
    """What is wrong at MOMENT, or after the command THEN there, as a list."""
    disk.rebuild(log.kept(moment))
    reason = disk.mount()
    if reason is not None:
        return ["it can't be mounted: %s" % reason]
    try:
        if then is not None:
            done = subprocess.run([then, disk.dir], capture_output=True, text=True)
            if done.returncode != 0:
                return ["%s: status %d, %s" % (then, done.returncode, done.stderr)]
        found = [broken(rule, disk.dir, contents, trees) for rule in rules]
    finally:
        disk.unmount()
    return [what for what in found if what is not None]


def arguments():
    parser = argparse.ArgumentParser(description="Replay what recordfs recorded.")
    parser.add_argument("--fs", required=True, help="type of the file system")
    parser.add_argument("--base", required=True, help="image before the first record")
    parser.add_argument("--log", required=True)
    parser.add_argument("--image", required=True, help="image of a moment, on --device")
    parser.add_argument("--device", required=True)
    parser.add_argument("--dir", required=True, help="where to mount it")
    parser.add_argument("--contents", required=True, help="directory of what is known")
    parser.add_argument("--begin", type=int, required=True, help="bytes of log before")
    parser.add_argument("--finished", type=int, required=True, help="when it had ended")
    parser.add_argument("--committed", type=int, required=True,
                        help="and when the journal had been written after that")
    parser.add_argument("--moments", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--always", action="append", default=[], metavar="RULE")
    parser.add_argument("--after", action="append", default=[], metavar="RULE",
                        help="holds once the program has ended")
    parser.add_argument("--then", metavar="COMMAND",
                        help="run it with DIR at each moment, before a look at the rules")
    return parser.parse_args()


def main():
    args = arguments()
    log, disk = Log(args.log), Disk(args)
    contents, trees = {"absent": ABSENT}, {}
    for name in sorted(os.listdir(args.contents)):
        path = os.path.join(args.contents, name)
        contents[name] = look(path)
        if stat.S_ISDIR(os.lstat(path).st_mode):
            trees[name] = look_below(path)
    finished = log.count_at(args.finished)
    begin = log.count_at(args.begin) if args.always else finished
    committed = log.count_at(args.committed)
    moments = choose(log, begin, finished, committed, args.moments, args.seed)
    bad = 0
    for moment in moments:
        rules = args.always + (args.after if moment[0] >= finished else [])
        wrong = judge(disk, log, moment, rules, contents, trees, args.then)
        bad += bool(wrong)
        if wrong and bad <= SHOWN:
            print("after %d of %d records (%d when it ended), %s of the last: %s" % (
                moment[0], len(log.records), finished, moment[1], "; ".join(wrong)))
    print("%d moments, %d bad" % (len(moments), bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
