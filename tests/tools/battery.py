#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy into a file system, out of it and within it, by cp and by mmcp, and compare.

There are two mounts of it, which are alike: one for each program.  Each row of the table
below makes a source and perhaps an old destination in both, runs the same command line in
both, and compares exit status, messages, and all that is left.  What the file system
doesn't take while a source is made is left out of it in both.  The list of mounts, and how
each is made, is in filesystems-lib."""

import argparse
import collections
import os
import re
import shutil
import signal
import stat
import struct
import subprocess
import sys
import threading
import time
import zlib

import trees

KIB = trees.KIB
MIB = trees.MIB
LIMIT = 120                     # seconds that a copy may take, on a slow file system
OLD = 1_000_000_000 * trees.SECOND
UMASK = 0o022
DIRECTIONS = ("in", "out", "within")


# ---- what is made before a copy ----

BYTES = trees.random.Random(1).randbytes(MIB) * 41


def content(size, other=False):
    """SIZE bytes, and OTHER ones."""
    start = 7777 if other else 0
    return memoryview(BYTES)[start:start + size]


def tolerant(call, *arguments, **named):
    """CALL it; false if this file system doesn't have that."""
    try:
        call(*arguments, **named)
    except OSError:
        return False
    return True


def write(path, data, mode=None):
    with open(path, "wb", buffering=0) as f:
        rest = memoryview(data)
        while rest:
            rest = rest[f.write(rest):]
    if mode is not None:
        tolerant(os.chmod, path, mode)


def pieces(path, size, *offsets):
    """A sparse file, with 5000 bytes at each of OFFSETS."""
    with open(path, "wb", buffering=0) as f:
        for at in offsets:
            f.seek(at)
            f.write(content(5000))
        f.truncate(size)


def age(path, seconds):
    ns = OLD + seconds * trees.SECOND + 123_456_789
    tolerant(os.utime, path, ns=(ns, ns), follow_symlinks=False)


def aged(top, seconds=0):
    """All below TOP, from the bottom, is of 2001.  What differs in size differs in time; names
    of one file don't, since FUSE remembers each name's."""
    paths = [os.path.join(path, name) for path, dirs, files in os.walk(top)
             for name in files + dirs]
    for path in sorted(paths, key=lambda path: (-path.count(b"/"), path)):
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode) and os.path.exists(path):
            continue            # sshfs gives the time to what it leads to
        other = os.path.basename(path) if stat.S_ISDIR(status.st_mode) else b"%d" % status.st_size
        age(path, seconds + 4 * (zlib.crc32(other) % 100))
    age(top, seconds)


def one(size):
    def make(top):
        write(top + b"/f", content(size), 0o640)
    return make


def other(size, mode=0o604):
    def make(top):
        write(top + b"/f", content(size, True), mode)
    return make


def newer(size):
    def make(top):
        write(top + b"/f", content(size, True))
        ns = OLD + 9999 * trees.SECOND
        tolerant(os.utime, top + b"/f", ns=(ns, ns))
        return "dressed"
    return make


def sparse(top):
    pieces(top + b"/f", 8 * MIB, 0, 100 * KIB, 3 * MIB + 5, 5 * MIB, 8 * MIB - 5000)
    pieces(top + b"/end", 4 * MIB, 0)
    pieces(top + b"/hole", 3 * MIB + 1)
    write(top + b"/zeros", bytes(MIB))
    write(top + b"/mixed", bytes(content(64 * KIB)) + bytes(512 * KIB) + bytes(content(5)))


def reserved(top):
    """Preallocated: within the size, and beyond it."""
    for name, size, length in ((b"/f", 64 * KIB, 8 * MIB), (b"/none", 0, 4 * MIB)):
        write(top + name, content(size))
        with open(top + name, "r+b", buffering=0) as f:
            tolerant(os.posix_fallocate, f.fileno(), 0, length)


MODES = (0o644, 0o755, 0o600, 0o444, 0o400, 0o000, 0o777, 0o4755, 0o2755, 0o1644, 0o6711, 0o222)


def modes(top):
    for mode in MODES:
        write(top + b"/%04o" % mode, content(10), mode)
        tolerant(os.mkdir, top + b"/d%04o" % mode)
        write(top + b"/d%04o/in" % mode, content(20))
        tolerant(os.chmod, top + b"/d%04o" % mode, mode)


def other_modes(top):
    for at, mode in enumerate(MODES):
        write(top + b"/%04o" % mode, content(30, True), MODES[at - 1])


def owners(top):
    for uid in (0, 1, 1000, 65534):
        write(top + b"/f%d" % uid, content(10))
        tolerant(os.lchown, top + b"/f%d" % uid, uid, 1)
        tolerant(os.mkdir, top + b"/d%d" % uid)
        tolerant(os.lchown, top + b"/d%d" % uid, uid, 7)
        if tolerant(os.symlink, b"x", top + b"/l%d" % uid):
            tolerant(os.lchown, top + b"/l%d" % uid, uid, 3)


