# SPDX-License-Identifier: GPL-3.0-or-later
"""Results as text: the table of one comparison, and those of many rows."""

from bench import machine
from bench.figures import STEADY

LEAST_PAIRS = 7
LOW = 0.96              # a lower quartile below it is behind cp
SCALE = {"s": 1, "ms": 1000}


# ---- one comparison ----

def comparison(results, subject):
    """The lines of a table.  SUBJECT has the amount that is divided by seconds, its unit
    and form, and the names of the references, which are the first RESULTS."""
    width = max([22] + [len(r["name"]) for r in results])
    form = "%-{0}s %9s %8s %8s %8s %8s".format(width)
    times = ["times " + name for name in subject.references]
    yield " ".join([form % ("program", "median s", "min", "max", "CPU s", subject.unit)]
                   + ["%*s" % (len(t) + 1, t) for t in times])
    for r in results:
        line = form % ((r["name"],) + tuple("%.3f" % r[n] for n in
                                            ("median", "min", "max", "cpu"))
                       + (subject.form % (subject.amount / r["median"]),))
        yield " ".join([line] + ["%*.2f" % (len(t) + 1, reference["median"] / r["median"])
                                 for t, reference in zip(times, results)])


# ---- many rows ----

def conditions(about, results, told):
    """The lines above the table; TOLD are the versions of programs, by name."""
    dates = sorted(r["date"] for r in results)
    loads = sorted((r["load"] for r in results), key=lambda l: float(l.split()[0]))
    pairs = [r["key"]["pairs"] for r in results]
    lines = [("where", w) for w in dict.fromkeys(r["key"]["where"] for r in results)]
    lines += [("rounds", "%s, interleaved; source and memory warm unless said"
               % " to ".join(str(n) for n in sorted({min(pairs), max(pairs)})))]
    return machine.conditions(about, " to ".join(sorted({dates[0], dates[-1]})),
                              " to ".join(dict.fromkeys((loads[0], loads[-1]))),
                              lines + list(told.items()))


def shown_ratio(result, name):
    low, high = result[name + "_quartiles"]
    spread = "%.2f-%.2f" % (low, high)
    return ["%.2f" % result[name] if result[name + "_steady"] else "unsteady", spread]


def lines_of(result):
    """The lines of one row, as lists of cells."""
    scale = SCALE[result["unit"]]
    for place, r in enumerate(result["results"]):
        cells = [result["row"] if place == 0 else "", r["name"]]
        cells += ["%.3f" % (r[n] * scale) for n in ("median", "min", "max", "cpu")]
        ratios = shown_ratio(r, "ratio") + shown_ratio(r, "cpu_ratio")
        yield cells + (ratios if place else [""] * 4)


def columns(lines):
    """LINES of cells as text; the first two columns are words."""
    widths = [max(len(cell) for cell in column) for column in zip(*lines)]
    for line in lines:
        yield "  ".join(cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w)
                        in enumerate(zip(line, widths))).rstrip()


def table(results, unit):
    lines = [["row", "program", "median " + unit, "min", "max", "CPU " + unit, "ratio",
              "quartiles", "CPU ratio", "quartiles"]]
    for result in results:
        lines += lines_of(result)
    return list(columns(lines))


def of_unit(results, unit, name):
    """The table of the RESULTS that are in UNIT, and what its rows are."""
    rows = [r for r in results if r["unit"] == unit]
    if not rows:
        return []
    width = max(len(r["row"]) for r in rows)
    return ["", name, ""] + table(rows, unit) + [""] + [
        "  %-*s  %s" % (width, r["row"], r["what"]) for r in rows]


def unsteady(results):
    return ["%s (%s)" % (result["row"], r["name"]) for result in results
            for r in result["results"][1:]
            if not (r["ratio_steady"] and r["cpu_ratio_steady"])]


def publishable(results):
    """Which of RESULTS may not be published, and why."""
    shaky = unsteady(results)
    lines = ["", "all ratios are steady"]
    if shaky:
        head = "unsteady (quartiles further apart than %d %% of the median); measure" \
            " again:" % (STEADY * 100)
        lines = ["", head] + ["  " + s for s in shaky]
    if any(r["key"]["pairs"] < LEAST_PAIRS for r in results):
        lines += ["", "fewer than %d rounds: not to be published at all" % LEAST_PAIRS]
    return lines


def account(about, results, told):
    """All that is said about RESULTS, as lines."""
    lines = conditions(about, results, told)
    shown = [r for r in results if r["group"] == "table"]
    for unit, name in (("s", "seconds"), ("ms", "milliseconds")):
        lines += of_unit(shown, unit, name)
    if shown:
        lines += ["", "A ratio is the first program's seconds, divided by this one's in"
                  " the same round: the median", "of all rounds, and its quartiles."]
        lines += publishable(shown)
    return lines


# ---- many rows, each against plain cp ----

def ratio_quartiles(result):
    return "%.2f-%.2f" % tuple(result["ratio_quartiles"])


def lines_against_cp(result):
    """The lines of one row, as lists of cells."""
    for place, r in enumerate(result["results"]):
        line = [result["row"] if place == 0 else "", r["name"],
                "%.4f" % r["median"], "%.4f" % r["cpu"]]
        ratios = ["%.2f" % r["ratio"], ratio_quartiles(r), "%.2f" % r["cpu_share"]]
        yield line + (ratios if place else [""] * 3)


def behind(result):
    """Where this build is slower than cp in a row, as lines of cells."""
    for r in result["results"][1:]:
        ours = r["command"].startswith("./mmcp")
        if ours and (r["ratio"] < 1 or r["ratio_quartiles"][0] < LOW):
            yield ["  " + result["row"], r["name"], "%.2f" % r["ratio"],
                   ratio_quartiles(r)]


def against_cp(results):
    """The table of RESULTS, and where mmcp is behind, as lines."""
    head = ["row", "program", "median s", "CPU s", "times cp", "quartiles", "CPU of cp's"]
    lines = [line for result in results for line in lines_against_cp(result)]
    width = max(len(r["row"]) for r in results)
    slower = list(columns([line for result in results for line in behind(result)]))
    return ["", *columns([head] + lines), "",
            *("  %-*s  %s" % (width, r["row"], r["what"]) for r in results), "",
            "times cp: cp's seconds, divided by this program's in the same round: the"
            " median of all", "rounds, and its quartiles.  Above 1 is faster.  CPU of"
            " cp's: this program's processor", "seconds, divided by cp's: below 1 is"
            " less.", "", "mmcp behind cp, by the median or by a lower quartile below"
            " %.2f:%s" % (LOW, "" if slower else " nowhere"), *slower]
