# SPDX-License-Identifier: GPL-3.0-or-later
"""What mmcp has as constants (the top of src/engine/plan.c), over a range of values,
and the ways that it doesn't go, by ways.c.  Each sweep is a set of rows: one for each size,
whose programs are mmcp, or ways, with each value, the first being mmcp as it is."""

from dataclasses import dataclass

from bench import rows
from bench.tables import columns, divide, quartiles


@dataclass(frozen=True)
class Sweep:
    name: str
    what: str
    sizes: tuple        # in bytes
    values: tuple       # (heading, options of mmcp, environment)
    ways: bool = False  # the values are arguments of ways.c instead
    only: tuple = ()    # kinds of places; (): all
    sparse: bool = False    # of a sparse file; sizes is in how many places it has its data


def options(name, values):
    return tuple(("%s" % v, "--%s=%s" % (name, v), ()) for v in values)


# A knob that is an environment variable and no option is a line here; its values as
#     variable("MMCP_WINDOW", ("256K", "1M", "4M"))
def variable(name, values):
    return tuple((str(v), "", ((name, str(v)),)) for v in values)


PAIRS = ("rr", "rp", "kp", "wp", "wq", "pp")


def ways(form, values):
    return tuple((str(v), form % v, ()) for v in values)


def sweeps(setup):
    mib = rows.MIB
    jobs = rows.jobs_up_to(2 * setup.cpus)
    return (
        Sweep("begin", "where mapping begins", tuple(mib << n for n in range(11)),
              options("engine", ("mmap", "kernel"))),
        Sweep("chunk", "the size of a chunk", (64 * mib, 256 * mib, 2048 * mib),
              options("chunk-size", tuple("%dM" % (1 << n) for n in range(7)))),
        Sweep("workers", "workers", (64 * mib, 1024 * mib), options("jobs", jobs)),
        Sweep("mappers", "workers, with --engine=mmap", (64 * mib, 1024 * mib), tuple(
            (head, "--engine=mmap " + o, env) for head, o, env in options("jobs", jobs))),
        Sweep("places", "a sparse file, mapped by all, or by one process",
              (20000, 10000, 5000, 3500, 2000, 400), (("mmap", "--engine=mmap", ()),
                                                      ("-j1", "-j1", ())), sparse=True),
        # More knobs: here.
        Sweep("ways", "one process: read and write, copy_file_range, written from a mapping,"
              " mapped", (mib, 4 * mib, 16 * mib, 256 * mib), ways("%s", "rkwpm"), True),
        Sweep("pairs", "two workers, by the letters of ways.c",
              (32 * mib, 256 * mib, 2048 * mib), ways("%s", PAIRS), True),
        Sweep("window", "KiB of a window, a writer and a mapper", (256 * mib, 2048 * mib),
              ways("-w %s wp", (64, 128, 256, 512, 1024, 2048)), True),
        Sweep("unpopulated", "a writer and a mapper, with and without populate",
              (256 * mib, 2048 * mib), ways("%s", ("wp", "wm")), True),
        Sweep("reserve", "a writer and a mapper, blocks reserved first or not",
              (256 * mib, 2048 * mib), ways("%s", ("wp", "-f wp")), True),
        Sweep("huge", "a writer and a mapper, folios as they come, growing, or huge",
              (64 * mib, 256 * mib, 2048 * mib), ways("%s", ("-f wp", "-fS wp", "-fH wp"))
              + (("-w 2048 -fH wp", "-w 2048 -fH wp", ()),), True),
        Sweep("supplied", "two workers, pages touched or supplied", (32 * mib, 256 * mib,
              2048 * mib), ways("%s", ("wp", "wu", "kp", "ku", "pp", "uu")), True, ("tmpfs",)),
    )


def row_of(setup, kind, sweep, size):
    shared = " --reflink=never" if setup.clones.get(kind) else ""
    programs = [rows.Program("./mmcp%s source dest" % shared)]
    program = "./ways" if sweep.ways else "./mmcp" + shared
    programs += [rows.Program(" ".join((program, o, "source dest") if o else
                                       (program, "source dest")), "", env)
                 for _, o, env in sweep.values]
    if sweep.sparse:
        return rows.Row("%s-%d-%s" % (sweep.name, size, kind), "%s: data in %d places"
                        % (sweep.what, size), "sparse", kind, rows.SPARSE_SIZE,
                        tuple(programs), setup.pairs or 10, group="sweep",
                        data=rows.sparse_data(setup), places=size)
    return rows.Row("%s-%s-%s" % (sweep.name, rows.label(size), kind),
                    "%s: a file of %s" % (sweep.what, rows.words(size)), "file", kind, size,
                    tuple(programs), group="sweep", **rows.counts(setup, size))


def sweep_rows(setup, kinds):
    for kind in kinds:
        for sweep in sweeps(setup):
            if sweep.only and kind not in sweep.only:
                continue
            for size in sweep.sizes:
                if sweep.sparse or size <= setup.large:
                    yield row_of(setup, kind, sweep, size)


def marks(results):
    """* for the least median, ~ for what can't be told from it: the quartiles of the
    ratios in pairs have 1 between them."""
    best = min(results, key=lambda r: r["median"])
    for r in results:
        if r is best:
            yield "*"
            continue
        low, high = quartiles([divide(a, b) for a, b in zip(r["times"], best["times"])])
        yield "~" if low <= 1 <= high else " "


def cells(result, size):
    # 1 MiB takes a millisecond, and 1 GiB hundreds: MiB/s are comparable.
    rates = [size / rows.MIB / r["median"] for r in result["results"]]
    return ["%.0f%s" % (rate, mark)
            for rate, mark in zip(rates, marks(result["results"]))]


def tables(setup, results):
    by_row = {r["row"]: r for r in results}
    lines = []
    for kind in dict.fromkeys(r["place"] for r in results if r["group"] == "sweep"):
        for sweep in sweeps(setup):
            names = {s: row_of(setup, kind, sweep, s).name for s in sweep.sizes}
            found = [(s, by_row[n]) for s, n in names.items() if n in by_row]
            if not found:
                continue
            head = ["places" if sweep.sparse else "size", "", "default"] \
                + [v[0] + " " for v in sweep.values] + ["spread"]
            lines += ["", "%s (%s), MiB/s" % (sweep.what, kind), ""]
            lines += columns([head] + [
                [str(s), ""] + cells(r, rows.sparse_data(setup)) + [spread(r)] if sweep.sparse
                else [rows.words(s), ""] + cells(r, s) + [spread(r)] for s, r in found])
    if lines:
        lines += ["", "*: the fastest; ~: not told apart from it, by the quartiles of the"
                  " ratios of each round.", "spread: the widest quartiles of a ratio, as a"
                  " part of its median, in that line."]
    return lines


def spread(result):
    widest = max((r["ratio_quartiles"][1] - r["ratio_quartiles"][0]) / r["ratio"]
                 for r in result["results"])
    steady = all(r["ratio_steady"] for r in result["results"])
    return "%d %%%s" % (100 * widest, "" if steady else " (unsteady)")