def names(top):
    for name in trees.HOSTILE + [b"n" * 200, b"n" * 140 + b".txt", b"UPPER", b"CON", b"a.",
                                 b"n" * 176, b"n" * 143, "\U0001f600".encode() * 60]:
        tolerant(write, os.path.join(top, name), content(100))
    deep = top
    for depth in range(12):
        deep += b"/%d%s" % (depth, b"d" * 80)
        if not tolerant(os.mkdir, deep):
            break
        tolerant(write, deep + b"/f", content(10))


def attributes(top):
    write(top + b"/f", content(1000))
    write(top + b"/plain", content(10))
    tolerant(os.mkdir, top + b"/d")
    write(top + b"/large", content(300 * KIB))
    for name in (b"/f", b"/d", b"/large"):
        for key, value in (("user.one", b"1"), ("user.empty", b""), ("user.long", b"v" * 1000),
                           ("user.m\u00e9", b"\0\xff"), ("trusted.t", b"t")):
            tolerant(os.setxattr, top + name, key, value)
    tolerant(os.setxattr, top + b"/f", "security.capability",
             struct.pack("<IIIII", 0x02000001, 1 << 5, 0, 0, 0))


def other_attributes(top):
    write(top + b"/f", content(10, True))
    tolerant(os.setxattr, top + b"/f", "user.one", b"old")
    tolerant(os.setxattr, top + b"/f", "user.old", b"stays")


def acl(*entries):
    return struct.pack("<I", 2) + b"".join(
        struct.pack("<HHI", tag, bits, who) for tag, bits, who in entries)


NOBODY = 0xffffffff
SOME = acl((1, 6, NOBODY), (2, 4, 1000), (4, 4, NOBODY), (8, 6, 7), (16, 6, NOBODY),
           (32, 0, NOBODY))
MORE = acl((1, 7, NOBODY), (2, 7, 1), (4, 5, NOBODY), (16, 7, NOBODY), (32, 1, NOBODY))


def lists(top):
    """Access control lists."""
    for name in (b"/f", b"/plain"):
        write(top + name, content(10))
    write(top + b"/large", content(300 * KIB))
    for name in (b"/d", b"/e"):
        tolerant(os.mkdir, top + name)
        write(top + name + b"/in", content(10))
    for name in (b"/f", b"/large", b"/d"):
        tolerant(os.setxattr, top + name, "system.posix_acl_access", SOME)
    tolerant(os.setxattr, top + b"/e", "system.posix_acl_default", MORE)


def other_lists(top):
    for name in (b"/f", b"/plain"):
        write(top + name, content(10, True))
    tolerant(os.setxattr, top + b"/plain", "system.posix_acl_access", SOME)
    tolerant(os.mkdir, top + b"/d")
    tolerant(os.setxattr, top + b"/d", "system.posix_acl_default", MORE)


def inheriting(top):
    """A destination whose files get a list from above."""
    tolerant(os.setxattr, top, "system.posix_acl_default", MORE)


def links(top):
    write(top + b"/a", content(10))
    write(top + b"/big", content(300 * KIB))
    tolerant(os.mkdir, top + b"/d")
    for old, new in ((b"/a", b"/b"), (b"/a", b"/d/c"), (b"/big", b"/d/big")):
        tolerant(os.link, top + old, top + new)
    if tolerant(os.symlink, b"a", top + b"/s"):
        tolerant(os.link, top + b"/s", top + b"/t", follow_symlinks=False)


def special(top):
    if tolerant(os.mkfifo, top + b"/fifo"):
        tolerant(os.chmod, top + b"/fifo", 0o622)
    if tolerant(os.mknod, top + b"/socket", stat.S_IFSOCK | 0o700):
        tolerant(os.chmod, top + b"/socket", 0o711)
    if os.geteuid() == 0:
        tolerant(os.mknod, top + b"/null", stat.S_IFCHR | 0o606, os.makedev(1, 3))
        tolerant(os.mknod, top + b"/block", stat.S_IFBLK | 0o606, os.makedev(60, 1))
    for name, target in ((b"/l", b"nowhere"), (b"/long", b"t/" * 1000), (b"/dir", b".")):
        tolerant(os.symlink, target, top + name)
    write(top + b"/f", content(1))


