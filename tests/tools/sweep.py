# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy files of the kernel's own making one by one, by cp and by mmcp.

usage: sweep.py MMCP SAMPLE DIR...
Of the readable regular files below each DIR (of /proc, only what is of no process),
SAMPLE, always the same, or all if it is 0: status, words and content have to be
alike.  A file that isn't the same for cp twice may have any content.  Prints a line
for each that differs.
"""
import os
import random
import resource
import signal
import stat
import subprocess
import sys

LIMIT = 4 << 20		# bytes: /proc/kcore has 128 TiB
SECONDS = 1		# for what blocks


def files_below(top):
    found = []
    for path, dirs, names in os.walk(top):
        dirs.sort()
        if path == "/proc":
            dirs[:] = [d for d in dirs if not d.isdigit() and "self" not in d]
        for name in sorted(names):
            file = os.path.join(path, name)
            try:
                if stat.S_ISREG(os.lstat(file).st_mode) and os.access(file, os.R_OK):
                    found.append(file)
            except OSError:
                pass
    return found


def limit():
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def outcome(program, file):
    """Status, words, and content if it was copied."""
    if os.path.lexists("copy"):
        os.unlink("copy")
    child = subprocess.Popen([program, file, "copy"], stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                             preexec_fn=limit)
    try:
        words, status = child.communicate(timeout=SECONDS)[1], child.returncode
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return "blocks", "", None
    content = None
    if status == 0:
        with open("copy", "rb") as copy:
            content = copy.read()
    return status, words.decode(errors="replace").partition(": ")[2], content


def differs(mmcp, file):
    for _ in range(3):
        first, ours, then = outcome("cp", file), outcome(mmcp, file), outcome("cp", file)
        if ours in (first, then):
            return None
        if ours[:2] == first[:2] and first[2] != then[2]:
            return None
    return first, ours


def main():
    mmcp, sample = sys.argv[1], int(sys.argv[2])
    count = 0
    for top in sys.argv[3:]:
        files = files_below(top)
        if 0 < sample < len(files):
            files = random.Random(1).sample(files, sample)
        for file in files:
            found = differs(mmcp, file)
            count += 1
            if found is not None and os.path.exists(file):
                print(file, *(f"{who} {status} {words.strip()} {len(data or b'')} bytes;"
                              for who, (status, words, data)
                              in zip(("cp", "mmcp"), found)))
    print(count, "files", file=sys.stderr)


main()
