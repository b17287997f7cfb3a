# SPDX-License-Identifier: GPL-3.0-or-later
"""The directories where cases are performed."""
import fcntl
import functools
import os
import struct
import subprocess
import tempfile

import trees
from twins.setup import EPOCH, below, set_up


@functools.lru_cache(maxsize=None)
def has_locale(name):
    """Whether programs find it: otherwise locale(1) complains."""
    return name in ("", "C") or not subprocess.run(
        ["locale", "charmap"], env={**os.environ, "LC_ALL": name},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, check=False).stderr


class Place:
    """Where it is done, by whom, and what can be done there."""

    def __init__(self, top, label, uid):
        self.top, self.label, self.uid = os.fsencode(top), label, uid
        self.dir = None
        self.reflink = self.acl = self.xattr = None

    def make_room(self):
        """What is below is ours."""
        self.top = tempfile.mkdtemp(prefix=b"twins.", dir=self.top)
        os.chmod(self.top, 0o755)

    def open(self):
        """A directory for this process."""
        self.dir = tempfile.mkdtemp(dir=self.top)
        os.chmod(self.dir, 0o755)
        self.reflink = self.can_clone()
        self.acl = self.can_set("system.posix_acl_default", struct.pack(
            "<IHHIHHIHHI", 2, 1, 7, 0xffffffff, 4, 5, 0xffffffff, 0x20, 5, 0xffffffff))
        self.xattr = self.can_set("user.test", b"x")

    def can_clone(self):
        with tempfile.TemporaryFile(dir=self.dir) as one, \
                tempfile.TemporaryFile(dir=self.dir) as two:
            one.write(bytes(4096))
            one.flush()
            try:
                fcntl.ioctl(two.fileno(), 0x40049409, one.fileno())     # FICLONE
            except OSError:
                return False
            return True

    def can_set(self, name, value):
        probe = os.path.join(self.dir, b"probe")
        os.mkdir(probe)
        try:
            os.setxattr(probe, name, value)
        except OSError:
            return False
        finally:
            os.rmdir(probe)
        return True

    def lacks(self, case):
        """Why this case isn't for this place, or None."""
        marks = case.marks
        if "root" in marks and self.uid != 0:
            return "root only"
        if "user" in marks and self.uid == 0:
            return "an ordinary user only"
        if "reflink" in marks and not self.reflink:
            return "no reflinks here"
        if "noreflink" in marks and self.reflink:
            return "reflinks here"
        if "acl" in marks and not self.acl:
            return "no ACLs here"
        if "xattr" in marks and not self.xattr:
            return "no extended attributes here"
        if not all(has_locale(marks["env"].get(name, "C"))
                   for name in ("LC_ALL", "LC_CTYPE")):
            return "no such locale"
        return None


def hold(top):
    """A descriptor and the name of each inode below TOP: as long as it is held, no
    new file gets the number of an old one."""
    held = {}
    for name in sorted(below(top)):
        fd = os.open(os.path.join(top, name), os.O_PATH | os.O_NOFOLLOW)
        status = os.fstat(fd)
        if (status.st_dev, status.st_ino) in held:
            os.close(fd)
        else:
            held[status.st_dev, status.st_ino] = fd, name
    return held


def environment(case):
    env = {k: v for k, v in os.environ.items()
           if k not in ("POSIXLY_CORRECT", "VERSION_CONTROL", "SIMPLE_BACKUP_SUFFIX",
                        "LANG", "LANGUAGE", "QUOTING_STYLE")}
    env["LC_ALL"] = "C.UTF-8"
    env.update(case.marks["env"])
    return env


def in_twin(place, words, action):
    """A fresh directory filled as WORDS tell: what ACTION makes of it.  The twins
    have the same name, one after the other, so that messages need no translation."""
    twin = os.path.join(place.dir, b"twin")
    os.mkdir(twin, 0o755)
    try:
        os.chmod(twin, 0o755)
        if os.geteuid() == 0:
            os.chown(twin, place.uid, place.uid)
        os.chdir(twin)
        set_up(words, place.uid)
        os.utime(twin, ns=(EPOCH * trees.SECOND,) * 2)
        return action(twin)
    finally:
        os.chdir(place.dir)
        trees.clear(twin)