def tree(top):
    """Of everything a bit."""
    for name in (b"/sub", b"/sub/empty", b"/links", b"/special", b"/more"):
        os.mkdir(top + name)
    for n in range(12):
        write(top + b"/%d" % n, content(n * 1000), 0o640 if n % 2 else 0o755)
        write(top + b"/sub/%d" % n, content(300 * n))
        write(top + b"/more/%d" % n, content(n))
    write(top + b"/sub/large", content(700 * KIB))
    pieces(top + b"/sub/sparse", MIB, 0, 500 * KIB)
    links(top + b"/links")
    special(top + b"/special")
    tolerant(os.setxattr, top + b"/1", "user.one", b"1")
    tolerant(os.setxattr, top + b"/2", "system.posix_acl_access", SOME)
    tolerant(os.chmod, top + b"/sub/empty", 0o1777)
    tolerant(os.chmod, top + b"/more", 0o700)


def flat(top):
    """What any file system takes, and cp -s, too."""
    os.mkdir(top + b"/sub")
    for n in range(80):
        write(top + b"/%d" % n, content(n * 50))
    write(top + b"/sub/large", content(300 * KIB))


def in_the_way(top):
    """What a tree is merged with: shorter, longer, newer, of another type."""
    os.mkdir(top + b"/sub")
    for name, size in ((b"/1", 5000), (b"/2", 10), (b"/sub/large", MIB), (b"/sub/sparse", 9000),
                       (b"/sub/3", 0), (b"/stays", 5)):
        write(top + name, content(size, True), 0o600)
    if tolerant(os.mkdir, top + b"/links"):
        write(top + b"/links/a", content(3, True))
    aged(top, -1000)
    ns = OLD + 9999 * trees.SECOND
    for name in (b"/2", b"/sub/large"):
        tolerant(os.utime, top + name, ns=(ns, ns))
    return "dressed"


def nothing(_top):
    pass


# ---- the rows ----

# WORDS: the command line, where S and D are the directories of source and destination, and
# A the absolute path of S.  OURS: more of it for mmcp, by which nothing but the way of
# copying changes.  AGAIN: it is done twice.  SAMPLE: it is one of few, for scripts/check.
Row = collections.namedtuple("Row", "name source old words ours again sample")
ROWS = []


def row(name, source, old, words, ours="", again=False, sample=False):
    ROWS.append(Row(name, source, old, words.split(), ours.split(), again, sample))


SIZES = {"0": 0, "1": 1, "4095": 4095, "256K": 256 * KIB, "40M": 40 * MIB}
MEDIUM = 300 * KIB + 77

