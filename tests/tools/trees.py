#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy random trees by cp and by mmcp in twin directories, and compare everything.

GNU cp is the judge: what it makes of a source, an old destination and some options is
what mmcp has to make of them; and it has to say the same, and exit alike.  All that is
random comes from a seed, so a round that failed can be done again by its number.  What
is known to differ on purpose is in EXPECTED, each with its reason, and nowhere else."""

import argparse
import collections
import errno
import hashlib
import multiprocessing
import os
import random
import re
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import time
import types

KIB = 1 << 10
MIB = 1 << 20
NOBODY = 65534
LIMIT = 20                      # seconds that a copy may take
SHOWN = 40                      # lines of a failure
SECOND = 10 ** 9

# Messages that differ on purpose: (pattern, replacement, reason), done to both sides.
EXPECTED = [
    (rb"(: cannot overwrite directory .* with non-directory).*", rb"\1",
     "cp names both since 9.2, as mmcp does"),
    (rb"(?<![\w$\\'])'''(?=[^'])", rb"'",
     "cp begins with '' where a name has an apostrophe and ends in an escape"),
    (rb".*: clearing permissions for .*: Operation not permitted$", rb"",
     "cp up to 9.1 fails without a word if it is not the owner"),
    (rb"cannot create (?:hard|symbolic) link (.*?)(?: to '.*')?(: [A-Z][a-z ]*)$",
     rb"cannot create regular file \1\2",
     "which of two names is the first one depends on the order; those of a symlink, too"),
    (rb"(: [gs]etting attribute .* (?:for|of) ).*(: [A-Z][a-z ]*)$", rb"\1\2",
     "libattr names the attribute where the file should be"),
    (rb"(\\[0-7abfnrtv]+)'(?=$|: )", rb"\1", "and doesn't always close the quotes then"),
]


# ---- trees that differ on purpose ----


def excuse_mode(wanted, got, options):
    """cp up to 9.1 sets a mode by its ACL, and so leaves set-ID and sticky bits that were
    there before: of an old file, of a directory in one that has set-group-ID, of mkdir and
    mknod.  mmcp gives a copy the bits of its source, and no others.  Of a FIFO, too, where
    chown takes them away."""
    if excuse_mode_of_directory(wanted, got, options) or excuse_mode_after_attributes(
            wanted, got, options):
        return True
    cp, mmcp = int(wanted["mode"], 8), int(got["mode"], 8)
    if wanted["type"] not in ("file", "directory") and (mmcp ^ cp) & ~0o6000 == 0:
        return True
    return cp & ~mmcp & ~0o7000 == 0 and mmcp & ~cp == 0


def excuse_mode_of_directory(wanted, got, options):
    """With --no-preserve=mode, directories keep the set-group-ID that they get from the one
    above, as with cp since 9.5; and as in excuse_owner, where cp's chmod took that away.
    What --parents makes has the mode that mkdir gives it, whatever that is by a default ACL,
    and cp goes by the umask there.  Where an ordinary user can't read attributes that are
    wanted, and so fails, cp leaves a directory as it was while it was filled."""
    if wanted["type"] != "directory":
        return False
    if excuse_lead(wanted, got, options) or has_inherited(wanted, options):
        return True
    if NOT_ROOT in options and FAILED in options and "--preserve=xattr" in options:
        return True
    return int(wanted["mode"], 8) ^ int(got["mode"], 8) == 0o2000 and (
        NOT_ROOT in options or any(o.startswith("--no-preserve") for o in options))


def excuse_mode_after_attributes(wanted, got, options):
    """Whoever isn't root can give attributes to nothing that can't be written.  cp makes it so
    for a moment, and then gives it all bits of its source, whatever a default ACL forbids."""
    mode = int(wanted["mode"], 8)
    return (NOT_ROOT in options and "--preserve=xattr" in options and mode & 0o200 == 0
            and int(got["mode"], 8) & ~mode == 0)


def has_inherited(wanted, options):
    """Whether it was made by --parents, in a directory that has an ACL for it."""
    return (wanted["type"] == "directory" and PARENTS in options
            and "xattr 'system.posix_acl_access'" in wanted)


def excuse_lead(wanted, _got, options):
    """What --parents made that leads to a source which can't be reached: cp forgets to give
    it times and mode."""
    return wanted["type"] == "directory" and PARENTS in options and FAILED in options


def excuse_owner(wanted, got, options):
    """cp's chmod of a new directory takes away the set-group-ID that it got from the one
    above, if we are not in that group; then what is made in it isn't of that group.  And
    which of a file's names comes first decides in which directory it is made."""
    if wanted["owner"].split(":")[0] != got["owner"].split(":")[0]:
        return False
    return NOT_ROOT in options or (wanted.get("nlink", 1) > 1 and keeping_links(options))


def excuse_xattr(wanted, got, options):
    """cp takes attributes by the path.  With -s it gives a new symlink those of the file
    that it leads to; of a directory that a symlink led to, it has the symlink's.  An ordinary
    user's gives up where the owner can't be kept."""
    if wanted["type"] == "symlink":
        return "s" in letters(options)
    if excuse_lead(wanted, got, options) or has_inherited(wanted, options):
        return True
    if NOT_ROOT in options and all(got.get(field) == value for field, value in wanted.items()
                                   if field.startswith("xattr ")):
        return True
    return wanted["type"] == "directory" and any(c in letters(options) for c in "LH")


NOT_ROOT = "(not root)"           # among the options, when an ordinary user copies
PARENTS = "(parents)"             # or with --parents,
FAILED = "(failed)"               # or both told of a failure
EXCUSES = {"mode": excuse_mode, "mtime": excuse_lead, "owner": excuse_owner,
           "xattr": excuse_xattr}

# ---- small tools ----


def chance(r, probability):
    return r.random() < probability


def weighted(r, table):
    """One of the keys of TABLE, a dict of weights."""
    return r.choices(list(table), list(table.values()))[0]


def is_root():
    return os.geteuid() == 0


def become(uid):
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def own(path, uid):
    if is_root():
        os.lchown(path, uid, uid)


def remove(top):
    """rm -rf, whatever the modes are."""
    try:
        kind = os.lstat(top).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(kind):
        os.unlink(top)
        return
    if kind & 0o700 != 0o700:
        os.chmod(top, 0o700)
    with os.scandir(top) as entries:
        inside = [(e.path, e.is_dir(follow_symlinks=False)) for e in entries]
    for path, is_dir in inside:
        if is_dir:
            remove(path)
        else:
            os.unlink(path)
    os.rmdir(top)


# ---- attributes ----

FILE_MODES = {0o644: 30, 0o600: 6, 0o755: 6, 0o640: 4, 0o664: 3, 0o666: 3, 0o444: 4,
              0o555: 2, 0o400: 2, 0o000: 2, 0o200: 1, 0o4755: 2, 0o2755: 2, 0o6711: 1,
              0o2644: 1, 0o1644: 1, 0o7777: 1}
DIR_MODES = {0o755: 40, 0o700: 6, 0o775: 4, 0o777: 2, 0o711: 3, 0o555: 5, 0o500: 2,
             0o1777: 3, 0o2775: 4, 0o3777: 1, 0o6755: 1, 0o000: 1, 0o444: 1, 0o333: 1}


