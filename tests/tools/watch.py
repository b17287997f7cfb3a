#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""watch.py COLUMNS DIRECTORY ALL COMMAND...: run COMMAND on a terminal of so many
columns, and compare the percentage of each progress line with what is in DIRECTORY then,
or what the disk has written whose statistics it is (/sys/block/NAME/stat), of ALL bytes
that are to come there.  Print what the terminal showed in the end, and the
lines "moments N", "off N" (points of percent, the median) and "columns N..." (where the
rate ended)."""

import fcntl
import os
import pty
import re
import statistics
import struct
import sys
import termios
import time

PROMPT = 0.01           # seconds; lines come in intervals of at least ten times that


def open_files():
    """The regular files without a name that a child of ours has open."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{pid}/exe").st_ino != os.stat(sys.argv[4]).st_ino:
                continue
            for fd in os.listdir(f"/proc/{pid}/fd"):
                path = f"/proc/{pid}/fd/{fd}"
                if os.readlink(path).endswith(" (deleted)"):
                    yield os.stat(path)
        except OSError:
            pass


def written(directory):
    """The bytes that all files below DIRECTORY have, each once; or that a disk wrote."""
    if os.path.isfile(directory):
        with open(directory, encoding="ascii") as stat:
            return int(stat.read().split()[6]) * 512
    found = {}
    for where, _, names in os.walk(directory):
        for name in names:
            try:
                st = os.lstat(os.path.join(where, name))
            except OSError:
                continue
            found[st.st_dev, st.st_ino] = st.st_blocks * 512
    device = os.stat(directory).st_dev
    for st in open_files():
        if st.st_dev == device:
            found[st.st_dev, st.st_ino] = st.st_blocks * 512
    return sum(found.values())


def main():
    """Run it."""
    columns, directory, everything = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    before = last = written(directory)
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(sys.argv[4], sys.argv[4:])
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
    shown, errors, places, done = b"", [], set(), 0.0
    while True:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
        # What was there already is from before we last counted.
        late = time.monotonic() - done < PROMPT
        now = written(directory)
        line = re.sub(rb"\033\[[0-9;]*[mKJA]|\033\][^\a]*\a", b"",
                      data.rsplit(b"\r", 1)[-1]).decode()
        percent = re.search(r"(\d+)%", line)
        if percent and "/s" in line:
            low, high = (100 * (n - before) / everything for n in (last, now))
            value = int(percent[1])
            if not late:
                errors.append(max(low - value - 1, value - high, 0))
            places.add(line.index("/s"))
        last, done = now, time.monotonic()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    print(shown.decode().rsplit("\033[K", 1)[-1].replace("\r", ""), end="")
    print("moments", len(errors))
    # Where other programs take the processors, some lines come later than they were
    # made, and the copy catches up in leaps.
    print("off", round(statistics.median(errors) if errors else 100))
    print("columns", *sorted(places))
    return status


if __name__ == "__main__":
    sys.exit(main())
