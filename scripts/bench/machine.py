# SPDX-License-Identifier: GPL-3.0-or-later
"""The conditions of a measurement: what the machine is, and how busy."""

import datetime
import os
import platform
import re

from bench.sizes import GIB


def first_match(path, pattern, default):
    """What the group of PATTERN matches in the file PATH, or DEFAULT."""
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            found = re.search(pattern, f.read(), re.M)
    except OSError:
        found = None
    return found.group(1).strip() if found else default


def memory(name):
    """A line of /proc/meminfo, in bytes."""
    return int(first_match("/proc/meminfo", r"^%s:\s*(\d+)" % name, "0")) << 10


def load():
    return " ".join("%.2f" % n for n in os.getloadavg())


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def processors():
    """Those that this process may use."""
    return len(os.sched_getaffinity(0))


def can_drop_caches():
    return os.access("/proc/sys/vm/drop_caches", os.W_OK)


def is_virtual():
    """Whether a hypervisor says that it is below us."""
    return " hypervisor" in first_match("/proc/cpuinfo", r"^flags[^:]*:(.*)", "")


def about():
    """The machine, as results are kept with it."""
    u = platform.uname()
    return {"kernel": "%s %s, %s" % (u.system, u.release, u.machine),
            "cpu": first_match("/proc/cpuinfo", r"^model name[^:]*: (.*)", "unknown"),
            "cpus": str(processors()),
            "memory": "%.1f GiB" % (memory("MemTotal") / GIB)}


def conditions(machine, date, load_then, lines):
    """The lines above a table: MACHINE, as about returns it, then LINES, which are
    pairs."""
    head = [("date", date), ("kernel", machine["kernel"]), ("cpu", machine["cpu"]),
            ("cpus", "%s, load %s" % (machine["cpus"], load_then)),
            ("memory", machine["memory"])]
    return ["%-9s %s" % line for line in head + lines]
