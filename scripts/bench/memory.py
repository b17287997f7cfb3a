# SPDX-License-Identifier: GPL-3.0-or-later
"""Free memory, warm or cold.  A virtual machine may give free memory back to its host
after two seconds (page reporting), and then the first to use it waits: the same cp of
2 GiB took 0.25 or 2.8 s (6.18).  Memory is warm if it was touched right before, and cold
if it was left alone for so long that the host has what it takes."""

import math
import mmap
import time

from bench import machine
from bench.sizes import MIB

HUGE = 2 * MIB                  # what a host takes back are huge pages
TIMES = 3                       # so much of what is copied: nobody knows which pages
                                # of the free ones a copy takes
REPORTED = 1 / 16               # of what is free, at most, in each turn of two seconds
                                # (mm/page_reporting.c, 6.18)
MOST_TURNS = 5
POPULATE_WRITE = 23             # MADV_POPULATE_WRITE


def populate(memory, size):
    """Have all pages of MEMORY, which are huge if the kernel has such."""
    if hasattr(mmap, "MADV_HUGEPAGE"):
        try:
            memory.madvise(mmap.MADV_HUGEPAGE)
        except OSError:         # a kernel without them
            pass
    try:
        memory.madvise(POPULATE_WRITE)
    except OSError:             # before Linux 5.14
        for at in range(0, size, mmap.PAGESIZE):
            memory[at] = 1


def touch(size):
    """Have SIZE bytes of free memory that the machine really has."""
    # One more, as the mapping may not begin at a huge page.
    size = min(size + 2 * HUGE - 1, machine.memory("MemFree") // 4 * 3) // HUGE * HUGE
    if size > 0:
        # Not shared, as by default: that would be tmpfs, and get small pages.
        with mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
            populate(memory, size)


def seconds_until_taken(freed):
    """After so long the host has what it takes of FREED bytes: 3 seconds, more if little
    else is free."""
    turns = math.ceil(freed / max(machine.memory("MemFree") * REPORTED, 1))
    return 1 + 2 * max(1, min(turns, MOST_TURNS))


def compact():
    """Put free pages together, where that is allowed.  Less than 2 MiB in a row isn't
    reported, and the kernel gives that first to whoever wants single pages."""
    try:
        with open("/proc/sys/vm/compact_memory", "w", encoding="ascii") as f:
            f.write("1\n")
    except OSError:
        pass


def prepare(copied, cold=False):
    """Have free memory for a copy of COPIED bytes that begins now: warm, or COLD."""
    if cold:
        compact()
        time.sleep(seconds_until_taken(copied))
    elif TIMES * copied >= HUGE:
        touch(TIMES * copied)
