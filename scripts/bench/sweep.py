# SPDX-License-Identifier: GPL-3.0-or-later
"""The constants of mmcp (in src/engine/parts.c and policy.c) over a range of values, and
the ways of copying that it doesn't take, by ways.c.  A sweep is a set of rows, one for
each size.  The programs of a row are mmcp as it is, and then mmcp or ways with each
value."""

from dataclasses import dataclass

from bench import rows
from bench.figures import divide, quartiles
from bench.programs import Program
from bench.sizes import MIB, label, words
from bench.tables import columns


@dataclass(frozen=True)
class Sweep:
    name: str
    what: str
    sizes: tuple        # in bytes; of a sparse file, in how many places it has its data
    values: tuple       # (heading, options, environment)
    ways: bool = False  # the options are those of ways.c
    only: tuple = ()    # kinds of places; (): all
    sparse: bool = False


# ---- the sweeps ----

def options(name, values):
    return tuple(("%s" % v, "--%s=%s" % (name, v), ()) for v in values)


# A knob that is an environment variable and no option is a line here; its values as
#     variable("MMCP_WINDOW", ("256K", "1M", "4M"))
def variable(name, values):
    return tuple((str(v), "", ((name, str(v)),)) for v in values)


def ways(form, values):
    return tuple((str(v), form % v, ()) for v in values)


def in_mib(*numbers):
    return tuple(n * MIB for n in numbers)


def sweeps_of_mmcp(cpus):
    jobs = options("jobs", rows.jobs_up_to(2 * cpus))
    mapping = tuple((head, "--engine=mmap " + o, env) for head, o, env in jobs)
    return (
        Sweep("begin", "where mapping begins", in_mib(*(1 << n for n in range(11))),
              options("engine", ("mmap", "kernel"))),
        Sweep("chunk", "the size of a chunk", in_mib(64, 256, 2048),
              options("chunk-size", tuple("%dM" % (1 << n) for n in range(7)))),
        Sweep("workers", "workers", in_mib(64, 1024), jobs),
        Sweep("mappers", "workers, with --engine=mmap", in_mib(64, 1024), mapping),
        Sweep("places", "a sparse file, mapped by all, or by one process",
              (20000, 10000, 5000, 3500, 2000, 400),
              (("mmap", "--engine=mmap", ()), ("-j1", "-j1", ())), sparse=True),
        # More knobs: here.
    )


def sweeps_of_ways():
    folios = ways("%s", ("-f wp", "-fS wp", "-fH wp", "-w 2048 -fH wp"))
    return (
        Sweep("ways", "one process: read and write, copy_file_range, written from a"
              " mapping, mapped", in_mib(1, 4, 16, 256), ways("%s", "rkwpm"), True),
        Sweep("pairs", "two workers, by the letters of ways.c", in_mib(32, 256, 2048),
              ways("%s", ("rr", "rp", "kp", "wp", "wq", "pp")), True),
        Sweep("window", "KiB of a window, a writer and a mapper", in_mib(256, 2048),
              ways("-w %s wp", (64, 128, 256, 512, 1024, 2048)), True),
        Sweep("unpopulated", "a writer and a mapper, with and without populate",
              in_mib(256, 2048), ways("%s", ("wp", "wm")), True),
        Sweep("reserve", "a writer and a mapper, blocks reserved first or not",
              in_mib(256, 2048), ways("%s", ("wp", "-f wp")), True),
        Sweep("huge", "a writer and a mapper, folios as they come, growing, or huge",
              in_mib(64, 256, 2048), folios, True),
        Sweep("supplied", "two workers, pages touched or supplied", in_mib(32, 256, 2048),
              ways("%s", ("wp", "wu", "kp", "ku", "pp", "uu")), True, ("tmpfs",)),
    )


def sweeps(setup):
    return sweeps_of_mmcp(setup.cpus) + sweeps_of_ways()


# ---- their rows ----

def programs_of(sweep):
    program = "./ways" if sweep.ways else "./mmcp"
    yield Program("./mmcp source dest")
    for _, option, env in sweep.values:
        words_ = [program, option, "source dest"] if option else [program, "source dest"]
        yield Program(" ".join(words_), "", env)


def row_of(setup, kind, sweep, size):
    those = tuple(programs_of(sweep))
    if sweep.sparse:
        return rows.Row("%s-%d-%s" % (sweep.name, size, kind), "%s: data in %d places"
                        % (sweep.what, size), "sparse", kind, rows.SPARSE_SIZE, those,
                        setup.pairs or 10, group="sweep",
                        data=rows.sparse_data(setup), places=size)
    what = "%s: a file of %s" % (sweep.what, words(size))
    return rows.Row("%s-%s-%s" % (sweep.name, label(size), kind), what, "file", kind,
                    size, those, group="sweep", **rows.counts(setup, size))


def sweep_rows(setup, kinds):
    for kind in kinds:
        for sweep in sweeps(setup):
            if sweep.only and kind not in sweep.only:
                continue
            for size in sweep.sizes:
                if sweep.sparse or size <= setup.large:
                    yield row_of(setup, kind, sweep, size)


# ---- their tables ----

def marks(results):
    """"*" for the least median, "~" for what can't be told from it: the quartiles of the
    ratios in pairs have 1 between them."""
    best = min(results, key=lambda r: r["median"])
    for r in results:
        if r is best:
            yield "*"
            continue
        low, high = quartiles([divide(a, b) for a, b in zip(r["times"], best["times"])])
        yield "~" if low <= 1 <= high else " "


def spread(result):
    """The widest quartiles of a ratio of RESULT."""
    widest = max((r["ratio_quartiles"][1] - r["ratio_quartiles"][0]) / r["ratio"]
                 for r in result["results"])
    steady = all(r["ratio_steady"] for r in result["results"])
    return "%d %%%s" % (100 * widest, "" if steady else " (unsteady)")


def cells(result, amount):
    """The rates of RESULT.  1 MiB takes a millisecond, and 1 GiB hundreds: MiB/s are
    comparable."""
    rates = [amount / MIB / r["median"] for r in result["results"]]
    return ["%.0f%s" % (rate, mark)
            for rate, mark in zip(rates, marks(result["results"]))]


def line_of(setup, sweep, size, result):
    head, amount = words(size), size
    if sweep.sparse:
        head, amount = str(size), rows.sparse_data(setup)
    return [head, ""] + cells(result, amount) + [spread(result)]


def table(setup, sweep, kind, by_row):
    """The table of SWEEP on a KIND of place, of the results BY_ROW; [] for no results."""
    names = {size: row_of(setup, kind, sweep, size).name for size in sweep.sizes}
    found = [(size, by_row[name]) for size, name in names.items() if name in by_row]
    if not found:
        return []
    head = ["places" if sweep.sparse else "size", "", "default"] \
        + [v[0] + " " for v in sweep.values] + ["spread"]
    lines = [line_of(setup, sweep, size, result) for size, result in found]
    return ["", "%s (%s), MiB/s" % (sweep.what, kind), ""] + list(columns([head] + lines))


def tables(setup, results):
    """The tables of all sweeps that have RESULTS, as lines."""
    by_row = {r["row"]: r for r in results}
    lines = []
    for kind in dict.fromkeys(r["place"] for r in results if r["group"] == "sweep"):
        for sweep in sweeps(setup):
            lines += table(setup, sweep, kind, by_row)
    if lines:
        lines += ["", "*: the fastest; ~: not told apart from it, by the quartiles of the"
                  " ratios of each round.",
                  "spread: the widest quartiles of a ratio, as a part of its median, in"
                  " that line."]
    return lines
