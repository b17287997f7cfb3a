# SPDX-License-Identifier: GPL-3.0-or-later
"""The table in README: six rows of --cells and --trees, from the one in which mmcp gains
most by its size to those in which it gains least, against plain cp."""

import dataclasses
import os
import textwrap

from bench import cells, machine, programs, trees
from bench.messages import die
from bench.sizes import MIB, words

KINDS = ("ext4", "tmpfs")
BEGIN, END = "<!-- the table of scripts/bench --readme -->", "<!-- end of the table -->"
WIDTH = 95
HEAD = ("| what is copied | `cp` | CPU | `mmcp` | CPU | times as fast (quartiles) |",
        "|---|---|---|---|---|---|")
CASES = {"20M-operands": "%s files of 20 MiB, `dir/*`",
         "small-r": "%s small files, `-r`", "small-a": "the same, `-a`",
         "tiny-r": "%s small files, `-r`"}


# ---- the rows ----

def readme_rows(setup, kinds, own):
    """The rows that are on KINDS of places, with what the table calls them.  OWN: these
    are some that we can make; else the only kind is where DIR is."""
    ext4, tmpfs = KINDS if own else (kinds[0], kinds[0])
    return [row for row in all_rows(setup, ext4, tmpfs) if row.place in kinds]


def all_rows(setup, ext4, tmpfs):
    yield file_row(setup, ext4, setup.large)
    by_name = {case.name: case for case in trees.CASES}
    for name, text in CASES.items():
        row = trees.row(setup, ext4, dataclasses.replace(by_name[name], peers=()))
        yield named(row, text.replace("%s", grouped(row.size)))
    yield file_row(setup, tmpfs, 8 * MIB)


def file_row(setup, kind, size):
    row = cells.row(setup, "new", "", kind, size, options=("",))
    return named(row, "a file of " + words(size))


def named(row, name):
    return dataclasses.replace(row, what="%s, %s" % (name, row.place), group="readme")


# ---- the table ----

def grouped(number):
    """60000 as 60 000."""
    return "{:,}".format(number).replace(",", " ")


def seconds(number):
    """For people: three digits, and the unit."""
    scale, unit = (1, "s") if number >= 1 else (1000, "ms")
    number *= scale
    return "%.*f %s" % (2 if number < 10 else 1 if number < 100 else 0, number, unit)


def line(result):
    cp, mmcp = result["results"][:2]
    times = [seconds(r[name]) for r in (cp, mmcp) for name in ("median", "cpu")]
    ratio = "**%.2f** (%.2f–%.2f)" % (mmcp["ratio"], *mmcp["ratio_quartiles"])
    return "| %s |" % " | ".join([result["what"], *times, ratio])


def conditions(about, results):
    """The line below the table."""
    told = programs.first_line(["cp", "--version"])
    where = "; ".join(dict.fromkeys(r["key"]["where"] for r in results))
    return "%s: %s, %s processors (%s%s), %s of memory; %s. File systems: %s. Medians" \
        " of %d rounds in which the programs took turns; CPU is the time of all" \
        " processors." % (
            max(r["date"] for r in results)[:10], about["kernel"], about["cpus"],
            about["cpu"], ", virtual" if machine.is_virtual() else "", about["memory"],
            told, where, min(r["key"]["pairs"] for r in results))


def table(about, results):
    """Its lines, in the order of RESULTS."""
    return [*HEAD, *map(line, results), "",
            *textwrap.wrap(conditions(about, results), WIDTH)]


# ---- where it stands ----

def parts(path):
    """What stands before and after the table in the file PATH, or die."""
    try:
        with open(path, encoding="utf-8") as f:
            before, begin, rest = f.read().partition(BEGIN + "\n")
    except OSError as e:
        die("%s: %s" % (path, e.strerror))
    _, end, after = rest.partition(END + "\n")
    if not begin or not end:
        die("%s has no place for the table: %s" % (path, BEGIN))
    return before + begin, end + after


def write(path, lines):
    """Put LINES where the table is in the file PATH."""
    before, after = parts(path)
    path = os.path.realpath(path)
    with open(path + ".new", "w", encoding="utf-8") as f:
        f.write(before + "\n".join(lines) + "\n" + after)
    os.rename(path + ".new", path)