def random_time(r):
    """Nanoseconds since 1970, and never near today: that is how to tell what is new."""
    what = r.random()
    if what < 0.03:
        seconds = -r.randrange(1, 10 ** 9)
    elif what < 0.06:
        seconds = r.randrange(1 << 31, 5 * 10 ** 9)
    else:
        seconds = r.randrange(0, 1_700_000_000)
    return seconds * SECOND + r.choice([0, 1, SECOND - 1, r.randrange(SECOND)])


def packed_acl(r, owner):
    """A POSIX ACL as the kernel takes it, with OWNER the bits of its owner."""
    nobody = 0xffffffff
    entries = [(1, owner, nobody)]
    entries += [(2, r.randrange(8), uid) for uid in sorted(r.sample(range(1, 90), r.randrange(3)))]
    entries.append((4, r.randrange(8), nobody))
    entries += [(8, r.randrange(8), gid) for gid in sorted(r.sample(range(1, 90), r.randrange(2)))]
    if len(entries) > 2:
        entries.append((0x10, r.randrange(8), nobody))
    entries.append((0x20, r.randrange(8), nobody))
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in entries)


def set_xattr(path, name, value):
    """Set it if this file system has such."""
    try:
        os.setxattr(path, name, value, follow_symlinks=False)
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.ENOSPC, errno.E2BIG, errno.EPERM):
            raise


def random_xattrs(r, kind):
    """Names and values for a thing of this KIND (stat's)."""
    if stat.S_ISREG(kind) or stat.S_ISDIR(kind):
        for _ in range(r.choice([1, 1, 2, 4])):
            name = r.choice(["a", "b.c", "mime type", "\u00e9", "n" * 100])
            yield "user." + name, r.randbytes(r.choice([0, 1, 20, 200]))
    if is_root():
        if chance(r, 0.3):
            yield "trusted.t", r.randbytes(r.randrange(30))
        if stat.S_ISREG(kind) and chance(r, 0.3):
            yield "security.capability", struct.pack(
                "<IIIII", 0x02000001, 1 << r.randrange(20), 0, 0, 0)


def dress(r, path, plain=False):
    """Owner, mode, xattrs, ACLs and times, in the order in which they stick."""
    kind = os.lstat(path).st_mode
    is_link, is_dir = stat.S_ISLNK(kind), stat.S_ISDIR(kind)
    if is_root() and chance(r, 0.5):
        os.lchown(path, r.choice([0, 1, 7, 1000, NOBODY]), r.choice([0, 1, 7, 100, NOBODY]))
    if chance(r, 0.15) and not plain:
        for name, value in random_xattrs(r, kind):
            set_xattr(path, name, value)
    if not is_link:
        mode = weighted(r, DIR_MODES if is_dir else FILE_MODES)
        os.chmod(path, mode)
        if chance(r, 0.1) and not plain:
            set_xattr(path, "system.posix_acl_access", packed_acl(r, mode >> 6 & 7))
        if is_dir and chance(r, 0.08) and not plain:
            set_xattr(path, "system.posix_acl_default", packed_acl(r, 7))
    os.utime(path, ns=(random_time(r), random_time(r)), follow_symlinks=False)


# ---- a random tree ----

HOSTILE = [b"new\nline", b"\x1b[31mred", b"bad\xff\xfe", b"-rf", b"--help", b"it's",
           b'"quoted"', b"a b", b"back\\slash", b"...", b"trailing  ", b" leading", b"$HOME",
           b"`id`", b"*", b"?", b"\x01\x7f", "\u00fcn\u00ef".encode(), b"a\tb", b"~", b"#",
           "\u202e".encode(), b"\\n", b"-", b".hidden", b"x" * 255, "\u00e9".encode() * 127,
           b"'", b"''", b"a'\nb", b"=", b":", b"\r"]
SIZES = {0: 10, 10: 40, 4 * KIB: 16, 64 * KIB: 10, 256 * KIB: 5, MIB: 1, 3 * MIB: 0.4}
KINDS = {"file": 60, "dir": 14, "symlink": 13, "hardlink": 8, "fifo": 2, "socket": 1,
         "device": 2}
LONGEST = 3000                  # a path; a destination's is a bit longer


def free_device(r):
    """A device number that no driver has, or one that does no harm."""
    if chance(r, 0.4):
        return stat.S_IFCHR, os.makedev(1, 3)
    return (r.choice([stat.S_IFCHR, stat.S_IFBLK]),
            os.makedev(r.choice([60, 61, 62, 63, 120, 127, 330]),
                       r.choice([0, 1, 255, 256, 70000, (1 << 20) - 1])))


