# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs are timed.  Rounds are interleaved: each program runs once in each round, so
that what the machine does besides falls on all of them.  All of it works in the current
directory."""

import json
import math
import os
import shlex
import shutil
import statistics
import subprocess
import time

from bench import busy, groups, memory, shapes, sources
from bench.messages import Failed, say
from bench.programs import ALL, EACH


# ---- one run ----

def commands_of(program, prefix):
    """The words of each command that PROGRAM stands for, after those of PREFIX."""
    words = shlex.split(program.command)
    if EACH in words:
        return [[*prefix, *(word.replace("{}", name) for word in words)]
                for name in sorted(os.listdir("source"))]
    if ALL in words:
        at = words.index(ALL)
        words[at:at + 1] = sorted("source/" + name for name in os.listdir("source"))
    return [[*prefix, *words]]


def run_command(path, argv, env, out):
    """Run ARGV, the program of which is PATH; return its status and what it used."""
    opened = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
              (os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
              (os.POSIX_SPAWN_DUP2, 1, 2)]
    pid = os.posix_spawn(path, argv, env, file_actions=opened)
    try:
        return os.wait4(pid, 0)[1:]
    except BaseException:
        os.kill(pid, 15)
        os.waitpid(pid, 0)
        raise


def run(program, out, prefix=()):
    """Seconds, user and system seconds (with all children), and whether it failed.  What
    it prints goes to the file OUT.  PREFIX are words before the command."""
    commands, env = commands_of(program, prefix), {**os.environ, **dict(program.env)}
    path = commands[0][0]
    path = path if "/" in path else shutil.which(path)
    user = system = status = 0
    begin = time.perf_counter()
    for argv in commands:
        status, usage = run_command(path, argv, env, out)
        user, system = user + usage.ru_utime, system + usage.ru_stime
        if status != 0:
            break
    return time.perf_counter() - begin, user, system, status != 0


def last_line(out):
    with open(out, encoding="utf-8", errors="replace") as f:
        lines = f.read().strip().splitlines()
    return lines[-1] if lines else "without a word"


# ---- one figure: [seconds, user, system] ----

def median_figure(shape, program, out):
    """The medians of one block of runs."""
    got = []
    for i in range(shape.row.block):
        if i == 0:
            shape.before()
        else:
            shape.clear()
        memory.prepare(shape.copied(), shape.row.memory == "cold")
        *times, failed = run(program, out, shape.prefix)
        if failed:
            raise Failed("'%s' failed: %s" % (program.command, last_line(out)))
        got.append(times)
    return [statistics.median(column) for column in zip(*got)]


def hyperfine_figure(shape, program, out):
    """One run, timed by hyperfine."""
    shape.before_round()
    shape.before()
    memory.prepare(shape.copied())
    exported = out + ".json"
    with open(out, "wb") as f:
        done = subprocess.run(["hyperfine", "-N", "--runs", "1", "--style", "none",
                               "--export-json", exported, program.command],
                              stdin=subprocess.DEVNULL, stdout=f, stderr=f, check=False)
    if done.returncode != 0:
        raise Failed("'%s' failed: %s" % (program.command, last_line(out)))
    with open(exported, encoding="utf-8") as f:
        result = json.load(f)["results"][0]
    return [result["mean"], result["user"], result["system"]]


# ---- rounds ----

def tried(shape, programs, out):
    """Run each program once and compare its copy.  Return those that can take part: a
    guest that fails is left out, and any other is an error."""
    good = []
    for program in programs:
        sources.remove("dest")
        shape.before()
        failed = run(program, out, shape.prefix)[3]
        if not failed and shape.same(program):
            good.append(program)
            continue
        why = "'%s': %s" % (program.command,
                            last_line(out) if failed else "its copy differs")
        if program.kind != "guest":
            raise Failed(why)
        say("left out: " + why)
    return good


def make_source(shape, made):
    """Make the source, unless that of the row before, MADE, is the same; return what
    tells it from others."""
    sources.remove("dest")
    if made != shape.source_is():
        sources.remove(shape.row.source)
        shape.make()
    shape.ready()
    return shape.source_is()


def order(number, count):
    """In which order round NUMBER has COUNT programs.  It begins with the next one, and
    goes on by another stride, so that none always runs in what the same other left."""
    strides = [s for s in range(1, count + 1) if math.gcd(s, count) == 1]
    stride = strides[number % len(strides)]
    return [(number + step * stride) % count for step in range(count)]


def rounds(shape, programs, figure, title):
    """A list of (program, its figures, one a round).  FIGURE measures one: it takes a
    shape and a program."""
    figures = [[] for _ in programs]
    for number in range(shape.row.pairs):
        shape.before_round()
        for which in order(number, len(programs)):
            figures[which].append(figure(shape, programs[which]))
        say("%s: round %d of %d" % (title, number + 1, shape.row.pairs))
    return list(zip(programs, figures))


def measure(row, kind, made, out):
    """All figures of ROW on a file system of KIND, as rounds returns them, and what the
    source is now; MADE is what it was."""
    shape = shapes.shape_of(row, kind)
    made = make_source(shape, made)
    with groups.limited(row.limit, ".") as shape.prefix, busy.processors(row.busy):
        programs = tried(shape, row.programs, out)
        measured = rounds(shape, programs, lambda s, p: median_figure(s, p, out),
                          row.name)
    sources.remove("dest")
    return measured, made