for label, length in SIZES.items():
    few = label in ("0", "256K")
    row("%s, new" % label, one(length), nothing, "S/f D/f", sample=few)
    row("%s, -p, new" % label, one(length), nothing, "-p S/f D/f")
    row("%s, over a longer one" % label, one(length), other(length + 70001), "S/f D/f",
        sample=label == "4095")
    if length:
        row("%s, over a shorter one" % label, one(length), other(length // 2), "S/f D/f",
            sample=few)
row("over one just as long, -p", one(MEDIUM), other(MEDIUM), "-p S/f D/f")
for option in ("-a", "-f", "-b", "--backup=numbered", "-bS .old", "--remove-destination", "-u",
               "-n", "-l", "-lf", "-d", "-T", "--attributes-only -p", "--sparse=always",
               "--sparse=never", "--reflink=auto", "--reflink=never", "--reflink=always",
               "--preserve=xattr", "--preserve=all", "--preserve=links,mode",
               "--no-preserve=mode", "-v"):
    few = option in ("-b", "--remove-destination", "-a", "--attributes-only -p")
    row("%s, new" % option, one(MEDIUM), nothing, option + " S/f D/f")
    row("%s, over an old one" % option, one(MEDIUM), other(MEDIUM + 5), option + " S/f D/f",
        sample=few)
row("-s, new", one(10), nothing, "-s A/f D/f")
row("-sf, over an old one", one(10), other(10), "-sf A/f D/f")
row("-sb, over an old one", one(10), other(10), "-sb A/f D/f")
row("-u, over a newer one", one(MEDIUM), newer(MEDIUM), "-u S/f D/f")
row("-pu, twice", one(MEDIUM), other(MEDIUM + 5), "-pu S/f D/f", again=True)
row("-b, twice", one(10), other(20), "--backup=numbered S/f D/f", again=True)
row("into a directory that isn't there", one(10), nothing, "S/f D/none/")
row("a source that isn't there", nothing, nothing, "S/f D/f")
row("a name that is too long", one(10), nothing, "S/f D/" + "x" * 256)
row("over a directory", one(10), lambda top: os.mkdir(top + b"/f"), "-T S/f D/f")
row("--parents", one(10), nothing, "--parents S/f D", sample=True)
row("-p --parents", one(10), nothing, "-p --parents S/f D")
for size in (1000, MEDIUM, 40 * MIB):
    label = {1000: "1000", MEDIUM: "300K"}.get(size, "40M")
    for ours in ("--atomic", "--fsync", "--engine=mmap", "--engine=kernel", "--engine=stream",
                 "--direct", "--nocache", "-j2 --chunk-size=64K", "--atomic --fsync"):
        if size > MIB and ours not in ("--engine=mmap", "--engine=stream", "--atomic --fsync"):
            continue
        few = size == MEDIUM and ours in ("--atomic", "--fsync", "--engine=mmap",
                                          "--engine=stream")
        row("%s, %s, new" % (ours, label), one(size), nothing, "S/f D/f", ours, sample=few)
        if size < MIB:
            row("%s, %s, over an old one" % (ours, label), one(size), other(size // 3),
                "S/f D/f", ours,
                sample=ours in ("--atomic", "--engine=mmap"))
            row("%s, %s, -p, over an old one" % (ours, label), one(size), other(size * 2),
                "-p S/f D/f", ours)
        if ours.startswith("--atomic") and size == MEDIUM:
            row("%s, -b" % ours, one(size), other(5), "-b S/f D/f", ours)

for option in ("", "--sparse=always", "--sparse=never", "-p"):
    row("sparse files, %s" % (option or "plain"), sparse, nothing, option + " -r S/. D",
        sample=not option)
    row("sparse files over old ones, %s" % (option or "plain"), sparse, other(MIB),
        option + " S/f D/f")
for ours in ("--engine=mmap", "--engine=stream", "--fsync", "--atomic"):
    row("sparse files, %s" % ours, sparse, nothing, "-r S/. D", ours)
for option in ("", "-p", "--sparse=always"):
    row("preallocated files, %s" % (option or "plain"), reserved, nothing, option + " -r S/. D",
        sample=not option)

for option in ("-r", "-rp", "-a", "-r --no-preserve=mode", "-r --preserve=mode"):
    row("modes, %s" % option, modes, nothing, option + " S/. D", sample=option == "-a")
    row("modes over others, %s" % option, modes, other_modes, option + " S/. D")
row("modes over others, --remove-destination", modes, other_modes, "-r --remove-destination S/. D")
row("modes over others, --atomic", modes, other_modes, "-r S/. D", "--atomic")
for option in ("-r", "-a", "-r --preserve=ownership"):
    row("owners, %s" % option, owners, nothing, option + " S/. D")
for option in ("-r", "-a"):
    row("names, %s" % option, names, nothing, option + " S D/new")
row("names, -a, twice", names, nothing, "-a S/. D", again=True)
for option in ("-r", "-a", "--preserve=xattr -r", "--preserve=all -r"):
    row("attributes, %s" % option, attributes, nothing, option + " S/. D")
    row("attributes over others, %s" % option, attributes, other_attributes, option + " S/. D",
        sample=option == "-a")
row("attributes, --atomic", attributes, other_attributes, "-a S/. D", "--atomic")
for option in ("-r", "-a", "-rp"):
    row("lists, %s" % option, lists, nothing, option + " S/. D")
    row("lists over others, %s" % option, lists, other_lists, option + " S/. D",
        sample=option == "-a")
    row("lists from above, %s" % option, lists, inheriting, option + " S/. D")
for option in ("-r", "-a", "-d", "-rl", "-al", "-r --preserve=links"):
    words = "S/a S/b S/big" if option == "-d" else "S/."
    row("links, %s" % option, links, nothing, "%s %s D" % (option, words), sample=option == "-a")
row("links, -a, twice", links, nothing, "-a S/. D", again=True)
row("links, -au over an old one", links, lambda top: write(top + b"/b", content(3)), "-au S/. D")
for option in ("-a", "-rp", "-r --preserve=mode"):
    row("special files, %s" % option, special, nothing, option + " S/. D", sample=option == "-a")
row("special files, -a, twice", special, nothing, "-a S/. D", again=True)
row("special files, -al", special, nothing, "-al S/. D")

for option in ("-r", "-a", "-al", "-rp", "-rT", "-r --parents", "-ru", "-rL", "-rH", "-rb",
               "-a --no-preserve=all", "-a --attributes-only", "-av"):
    row("a tree, %s" % option, tree if "L" not in option else flat, nothing,
        option + (" S/sub S/1 D" if "parents" in option else " S D/new"),
        sample=option in ("-r", "-a"))
    if "parents" not in option:
        row("a tree merged, %s" % option, tree if "L" not in option else flat, in_the_way,
            option + (" S D" if "T" in option else " S/. D"), sample=option == "-a")
for option in ("-au", "-a --backup", "-a --backup=numbered", "-a --remove-destination", "-alf",
               "-a -n", "-af"):
    row("a tree merged, %s" % option, tree, in_the_way, option + " S/. D")
row("a tree, -au, twice", tree, nothing, "-au S/. D", again=True, sample=True)
row("a tree, -a, twice", tree, nothing, "-a S/. D", again=True)
row("a tree, -rs", flat, nothing, "-rs A D/new")
row("a tree, -as", flat, nothing, "-as A D/new")
row("a tree, -as merged", flat, in_the_way, "-asf A/. D")
for ours in ("--atomic", "--fsync", "--engine=mmap", "--engine=kernel", "--engine=stream",
             "--direct", "--nocache", "-j1", "-j4"):
    row("a tree, -a, %s" % ours, tree, nothing, "-a S/. D", ours, sample=ours == "--atomic")
    row("a tree merged, -a, %s" % ours, tree, in_the_way, "-a S/. D", ours)


# ---- what may differ ----

# Messages, as in trees.py.
EXPECTED = [
    (rb"(failed to preserve ownership for )([^'\s]+):", rb"\1'\2':", "cp doesn't quote this name"),
    (rb"\xe2\x80[\x98\x99]", rb"'", "and has other quotes for that of a source's permissions"),
]

# What differs by a fault of a file system: (its name, rows, line of a difference, reason).
KNOWN = [
    ("", "--attributes-only", r"^'links/", "which of a file's names comes first is another one"),
    ("", "-av", r"removed '.*/links/", "which of a file's names comes first is another one"),
    ("sshfs", "", r"message: (cp|mmcp) says: cp: failed to preserve ownership "
     r"for '.*/[stl]|^status: 1, not 0$|links/.*: [am]time ",
     "it gives owner and times of a symlink to what it leads to, if that is there already"),
    ("", "--parents", r"^'fs': mtime ",
     "the mount's own time is that of when the source was made, and may be later on one side"),
    ("gocryptfs", "", r"sparse': holes: 1 pieces of 64 KiB are data, first at 524288",
     "cp 9.1 looks for zeros in what is said to be data, and a block there begins elsewhere"),
    ("fuse2fs", "^(?!.*--atomic)", r": mode [01]",
     "cp takes it that an ACL brings the mode, and leaves that alone"),
    ("fuse2fs", "", r"xattr 'system.posix_acl_access'",
     "an ACL there is an attribute that says another thing than the mode does"),
    ("ntfs-3g-posix", "--parents", r"'fs': mode 0755, not 0777",
     "each directory has a default ACL; mmcp goes by the umask"),
    ("encfs", "--atomic", r"[am]time \d+\.0+, not", "a rename cuts times to whole seconds"),
    ("encfs", "", r"[am]time \d+\.\d+, not \d+\.0+$",
     "a rename cuts times to whole seconds, and cp makes links by one"),
    ("rclone", "", r"message: (cp|mmcp) says: cp: (preserving permissions for )?'.*': Input/output",
     "a question for an attribute is an I/O error; cp asks for an ACL where there is none, too"),
    ("rclone", "attributes", r"^message: (cp|mmcp) says: cp: setting attribute ",
     "cp 9.1 has the attribute's name there twice, and not the file's"),
    ("zfs-fuse", "", r": (blocks|holes): ", "blocks are counted up to half a minute late"),
    ("posixovl", "--atomic", r": blocks: 0, not", "it forgets the blocks of what is renamed"),
]

# What can't be tried: (file system, row, direction, reason).
IMPOSSIBLE = [
    ("fuse2fs", "a name that is too long", "in", "it makes an entry that it can't read again"),
    ("fuse2fs", "a name that is too long", "within", "it makes an entry that it can't read again"),
    ("sshfs", "-as", "within",
     "the server, which is of this machine, follows a link into the mount that waits for it"),
]

REFUSED = re.compile(
    rb"--engine=|--direct|--atomic|cannot keep the attributes|Operation not supported|"
    rb"Invalid argument|not supported")


def may_refuse(this, err):
    """Whether mmcp may fail where cp succeeds: an option of ours asks for what isn't there."""
    return bool(this.ours) and REFUSED.search(err) is not None


def excused(label, this, line):
    return any(label.startswith(fs) and re.search(name, this.name) and re.search(pattern, line)
               for fs, name, pattern, _ in KNOWN)


def is_impossible(label, this, direction):
    return any(label.startswith(fs) and name in this.name and way == direction
               for fs, name, way, _ in IMPOSSIBLE)


# ---- one program on its side ----

class Side:
    """A directory with `fs', a mount, and `local', a directory of ours."""

    def __init__(self, top, program):
        self.top, self.program = os.path.abspath(os.fsencode(top)), program
        self.name = os.path.basename(self.top)

    def path(self, *parts):
        return os.path.join(self.top, *parts)


class Copy:
    """A row in one direction."""

    def __init__(self, this, direction, ready, number, fuse):
        self.row, self.ready = this, ready
        self.number = number
        self.source = b"local" if direction == "in" else b"fs"
        self.dest = b"local" if direction == "out" else b"fs"

        # FUSE remembers counts of links that have changed; which names are one file is seen.
        self.ignored = ["nlink"] if fuse and self.dest == b"fs" else []

    def source_name(self):
        # What is ready is of a file system that can't be written to.
        if self.ready:
            return self.source + b"/%d" % self.number
        return self.source + b"/s"

    def fill(self, side):
        if not self.ready:
            make_source(self.row, side.path(self.source, b"s"))
        dest = side.path(self.dest, b"d")
        os.mkdir(dest)
        tolerant(os.chmod, dest, 0o755)
        if self.row.old(dest) != "dressed":
            aged(dest, -3000)

    def clear(self, side):
        for name in (side.path(self.dest, b"d"), side.path(self.source, b"s")):
            clear(name)

    def words(self, side, more):
        source = self.source_name()
        for word in more + self.row.words:
            first, slash, rest = word.encode().partition(b"/")
            first = {b"S": source, b"D": self.dest + b"/d",
                     b"A": side.path(source)}.get(first, first)
            yield first + slash + rest

    def run(self, side, more):
        """Status and messages."""
        arguments = [b"cp", *self.words(side, more)]
        env = {k: v for k, v in os.environ.items() if k not in (
            "POSIXLY_CORRECT", "VERSION_CONTROL", "SIMPLE_BACKUP_SUFFIX", "LANG", "LANGUAGE")}
        process = subprocess.Popen(
            arguments, executable=side.program, cwd=side.top, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env | {"LC_ALL": "C.UTF-8"},
            umask=UMASK)
        try:
            out, err = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return "none in %d s" % LIMIT, [], []
        return process.returncode, said(out, side), said(err, side)


def said(text, side):
    """Its lines, in some order, with the twin's name for this one's."""
    text = text.replace(side.top, b"/TWIN")
    for pattern, replacement, _ in EXPECTED + trees.EXPECTED:
        text = re.sub(pattern, replacement, text, flags=re.M)
    return sorted(line for line in text.splitlines() if line)


def make_source(this, top):
    os.mkdir(top)
    tolerant(os.chmod, top, 0o755)
    try:
        this.source(top)
    except OSError:
        pass                    # what it has so far is the source, in both
    aged(top)


def clear(top):
    try:
        trees.remove(top)
    except (OSError, RecursionError):
        subprocess.run(["rm", "-rf", top], check=False)


def look(copy, side):
    """What is at the destination now, and which of its names are one file."""
    top = side.path(copy.dest, b"d")
    if copy.dest == b"fs" and copy.row.source in (sparse, reserved, tree):
        sync(top)
    shot = snapshot(top)
    trees.name_links(shot)
    for facts in shot.values():
        if facts["type"] == "symlink":
            for field, value in facts.items():
                if isinstance(value, bytes):
                    facts[field] = value.replace(side.top, b"/TWIN")
    return shot


def snapshot(top):
    """As trees has it; but FUSE may remove a name that it has hidden meanwhile."""
    for _ in range(20):
        try:
            return trees.snapshot(top)
        except FileNotFoundError:
            time.sleep(0.2)
    return trees.snapshot(top)


def sync(top):
    """Until it is written, some file systems don't know how many blocks it has."""
    subprocess.run(["sync", "-f", top], check=False, stderr=subprocess.DEVNULL)


# ---- comparing ----

def fewer_blocks(wanted, got):
    """Where a file has far fewer blocks than cp's: space that was to be kept is lost."""
    for name in wanted.keys() & got.keys():
        one_has, two_has = wanted[name].get("_blocks", 0), got[name].get("_blocks", 0)
        if wanted[name]["type"] == "file" and one_has > two_has * 1.2 + 512:
            yield "%s: blocks: %d, not %d" % (ascii(name)[1:], two_has, one_has)


def options_of(this, failed):
    options = [word for word in this.words if word.startswith("-")]
    if failed:
        options.append(trees.FAILED)
    if "--parents" in options:
        options.append(trees.PARENTS)
    return options


class Source:
    """What the copy was made of, looked at when there is a difference to be judged."""

    def __init__(self, copy, side):
        self.copy, self.side, self.shot = copy, side, None

    def all(self):
        if self.shot is None:
            self.shot = snapshot(self.side.path(self.copy.source_name()))
        return self.shot.values()

    def facts(self, name):
        self.all()
        if name in (b".", b"new"):
            return self.shot[b"."] if name == b"new" or self.copy.row.words[-2] == "S/." else {}
        for prefix in (b"", b"new/", self.copy.source_name() + b"/"):
            if name.startswith(prefix) and name[len(prefix):] in self.shot:
                return self.shot[name[len(prefix):]]
        return {}


def same(value, other):
    """Equal, or the same time where only whole seconds are kept."""
    if isinstance(value, int) and isinstance(other, int):
        return value in (other, other - other % trees.SECOND)
    return value == other


def better(copy, source, wanted, got):
    """(name, field) of what is the source's in GOT, and not in WANTED: on ext4 without extents
    cp takes what isn't on the disk yet for a hole; where an ACL is but an attribute, cp's
    mode is lost."""
    keeps = any(word in ("-p", "-rp") or "-a" in word for word in copy.row.words)
    for name in wanted.keys() & got.keys():
        fields = got[name].keys() | wanted[name].keys()
        for field in fields:
            if not (field == "digest" or keeps and field.split()[0] in ("mode", "xattr",
                                                                          "mtime", "atime")):
                continue
            mine, theirs = got[name].get(field), wanted[name].get(field)
            if mine != theirs and same(mine, source.facts(name).get(field)):
                yield ascii(name)[1:] + ": " + field
                if field == "digest":
                    yield ascii(name)[1:] + ": holes"


def is_whole(source, wanted, got):
    """Whether what cp fails at is there: all its names, with the source's bytes, or cp's."""
    return all(name in got and got[name].get("digest") in (
        facts.get("digest"), source.facts(name).get("digest")) for name, facts in wanted.items())


def is_partial(source, wanted, line):
    """Whether LINE misses a file that cp has left a part of; mmcp removes what is new."""
    return any(line.startswith(ascii(name)[1:] + ": ") and facts.get("digest") != source.facts(
        name).get("digest") for name, facts in wanted.items())


def without_names(lines):
    return sorted(re.sub(rb"'[^']*'", b"NAME", line) for line in lines)


def digests(shot):
    return sorted(str(facts.get("digest")) for facts in shot.values())


def only_order(copy, cp, mmcp):
    """Where links can't be made, which name of a file is there depends on the order."""
    return (cp[0] == mmcp[0] == 1 and any(b"cannot create" in line for line in cp[2])
            and copy.row.source in (links, tree)
            and set(without_names(cp[2])) == set(without_names(mmcp[2]))
            and digests(cp[3]) == digests(mmcp[3]))


def compare(copy, side, cp, mmcp):
    """Each difference as a line."""
    replaces = "--atomic" in copy.row.ours
    (cp_status, cp_out, cp_err, cp_shot), (status, out, err, shot) = cp, mmcp
    all_said = b"\n".join(err)
    ours_alone = re.search(b" with --engine=|cannot keep the", all_said) is not None
    if status == 1 and (cp_status == 0 or ours_alone) and may_refuse(copy.row, all_said):
        yield "refused: " + os.fsdecode(b" ".join(err)[:200])
        return
    source = Source(copy, side)
    if only_order(copy, cp, mmcp):
        return
    if status == 0 and cp_status == 1 and is_whole(source, cp_shot, shot):
        return
    if status != cp_status:
        yield "status: %s, not %s" % (status, cp_status)
    if err != cp_err:
        yield from difference("message", cp_err, err)
    if out != cp_out:
        yield from difference("output", cp_out, out)
    # What can't become a clone is not emptied.
    if status == cp_status == 1 and "--reflink=always" in copy.row.words:
        return
    options = options_of(copy.row, status == cp_status == 1)
    lines = list(trees.compare(cp_shot, shot, copy.began, copy.ignored, options))
    if any(": holes: " in line for line in lines):
        lines = trees.compare(cp_shot, shot, copy.began, copy.ignored, options, source.all())
    right = tuple(better(copy, source, cp_shot, shot)) if lines else ()
    for line in lines:
        # To be given a name changes the directory.
        if replaces and re.match(r"[^ ]*: mtime now, not", line):
            continue
        if line.startswith(right):
            continue
        if status == cp_status == 1 and "is missing (a file)" in line and is_partial(
                source, cp_shot, line):
            continue
        yield line
    yield from fewer_blocks(cp_shot, shot)


def difference(what, wanted, got):
    for line in wanted:
        if line not in got:
            yield "%s: cp says: %s" % (what, os.fsdecode(line))
    for line in got:
        if line not in wanted:
            yield "%s: mmcp says: %s" % (what, os.fsdecode(line))


def perform(copy, sides, label):
    """Do it on both sides; the differences."""
    copy.began = time.time_ns() - 2 * trees.SECOND
    try:
        cp, mmcp = (perform_one(copy, side, more)
                    for side, more in zip(sides, ([], copy.row.ours)))
        found = list(compare(copy, sides[1], cp, mmcp))
        # Some count blocks late, or have times that settle (zfs, rclone).
        if found and all(re.search(r": (blocks: |holes: |mtime )", line) for line in found):
            time.sleep(6)
            cp, mmcp = ((*what[:3], look(copy, side)) for what, side in zip((cp, mmcp), sides))
            found = list(compare(copy, sides[1], cp, mmcp))
        return cp[0], [line for line in found if not excused(label, copy.row, line)]
    finally:
        for side in sides:
            copy.clear(side)


def perform_one(copy, side, more):
    copy.fill(side)
    status, out, err = copy.run(side, more)
    if copy.row.again:
        again = copy.run(side, more)
        status, out, err = again[0] or status, out + again[1], err + again[2]
    return status, out, err, look(copy, side)


class Watch:
    """A FUSE file system that doesn't answer is cut off, so that whoever waits for it goes on;
    not even SIGKILL makes that so."""

    def __init__(self, sides, fusectl):
        self.connections = ["%s/%d/abort" % (fusectl, os.minor(
            os.lstat(side.path(b"fs")).st_dev)) for side in sides]
        self.cut = False
        self.timer = None

    def abort(self):
        self.cut = True
        for name in self.connections:
            if os.path.exists(name):
                with open(name, "w") as f:
                    f.write("1")

    def __enter__(self):
        self.timer = threading.Timer(4 * LIMIT, self.abort)
        self.timer.daemon = True
        self.timer.start()

    def __exit__(self, *_):
        self.timer.cancel()


# ---- all of it ----

def chosen(options):
    for number, this in enumerate(ROWS):
        if options.sample and not this.sample:
            continue
        if options.only and not re.search(options.only, this.name):
            continue
        yield number, this


def make_sources(options):
    """For an image of what can't be written to: each row's source under its number."""
    for number, this in chosen(options):
        make_source(this, os.path.join(os.fsencode(options.make_sources), b"%d" % number))


class Tally:
    """What came of a direction."""

    def __init__(self):
        self.rows = self.same = self.failed = 0
        self.refused, self.different = [], []

    def add(self, name, status, found):
        self.rows += 1
        self.failed += status != 0
        if not found:
            self.same += 1
        elif found[0].startswith("refused: "):
            self.refused.append((name, found))
        else:
            self.different.append((name, found))

    def text(self):
        parts = ["%d of %d as cp" % (self.same, self.rows)]
        if self.failed:
            parts.append("%d that cp can't" % self.failed)
        if self.refused:
            parts.append("%d refused" % len(self.refused))
        if self.different:
            parts.append("%d DIFFERENT" % len(self.different))
        return ", ".join(parts)


def tell(label, name, found, limit=12):
    print("%s: %s" % (label, name))
    for line in found[:limit]:
        print("    " + os.fsencode(line).decode("utf-8", "backslashreplace"))
    if len(found) > limit:
        print("    and %d more" % (len(found) - limit))
    sys.stdout.flush()


def perform_all(options):
    sides = [Side(options.sides[0], options.cp), Side(options.sides[1], options.mmcp)]
    watch = Watch(sides, options.fusectl)
    worst = 0
    for direction in options.directions.split(","):
        tally = Tally()
        for number, this in chosen(options):
            if is_impossible(options.label, this, direction):
                continue
            copy = Copy(this, direction, options.ready and direction == "out", number,
                        options.fuse)
            try:
                with watch:
                    status, found = perform(copy, sides, options.label)
            except OSError as error:
                print("%s, %s: %s: %s%s" % (options.label, direction, this.name, error,
                                            "; it didn't answer, and is cut off" * watch.cut))
                return 2
            if watch.cut:
                print("%s, %s: %s: it doesn't answer, and is cut off" % (
                    options.label, direction, this.name))
                return 2
            tally.add(this.name, status, found)
            if found and (options.verbose or not found[0].startswith("refused: ")):
                tell("%s, %s" % (options.label, direction), this.name, found)
        print("%s\t%s\t%s" % (options.label, direction, tally.text()), flush=True)
        if options.table:
            with open(options.table, "a") as f:
                f.write("%s\t%s\t%d\t%d\t%d\t%d\t%d\n" % (
                    options.label, direction, tally.rows, tally.same, tally.failed,
                    len(tally.refused), len(tally.different)))
        worst |= bool(tally.different)
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cp", default=shutil.which("cp"))
    parser.add_argument("--mmcp", default="mmcp")
    parser.add_argument("--label", default="fs", help="what the file system is called")
    parser.add_argument("--directions", default=",".join(DIRECTIONS))
    parser.add_argument("--sample", action="store_true", help="few rows")
    parser.add_argument("--only", help="the rows whose names match this expression")
    parser.add_argument("--ready", action="store_true", help="sources are there already")
    parser.add_argument("--make-sources", metavar="DIR", help="make them, and nothing else")
    parser.add_argument("--fuse", action="store_true", help="it is one of FUSE")
    parser.add_argument("--fusectl", metavar="DIR", default="/sys/fs/fuse/connections",
                        help="where a fusectl is mounted")
    parser.add_argument("--table", help="a file to add lines to")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("sides", nargs="*", help="cp's and mmcp's directory")
    options = parser.parse_args()
    os.umask(UMASK)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.make_sources:
        return make_sources(options)
    return perform_all(options)


if __name__ == "__main__":
    sys.exit(main())
