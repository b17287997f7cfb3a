# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that is known of a tree: types, metadata, content, holes."""
import errno
import hashlib
import os
import stat

from trees.basics import HOLE, MIB, is_root


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
            facts["xattr " + ascii(name)[:40]] = os.getxattr(path, name,
                                                             follow_symlinks=False)
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
