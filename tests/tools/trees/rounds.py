# SPDX-License-Identifier: GPL-3.0-or-later
"""One round: make the trees, copy by both programs, compare."""
import os
import random
import re
import tempfile
import time

from trees.basics import NOBODY, SECOND, chance, remove
from trees.case import Case
from trees.comparing import compare, compare_lines
from trees.excuses import FAILED, NOT_ROOT, PARENTS
from trees.programs import normal_lines, run_program
from trees.randomtree import Tree, make_outside
from trees.snapshots import name_links, snapshot
from trees.variants import Variant, WHOLE, keeping_links, letters, variants

SHOWN = 40                      # lines of a failure


class Round:
    """All that a seed stands for.  OPTIONS: cp, mmcp (Programs), from_dir, to_dir, uid
    (who copies), jobs, options (a fixed variant), keep."""

    def __init__(self, seed, options):
        self.seed, self.options = seed, options
        table = variants()
        if options.options is not None:
            table = [v for v in table if v.options == options.options.split()] or [
                Variant(options.options.split(), WHOLE,
                        "--copy-contents" in options.options)]
        # Successive seeds try them evenly, and each time in another order.
        block, place = divmod(seed, len(table))
        self.variant = random.Random(block).sample(table, len(table))[place]
        self.name = " ".join(self.variant.options) or "(none)"
        self.r = random.Random("round %d" % seed)
        self.tops = []
        self.case = None
        self.runs = []

    def skipped(self):
        """Which of the programs can't do this variant."""
        return [p.name for p in (self.options.cp, self.options.mmcp)
                if not p.knows(self.variant.options)
                or (p.has_other_n() and "n" in letters(self.variant.options))]

    def directory(self, where):
        top = tempfile.mkdtemp(prefix="trees.", dir=where or None).encode()
        os.chmod(top, 0o755)
        self.tops.append(top)
        return top

    def prepare(self):
        self.source = self.directory(self.options.from_dir)
        self.dest = self.directory(self.options.to_dir)
        outside = os.path.join(self.source, b"outside")
        make_outside(outside)
        Tree(random.Random("tree %d" % self.seed), os.path.join(self.source, b"tree"),
             outside, self.variant.tame).make()
        os.symlink(b"tree", os.path.join(self.source, b"way"))
        self.before = snapshot(self.source)
        name_links(self.before)
        self.case = Case(self.seed, self.variant)
        self.case.choose_operands(self.before, self.source)

    def forget_reading(self):
        """Give the source its times of access back: each copy shall find the same."""
        for facts in self.before.values():
            try:
                os.utime(facts["_path"], ns=facts["_times"], follow_symlinks=False)
            except PermissionError:
                pass

    def copy(self, program, jobs):
        twin = os.path.join(self.dest, b"twin%d" % len(self.runs))
        self.case.prepare_twin(twin, self.before, self.options.uid)
        self.forget_reading()
        cwd = self.source if self.case.away else twin
        arguments = self.case.arguments(self.source, twin)
        self.runs.append(run_program(program, arguments, jobs, cwd, self.case,
                                     self.options.uid))

    def differences(self):
        self.since = (time.time_ns() // SECOND - 2) * SECOND
        self.prepare()
        jobs = self.options.jobs or self.r.choice([1, 2, 7, 16])
        todo = [(self.options.cp, 0), (self.options.mmcp, jobs)]
        if chance(self.r, 0.15):
            todo.append((self.options.mmcp, 1 if jobs == 16 else 16))
        for program, number in todo:
            self.copy(program, number)
        yield from self.judge_source()
        shots = [self.look(number) for number in range(len(self.runs))]
        for number in range(1, len(self.runs)):
            yield from self.judge(0, number, shots)

    def look(self, number):
        shot = snapshot(os.path.join(self.dest, b"twin%d" % number))
        # -l makes one file of source and copies: all names of it count.
        name_links(shot, [self.before])
        for facts in shot.values():
            if facts["type"] == "symlink":
                facts["target"] = self.plain_target(facts["target"], number)
        return shot

    def plain_target(self, target, number):
        """As if there were one twin; and -as may choose any name of a file."""
        target = target.replace(os.path.join(self.dest, b"twin%d" % number), b"TWIN")
        name = os.path.relpath(target, self.source)
        facts = self.before.get(re.sub(rb"^way/", rb"tree/", name))
        if not os.path.isabs(target) or not facts or not keeping_links(self.case.options):
            return target
        return os.path.join(self.source, facts.get("same file as", b"."))

    def judge(self, first, second, shots):
        one, two = self.runs[first], self.runs[second]
        lead = "" if two.program.is_cp() else "-j%d: " % two.jobs
        found = one.faults + two.faults
        if one.status != two.status:
            found.append("status %d, not %d" % (two.status, one.status))
        for what, attribute in (("stderr", "err"), ("stdout", "out")):
            lines = [normal_lines(getattr(run, attribute), run.program,
                                  os.path.join(self.dest, b"twin%d" % n))
                     for n, run in ((first, one), (second, two))]
            found += compare_lines(what, *lines)
        options = self.case.options + ([] if self.options.uid == 0 else [NOT_ROOT])
        if self.case.shape == "parents":
            options.append(PARENTS)
        if one.status != 0 and one.status == two.status:
            options.append(FAILED)
        if keeping_links(options) or "--remove-destination" in options:
            self.excuse_spared(shots[first], shots[second], found)
        found += compare(shots[first], shots[second], self.since, options=options,
                         sources=self.after.values())
        yield from (lead + line for line in found)

    @staticmethod
    def excuse_spared(wanted, got, found):
        """cp removes an old file before it finds out that it can't read the source; mmcp
        only then, so that the old file is still there."""
        spared = {f["_inode"] for name, f in got.items()
                  if name not in wanted and f["type"] in ("file", "symlink")}
        for name in [n for n, f in got.items() if f["_inode"] in spared]:
            del got[name]
            wanted.pop(name, None)
            home = os.path.dirname(name) or b"."
            if home in wanted and home in got:
                wanted[home]["mtime"] = got[home]["mtime"]
        # Whichever of the two is told: it can't be removed, and it can't be read.
        if any(b"cannot remove" in line.encode() for line in found):
            found[:] = [line for line in found
                        if "cannot remove" not in line and "for reading" not in line]
        if spared:
            found[:] = [line for line in found
                        if not line.startswith(("stdout", "stderr"))]

    def judge_source(self):
        self.after = after = snapshot(self.source)
        name_links(after)
        ignore = ["atime"] + (["nlink"] if "l" in letters(self.variant.options) else [])
        yield from ("source " + line
                    for line in compare(self.before, after, None, ignore))

    def perform(self):
        """The lines to be shown of a round that failed, or none."""
        try:
            lines = list(self.differences())
        finally:
            if not self.options.keep:
                for top in self.tops:
                    remove(top)
        return self.report(lines) if lines else []

    def report(self, lines):
        o, run = self.options, self.runs[-1]
        shown = [ascii(a)[1:] for a in self.runs[1].arguments]
        head = ["seed %d: %s %s" % (self.seed, run.program.name, " ".join(shown)),
                "  (%s, uid %d copies what uid %d made)" % (
                    self.case.describe(), o.uid, os.geteuid())]
        again = "  again: python3 tests/tools/trees round %d --mmcp %s --cp %s" % (
            self.seed, o.mmcp.path, o.cp.path)
        for option, value in (("--from", o.from_dir), ("--to", o.to_dir),
                              ("--jobs", o.jobs),
                              ("--options", o.options)):
            if value is not None:
                again += " %s='%s'" % (option, value)
        if o.uid != 0 and os.geteuid() == 0:
            again += " --guest"
        elif os.geteuid() == NOBODY:
            again += " --nobody"
        body = ["    " + line for line in lines[:SHOWN]]
        if len(lines) > SHOWN:
            body.append("    ... and %d more" % (len(lines) - SHOWN))
        kept = ["  kept: "
                + " ".join(os.fsdecode(t) for t in self.tops)] if o.keep else []
        return head + body + [again] + kept
