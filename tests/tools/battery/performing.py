# SPDX-License-Identifier: GPL-3.0-or-later
"""One row by both programs, watched."""
import os
import re
import threading
import time

import trees
from battery.copies import LIMIT, look
from battery.judging import compare
from battery.known import excused


def perform(copy, sides, label):
    """Do it on both sides; the differences."""
    copy.began = time.time_ns() - 2 * trees.SECOND
    try:
        cp, mmcp = (perform_one(copy, side, more)
                    for side, more in zip(sides, ([], copy.row.ours)))
        found = list(compare(copy, sides[1], cp, mmcp))
        # Some count blocks late, or have times that settle (zfs, rclone).
        if found and all(re.search(r": (blocks: |holes: |mtime )", line)
                         for line in found):
            time.sleep(6)
            cp, mmcp = ((*what[:3], look(copy, side))
                        for what, side in zip((cp, mmcp), sides))
            found = list(compare(copy, sides[1], cp, mmcp))
        return cp[0], [line for line in found if not excused(label, copy.row, line)]
    finally:
        for side in sides:
            copy.clear(side)


def perform_one(copy, side, more):
    copy.fill(side)
    status, out, err = copy.run(side, more)
    if copy.row.again:
        again = copy.run(side, more)
        status, out, err = again[0] or status, out + again[1], err + again[2]
    return status, out, err, look(copy, side)


class Watch:
    """A FUSE file system that doesn't answer is cut off, so that whoever waits for
    it goes on; not even SIGKILL makes that so."""

    def __init__(self, sides, fusectl):
        self.connections = ["%s/%d/abort" % (fusectl, os.minor(
            os.lstat(side.path(b"fs")).st_dev)) for side in sides]
        self.cut = False
        self.timer = None

    def abort(self):
        self.cut = True
        for name in self.connections:
            if os.path.exists(name):
                with open(name, "w") as f:
                    f.write("1")

    def __enter__(self):
        self.timer = threading.Timer(4 * LIMIT, self.abort)
        self.timer.daemon = True
        self.timer.start()

    def __exit__(self, *_):
        self.timer.cancel()
