# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures: medians, quartiles and ratios, of wall seconds and of CPU seconds.  A ratio is
that of the same round: the reference's seconds divided by the program's, so that above 1
is better than the reference, in CPU seconds too."""

import statistics

STEADY = 0.30           # the quartiles of a ratio may be so far apart, of its median


def quartiles(values):
    """The first and the third."""
    if len(values) < 2:
        return [values[0], values[0]]
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return [first, third]


def divide(a, b):
    return a / b if b > 0 else 1.0 if a == b else float("inf")


def ratio(mine, reference, name):
    """The ratios of all rounds: their median, their spread, and whether that is narrow
    enough for the median to mean something."""
    pairs = [divide(r, m) for m, r in zip(mine, reference)]
    median, (low, high) = statistics.median(pairs), quartiles(pairs)
    return {name: median, name + "_min": min(pairs), name + "_max": max(pairs),
            name + "_quartiles": [low, high],
            name + "_steady": not high - low > STEADY * median}


def share(mine, reference):
    """The other way round: how many times the seconds of the REFERENCE, as a median."""
    return statistics.median(divide(m, r) for m, r in zip(mine, reference))


def summary(figures):
    """FIGURES, which are (seconds, user, system), with hyperfine's names."""
    times = [f[0] for f in figures]
    cpu = [f[1] + f[2] for f in figures]
    return {"mean": statistics.mean(times),
            "stddev": statistics.stdev(times) if len(times) > 1 else None,
            "median": statistics.median(times), "quartiles": quartiles(times),
            "user": statistics.mean(f[1] for f in figures),
            "system": statistics.mean(f[2] for f in figures),
            "cpu": statistics.median(cpu), "min": min(times), "max": max(times),
            "times": times, "cpu_times": cpu}


def compared(figures, reference):
    """The summary of FIGURES, with its ratios to those of the REFERENCE."""
    mine, other = summary(figures), summary(reference)
    return {**mine, **ratio(mine["times"], other["times"], "ratio"),
            **ratio(mine["cpu_times"], other["cpu_times"], "cpu_ratio"),
            "cpu_share": share(mine["cpu_times"], other["cpu_times"])}
