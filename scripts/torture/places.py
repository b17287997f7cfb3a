# SPDX-License-Identifier: GPL-3.0-or-later
"""The file systems that are copied on: small ones, of each kind."""

import os
import shutil
import subprocess

FS_SIZE = 400 << 20


def works(*command):
    """Whether COMMAND succeeds; what it prints goes nowhere."""
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def mounted(kind, where):
    """Whether a new file system of KIND could be mounted on WHERE."""
    if kind == "tmpfs":
        return works("mount", "-t", "tmpfs", "-o", "size=%d" % FS_SIZE, "tmpfs", where)
    image = where + ".img"
    with open(image, "wb") as f:
        f.truncate(FS_SIZE)
    return shutil.which("mkfs." + kind) is not None and works(
        "mkfs." + kind, "-q", "-F" if kind == "ext4" else "-f", image) and works(
        "mount", "-o", "loop", image, where)


def make_file_systems(top, places):
    """Mount what can be mounted below TOP, and add it to PLACES, as (name, directory)."""
    for kind in ("ext4", "xfs", "btrfs", "tmpfs"):
        where = os.path.join(top, kind)
        os.mkdir(where)
        if mounted(kind, where):
            places.append((kind, where))


def make_overlay(top, places):
    """Mount an overlay at TOP/overlay whose layers are on the tmpfs, and add it to
    PLACES."""
    where, layers = os.path.join(top, "overlay"), os.path.join(top, "tmpfs")
    names = ["lower", "upper", "work"]
    for path in [where] + [os.path.join(layers, n) for n in names]:
        os.mkdir(path)
    option = ",".join("%sdir=%s" % (n, os.path.join(layers, n)) for n in names)
    if works("mount", "-t", "overlay", "-o", option, "overlay", where):
        places.append(("overlay", where))


def unmount(places):
    for _, where in places:
        works("umount", "-l", where)
