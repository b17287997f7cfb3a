# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be measured.  A row is one thing to be copied in one place, by some programs.
Its commands are known before anything is mounted, so that a row that was measured already
needs no file system."""

from dataclasses import dataclass, field

from bench import programs
from bench.machine import can_drop_caches
from bench.programs import Program
from bench.sizes import GIB, MIB, TIB, label, words

SIZES = (1 * MIB, 4 * MIB, 16 * MIB, 64 * MIB, 256 * MIB)
WORKERS_SIZE = 512 * MIB
SPARSE_SIZE, SPARSE_DATA, SPARSE_PLACES = TIB, GIB, 10000


@dataclass(frozen=True)
class Row:
    name: str
    what: str
    shape: str          # a key of shapes.SHAPES
    place: str          # a kind of file system, or "disk"
    size: int
    programs: tuple     # the first is what ratios refer to
    pairs: int = 10     # rounds
    block: int = 1      # runs whose median is one figure
    unit: str = "s"
    cache: str = "warm"     # the source
    memory: str = "warm"    # free memory
    busy: bool = False      # beside programs that compute
    limit: tuple = ()       # see groups.limited
    source: str = "source"  # its name
    group: str = "table"
    data: int = 0           # of a sparse file, or of a tree, in bytes,
    places: int = 0         # and in how many places it is, or a file of extents
    tree: str = ""          # a key of forest.KINDS


@dataclass
class Setup:
    """What the command line says about all rows."""
    large: int = 2 * GIB
    pairs: int = 0          # 0: as many as each row has
    jobs: int = 0           # 0: as many as mmcp takes
    files: int = 63000
    also: list = field(default_factory=list)
    without: tuple = ()
    cpus: int = 1
    clones: dict = field(default_factory=dict)      # kind of place: are blocks shared?
    before: bool = False    # is another build measured, too?

    def present(self, those):
        return programs.present(those, self.without)

    def extra(self, source="source"):
        return programs.also(self.also, "guest", source)


def pair(setup, options=""):
    return programs.pair(setup.jobs, options)


def mmcps(setup, options, source="source", dest="dest"):
    """mmcp with each of the OPTIONS, and then those of the build before."""
    jobs = "-j%d" % setup.jobs if setup.jobs else ""
    for program in ("./mmcp", "./before")[:2 if setup.before else 1]:
        for o in options:
            given = programs.joined("" if "-j" in o else jobs, o)
            yield programs.copying(program, given, source, dest)


def counts(setup, size):
    """Pairs, runs of a block, and unit, for a file of SIZE: what is short has more."""
    short = size <= 64 * MIB
    return {"pairs": setup.pairs or (20 if short else 10),
            "block": 5 if size <= 16 * MIB else 1, "unit": "ms" if short else "s"}


# ---- single rows ----

def file_row(setup, kind, size):
    peers = () if kind == "disk" else programs.file_peers()
    those = pair(setup) + peers + setup.extra()
    return Row("file-%s-%s" % (label(size), kind), "a file of %s, onto a new one"
               % words(size), "file", kind, size, setup.present(those),
               **counts(setup, size))


def over_row(setup, kind):
    size = setup.large
    return Row("over-%s-%s" % (label(size), kind), "a file of %s, over an existing one"
               % words(size), "over", kind, size,
               setup.present(pair(setup) + setup.extra()), **counts(setup, size))


def moved_row(setup, kind):
    """What a copy takes where blocks could be shared: cp and mmcp are told not to."""
    size = setup.large
    return Row("moved-%s-%s" % (label(size), kind), "a file of %s, %s" % (
        words(size), programs.NEVER), "file", kind, size,
               setup.present(pair(setup, programs.NEVER)), **counts(setup, size))


def cold_row(setup):
    size = setup.large
    those = pair(setup) + (programs.dd(), Program("sh -c 'cat source >dest'"))
    return Row("cold-%s-disk" % label(size), "a file of %s, not in memory, from a device"
               % words(size), "file", "disk", size, setup.present(those + setup.extra()),
               cache="cold", **counts(setup, size))


def tiny_row(setup, kind):
    return Row("tiny-" + kind, "a file of 1 byte, 20 runs a figure", "tiny", kind, 1,
               setup.present(pair(setup)), setup.pairs or 10, 20, "ms")


def clone_row(setup, kind):
    return Row("clone-" + kind, "a file of %s, by sharing its blocks, 5 runs a figure"
               % words(setup.large), "clone", kind, setup.large,
               setup.present(pair(setup)),
               setup.pairs or 20, 5, "ms")


def sparse_data(setup):
    return min(SPARSE_DATA, setup.large)


def sparse_row(setup, kind):
    data = sparse_data(setup)
    what = "a sparse file of %s, with %s of data in %d places" % (
        words(SPARSE_SIZE), words(data), SPARSE_PLACES)
    return Row("sparse-" + kind, what, "sparse", kind, SPARSE_SIZE,
               setup.present(pair(setup)), setup.pairs or 10, data=data,
               places=SPARSE_PLACES)


def tree_rows(setup, kind):
    plain = pair(setup, "-r") + setup.extra() + programs.tree_peers()
    kept = pair(setup, "-a") + (programs.rsync(),)
    for letter, those in (("r", plain), ("a", kept)):
        yield Row("tree-%s-%s" % (letter, kind), "a tree of %d small files, -%s"
                  % (setup.files, letter), "tree", kind, setup.files,
                  setup.present(those), setup.pairs or 10)


def jobs_up_to(most):
    """1, 2, 3, 4, 6, 8, 12, 16 ... MOST: on many processors not each number."""
    numbers, n = {1, most}, 2
    while n < most:
        numbers |= {n, n + n // 2} & set(range(most))
        n *= 2
    return sorted(numbers)


def workers_commands(setup):
    yield "./mmcp source dest"
    for jobs in jobs_up_to(2 * setup.cpus):
        for engine in ("", " --engine=mmap"):
            yield "./mmcp%s -j%d source dest" % (engine, jobs)
    for engine in ("kernel", "stream"):
        yield "./mmcp --engine=%s source dest" % engine


def workers_row(setup, kind):
    size = min(WORKERS_SIZE, setup.large)
    those = tuple(Program(c) for c in workers_commands(setup))
    return Row("workers-" + kind, "a file of %s, by so many workers" % words(size),
               "file", kind, size, those, setup.pairs or 10, group="picture")


# ---- which rows ----

def sizes(setup):
    return [s for s in SIZES if s < setup.large] + [setup.large]


def picture_rows(setup, kinds):
    for kind in kinds:
        for size in sizes(setup):
            yield file_row(setup, kind, size)
        yield workers_row(setup, kind)


def disk_rows(setup):
    """On a real device, which takes what is written meanwhile, as where people copy."""
    if setup.clones.get("disk"):
        yield clone_row(setup, "disk")
    else:
        for size in sizes(setup):
            yield file_row(setup, "disk", size)
        yield over_row(setup, "disk")
    if can_drop_caches():
        yield cold_row(setup)


def table_rows(setup, kinds, own, disk):
    """All rows, place by place, so that each is made once.  OWN: the kinds are those that
    we can make; else the only kind is where DIR is, which has every row that it can."""
    for kind in kinds:
        every = not own
        small = every or kind in ("tmpfs", "ext4")
        if small:
            yield tiny_row(setup, kind)
        if setup.clones.get(kind):
            yield clone_row(setup, kind)
            if every or kind == "xfs":
                yield moved_row(setup, kind)
        else:
            for size in sizes(setup):
                yield file_row(setup, kind, size)
            yield over_row(setup, kind)
            yield workers_row(setup, kind)
        if kind == "ext4" or every and kind == "xfs":
            yield sparse_row(setup, kind)
        if small:
            yield from tree_rows(setup, kind)
    if disk:
        yield from disk_rows(setup)
