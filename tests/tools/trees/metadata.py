# SPDX-License-Identifier: GPL-3.0-or-later
"""Random owners, modes, times, extended attributes and ACLs."""
import errno
import os
import stat
import struct

from trees.basics import NOBODY, SECOND, chance, is_root, weighted

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
    entries += [(2, r.randrange(8), uid)
                for uid in sorted(r.sample(range(1, 90), r.randrange(3)))]
    entries.append((4, r.randrange(8), nobody))
    entries += [(8, r.randrange(8), gid)
                for gid in sorted(r.sample(range(1, 90), r.randrange(2)))]
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
        os.lchown(path, r.choice([0, 1, 7, 1000, NOBODY]),
                  r.choice([0, 1, 7, 100, NOBODY]))
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
