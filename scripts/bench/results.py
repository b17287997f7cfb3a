# SPDX-License-Identifier: GPL-3.0-or-later
"""Results as dictionaries and JSON, with hyperfine's names.  The result of a row is kept
with the conditions that it was measured under, its key."""

import hashlib
import json
import os
import shutil

from bench import figures, machine
from bench.programs import OURS


# ---- one comparison ----

OF_HYPERFINE = ("command", "name", "cache", "mean", "stddev", "median", "user", "system",
                "min", "max", "times")


def of_comparison(measured, cache, ratios):
    """The results of the programs MEASURED (as timing.rounds returns them).  RATIOS are
    the names of those to the first programs' medians."""
    results = [{"command": p.command, "name": p.name, "cache": cache,
                **figures.summary(f)} for p, f in measured]
    for r in results:
        for name, reference in zip(ratios, results):
            r[name] = round(figures.divide(reference["median"], r["median"]), 4)
    return results


def write_comparison(path, conditions, sizes, results, ratios):
    """Write RESULTS to PATH; SIZES are what was copied, by name."""
    chosen = [{name: r[name] for name in OF_HYPERFINE + ratios} for r in results]
    write(path, {"conditions": conditions, **sizes, "results": chosen})


# ---- rows ----

def digest(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()[:16]


def key_of(row, where, about, mmcp):
    """The conditions of a row, as far as they decide whether it has to be run again."""
    def binary(name):
        if name in OURS:
            return os.path.join(os.path.dirname(mmcp), name)
        return shutil.which(name)
    return {**about, "where": where, "size": row.size, "pairs": row.pairs,
            "block": row.block, "cache": row.cache, "shape": row.shape,
            "memory": row.memory, "busy": row.busy, "limit": row.limit,
            "programs": [[p.name, p.command, p.env, digest(binary(p.executable))]
                         for p in row.programs]}


def of_row(row, measured, key, seconds, load_before):
    """The result of ROW, which took SECONDS to be measured."""
    reference = measured[0][1]
    return {"row": row.name, "what": row.what, "place": row.place, "size": row.size,
            "unit": row.unit, "group": row.group, "date": machine.now(),
            "load": load_before, "seconds": round(seconds, 1), "key": key,
            "reference": measured[0][0].name,
            "results": [{"command": p.command, "name": p.name, "cache": row.cache,
                         **figures.compared(f, reference)} for p, f in measured]}


def write(path, data):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(data, f, indent=2)
        f.write("\n")


def keep(path, result):
    """Write RESULT to PATH, whole or not at all."""
    write(path + ".new", result)
    os.rename(path + ".new", path)


def kept(path, key):
    """The result at PATH if it has this KEY, else None."""
    try:
        with open(path, encoding="utf-8") as f:
            result = json.load(f)
    except (OSError, ValueError):
        return None
    return result if result.get("key") == json.loads(json.dumps(key)) else None
