# SPDX-License-Identifier: GPL-3.0-or-later
"""Random trees: every kind of file, under names of every kind."""
import errno
import os
import stat

from trees.basics import KIB, MIB, chance, is_root, weighted
from trees.metadata import dress

HOSTILE = [b"new\nline", b"\x1b[31mred", b"bad\xff\xfe", b"-rf", b"--help", b"it's",
           b'"quoted"', b"a b", b"back\\slash", b"...", b"trailing  ", b" leading",
           b"$HOME",
           b"`id`", b"*", b"?", b"\x01\x7f", "\u00fcn\u00ef".encode(), b"a\tb", b"~",
           b"#",
           "\u202e".encode(), b"\\n", b"-", b".hidden", b"x" * 255,
           "\u00e9".encode() * 127,
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
                size += r.choice([0, 0, -1, 1, r.randrange(-9, 2000)])
                f.write(r.randbytes(max(0, size)))
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
        kind = r.choice(["relative", "relative", "absolute", "nowhere", "self", "dot",
                         "up",
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
