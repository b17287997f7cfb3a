# SPDX-License-Identifier: GPL-3.0-or-later
"""Control groups: programs that may use so much memory (a container), or read so fast (a
slow disk).  Each group is one of our own, and removed."""

import contextlib
import os
import time

from bench.messages import LeftOut
from bench.places import mount_of

# What a limit is called: controller and file, in the first version and in the second.
FILES = {
    "memory": (("memory", "memory.limit_in_bytes"), ("memory", "memory.max")),
    "read": (("blkio", "blkio.throttle.read_bps_device"), ("io", "io.max")),
}


def write(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)


# ---- which controller ----

def hierarchies():
    """(where, version, its controllers) of each mounted hierarchy."""
    with open("/proc/self/mounts", encoding="utf-8", errors="replace") as f:
        mounts = [line.split()[1:4] for line in f]
    for where, kind, options in mounts:
        if kind == "cgroup":
            yield where, 1, options.split(",")
        elif kind == "cgroup2":
            with open(where + "/cgroup.controllers", encoding="ascii") as f:
                yield where, 2, f.read().split()


def controller_of(what):
    """(where, version, file) of the controller that limits WHAT."""
    for where, version, controllers in hierarchies():
        name, file = FILES[what][version - 1]
        if name in controllers:
            return where, version, name, file
    raise LeftOut("there is no controller for a limit of %s" % what)


# ---- what is limited ----

def disk_of(directory):
    """MAJOR:MINOR of the disk that DIRECTORY is on: not of a partition."""
    number = os.stat(directory).st_dev
    if os.major(number) == 0:               # btrfs
        device = mount_of(directory)[0]
        number = os.stat(device).st_rdev if os.path.exists(device) else 0
    path = os.path.realpath("/sys/dev/block/%d:%d" % (os.major(number),
                                                      os.minor(number)))
    if not os.path.exists(path):
        raise LeftOut("%s is on no disk" % directory)
    if os.path.exists(path + "/partition"):
        path = os.path.dirname(path)
    with open(path + "/dev", encoding="ascii") as f:
        return f.read().strip()


def text_of(what, version, value, directory):
    """What is written to the file of the limit."""
    if what == "memory":
        return str(value)
    return "%s %s%d" % (disk_of(directory), "rbps=" if version == 2 else "", value)


# ---- the group ----

def remove(path):
    """Its processes are gone soon after they were reaped."""
    for _ in range(20):
        try:
            os.rmdir(path)
            return
        except OSError:
            time.sleep(0.1)


@contextlib.contextmanager
def limited(limit, directory):
    """The words before a command that give it LIMIT, which is () or a pair of "memory" or
    "read" (on the disk of DIRECTORY) and bytes or bytes a second."""
    if not limit:
        yield ()
        return
    what, value = limit
    where, version, name, file = controller_of(what)
    path = "%s/mmcp-bench.%d" % (where, os.getpid())
    try:
        if version == 2:
            write(where + "/cgroup.subtree_control", "+" + name)
        os.mkdir(path)
        write("%s/%s" % (path, file), text_of(what, version, value, directory))
    except OSError as e:
        remove(path)
        raise LeftOut("no control group with a limit of %s: %s" % (what, e.strerror)) \
            from e
    try:
        yield ("sh", "-c", 'echo $$ >"$0" && exec "$@"', path + "/cgroup.procs")
    finally:
        remove(path)