class Tree:
    """A random tree at TOP; `outside' is a directory beside it that symlinks lead to.
    TAME has nothing that can't be read like a file."""

    def __init__(self, r, top, outside, tame=False):
        self.r, self.top, self.outside, self.tame = r, top, outside, tame
        self.dirs, self.things, self.made = [top], [], [top]
        self.ways = 3           # symlinks to directories: with -L each is one more tree

    def make(self):
        r = self.r
        os.mkdir(self.top)
        shape = r.random()
        count = r.choice([1, 5, 20, 30, 40, 60, 80, 100])
        if shape < 0.05:
            self.deep()
        elif shape < 0.08:
            self.wide()
        for _ in range(count):
            self.add(weighted(r, KINDS))
        for path in reversed(self.made):
            dress(r, path)

    def path(self, name=None):
        """A new name in some directory."""
        r = self.r
        for _ in range(20):
            parent = r.choice(self.dirs[-4:] if chance(r, 0.4) else self.dirs)
            if name is None:
                new = (r.choice(HOSTILE) if chance(r, 0.25)
                       else b"%c%d" % (r.choice(b"abc"), r.randrange(25)))
            else:
                new = name
            new = os.path.join(parent, new)
            if len(new) < LONGEST and not os.path.lexists(new):
                return new
        return os.path.join(self.top, b"another%d" % len(self.made))

    def note(self, path):
        self.things.append(path)
        self.made.append(path)

    def add(self, kind):
        if self.tame and kind in ("fifo", "socket", "device"):
            kind = "file"
        getattr(self, "add_" + kind)(self.path())

    def add_dir(self, path):
        os.mkdir(path)
        self.dirs.append(path)
        self.made.append(path)

    def add_fifo(self, path):
        os.mkfifo(path)
        self.note(path)

    def add_socket(self, path):
        # What bind does, without its limit of 108 bytes.
        os.mknod(path, stat.S_IFSOCK | 0o644)
        self.note(path)

    def add_device(self, path):
        if not is_root():
            return self.add_file(path)
        kind, rdev = free_device(self.r)
        try:
            os.mknod(path, kind | 0o600, rdev)
        except OSError as error:        # xfs has 18 bits for the minor number
            if error.errno != errno.EINVAL:
                raise
            os.mknod(path, kind | 0o600, os.makedev(60, 1))
        return self.note(path)

    def add_hardlink(self, path):
        thing = self.r.choice(self.things) if self.things else None
        if thing is None or (os.path.islink(thing)
                             and not self.may_lead(path, os.readlink(thing))):
            return self.add_file(path)
        return os.link(thing, path, follow_symlinks=False)

    def may_lead(self, path, target):
        """Whether a symlink at PATH may have this TARGET: it must not lead out of what is
        ours, nor to too many directories.  A `..' stands only where a target begins."""
        full = os.path.normpath(os.path.join(os.path.dirname(path), target))
        ours = os.path.dirname(self.top)
        if full != ours and not full.startswith(ours + b"/"):
            return False
        if os.path.isdir(full):
            self.ways -= 1
            return self.ways >= 0
        return True

    def add_file(self, path):
        r = self.r
        with open(path, "wb", buffering=0) as f:
            if chance(r, 0.06):
                self.fill_sparsely(f)
            elif chance(r, 0.02):
                f.write(bytes(r.choice([4 * KIB, 128 * KIB, 128 * KIB + 1])))
            else:
                size = weighted(r, SIZES)
                f.write(r.randbytes(max(0, size + r.choice([0, 0, -1, 1, r.randrange(-9, 2000)]))))
            if chance(r, 0.01):
                os.posix_fallocate(f.fileno(), 0, r.choice([4, 64, 300]) * KIB)
        self.note(path)

    def fill_sparsely(self, f):
        r, at = self.r, 0
        for _ in range(r.randrange(1, 7)):
            if chance(r, 0.5):
                length = r.choice([100, 4 * KIB, 20 * KIB, 64 * KIB, 200 * KIB])
                os.pwrite(f.fileno(), r.randbytes(length), at)
            else:
                length = r.choice([4 * KIB, 64 * KIB, 100 * KIB, 128 * KIB, MIB])
            at += length
        f.truncate(at + r.choice([0, 0, 1, 5000]))

    def add_symlink(self, path):
        try:
            os.symlink(self.target(path), path)
        except OSError as error:        # xfs takes 1023 bytes only
            if error.errno != errno.ENAMETOOLONG:
                raise
            os.symlink(b"nowhere", path)
        self.note(path)

    def target(self, path):
        r, parent = self.r, os.path.dirname(path)
        kind = r.choice(["relative", "relative", "absolute", "nowhere", "self", "dot", "up",
                         "outside", "far", "long", "chain"])
        thing = r.choice(self.things + self.dirs)
        links = [t for t in self.things if os.path.islink(t)]
        if kind == "chain" and links:
            thing = r.choice(links)
        target = {
            "relative": os.path.relpath(thing, parent),
            "chain": os.path.relpath(thing, parent),
            "absolute": thing,
            "nowhere": b"nowhere/" + r.choice(HOSTILE[:20]),
            "self": os.path.basename(path),
            "dot": b".",
            "up": b"..",
            "outside": os.path.relpath(os.path.join(self.outside, b"file"), parent),
            "far": os.path.join(self.outside, r.choice([b"dir", b"none", b"dir/file"])),
            "long": b"/".join([b"n" * 200] * r.choice([1, 5, 15])),
        }[kind]
        return target if self.may_lead(path, target) else b"nowhere"

    def deep(self):
        path = self.path(b"deep")
        for level in range(self.r.choice([10, 30])):
            self.add_dir(path)
            path = os.path.join(path, b"level%d" % level)

    def wide(self):
        top = self.path(b"wide")
        self.add_dir(top)
        self.dirs.pop()         # keep the others for the rest
        for number in range(self.r.choice([100, 300])):
            path = os.path.join(top, b"%d" % number)
            with open(path, "wb", buffering=0) as f:
                f.write(self.r.randbytes(self.r.randrange(100)))
            self.note(path)


def make_outside(top):
    """What symlinks may lead to: always the same."""
    os.mkdir(top)
    os.mkdir(os.path.join(top, b"dir"))
    for name in (b"file", b"dir/file"):
        with open(os.path.join(top, name), "wb") as f:
            f.write(b"outside: " + name)


# ---- what is there ----

class Opened:
    """Let the owner read what its mode forbids, for a moment."""

    def __init__(self, path, status):
        self.path, self.mode = path, stat.S_IMODE(status.st_mode)
        self.closed = (not is_root() and status.st_uid == os.geteuid()
                       and not stat.S_ISLNK(status.st_mode))

    def __enter__(self):
        need = 0o500
        self.closed = self.closed and self.mode & need != need
        if self.closed:
            os.chmod(self.path, self.mode | need)

    def __exit__(self, *_):
        if self.closed:
            os.chmod(self.path, self.mode)


TYPES = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "symlink",
         stat.S_IFIFO: "FIFO", stat.S_IFSOCK: "socket", stat.S_IFCHR: "character device",
         stat.S_IFBLK: "block device"}


def data_ranges(fd, size):
    """The (start, end) of what SEEK_DATA finds."""
    at, ranges = 0, []
    while at < size:
        try:
            start = os.lseek(fd, at, os.SEEK_DATA)
        except OSError:         # ENXIO: the rest is a hole
            break
        at = os.lseek(fd, start, os.SEEK_HOLE)
        ranges.append((start, at))
    return ranges


def file_facts(path, status):
    """What is in a file; names with an underscore aren't compared as they are."""
    facts = {"size": status.st_size}
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except PermissionError:
        facts["digest"] = "unreadable"
        return facts
    except OSError as error:
        facts["digest"] = error.strerror
        return facts
    try:
        digest = hashlib.blake2b(digest_size=8)
        try:
            while block := os.read(fd, MIB):
                digest.update(block)
            facts["digest"] = digest.hexdigest()
        except OSError as error:
            facts["digest"] = error.strerror
        if status.st_size >= 2 * HOLE:
            facts["_data"] = data_ranges(fd, status.st_size)
            facts["_blocks"] = status.st_blocks
    finally:
        os.close(fd)
    return facts


def facts_of(path, status):
    """All there is to know of one name, as a dict; times come from STATUS, that is from
    before anything was read."""
    kind = stat.S_IFMT(status.st_mode)
    facts = {"type": TYPES[kind], "mode": "%04o" % stat.S_IMODE(status.st_mode),
             "owner": "%d:%d" % (status.st_uid, status.st_gid),
             "mtime": status.st_mtime_ns, "_path": path,
             "_inode": (status.st_dev, status.st_ino),
             "_times": (status.st_atime_ns, status.st_mtime_ns)}
    if kind != stat.S_IFDIR:
        facts["nlink"] = status.st_nlink
        # Links are read on the way to other files.
        if kind != stat.S_IFLNK:
            facts["atime"] = status.st_atime_ns
    if kind == stat.S_IFLNK:
        facts["target"] = os.readlink(path)
    elif kind == stat.S_IFREG:
        facts.update(file_facts(path, status))
    elif kind in (stat.S_IFCHR, stat.S_IFBLK):
        facts["rdev"] = "%d:%d" % (os.major(status.st_rdev), os.minor(status.st_rdev))
    try:
        for name in os.listxattr(path, follow_symlinks=False):
            facts["xattr " + ascii(name)[:40]] = os.getxattr(path, name, follow_symlinks=False)
    except PermissionError:
        facts["xattrs"] = "unreadable"
    except OSError as error:
        if error.errno == errno.ENOENT:
            raise
        if error.errno != errno.EOPNOTSUPP:
            facts["xattrs"] = error.strerror
    return facts


