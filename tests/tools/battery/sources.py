# SPDX-License-Identifier: GPL-3.0-or-later
"""What a row can have as its source, and as an old destination."""
import os
import random
import stat
import struct
import zlib

import trees

KIB = trees.KIB
MIB = trees.MIB
OLD = 1_000_000_000 * trees.SECOND
UMASK = 0o022
BYTES = random.Random(1).randbytes(MIB) * 41


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
    """All below TOP, from the bottom, is of 2001.  What differs in size differs in
    time; names of one file don't, since FUSE remembers each name's."""
    paths = [os.path.join(path, name) for path, dirs, files in os.walk(top)
             for name in files + dirs]
    for path in sorted(paths, key=lambda path: (-path.count(b"/"), path)):
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode) and os.path.exists(path):
            continue            # sshfs gives the time to what it leads to
        other = (os.path.basename(path) if stat.S_ISDIR(status.st_mode)
                 else b"%d" % status.st_size)
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
    write(top + b"/mixed",
          bytes(content(64 * KIB)) + bytes(512 * KIB) + bytes(content(5)))


def reserved(top):
    """Preallocated: within the size, and beyond it."""
    for name, size, length in ((b"/f", 64 * KIB, 8 * MIB), (b"/none", 0, 4 * MIB)):
        write(top + name, content(size))
        with open(top + name, "r+b", buffering=0) as f:
            tolerant(os.posix_fallocate, f.fileno(), 0, length)


MODES = (0o644, 0o755, 0o600, 0o444, 0o400, 0o000, 0o777, 0o4755, 0o2755, 0o1644,
         0o6711, 0o222)


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
    for name in trees.HOSTILE + [b"n" * 200, b"n" * 140 + b".txt", b"UPPER", b"CON",
                                 b"a.",
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
        for key, value in (("user.one", b"1"), ("user.empty", b""),
                           ("user.long", b"v" * 1000),
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
    for name, size in ((b"/1", 5000), (b"/2", 10), (b"/sub/large", MIB),
                       (b"/sub/sparse", 9000),
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
