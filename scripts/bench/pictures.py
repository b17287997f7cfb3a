# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of what was measured, by gnuplot, as SVG: throughput by size and by workers,
one picture for each file system.  Bands are quartiles.  The background is light or dark
as the reader has it."""

import os
import re
import shutil
import subprocess

from bench import sizes
from bench.messages import say
from bench.sizes import MIB

# Of Okabe and Ito, which are told apart with any eyes; mmcp and cp are the first two.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F",
           "#000000")
POINTS = (7, 5, 9, 11, 13, 4, 6, 8)
FONT = "DejaVu Sans,Helvetica,Arial,sans-serif"

# The colours as gnuplot writes them, and what stands for them on a dark background.
DARK = (("#ffffff", "#0d1117"), ("black", "#c9d1d9"), ("rgb( 85,  85,  85)", "#8b949e"),
        ("rgb(228, 228, 228)", "#30363d"), ("rgb(51,51,51)", "#c9d1d9"),
        ("rgb(17,17,17)", "#f0f6fc"), ("rgb(  0, 114, 178)", "#58a6ff"),
        ("rgb(  0,   0,   0)", "#f0f6fc"))
PAINTED = ("fill", "stroke", "color")

STYLE = """
set encoding utf8
set border 3 linecolor rgb "#555555"
set tics nomirror out scale 0.6 textcolor rgb "#333333"
set grid ytics linecolor rgb "#E4E4E4" linewidth 1 linetype 1 dashtype solid
set key outside right center vertical Left reverse samplen 2 spacing 1.35
set key textcolor rgb "#333333"
set title offset 0,0.6 textcolor rgb "#111111"
set lmargin 9
set bmargin 4.5
set ylabel "throughput in GB/s, from 0" offset 0.5,0 textcolor rgb "#333333"
set xlabel offset 0,-0.4 textcolor rgb "#333333"
"""


def rates(size, result):
    """GB/s: the median, and its quartiles, the low one first."""
    return [size / 1e9 / s for s in (result["median"], result["quartiles"][1],
                                     result["quartiles"][0])]


def block(name, points):
    """A data block of gnuplot; POINTS are (x, rate, low, high)."""
    lines = ["%.9g %.6g %.6g %.6g" % p for p in points]
    return "\n".join(["$%s << END" % name] + lines + ["END"])


def curve(number, title, points, flat=False):
    """The data of one line, what draws its band, and what draws it."""
    colour, data = COLOURS[number % len(COLOURS)], "d%d" % number
    band = ('$%s using 1:3:4 with filledcurves fillstyle transparent solid %s noborder'
            ' linecolor rgb "%s" notitle' % (data, 0.2 if number < 2 else 0.08, colour))
    look = "with lines dashtype (8,5)" if flat else (
        "with linespoints pointtype %d pointsize 1" % POINTS[number % len(POINTS)])
    line = '$%s using 1:2 %s linecolor rgb "%s" linewidth %s title "%s"' % (
        data, look, colour, 3 if number == 0 else 2, title)
    return block(data, points), band, line


def script(head, curves):
    data, bands, lines = zip(*curves)
    # What comes last is on top, and the first are what this is about.
    keyed = ["NaN " + re.sub(r"^\$\S+ using 1:2 ", "", l) for l in lines]
    plot = list(bands) + [re.sub(r' title ".*"$', " notitle", l) for l in reversed(lines)]
    command = "plot " + ", \\\n  ".join(plot + keyed)
    return "\n".join([STYLE, head] + list(data) + [command])


def title(text):
    return ('set title "%s\\n{/*0.78 median; the band is the middle half of the'
            ' runs}"' % text)


def also_dark(picture):
    """PICTURE, an SVG, with what a reader of a dark page gets."""
    rules = "".join("[%s='%s']{%s:%s}" % (what, light, what, dark)
                    for light, dark in DARK for what in PAINTED)
    style = "<style>@media (prefers-color-scheme:dark){%s}</style>\n" % rules
    return picture.replace("<defs>", style + "<defs>", 1)


def render(text, path):
    """Draw PATH, an SVG; return what gnuplot complained of, or ""."""
    head = "set terminal svg size 900,520 dynamic font \"%s,15\" background" \
        " \"#FFFFFF\"\n" % FONT
    done = subprocess.run(["gnuplot"], input=head + text + "\n", text=True,
                          capture_output=True, check=False)
    if done.returncode != 0:
        return done.stderr.strip()
    with open(path, "w", encoding="utf-8") as f:
        f.write(also_dark(done.stdout))
    return ""


# ---- the two pictures ----

def short(name):
    """NAME without the options that don't matter here."""
    return name.replace(" bs=1M", "").replace(" -q", "")