def snapshot(top):
    """What is at and below TOP: a dict of relative names (TOP is b".") to facts."""
    found = {}

    def visit(path, name):
        status = os.lstat(path)
        with Opened(path, status):
            found[name] = facts_of(path, status)
            if stat.S_ISDIR(status.st_mode):
                try:
                    inside = sorted(os.listdir(path))
                except PermissionError:
                    return
                for entry in inside:
                    try:
                        visit(os.path.join(path, entry),
                              entry if name == b"." else os.path.join(name, entry))
                    except PermissionError:
                        pass
    visit(top, b".")
    return found


def name_links(shot, others=()):
    """Say of each file that has several names, also outside, which name is the first."""
    first = {}
    for label, other in [(b"source:", o) for o in others] + [(b"", shot)]:
        for name, facts in other.items():
            if facts["type"] != "directory":
                first.setdefault(facts["_inode"], label + name)
    for name, facts in shot.items():
        if facts["type"] != "directory":
            facts["same file as"] = first[facts["_inode"]]


# ---- comparing ----

HOLE = 64 * KIB


def inside_data(start, end, ranges):
    """Whether some of [START, END) is data."""
    return any(s < end and e > start for s, e in ranges)


def lost_holes(size, wanted, got):
    """Aligned pieces of WANTED's holes that are data in GOT."""
    return [at for at in range(0, size - size % HOLE, HOLE)
            if not inside_data(at, at + HOLE, wanted) and inside_data(at, at + HOLE, got)]


def settle(facts):
    """Look again once all is on the disk: xfs reserves more than was written, and shows
    that as data until then."""
    with Opened(facts["_path"], os.lstat(facts["_path"])):
        fd = os.open(facts["_path"], os.O_RDONLY)
        try:
            os.fsync(fd)
            status = os.fstat(fd)
            facts["_data"] = data_ranges(fd, status.st_size)
            facts["_blocks"] = status.st_blocks
        finally:
            os.close(fd)


def compare_holes(wanted, got, sources):
    """File systems differ in where a hole may begin, and speak of data early: only a
    hole of 64 KiB, aligned, counts, and much more space than the other takes.  What is
    data in a source of the same content, mmcp may leave data; cp up to 9.1 looks for zeros
    in it."""
    shown = [at for f in sources if f.get("digest") == got["digest"] and "_data" in f
             for at in f["_data"]]

    def differences():
        lost = [at for at in lost_holes(wanted["size"], wanted["_data"], got["_data"])
                if not inside_data(at, at + HOLE, shown)]
        if lost:
            yield "holes: %d pieces of 64 KiB are data, first at %d" % (len(lost), lost[0])
        room = wanted["_blocks"] * 512 + 2 * HOLE + wanted["size"] // 8
        # xfs keeps what it has reserved behind the end of a file that was written over.
        room += sum(end - start for start, end in shown) + MIB
        if got["_blocks"] * 512 > room:
            yield "blocks: %d, not %d" % (got["_blocks"], wanted["_blocks"])
    if "_data" in wanted and "_data" in got and any(differences()):
        settle(wanted)
        settle(got)
        yield from differences()


def time_text(ns, since):
    """A time, or that it is of this round, which began at SINCE."""
    if since is not None and since <= ns < since + 3600 * SECOND:
        return "now"
    return "%d.%09d" % divmod(ns, SECOND)


def acl_text(value):
    """A packed ACL like getfacl's, with the kernel's numbers for the kinds of entry."""
    tags = {1: "user:", 2: "user:%d", 4: "group:", 8: "group:%d", 16: "mask", 32: "other"}
    found = []
    for tag, bits, number in struct.iter_unpack("<HHI", value[4:]):
        name = tags.get(tag, "?")
        found.append("%s=%o" % (name % number if "%" in name else name, bits))
    return ",".join(found)


def value_text(field, value):
    if value is None:
        return "none"
    if "posix_acl" in field:
        return acl_text(value)
    if isinstance(value, bytes):
        return ascii(value)[1:] if len(value) < 60 else "%s... (%d bytes)" % (
            ascii(value[:50])[1:], len(value))
    return str(value)


def comparable(facts, field, since):
    value = facts.get(field)
    if value is not None and field in ("mtime", "atime"):
        return time_text(value, since)
    return value


def compare(wanted, got, since=None, ignore=(), options=None, sources=()):
    """Each difference between two snapshots as a line.  With SINCE, all times of a round
    that began then are alike: those are the ones that were not preserved.  With OPTIONS,
    of cp (WANTED) and mmcp (GOT), what differs on purpose is excused."""
    for name in sorted(wanted.keys() | got.keys()):
        label = ascii(name)[1:]
        if name not in got:
            yield "%s: is missing (a %s)" % (label, wanted[name]["type"])
            continue
        if name not in wanted:
            yield "%s: should not be there (a %s)" % (label, got[name]["type"])
            continue
        one, two = wanted[name], got[name]
        if one["type"] != two["type"]:
            yield "%s: a %s, not a %s" % (label, two["type"], one["type"])
            continue
        for field in sorted(one.keys() | two.keys()):
            if field.startswith("_") or field.split()[0] in ignore:
                continue
            values = [comparable(f, field, since) for f in (one, two)]
            # Whether something was read is nobody's business.
            if field == "atime" and since is not None and "now" in values:
                continue
            excuse = EXCUSES.get(field.split()[0])
            if options is not None and excuse and excuse(one, two, options):
                continue
            if values[0] != values[1]:
                texts = [value_text(field, v) for v in values]
                yield "%s: %s %s, not %s" % (label, field, texts[1], texts[0])
        # cp clones holes, even if there are to be none.
        if one["type"] == "file" and one["size"] == two["size"] and "holes" not in ignore \
                and "--sparse=never" not in (options or ()):
            yield from ("%s: %s" % (label, d) for d in compare_holes(one, two, sources))


# ---- the ways to copy ----

Variant = collections.namedtuple("Variant", "options shapes tame")
WHOLE = ["tree", "tree", "slash", "dot", "sub", "several", "into", "-T", "-t", "way", "file",
         "parents", "wayslash"]
SINGLE = ["file", "file", "files", "into", "-t", "-T", "parents", "sub"]


def variants():
    """The options that are tried, weighty ones several times."""
    rows = ["-a", "-a", "-a", "-a", "-r", "-r", "-R", "-rp", "-rp", "-dr", "-rL", "-rH", "-rP",
            "-a --no-preserve=ownership", "-a --no-preserve=mode",
            "-a --no-preserve=timestamps", "-a --no-preserve=links", "-a --no-preserve=xattr",
            "-a --no-preserve=mode,ownership", "-a --no-preserve=all",
            "-r --preserve=mode", "-r --preserve=timestamps", "-r --preserve=ownership",
            "-r --preserve=links", "-r --preserve=xattr", "-r --preserve=all",
            "-r --no-preserve=mode", "-rd", "-x -a", "-al", "-rl", "-rs", "-as",
            "-a --attributes-only", "-r --attributes-only", "-aL", "-aH", "-aP", "-rLp",
            "-a --remove-destination", "-r --remove-destination", "-rf", "-af", "-rn", "-an",
            "-alf", "-rsf", "-au", "-ru", "-a --keep-directory-symlink",
            "-a --sparse=always", "-a --sparse=never", "-a --reflink=never",
            "-a --strip-trailing-slashes"]
    table = [Variant(row.split(), WHOLE, False) for row in rows]
    table += [Variant(row.split(), ["tree", "sub", "several", "dot", "file"], True)
              for row in ("-r --copy-contents", "-rL --copy-contents")]
    table += [Variant(row.split(), SINGLE, False)
              for row in ("", "-d", "-P", "-p", "-l", "-s", "-L", "-dp", "--preserve=all",
                          "--attributes-only", "-H", "-f", "-n", "-u", "--remove-destination")]
    return table


