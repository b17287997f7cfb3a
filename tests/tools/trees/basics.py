# SPDX-License-Identifier: GPL-3.0-or-later
"""Small tools that the other modules share."""
import os
import stat
import subprocess

KIB = 1 << 10
MIB = 1 << 20
NOBODY = 65534
LIMIT = 20                      # seconds that a copy may take
SECOND = 10 ** 9


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


HOLE = 64 * KIB


def clear(top, check=True):
    """Remove TOP; what is too deep for us, by rm, which may fail unless CHECK."""
    try:
        remove(top)
    except (OSError, RecursionError):
        subprocess.run(["rm", "-rf", top], check=check)
