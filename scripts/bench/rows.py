# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be measured.  A row is one thing to be copied in one place,
by some programs; its commands are known before anything is mounted, so that a row that was
measured already needs no file system."""

import os
import re
import shutil
from dataclasses import dataclass, field

KIB, MIB, GIB, TIB = 1 << 10, 1 << 20, 1 << 30, 1 << 40
SIZES = (1 * MIB, 4 * MIB, 16 * MIB, 64 * MIB, 256 * MIB)
WORKERS_SIZE = 512 * MIB
SPARSE_SIZE, SPARSE_DATA, SPARSE_PLACES = TIB, GIB, 10000


@dataclass(frozen=True)
class Program:
    """One command; `source' and `dest' in it are names in the current directory.  A guest
    may fail, and is then left out: some names mean other programs elsewhere."""
    command: str
    kind: str = ""
    env: tuple = ()     # (name, value) pairs: knobs that are no options

    @property
    def name(self):
        name = re.sub(r"^sh -c '|^\S*/", "", self.command)
        name = re.sub(r" (source|if=|--whole-file|-q ).*| --no-progress", "", name)
        return " ".join(["%s=%s" % pair for pair in self.env] + [name])


@dataclass(frozen=True)
class Row:
    name: str
    what: str
    shape: str          # file, over, tree, tiny, sparse, clone: see timing.SHAPES
    place: str          # a kind of file system, or "disk"
    size: int
    programs: tuple     # the first is what ratios refer to
    pairs: int = 10
    block: int = 1      # runs whose median is one figure
    unit: str = "s"
    cache: str = "warm"
    group: str = "table"
    data: int = 0           # of a sparse file, in bytes,
    places: int = 0         # and in how many places it is


@dataclass
class Setup:
    """What the command line says about all rows."""
    large: int = 2 * GIB
    pairs: int = 0          # 0: as many as each row has
    jobs: str = ""
    files: int = 63000
    also: list = field(default_factory=list)
    without: tuple = ()
    cpus: int = 1
    clones: dict = field(default_factory=dict)      # kind of place: are blocks shared?


def label(size):
    for unit, letter in ((TIB, "T"), (GIB, "G"), (MIB, "M"), (KIB, "K")):
        if size >= unit and size % unit == 0:
            return "%d%s" % (size // unit, letter)
    return str(size)


def words(size):
    return re.sub(r"([KMGT])$", r" \1iB", label(size)) + ("" if size % KIB == 0 else " B")


def present(setup, programs):
    """Those whose program is here, and not to be left out."""
    return tuple(p for p in programs if p.name.split()[0] not in setup.without
                 and (p.command.startswith("./mmcp") or shutil.which(p.command.split()[0])))


def cp():
    """Where blocks can be shared, cp would else copy nothing at all."""
    return "cp --reflink=never"


def mmcp(setup, options=""):
    return "./mmcp%s --reflink=never%s" % (" -j%s" % setup.jobs if setup.jobs else "",
                                           " " + options if options else "")


def copying(options):
    return (" " + options if options else "") + " source dest"


def pair(setup, options=""):
    return (Program(cp() + copying(options)), Program(mmcp(setup) + copying(options)))


def as_it_is(setup, kind, options=""):
    """cp with no more than its own choice, where it can't share blocks: its --reflink=never is
    another way, read and write, and for small files half as fast."""
    return () if setup.clones.get(kind) else (Program("cp" + copying(options)),)


def also(setup):
    return tuple(Program(re.sub(r"\bDEST\b", "dest", re.sub(r"\bSOURCE\b", "source", a)),
                         "guest") for a in setup.also)


def file_peers(setup):
    guests = ["rsync --whole-file --inplace --ignore-times source dest",
              "xcp --no-progress source dest", "fcp source dest", "cpz source dest"]
    if shutil.which("pv"):
        guests.append("sh -c 'pv -q source >dest'")
    return (Program("dd if=source of=dest bs=1M"),) + tuple(
        Program(g, "guest") for g in guests)


def counts(setup, size):
    """Pairs, runs of a block, and unit, for a file of SIZE: what is short has more."""
    pairs, block = (20, 5) if size <= 16 * MIB else (20, 1) if size <= 64 * MIB else (10, 1)
    return {"pairs": setup.pairs or pairs, "block": block,
            "unit": "ms" if size <= 64 * MIB else "s"}


def file_row(setup, kind, size):
    peers = () if kind == "disk" else file_peers(setup)
    programs = pair(setup) + as_it_is(setup, kind) + peers + also(setup)
    return Row("file-%s-%s" % (label(size), kind), "a file of %s, onto a new one"
               % words(size), "file", kind, size, present(setup, programs),
               **counts(setup, size))


def over_row(setup, kind):
    size = setup.large
    return Row("over-%s-%s" % (label(size), kind), "a file of %s, over an existing one"
               % words(size), "over", kind, size,
               present(setup, pair(setup) + also(setup)), **counts(setup, size))


def cold_row(setup):
    size = setup.large
    programs = pair(setup) + (Program("dd if=source of=dest bs=1M"),
                                    Program("sh -c 'cat source >dest'")) + also(setup)
    return Row("cold-%s-disk" % label(size), "a file of %s, not in memory, from a device"
               % words(size), "file", "disk", size, present(setup, programs), cache="cold",
               **counts(setup, size))


def tiny_row(setup, kind):
    return Row("tiny-" + kind, "a file of 1 byte, 20 runs a figure", "tiny", kind, 1,
               present(setup, pair(setup)), setup.pairs or 10, 20, "ms")


def clone_row(setup, kind):
    programs = tuple(Program(program + " --reflink=always source dest")
                     for program in ("cp", "./mmcp"))
    return Row("clone-" + kind, "a file of %s, by sharing its blocks, 5 runs a figure"
               % words(setup.large), "clone", kind, setup.large, present(setup, programs),
               setup.pairs or 20, 5, "ms")


def sparse_data(setup):
    return min(SPARSE_DATA, setup.large)


def sparse_row(setup, kind):
    data = sparse_data(setup)
    what = "a sparse file of %s, with %s of data in %d places" % (
        words(SPARSE_SIZE), words(data), SPARSE_PLACES)
    return Row("sparse-" + kind, what, "sparse", kind, SPARSE_SIZE,
               present(setup, pair(setup)), setup.pairs or 10, data=data, places=SPARSE_PLACES)


def tree_rows(setup, kind):
    plain = pair(setup, "-r") + as_it_is(setup, kind, "-r") + also(setup) + tuple(
        Program(c, "guest") for c in (
        "xcp -r --no-progress source dest", "fcp source dest", "cpz source dest",
        "dcp source dest", "mcp -r source dest"))
    kept = pair(setup, "-a") + as_it_is(setup, kind, "-a") + (
        Program("rsync -a --whole-file source/ dest", "guest"),)
    for letter, programs in (("r", plain), ("a", kept)):
        yield Row("tree-%s-%s" % (letter, kind), "a tree of %d small files, -%s"
                  % (setup.files, letter), "tree", kind, setup.files,
                  present(setup, programs), setup.pairs or 10)


def jobs_up_to(most):
    """1, 2, 3, 4, 6, 8, 12, 16 ... MOST: on many processors not each number."""
    numbers, n = {1, most}, 2
    while n < most:
        numbers |= {n, n + n // 2} & set(range(most))
        n *= 2
    return sorted(numbers)


def workers_row(setup, kind):
    size = min(WORKERS_SIZE, setup.large)
    shared = " --reflink=never" if setup.clones.get(kind) else ""
    commands = ["./mmcp%s source dest" % shared]
    for jobs in jobs_up_to(2 * setup.cpus):
        commands += ["./mmcp%s%s -j%d source dest" % (shared, engine, jobs)
                     for engine in ("", " --engine=mmap")]
    # That of the kernel may share blocks, and can't be told not to.
    commands += ["./mmcp%s --engine=%s source dest" % (shared, engine)
                 for engine in (("stream",) if shared else ("kernel", "stream"))]
    return Row("workers-" + kind, "a file of %s, by so many workers" % words(size), "file",
               kind, size, tuple(Program(c) for c in commands), setup.pairs or 10,
               group="picture")


def sizes(setup):
    return [s for s in SIZES if s < setup.large] + [setup.large]


def picture_rows(setup, kinds):
    for kind in kinds:
        for size in sizes(setup):
            yield file_row(setup, kind, size)
        yield workers_row(setup, kind)


def can_drop_caches():
    return os.access("/proc/sys/vm/drop_caches", os.W_OK)


def disk_rows(setup):
    """On a real device, which takes what is written meanwhile, as it is where people copy."""
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
        if every or kind != "btrfs":
            for size in sizes(setup) if small else [setup.large]:
                yield file_row(setup, kind, size)
            yield over_row(setup, kind)
        if setup.clones.get(kind):
            yield clone_row(setup, kind)
        if small:
            yield workers_row(setup, kind)
        if kind == "ext4" or every and kind == "xfs":
            yield sparse_row(setup, kind)
        if small:
            yield from tree_rows(setup, kind)
    if disk:
        yield from disk_rows(setup)


def processors():
    return len(os.sched_getaffinity(0))
