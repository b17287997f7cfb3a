# SPDX-License-Identifier: GPL-3.0-or-later
"""extents.py FILE: the data of FILE, a line "start end" each; holes are between them."""
import os
import sys


def extents(path):
    fd, at = os.open(path, os.O_RDONLY), 0
    size = os.fstat(fd).st_size
    while at < size:
        try:
            data = os.lseek(fd, at, os.SEEK_DATA)
        except OSError:
            break
        at = os.lseek(fd, data, os.SEEK_HOLE)
        yield data, at
    os.close(fd)


if __name__ == "__main__":
    for start, end in extents(sys.argv[1]):
        print(start, end)
