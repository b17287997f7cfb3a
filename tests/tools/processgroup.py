# SPDX-License-Identifier: GPL-3.0-or-later
"""Which processes of a process group are left."""
import os


def processes_of(groups):
    """The ids of the living processes in GROUPS, as text.  A zombie doesn't count."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % pid, "rb") as f:
                state, _, group = f.read().rpartition(b")")[2].split()[:3]
        except OSError:         # it has ended meanwhile
            continue
        if int(group) in groups and state not in b"ZX":
            found.append(pid)
    return found