def letters(options):
    return "".join(o[1:] for o in options if not o.startswith("--"))


def recursive(options):
    return any(c in letters(options) for c in "arR")


def removing(options):
    return "--remove-destination" in options


def linking(options):
    return any(c in letters(options) for c in "ls")


def following(options):
    """Whether symlinks below an operand are followed."""
    chosen = [c for c in letters(options) if c in "LPHd" or (c == "a")]
    return bool(chosen) and chosen[-1] == "L"


def keeping_links(options):
    words = " ".join(options)
    keep = any(c in letters(options) for c in "ad") or "=links" in words or "=all" in words
    return keep and "--no-preserve=links" not in words and "--no-preserve=all" not in words


# ---- an old destination ----

class Crowd:
    """What stands where a copy shall land: partly of the same names, not always of the
    same types.  Nothing here makes the outcome depend on the order of the copies: no two
    names that both get written are one file, and nothing blocks whoever opens it."""

    def __init__(self, r, source, options, victims):
        self.r, self.source, self.options = r, source, options
        self.victims, self.made = victims, []
        self.children = collections.defaultdict(list)
        for name in source:
            self.children[os.path.dirname(name) or b"."].append(name)
        self.names = collections.Counter(f["_inode"] for f in source.values())

    def meet(self, name, at):
        """Put something at AT, where source NAME is going to be copied."""
        r = self.r
        if os.path.lexists(at) or name not in self.source:
            return
        if self.source[name]["type"] == "directory" and chance(r, 0.85):
            self.put_dir(at)
            for child in self.children[name]:
                if child != b"." and chance(r, 0.5):
                    self.meet(child, os.path.join(at, os.path.basename(child)))
            self.add_extra(at)
            return
        self.put(self.kind_for(name), at)

    def kind_for(self, name):
        facts, options = self.source[name], self.options
        table = {"file": 60, "victim": 10, "nowhere": 6, "dir": 10, "linked": 6, "socket": 3,
                 "loop": 2}
        follows = following(options) or "H" in letters(options) or not recursive(options)
        plain = facts["type"] == "file" or (follows and facts["type"] == "symlink")
        if not plain or removing(options) or linking(options):
            table["fifo"] = 3   # else opening it would wait for a reader
        if is_root():
            table["null"] = 2
        # Whichever name comes first gives its old inode to all of them.
        # With -u cp makes even what is newer a link to the copy of another name.
        linked = self.names[facts["_inode"]] > 1 or following(options)
        updating = "u" in letters(options)
        if linked and not removing(options) and (updating or plain and keeping_links(options)):
            table = {"dir": 0 if updating else 1, "nothing": 3}
        return weighted(self.r, table)

    def put(self, kind, at):
        r = self.r
        if kind == "nothing":
            return
        if kind == "dir":
            self.put_dir(at)
            if chance(r, 0.5):
                self.add_extra(at)
            return
        if kind in ("file", "linked"):
            self.write(at)
            if kind == "linked":
                os.link(at, b"%s/link-%d" % (self.victims, len(self.made)))
            return
        if kind == "victim":
            victim = b"%s/%d" % (self.victims, len(self.made))
            self.write(victim)
            os.symlink(victim if chance(r, 0.3)
                       else os.path.relpath(victim, os.path.dirname(at)), at)
        elif kind in ("nowhere", "loop"):
            os.symlink(os.path.basename(at) if kind == "loop"
                       else b"nowhere-%d" % len(self.made), at)
        elif kind == "null":
            os.mknod(at, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        else:
            os.mknod(at, (stat.S_IFIFO if kind == "fifo" else stat.S_IFSOCK) | 0o644)
        self.made.append(at)

    def put_dir(self, at):
        os.mkdir(at)
        self.made.append(at)

    def write(self, at):
        with open(at, "wb", buffering=0) as f:
            f.write(b"old " * self.r.choice([0, 1, 100, 2000, 70000]))
        self.made.append(at)

    def add_extra(self, at):
        for number in range(self.r.randrange(3)):
            kind = self.r.choice(["file", "file", "victim", "nowhere", "socket", "fifo"])
            self.put(kind, os.path.join(at, b"extra%d" % number))

    def dress(self):
        for path in reversed(self.made):
            dress(self.r, path, plain=chance(self.r, 0.7))


# ---- one case: what is copied where ----

class Case:
    """The options, operands and the state of the destination that a seed stands for."""

    def __init__(self, seed, variant):
        self.r = r = random.Random("case %d" % seed)
        self.seed, self.variant = seed, variant
        self.options = list(variant.options)
        self.shape = r.choice(variant.shapes)
        self.state = weighted(r, {"absent": 30, "empty": 15, "crowd": 35, "setgid": 8,
                                  "acl": 10, "file": 3, "nowhere": 2})
        self.umask = r.choice([0o022, 0o022, 0o077, 0o000, 0o027])
        self.locale = r.choice(["C.UTF-8", "C.UTF-8", "C"])
        self.away = chance(r, 0.4)      # run where the source is, not where the twin is
        if chance(r, 0.3):
            self.options.append("-v")
        if "s" in letters(variant.options):
            self.away = chance(r, 0.15)  # needs absolute names, and is refused else
        if self.shape == "parents":     # or all that leads to the source was made, too;
            self.away = True            # and cp can't copy its attributes then

    def names(self, source, among):
        """The names of SOURCE that may be operands here; AMONG are types, or none."""
        names = [n for n, f in source.items() if n.startswith(b"tree/")
                 and (not among or f["type"] in among)]
        return names or [b"tree"]

    def readable(self, source, top):
        """Names that a copy without -r can take without waiting on a FIFO."""
        keep = "P" in letters(self.options) or "d" in letters(self.options)
        for name in self.names(source, ("file", "symlink", "directory")):
            try:
                kind = os.stat(os.path.join(top, name)).st_mode
            except OSError:
                kind = stat.S_IFREG
            if (keep and source[name]["type"] == "symlink") or stat.S_ISREG(kind) \
                    or (stat.S_ISDIR(kind) and chance(self.r, 0.2)):
                yield name

    def choose_operands(self, source, top):
        """Set operands and, for each, where it lands below the destination (or None)."""
        r, shape = self.r, self.shape
        if recursive(self.options):
            names = self.names(source, None)
        else:
            names = list(self.readable(source, top)) or [b"outside/file"]
        dirs = self.names(source, ("directory",))
        count = {"several": r.randrange(2, 5), "files": r.randrange(1, 5)}.get(shape, 1)
        chosen = {
            "tree": [b"tree"], "slash": [b"tree/"], "dot": [b"tree/."],
            "way": [b"way"], "wayslash": [b"way/"],
            "sub": [r.choice(dirs if recursive(self.options) else names)],
        }.get(shape) or r.sample(names, min(count, len(names)))
        if shape in ("-T", "-t", "into") and recursive(self.options) and chance(r, 0.5):
            chosen = [b"tree"]
        if shape == "parents" and chance(r, 0.2):
            chosen.append(r.choice(names))
        self.operands = chosen
        # cp says which directories it made without quoting them; mmcp quotes.
        if shape == "parents" and not all(re.fullmatch(rb"[\w/.]+", c) for c in chosen):
            self.options = [o for o in self.options if o != "-v"]
        self.into = shape in ("several", "files", "into", "-t", "parents") or (
            shape != "-T" and self.state in ("crowd", "empty"))
        self.landings = [self.landing(operand) for operand in chosen]

    def landing(self, operand):
        """The source's name that OPERAND stands for, and where it lands below dst."""
        name = {b"tree/.": b"tree", b"way/": b"tree"}.get(operand, operand.rstrip(b"/"))
        if not self.into or operand == b"tree/.":
            return name, b""
        if self.shape == "parents":
            return name, operand
        return name, os.path.basename(operand.rstrip(b"/"))

    def arguments(self, source_top, twin):
        if self.away:
            operands, dest = list(self.operands), os.path.join(twin, b"box/dst")
        else:
            near = os.stat(source_top).st_dev == os.stat(twin).st_dev and self.r_near
            lead = os.path.relpath(source_top, twin) if near else source_top
            operands = [os.path.join(lead, o) for o in self.operands]
            dest = b"box/dst"
        options = [o.encode() for o in self.options]
        if self.shape == "parents":
            options.append(b"--parents")
        if self.shape == "-T":
            return options + [b"-T"] + operands + [dest]
        if self.shape == "-t":
            return options + [b"-t", dest] + operands
        return options + operands + [dest]

    def prepare_twin(self, twin, source, uid):
        """Make the old destination; the same for each twin."""
        r = random.Random("twin %d" % self.seed)
        self.r_near = chance(r, 0.7) and "s" not in letters(self.options)
        os.mkdir(twin)
        box, dst, victims = (os.path.join(twin, n) for n in (b"box", b"box/dst", b"victims"))
        os.mkdir(box)
        os.mkdir(victims)
        crowd = Crowd(r, source, self.options, victims)
        if self.state == "file":
            crowd.write(dst)
        elif self.state == "nowhere":
            os.symlink(b"nowhere", dst)
        elif self.state == "crowd":
            self.crowd_in(crowd, dst)
        elif self.into:
            crowd.put_dir(dst)
        crowd.dress()
        # Or most rounds of an ordinary user would end at the first door.
        if os.path.isdir(dst) and not os.path.islink(dst) and chance(r, 0.9):
            os.chmod(dst, os.stat(dst).st_mode & 0o7777 | 0o700)
            own(dst, uid)
        for path in (box, twin, victims):
            own(path, uid)
        if self.state == "setgid":
            own(box, 7)
            os.chmod(box, 0o2777)
        if self.state == "acl":
            set_xattr(box, "system.posix_acl_default", packed_acl(r, 7))

    def crowd_in(self, crowd, dst):
        if not self.into:       # -T: the destination itself is what is met
            crowd.meet(self.landings[0][0], dst)
            return
        crowd.put_dir(dst)
        for name, at in self.landings:
            where = os.path.dirname(os.path.join(dst, at))
            missing = []
            while not os.path.lexists(where):
                missing.append(where)
                where = os.path.dirname(where)
            for path in reversed(missing):
                crowd.put_dir(path)
            if at:
                crowd.meet(name, os.path.join(dst, at))
            else:               # what is in it, not itself
                for child in crowd.children[name]:
                    if chance(crowd.r, 0.5):
                        crowd.meet(child, os.path.join(dst, os.path.basename(child)))

    def describe(self):
        return "%s, destination %s, umask %03o, %s" % (
            self.shape, self.state, self.umask, self.locale)


# ---- one round ----

Run = collections.namedtuple("Run", "program arguments jobs status out err faults")


class Program:
    """One of the two, by its path; asked once what it is and which options it knows."""

    known = {}

    def __init__(self, path):
        self.path = shutil.which(path) or path
        self.name = os.path.basename(self.path)

    def ask(self, *arguments):
        done = subprocess.run([self.path, *arguments], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT)
        return done.stdout, done.stderr

    def once(self, key, question):
        if (self.path, key) not in self.known:
            self.known[self.path, key] = question()
        return self.known[self.path, key]

    def is_cp(self):
        return self.once("is cp", lambda: b"GNU coreutils" in self.ask("--version")[0])

    def has_other_n(self):
        """What -n answers changed in cp 9.2 and was changed back in 9.5."""
        return self.is_cp() and self.once("has other -n", lambda: re.search(
            rb"^cp \(GNU coreutils\) 9\.[234]\b", self.ask("--version")[0]) is not None)

    def knows(self, options):
        return self.once(tuple(options), lambda: b"Try '" not in self.ask(
            *options, "/nonexistent/trees/a", "/nonexistent/trees/b")[1])


def normal_lines(data, program, twin):
    """The lines of what PROGRAM said, sorted, as if all programs had one name."""
    name = re.escape(program.name.encode())
    data = data.replace(twin, b"TWIN")
    lines = []
    for line in data.split(b"\n"):
        line = re.sub(rb"^(\S*/)?" + name + rb": ", b"PROGRAM: ", line)
        line = re.sub(rb"^Try '(\S*/)?" + name + rb" ", b"Try 'PROGRAM ", line)
        for pattern, replacement, _ in EXPECTED:
            line = re.sub(pattern, replacement, line)
        lines.append(line)
    return sorted(line for line in lines if line)


def group_lives(group):
    """Whether a process of this group is alive (a zombie is not)."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, "rb") as f:
                    state, _, pgrp = f.read().rpartition(b")")[2].split()[:3]
            except OSError:
                continue
            if int(pgrp) == group and state not in b"ZX":
                return True
    return False


def still_running(group):
    """Whether a process of GROUP is left; one that is only going gets a moment."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        if not group_lives(group):
            return False
        time.sleep(0.01)
    return True


def run_program(program, arguments, jobs, cwd, case, uid):
    """Run it, and stop it if it takes too long."""
    command = [program.name.encode()]
    if not program.is_cp():
        command.append(b"-j%d" % jobs)
    env = {k: v for k, v in os.environ.items()
           if k not in ("POSIXLY_CORRECT", "VERSION_CONTROL", "LANG", "QUOTING_STYLE")}
    env["LC_ALL"] = case.locale
    other = {"user": uid, "group": uid, "extra_groups": []} \
        if is_root() and uid != 0 else {}
    process = subprocess.Popen(
        command + arguments, executable=program.path, cwd=cwd, env=env, umask=case.umask,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, **other)
    faults = []
    try:
        out, err = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        faults.append("%s did not end in %d s" % (program.name, LIMIT))
    except BaseException:       # we are being stopped
        os.killpg(process.pid, signal.SIGKILL)
        raise
    else:
        if still_running(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
            faults.append("%s left processes behind" % program.name)
    return Run(program, arguments, jobs, process.returncode, out, err, faults)


def compare_lines(what, wanted, got):
    wanted, got = collections.Counter(wanted), collections.Counter(got)
    for line in sorted((wanted - got).elements()):
        yield "%s lacks %s" % (what, ascii(line)[1:])
    for line in sorted((got - wanted).elements()):
        yield "%s has %s" % (what, ascii(line)[1:])


class Round:
    """All that a seed stands for.  OPTIONS: cp, mmcp (Programs), from_dir, to_dir, uid
    (who copies), jobs, options (a fixed variant), keep."""

    def __init__(self, seed, options):
        self.seed, self.options = seed, options
        table = variants()
        if options.options is not None:
            table = [v for v in table if v.options == options.options.split()] or [
                Variant(options.options.split(), WHOLE, "--copy-contents" in options.options)]
        # Successive seeds try them evenly, and each time in another order.
        block, place = divmod(seed, len(table))
        self.variant = random.Random(block).sample(table, len(table))[place]
        self.name = " ".join(self.variant.options) or "(none)"
        self.r = random.Random("round %d" % seed)
        self.tops = []
        self.case = None
        self.runs = []

    def skipped(self):
        """Which of the programs can't do this variant."""
        return [p.name for p in (self.options.cp, self.options.mmcp)
                if not p.knows(self.variant.options)
                or (p.has_other_n() and "n" in letters(self.variant.options))]

    def directory(self, where):
        top = tempfile.mkdtemp(prefix="trees.", dir=where or None).encode()
        os.chmod(top, 0o755)
        self.tops.append(top)
        return top

    def prepare(self):
        self.source = self.directory(self.options.from_dir)
        self.dest = self.directory(self.options.to_dir)
        outside = os.path.join(self.source, b"outside")
        make_outside(outside)
        Tree(random.Random("tree %d" % self.seed), os.path.join(self.source, b"tree"),
             outside, self.variant.tame).make()
        os.symlink(b"tree", os.path.join(self.source, b"way"))
        self.before = snapshot(self.source)
        name_links(self.before)
        self.case = Case(self.seed, self.variant)
        self.case.choose_operands(self.before, self.source)

    def forget_reading(self):
        """Give the source its times of access back: each copy shall find the same."""
        for facts in self.before.values():
            try:
                os.utime(facts["_path"], ns=facts["_times"], follow_symlinks=False)
            except PermissionError:
                pass

    def copy(self, program, jobs):
        twin = os.path.join(self.dest, b"twin%d" % len(self.runs))
        self.case.prepare_twin(twin, self.before, self.options.uid)
        self.forget_reading()
        cwd = self.source if self.case.away else twin
        arguments = self.case.arguments(self.source, twin)
        self.runs.append(run_program(program, arguments, jobs, cwd, self.case,
                                     self.options.uid))

    def differences(self):
        self.since = (time.time_ns() // SECOND - 2) * SECOND
        self.prepare()
        jobs = self.options.jobs or self.r.choice([1, 2, 3, 16])
        todo = [(self.options.cp, 0), (self.options.mmcp, jobs)]
        if chance(self.r, 0.15):
            todo.append((self.options.mmcp, 1 if jobs == 16 else 16))
        for program, number in todo:
            self.copy(program, number)
        yield from self.judge_source()
        shots = [self.look(number) for number in range(len(self.runs))]
        for number in range(1, len(self.runs)):
            yield from self.judge(0, number, shots)

    def look(self, number):
        shot = snapshot(os.path.join(self.dest, b"twin%d" % number))
        # -l makes one file of source and copies: all names of it count.
        name_links(shot, [self.before])
        for facts in shot.values():
            if facts["type"] == "symlink":
                facts["target"] = self.plain_target(facts["target"], number)
        return shot

    def plain_target(self, target, number):
        """As if there were one twin; and -as may choose any name of a file."""
        target = target.replace(os.path.join(self.dest, b"twin%d" % number), b"TWIN")
        name = os.path.relpath(target, self.source)
        facts = self.before.get(re.sub(rb"^way/", rb"tree/", name))
        if not os.path.isabs(target) or not facts or not keeping_links(self.case.options):
            return target
        return os.path.join(self.source, facts.get("same file as", b"."))

    def judge(self, first, second, shots):
        one, two = self.runs[first], self.runs[second]
        lead = "" if two.program.is_cp() else "-j%d: " % two.jobs
        found = one.faults + two.faults
        if one.status != two.status:
            found.append("status %d, not %d" % (two.status, one.status))
        for what, attribute in (("stderr", "err"), ("stdout", "out")):
            lines = [normal_lines(getattr(run, attribute), run.program,
                                  os.path.join(self.dest, b"twin%d" % n))
                     for n, run in ((first, one), (second, two))]
            found += compare_lines(what, *lines)
        options = self.case.options + ([] if self.options.uid == 0 else [NOT_ROOT])
        if self.case.shape == "parents":
            options.append(PARENTS)
        if one.status != 0 and one.status == two.status:
            options.append(FAILED)
        if keeping_links(options) or "--remove-destination" in options:
            self.excuse_spared(shots[first], shots[second], found)
        found += compare(shots[first], shots[second], self.since, options=options,
                         sources=self.after.values())
        yield from (lead + line for line in found)

    @staticmethod
    def excuse_spared(wanted, got, found):
        """cp removes an old file before it finds out that it can't read the source; mmcp
        only then, so that the old file is still there."""
        spared = {f["_inode"] for name, f in got.items()
                  if name not in wanted and f["type"] in ("file", "symlink")}
        for name in [n for n, f in got.items() if f["_inode"] in spared]:
            del got[name]
            wanted.pop(name, None)
            home = os.path.dirname(name) or b"."
            if home in wanted and home in got:
                wanted[home]["mtime"] = got[home]["mtime"]
        # Whichever of the two is told: it can't be removed, and it can't be read.
        if any(b"cannot remove" in line.encode() for line in found):
            found[:] = [line for line in found
                        if "cannot remove" not in line and "for reading" not in line]
        if spared:
            found[:] = [line for line in found if not line.startswith(("stdout", "stderr"))]

    def judge_source(self):
        self.after = after = snapshot(self.source)
        name_links(after)
        ignore = ["atime"] + (["nlink"] if "l" in letters(self.variant.options) else [])
        yield from ("source " + line for line in compare(self.before, after, None, ignore))

    def perform(self):
        """The lines to be shown of a round that failed, or none."""
        try:
            lines = list(self.differences())
        finally:
            if not self.options.keep:
                for top in self.tops:
                    remove(top)
        return self.report(lines) if lines else []

    def report(self, lines):
        o, run = self.options, self.runs[-1]
        shown = [ascii(a)[1:] for a in self.runs[1].arguments]
        head = ["seed %d: %s %s" % (self.seed, run.program.name, " ".join(shown)),
                "  (%s, uid %d copies what uid %d made)" % (
                    self.case.describe(), o.uid, os.geteuid())]
        again = "  again: python3 tests/tools/trees.py round %d --mmcp %s --cp %s" % (
            self.seed, o.mmcp.path, o.cp.path)
        for option, value in (("--from", o.from_dir), ("--to", o.to_dir), ("--jobs", o.jobs),
                              ("--options", o.options)):
            if value is not None:
                again += " %s='%s'" % (option, value)
        if o.uid != 0 and os.geteuid() == 0:
            again += " --guest"
        elif os.geteuid() == NOBODY:
            again += " --nobody"
        body = ["    " + line for line in lines[:SHOWN]]
        if len(lines) > SHOWN:
            body.append("    ... and %d more" % (len(lines) - SHOWN))
        kept = ["  kept: " + " ".join(os.fsdecode(t) for t in self.tops)] if o.keep else []
        return head + body + [again] + kept


# ---- many rounds ----

Result = collections.namedtuple("Result", "seed label variant skipped lines")


def options_for(mmcp, cp="cp", from_dir=None, to_dir=None, uid=None, jobs=None,
                options=None, keep=False):
    return types.SimpleNamespace(
        mmcp=Program(os.path.abspath(mmcp) if "/" in mmcp else mmcp), cp=Program(cp),
        from_dir=from_dir, to_dir=to_dir, uid=os.geteuid() if uid is None else uid,
        jobs=jobs, options=options, keep=keep)


def one_round(task):
    """Perform the round of TASK, (seed, label, options)."""
    seed, label, options = task
    chosen = Round(seed, options)
    skipped = chosen.skipped()
    try:
        lines = [] if skipped else chosen.perform()
    except Exception as error:  # a broken round is a failed one, with its seed
        lines = ["seed %d (%s): the tester failed: %s: %s" % (
            seed, chosen.name, type(error).__name__, ascii(str(error)))]
        if error.__traceback__:
            last = error.__traceback__
            while last.tb_next:
                last = last.tb_next
            lines.append("    at line %d" % last.tb_lineno)
    return Result(seed, label, chosen.name, skipped, lines)


def start_worker(uid):
    """The parent hears of ^C, and ends the workers, who then clean up."""
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    os.umask(0o022)
    if uid is not None and is_root() and uid != 0:
        become(uid)


def perform_all(tasks, workers=2, uid=None):
    """Yield the results of TASKS as they come, done by WORKERS processes as UID."""
    pool = multiprocessing.get_context("fork").Pool(workers, start_worker, (uid,))
    try:
        yield from pool.imap_unordered(one_round, tasks, chunksize=4)
        pool.close()            # terminating those that are done can hang
    except BaseException:
        pool.terminate()
        raise
    pool.join()


class Summary:
    """What became of many rounds."""

    def __init__(self):
        self.counts = collections.Counter()
        self.unknown = collections.defaultdict(set)
        self.failed = []
        self.done = 0

    def add(self, result):
        for name in result.skipped:
            self.unknown[name].add(result.variant)
        if result.skipped:
            return
        self.done += 1
        self.counts[result.variant] += 1
        if result.lines:
            self.failed.append(result)
            print("\n".join(result.lines), flush=True)

    def print(self, per_variant=True):
        if per_variant:
            for variant, count in sorted(self.counts.items()):
                bad = sum(f.variant == variant for f in self.failed)
                print("%5d %s%s" % (count, variant, ", %d failed" % bad if bad else ""))
        for name, options in sorted(self.unknown.items()):
            print("left out, not known to this %s: %s" % (name, "; ".join(sorted(options))))
        print("trees: %d rounds, %d failed%s" % (self.done, len(self.failed), ": seeds " + " ".join(
            str(f.seed) for f in self.failed) if self.failed else ""))


# ---- the command line ----

def command_make(args):
    top = os.fsencode(os.path.abspath(args.dir))
    outside = top + b".outside"
    if not os.path.lexists(outside):
        make_outside(outside)
    Tree(random.Random("tree %d" % args.seed), top, outside, args.tame).make()
    return 0


def command_compare(args):
    shots = [snapshot(os.fsencode(d)) for d in (args.a, args.b)]
    for shot in shots:
        name_links(shot)
    lines = list(compare(*shots, ignore=args.ignore.split(",")))
    print("\n".join(lines), end="\n" if lines else "")
    return 1 if lines else 0


def options_from(args):
    return options_for(args.mmcp, args.cp, args.from_dir, args.to_dir,
                       NOBODY if args.guest or args.nobody else None, args.jobs, args.options,
                       args.keep)


def command_round(args):
    options = options_from(args)
    start_worker(NOBODY if args.nobody else None)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    result = one_round((args.seed, "", options))
    for name in result.skipped:
        print("%s does not know %s" % (name, result.variant))
    print("\n".join(result.lines) if result.lines else "seed %d: no difference" % args.seed)
    return 1 if result.lines else 0


def command_rounds(args):
    options = options_from(args)
    tasks = [(seed, "", options) for seed in range(args.first, args.first + args.count)]
    summary = Summary()
    for result in perform_all(tasks, args.workers, NOBODY if args.nobody else None):
        summary.add(result)
    summary.print(not args.quiet)
    return 1 if summary.failed else 0


def command_variants(_args):
    for variant in variants():
        print(" ".join(variant.options) or "(none)")
    return 0


def add_round_options(parser):
    parser.add_argument("--mmcp", required=True, help="the program to judge")
    parser.add_argument("--cp", default="cp", help="the one to judge by")
    parser.add_argument("--from", dest="from_dir", help="where sources are made")
    parser.add_argument("--to", dest="to_dir", help="where copies are made")
    parser.add_argument("--jobs", type=int, help="always this many workers")
    parser.add_argument("--options", help="always these, as in the list of variants")
    parser.add_argument("--nobody", action="store_true",
                        help="do everything as an ordinary user")
    parser.add_argument("--guest", action="store_true",
                        help="root makes the trees, and an ordinary user copies")
    parser.add_argument("--keep", action="store_true", help="leave what was made")


def main():
    parser = argparse.ArgumentParser(prog="trees.py", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)

    def command(name, function, text):
        sub = commands.add_parser(name, help=text)
        sub.set_defaults(function=function)
        return sub
    sub = command("make", command_make, "make the random tree of a seed")
    sub.add_argument("seed", type=int)
    sub.add_argument("dir")
    sub.add_argument("--tame", action="store_true", help="without FIFOs, sockets, devices")
    sub = command("compare", command_compare, "print all differences of two trees")
    sub.add_argument("a")
    sub.add_argument("b")
    sub.add_argument("--ignore", default="atime", help="fields, with commas (%(default)s)")
    sub = command("round", command_round, "do the round of a seed")
    sub.add_argument("seed", type=int)
    add_round_options(sub)
    sub = command("rounds", command_rounds, "do many rounds")
    sub.add_argument("first", type=int)
    sub.add_argument("count", type=int)
    sub.add_argument("--workers", type=int, default=2)
    sub.add_argument("--quiet", action="store_true", help="no count for each variant")
    add_round_options(sub)
    command("variants", command_variants, "list the options that are tried")
    args = parser.parse_args()
    sys.exit(args.function(args))


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main()
