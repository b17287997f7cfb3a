# SPDX-License-Identifier: GPL-3.0-or-later
"""One comparison: a file or a tree, copied within DIR by each program in turn, as the
machine is.  hyperfine times each single command."""

import contextlib
import dataclasses
import os
import shutil
import tempfile

from bench import command_line, machine, places, programs, results, sources, tables
from bench import timing
from bench.messages import Failed, die, say
from bench.subjects import OneFile, OneTree

MARGIN = 64 << 20
OUT = "out"


# ---- before it begins ----

def need_hyperfine(args):
    if shutil.which("hyperfine") is None:
        if not args.install:
            die("hyperfine is missing: install it, or give --install")
        command_line.install("bench")


def need_room(directory, size):
    free, wanted = places.free_bytes(directory), 2 * size + MARGIN
    if free < wanted:
        die("%s has %d MiB free; %d MiB are needed"
            % (directory, free >> 20, wanted >> 20))


def try_writing(path):
    """Fail now, rather than at the end."""
    try:
        with open(path, "w", encoding="utf-8"):
            pass
    except OSError as e:
        die("%s: %s" % (path, e.strerror))


def caches_of(args):
    """The states of the caches to measure in."""
    if args.cold and not machine.can_drop_caches():
        say("only root can drop the caches: no cold runs")
        return ["warm"]
    return ["warm", "cold"] if args.cold else ["warm"]


@contextlib.contextmanager
def working_directory(parent, mmcp):
    """A new directory in PARENT, with ./mmcp, is the current one; it is removed."""
    work = tempfile.mkdtemp(prefix="mmcp-bench.", dir=parent)
    try:
        os.chdir(work)
        os.symlink(mmcp, "mmcp")
        yield
    finally:
        os.chdir("/")
        sources.remove(work)


# ---- the comparison ----

class Comparison:
    """SUBJECT copied by its programs, in the current directory."""
    def __init__(self, args, subject):
        self.args, self.subject = args, subject
        self.kind = places.kind_of(".")
        self.shape = subject.shape(self.kind)
        self.programs = programs.present(subject.programs()) \
            + programs.also(args.also, "also")
        self.begun = (machine.now(), machine.load())
        self.results = []

    def conditions(self):
        """The lines above the table."""
        lines = [("where", self.kind)] + self.subject.conditions() + [
            ("rounds", "%d, interleaved" % self.args.rounds),
            ("hyperfine", programs.first_line(["hyperfine", "--version"]).split()[-1])]
        lines += programs.versions(self.programs, "./mmcp").items()
        return machine.conditions(machine.about(), *self.begun, lines)

    def prepare(self):
        """Make the source, say what is compared, and have each program copy it once."""
        self.subject.make(self.shape)
        self.shape.ready()
        self.shape.settle()
        print("\n".join(self.conditions()), flush=True)
        if places.shares_blocks("."):
            print("note      %s shares blocks: cp and mmcp move no bytes" % self.kind)
        if machine.memory("MemAvailable") <= 2 * self.subject.bytes:
            say("memory doesn't hold source and copy, so warm isn't quite warm")
        self.programs = timing.tried(self.shape, self.programs, OUT)
        say("all copies are equal to their source")

    def measure(self, cache):
        """All rounds with CACHE warm or cold, and their table."""
        self.shape.row = dataclasses.replace(self.shape.row, cache=cache)
        measured = timing.rounds(self.shape, self.programs,
                                 lambda s, p: timing.hyperfine_figure(s, p, OUT), cache)
        found = results.of_comparison(measured, cache, self.subject.ratios)
        print("\n%s" % cache)
        print("\n".join(tables.comparison(found, self.subject)), flush=True)
        self.results += found

    def write(self, path):
        results.write_comparison(path, self.conditions(), self.subject.sizes(),
                                 self.results, self.subject.ratios)


def compare(args, subject, caches):
    comparison = Comparison(args, subject)
    try:
        comparison.prepare()
        for cache in caches:
            comparison.measure(cache)
    except (Failed, OSError) as e:
        die(str(e))
    if args.json:
        comparison.write(args.json)


def main(args):
    """Return the exit status."""
    subject = OneFile(args) if args.tree is None else OneTree(args)
    mmcp = programs.find_mmcp(args.mmcp)
    need_hyperfine(args)
    caches = caches_of(args)
    if args.json:
        try_writing(args.json)
    need_room(args.dir, subject.bytes)
    with working_directory(args.dir, mmcp):
        compare(args, subject, caches)
    return 0
