# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees of many shapes: small files and large ones, links, directories, a chain of them,
operands by the thousand; onto nothing or onto what is there.  The table shows in which
mmcp is ahead of plain cp with the same options."""

from dataclasses import dataclass, field

from bench import forest, programs, rows
from bench.machine import can_drop_caches
from bench.places import CALM
from bench.programs import ALL, EACH, Program, copying
from bench.sizes import MIB

KINDS = ("tmpfs", "ext4")
ROUNDS = 7
TINY_BLOCK = 20                 # the median of so many runs is a figure
ENTRY = 5 * 1024                # bytes: an inode, and what is lost in a last block
INSIDE = "source/."             # what copies into "dest"not below it

# Other copiers that do the same, by what mmcp is asked for.
PLAIN = programs.TREE_PEERS + ("rsync -rl --whole-file source/ dest",)
KEEPING = ("rsync -a --whole-file source/ dest",)
REWRITING = ("rsync -rl --ignore-times --whole-file source/ dest",)
LINKING = ("rsync -a --link-dest=../source source/ dest",)
NAMES = ("rsync -a -H --whole-file source/ dest",)
COMPARING = ("rsync -rcln source/ dest",)
SYNCING = ("rsync -rl --fsync --whole-file source/ dest",)
FILES = ("xcp --no-progress source/* dest", "fcp source/* dest", "cpz source/* dest",
         "rsync --whole-file source/* dest")
EACH_FILE = ("xcp --no-progress source/{} dest/{}", "fcp source/{} dest/{}",
             "cpz source/{} dest/{}", "rsync --whole-file source/{} dest/{}")


# ---- what is copied ----

@dataclass(frozen=True)
class Case:
    """The tree TREE, copied with OPTIONS; HOW says more.  MORE are fields of a row."""
    name: str
    tree: str
    options: str = "-r"
    how: str = ""
    peers: tuple = PLAIN
    shape: str = "made"
    source: str = "source"
    dest: str = "dest"
    more: dict = field(default_factory=dict)


# Those of one tree follow each other, so that it is made once.
CASES = (
    Case("small-r", "small"),
    Case("small-a", "small", "-a", peers=KEEPING),
    Case("small-over-r", "small", "-r", "onto an existing copy", REWRITING, "onto",
         INSIDE),
    Case("small-al", "small", "-al", "as other names of the same files", LINKING,
         "links"),
    Case("small-au", "small", "-au", "onto an identical copy", KEEPING, "update",
         INSIDE),
    Case("small-compare", "small", "-aN --update=checksum",
         "compared with an identical copy", COMPARING, "update", INSIDE),
    Case("small-fsync-r", "small", "-r --fsync", "cp with sync -f after it", SYNCING),
    Case("small-busy-r", "small", "-r", "all processors busy", more={"busy": True}),
    Case("small-cold-r", "small", "-r", "not in memory, from a device",
         more={"cache": "cold"}),
    Case("symlinks-r", "symlinks"),
    Case("directories-r", "directories"),
    Case("20M-r", "20M"),
    Case("20M-operands", "20M", "", "as operands", FILES, "operands", ALL),
    Case("1M-r", "1M"),
    Case("1M-compare", "1M", "-aN --update=checksum", "compared with an identical copy",
         COMPARING, "update", INSIDE),
    Case("1M-operands", "1M", "", "as operands", FILES, "operands", ALL),
    Case("small-operands", "small-in-one", "", "as operands", FILES, "operands", ALL),
    Case("small-over-operands", "small-in-one", "", "as operands, onto existing copies",
         FILES, "onto", ALL),
    Case("one-by-one", "several", "", "by one process each", EACH_FILE, "operands",
         EACH, "dest/{}"),
    Case("empty-100k-r", "empty-100k"),
    Case("empty-400k-r", "empty-400k"),
    Case("names-a", "names", "-a", peers=NAMES),
    Case("chain-r", "chain"),
    Case("mixed-r", "mixed"),
    Case("tiny-r", "tiny", "-r", "%d runs a figure" % TINY_BLOCK,
         more={"block": TINY_BLOCK, "unit": "ms"}),
)


# Those that ranks of MPI copy, too, where there are any; the last shows how long they
# take to start.
BY_RANKS = ("small-r", "small-a", "20M-r", "names-a", "tiny-r")


# ---- the rows ----

def reference(case):
    """cp, and after it what else mmcp does; where nothing is copied, diff."""
    if "--update=checksum" in case.options:
        return Program("diff -rq --no-dereference source dest")
    if "--fsync" in case.options:
        cp = copying("cp", case.options.replace(" --fsync", "")).command
        return Program("sh -c '%s && sync -f dest'" % cp)
    return copying("cp", case.options, case.source, case.dest)


def row(setup, kind, case, place=None):
    """CASE on a KIND of file system; PLACE is what its name calls that."""
    count = forest.count_of(case.tree, setup.files)
    words = (forest.KINDS[case.tree].what % count, case.options, case.how)
    ranks = programs.by_ranks(case.options) if case.name in BY_RANKS else ()
    also = setup.extra() if case.shape == "made" and case.options == "-r" else ()
    those = (reference(case),
             *rows.mmcps(setup, [case.options], case.source, case.dest),
             *ranks, *(Program(c, "guest") for c in case.peers), *also)
    return rows.Row("%s-%s" % (case.name, place or kind), ", ".join(filter(None, words)),
                    case.shape, kind, count, setup.present(those), setup.pairs or ROUNDS,
                    group="trees", tree=case.tree,
                    data=forest.bytes_of(case.tree, count), **case.more)


def rows_on(setup, kind, cold):
    """The rows on a KIND of place, which is a real device for those that are COLD."""
    for case in CASES:
        if "cache" not in case.more:
            yield row(setup, kind, case)
        elif cold:
            yield row(setup, kind, case, "disk")


def tree_rows(setup, kinds, own, disk):
    """All rows, place by place.  OWN: the kinds are those that we can make; else the only
    kind is where DIR is.  DISK: the image of ext4 is on a device."""
    for kind in kinds:
        yield from rows_on(setup, kind, own and disk and kind == "ext4"
                           and can_drop_caches())


# ---- the room for them ----

def room(those):
    """The bytes that source and copy of each of THOSE rows fit into, with as much free as
    leaves ext4 calm (places.CALM), and inodes."""
    most = max(row.data + ENTRY * row.size for row in those)
    data = max(row.data for row in those)
    names = max(row.size for row in those)
    return 2 * most * 11 // 10 + CALM * data + 256 * MIB, 2 * names * 12 // 10 + 10000
