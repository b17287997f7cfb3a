# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures into an account: medians, ratios in pairs, a table, and JSON with
hyperfine's names.  A ratio is that of the same round, the reference's seconds divided by
the program's, so that above 1 is better than the reference, in CPU seconds too."""

import datetime
import hashlib
import json
import os
import platform
import re
import shutil
import statistics
import subprocess

STEADY = 0.30           # the quartiles of a ratio may be so far apart, of its median
LEAST_PAIRS = 10
SCALE = {"s": 1, "ms": 1000}


# ---- the conditions ----

def first_match(path, pattern, default):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            found = re.search(pattern, f.read(), re.M)
    except OSError:
        found = None
    return found.group(1).strip() if found else default


def load():
    return " ".join("%.2f" % n for n in os.getloadavg())


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def machine(cpus):
    u = platform.uname()
    kib = int(first_match("/proc/meminfo", r"^MemTotal:\s*(\d+)", "0"))
    return {"kernel": "%s %s, %s" % (u.system, u.release, u.machine),
            "cpu": first_match("/proc/cpuinfo", r"^model name[^:]*: (.*)", "unknown"),
            "cpus": str(cpus), "memory": "%.1f GiB" % (kib / 1048576)}


def digest(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()[:16]


def versions(programs, mmcp):
    """What our own and known programs say of themselves; another's may do who knows what."""
    told = {}
    for program in programs:
        name = program.command.split()[0]
        if name in ("sh", "pv", "./ways") or name in told or (
                program.kind == "guest" and "/" in name):
            continue
        path = mmcp if name == "./mmcp" else name
        done = subprocess.run([path, "--version"], stdout=subprocess.PIPE, check=False,
                              stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        lines = done.stdout.decode(errors="replace").splitlines()
        told[os.path.basename(name)] = lines[0] if lines else "unknown"
    return told


def key_of(row, where, about, mmcp):
    """The conditions of a row, as far as they decide whether it has to be run again."""
    def binary(command):
        name = command.split()[0]
        if name in ("./mmcp", "./ways"):        # which are in one directory
            return os.path.join(os.path.dirname(mmcp), name)
        return shutil.which(name)
    programs = [[p.name, p.command, p.env, digest(binary(p.command))] for p in row.programs]
    return {**about, "where": where, "size": row.size, "pairs": row.pairs,
            "block": row.block, "cache": row.cache, "shape": row.shape, "programs": programs}


def conditions(about, results, told):
    dates = sorted(r["date"] for r in results)
    loads = sorted((r["load"] for r in results), key=lambda l: float(l.split()[0]))
    lines = [("date", " to ".join(sorted({dates[0], dates[-1]})))]
    lines += [("kernel", about["kernel"]), ("cpu", about["cpu"]),
              ("cpus", about["cpus"] + ", load " + " to ".join(
                  dict.fromkeys((loads[0], loads[-1])))),
              ("memory", about["memory"])]
    lines += [("where", w) for w in dict.fromkeys(r["key"]["where"] for r in results)]
    lines += [("rounds", "%s, interleaved; source warm unless said"
               % " to ".join(str(n) for n in sorted({f(r["key"]["pairs"] for r in results)
                                                     for f in (min, max)})))]
    return ["%-9s %s" % line for line in lines + list(told.items())]


# ---- the figures ----

def quartiles(values):
    if len(values) < 2:
        return [values[0], values[0]]
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return [first, third]


def divide(a, b):
    return a / b if b > 0 else 1.0 if a == b else float("inf")


def ratio(mine, reference, name):
    """Of each pair; its median, its spread, and whether that means something."""
    pairs = [divide(r, m) for m, r in zip(mine, reference)]
    median, (low, high) = statistics.median(pairs), quartiles(pairs)
    return {name: median, name + "_min": min(pairs), name + "_max": max(pairs),
            name + "_quartiles": [low, high],
            name + "_steady": not high - low > STEADY * median}


def result_of(row, program, figures, reference):
    times = [f[0] for f in figures]
    cpu = [f[1] + f[2] for f in figures]
    return {"command": program.command, "name": program.name, "cache": row.cache,
            "mean": statistics.mean(times),
            "stddev": statistics.stdev(times) if len(times) > 1 else None,
            "median": statistics.median(times), "quartiles": quartiles(times),
            "user": statistics.mean(f[1] for f in figures),
            "system": statistics.mean(f[2] for f in figures),
            "cpu": statistics.median(cpu), "min": min(times), "max": max(times),
            "times": times, "cpu_times": cpu,
            **ratio(times, [f[0] for f in reference], "ratio"),
            **ratio(cpu, [f[1] + f[2] for f in reference], "cpu_ratio")}


def row_result(row, measured, key, seconds, load_before):
    reference = measured[0][1]
    return {"row": row.name, "what": row.what, "place": row.place, "size": row.size,
            "unit": row.unit, "group": row.group, "date": now(), "load": load_before,
            "seconds": round(seconds, 1), "key": key,
            "reference": measured[0][0].name,
            "results": [result_of(row, p, f, reference) for p, f in measured]}


# ---- the table ----

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
        cells += shown_ratio(r, "ratio") + shown_ratio(r, "cpu_ratio") if place else [""] * 4
        yield cells


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


def unsteady(results):
    return ["%s (%s)" % (result["row"], r["name"]) for result in results
            for r in result["results"][1:]
            if not (r["ratio_steady"] and r["cpu_ratio_steady"])]


def account(about, results, told):
    """All that is said about RESULTS, as lines."""
    lines = conditions(about, results, told)
    shown = [r for r in results if r["group"] == "table"]
    for unit, name in (("s", "seconds"), ("ms", "milliseconds")):
        rows = [r for r in shown if r["unit"] == unit]
        if rows:
            lines += ["", name, ""] + table(rows, unit) + [""]
            width = max(len(r["row"]) for r in rows)
            lines += ["  %-*s  %s" % (width, r["row"], r["what"]) for r in rows]
    if shown:
        lines += ["", "A ratio is the first program's seconds, divided by this one's in the"
                  " same round: the median", "of all rounds, and its quartiles."]
    shaky = unsteady(shown)
    if shaky:
        lines += ["", "unsteady (quartiles further apart than %d %% of the median), and not to"
                  " be published:" % (STEADY * 100)] + ["  " + s for s in shaky]
    elif shown:
        lines += ["", "all ratios are steady"]
    if any(r["key"]["pairs"] < LEAST_PAIRS for r in shown):
        lines += ["", "fewer than %d rounds: not to be published at all" % LEAST_PAIRS]
    return lines


def as_json(about, results, told, path):
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"conditions": conditions(about, results, told), "rows": results}, f,
                  indent=2)
        f.write("\n")