def spaced(tics):
    """TICS, without the labels of those that are too near to the next one."""
    near = [b[1] < 2.5 * a[1] for a, b in zip(tics, tics[1:])] + [False]
    return [("" if n else words, at) for n, (words, at) in zip(near, tics)]


def size_curves(results):
    """One curve for each program of RESULTS, mmcp and cp first."""
    named = [(short(p["name"]), r["size"], p)
             for r in results for p in r["results"]]
    names = sorted(dict.fromkeys(name for name, _, _ in named),
                   key=lambda n: {"mmcp": 0, "cp": 1}.get(n, 2))
    for number, name in enumerate(names):
        points = [(size / MIB, *rates(size, p)) for n, size, p in named if n == name]
        yield curve(number, os.path.basename(name), points)


def by_size(results, kind):
    """The script for throughput by size; None if there are too few sizes."""
    found = [r for r in results if r["row"].startswith("file-") and r["place"] == kind]
    found.sort(key=lambda r: r["size"])
    if len(found) < 2:
        return None
    tics = ", ".join('"%s" %g' % (words, mib) for words, mib in spaced(
        [(sizes.words(r["size"]), r["size"] / MIB) for r in found]))
    head = '\n'.join((
        title("Copying one file on " + kind),
        'set logscale x 2', 'set xtics (%s)' % tics,
        'set xlabel "size of the file, logarithmic"',
        'set xrange [%g:%g]' % (found[0]["size"] / MIB / 1.15,
                                found[-1]["size"] / MIB * 1.15), 'set yrange [0:*]'))
    return script(head, size_curves(found))


def worker_curves(named, jobs, ends):
    """Curves of the engines that work with numbers of JOBS, and flat lines between ENDS
    for the others; NAMED are the rates of programs, by name."""
    number = 0
    for engine, form in (("auto", "mmcp -j%d"), ("mmap", "mmcp --engine=mmap -j%d")):
        points = [(n, *named[form % n]) for n in jobs if form % n in named]
        yield curve(number, engine, points)
        number += 1
    for engine in ("kernel", "stream"):
        name = "mmcp --engine=%s" % engine
        if name in named:
            yield curve(number, engine, [(x, *named[name]) for x in ends], True)
            number += 1


def by_workers(results, kind):
    """The script for throughput by workers; None if that wasn't measured."""
    found = [r for r in results if r["row"] == "workers-" + kind]
    if not found:
        return None
    size = found[0]["size"]
    named = {short(p["name"]): rates(size, p) for p in found[0]["results"]}
    jobs = sorted({int(n) for name in named for n in re.findall(r" -j(\d+)$", name)})
    many = jobs[-1] > 16
    ends = (jobs[0] / 1.1, jobs[-1] * 1.1) if many else (jobs[0] - 0.2, jobs[-1] + 0.2)
    head = '\n'.join((
        title("Copying a file of %s on %s, by engine" % (sizes.words(size), kind)),
        'set xlabel "workers%s"' % (", logarithmic" if many else ""),
        'set xtics (%s)' % ", ".join(str(n) for n in jobs),
        'set xrange [%g:%g]' % ends, 'set yrange [0:*]',
        'set logscale x 2' if many else ''))
    return script(head, worker_curves(named, jobs, ends))


def draw(results, directory):
    """Draw all pictures that RESULTS are enough for; return their paths."""
    if shutil.which("gnuplot") is None:
        say("gnuplot is missing: no pictures")
        return []
    drawn = []
    for kind in dict.fromkeys(r["place"] for r in results):
        for name, maker in (("sizes", by_size), ("workers", by_workers)):
            text = maker(results, kind)
            if text is None:
                continue
            path = os.path.join(directory, "%s-%s.svg" % (name, kind))
            trouble = render(text, path)
            if trouble:
                say("gnuplot: " + trouble)
            else:
                drawn.append(path)
    return drawn
