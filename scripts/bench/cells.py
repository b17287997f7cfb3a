# SPDX-License-Identifier: GPL-3.0-or-later
"""One file in many situations, each of them a cell: its size, the file systems of source
and copy, whether an old file is there, what is in memory, who else computes.  The table
shows in which mmcp is ahead of plain cp: as it is, with one worker, and by mappings."""

from bench import rows
from bench.machine import can_drop_caches
from bench.places import ACROSS
from bench.programs import NEVER, copying, joined
from bench.sizes import GIB, MIB, label, words

KINDS = ("tmpfs", "ext4", "xfs-noreflink", "xfs", "ext4-1k", "overlay",
         "tmpfs" + ACROSS + "ext4", "ext4" + ACROSS + "tmpfs")
SIZES = (1 * MIB, 8 * MIB, 32 * MIB, 256 * MIB, GIB)
SMALL, MIDDLE, LARGE = 32 * MIB, 256 * MIB, GIB
ROUNDS = 7
SHORT, BLOCK = 8 * MIB, 5       # the median of so many runs is a figure, up to that size

OURS = ("", "-j1", "--engine=mmap")
CLONING = ("", "-j1")
MOVING = tuple(joined(NEVER, options) for options in OURS)
JOBS = ("-j2", "-j4", "-j16")
EXTENTS, EXTENT = 102400, 8192
SLOW = 200 * 1000 * 1000        # bytes a second
ONTO = {"file": "onto a new one", "over": "over an existing one",
        "extents": "onto a new one"}


# ---- one row ----

def row(setup, name, what, kind, size, shape="file", options=OURS, **more):
    """A cell.  MORE are fields of a row."""
    source = "from/source" if ACROSS in kind else "source"
    cp = copying("cp", NEVER if options is MOVING else "", source)
    those = (cp, *rows.mmcps(setup, options, source), *setup.extra(source))
    what = "a file of %s, %s%s" % (words(size), ONTO[shape], what)
    short = size <= SHORT and "memory" not in more
    return rows.Row("%s-%s-%s" % (name, label(size), kind), what, shape, kind, size,
                    setup.present(those), setup.pairs or ROUNDS, BLOCK if short else 1,
                    group="cells", source=source, **more)


def both(setup, kind, size, name="", what="", options=OURS):
    """A new file, and over an old one."""
    yield row(setup, name + "new", what, kind, size, "file", options)
    yield row(setup, name + "over", what, kind, size, "over", options)


# ---- the rows of a kind of place ----

def up_to_large(setup, *sizes):
    """SIZES, where what is larger than --large is as large as that."""
    return sorted({min(size, setup.large) for size in sizes})


def full_rows(setup, kind):
    """All sizes; the middle and the large one also with cold memory and more workers;
    the middle one also beside programs that compute."""
    middle, *_ = up_to_large(setup, MIDDLE)
    for size in up_to_large(setup, *SIZES):
        yield from both(setup, kind, size)
        if size >= middle:
            yield row(setup, "coldmemory-new", ", memory cold", kind, size, memory="cold")
            yield from both(setup, kind, size, "jobs-", ", by more workers", JOBS)
        if size == middle:
            yield row(setup, "busy-new", ", all processors busy", kind, size, busy=True)


def extents_row(setup):
    size = min(EXTENTS * EXTENT, setup.large)
    return row(setup, "extents", ", in extents of 8 KiB", "ext4", size, "extents",
               places=size // EXTENT)


def disk_rows(setup):
    """What isn't in memory, from a device.  With limits: it reads slower, or we may use
    less memory."""
    middle, large = (min(size, setup.large) for size in (MIDDLE, LARGE))
    for size in up_to_large(setup, MIDDLE, LARGE):
        yield row(setup, "cold", ", not in memory", "disk", size, cache="cold")
    slow = ", not in memory, from a device that reads %d MB/s" % (SLOW // 1000000)
    yield row(setup, "slow", slow, "disk", middle, cache="cold", limit=("read", SLOW))
    for size, limit in ((large, 256 * MIB), (middle, 32 * MIB)):
        yield row(setup, "within-%s" % label(limit), ", not in memory, in a container of"
                  " %s" % words(limit), "disk", size, cache="cold",
                  limit=("memory", limit))


def rows_on(setup, kind, every):
    """The rows on a KIND of place, EVERY one that it can have."""
    if setup.clones.get(kind):
        size = min(MIDDLE, setup.large)
        yield from both(setup, kind, size, "clone-", ", whose blocks may be shared",
                        CLONING)
        yield row(setup, "moved-new", ", cp and mmcp with " + NEVER, kind, size,
                  options=MOVING)
    elif every or kind in ("tmpfs", "ext4"):
        yield from full_rows(setup, kind)
    elif kind == "xfs-noreflink":
        for size in up_to_large(setup, SMALL, LARGE):
            yield from both(setup, kind, size)
    else:
        yield from both(setup, kind, min(MIDDLE, setup.large))
    if kind == "ext4" and not every:
        yield extents_row(setup)


def cell_rows(setup, kinds, own, disk):
    """All rows, place by place.  OWN: the kinds are those that we can make; else the only
    kind is where DIR is."""
    for kind in kinds:
        yield from rows_on(setup, kind, not own)
    if disk and can_drop_caches():
        yield from disk_rows(setup)
