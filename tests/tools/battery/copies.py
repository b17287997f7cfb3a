# SPDX-License-Identifier: GPL-3.0-or-later
"""One copy by one program, on its side."""
import os
import re
import subprocess
import time

import trees
from battery.known import EXPECTED
from battery.sources import UMASK, aged, reserved, sparse, tolerant, tree

LIMIT = 120                     # seconds that a copy may take, on a slow file system


class Side:
    """A directory with `fs', a mount, and `local', a directory of ours."""

    def __init__(self, top, program):
        self.top, self.program = os.path.abspath(os.fsencode(top)), program
        self.name = os.path.basename(self.top)

    def path(self, *parts):
        return os.path.join(self.top, *parts)


class Copy:
    """A row in one direction."""

    def __init__(self, this, direction, ready, number, fuse):
        self.row, self.ready = this, ready
        self.number = number
        self.source = b"local" if direction == "in" else b"fs"
        self.dest = b"local" if direction == "out" else b"fs"

        # FUSE remembers counts of links that have changed; which names are one file is
        # seen.
        self.ignored = ["nlink"] if fuse and self.dest == b"fs" else []

    def source_name(self):
        # What is ready is of a file system that can't be written to.
        if self.ready:
            return self.source + b"/%d" % self.number
        return self.source + b"/s"

    def fill(self, side):
        if not self.ready:
            make_source(self.row, side.path(self.source, b"s"))
        dest = side.path(self.dest, b"d")
        os.mkdir(dest)
        tolerant(os.chmod, dest, 0o755)
        if self.row.old(dest) != "dressed":
            aged(dest, -3000)

    def clear(self, side):
        for name in (side.path(self.dest, b"d"), side.path(self.source, b"s")):
            trees.clear(name, check=False)

    def words(self, side, more):
        source = self.source_name()
        for word in more + self.row.words:
            first, slash, rest = word.encode().partition(b"/")
            first = {b"S": source, b"D": self.dest + b"/d",
                     b"A": side.path(source)}.get(first, first)
            yield first + slash + rest

    def run(self, side, more):
        """Status and messages."""
        arguments = [b"cp", *self.words(side, more)]
        env = {k: v for k, v in os.environ.items() if k not in (
            "POSIXLY_CORRECT", "VERSION_CONTROL", "SIMPLE_BACKUP_SUFFIX", "LANG",
            "LANGUAGE")}
        process = subprocess.Popen(
            arguments, executable=side.program, cwd=side.top, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=env | {"LC_ALL": "C.UTF-8"},
            umask=UMASK)
        try:
            out, err = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return "none in %d s" % LIMIT, [], []
        return process.returncode, said(out, side), said(err, side)


def said(text, side):
    """Its lines, in some order, with the twin's name for this one's."""
    text = text.replace(side.top, b"/TWIN")
    for pattern, replacement, _ in EXPECTED + trees.EXPECTED:
        text = re.sub(pattern, replacement, text, flags=re.M)
    return sorted(line for line in text.splitlines() if line)


def make_source(this, top):
    os.mkdir(top)
    tolerant(os.chmod, top, 0o755)
    try:
        this.source(top)
    except OSError:
        pass                    # what it has so far is the source, in both
    aged(top)


def look(copy, side):
    """What is at the destination now, and which of its names are one file."""
    top = side.path(copy.dest, b"d")
    if copy.dest == b"fs" and copy.row.source in (sparse, reserved, tree):
        sync(top)
    shot = snapshot(top)
    trees.name_links(shot)
    for facts in shot.values():
        if facts["type"] == "symlink":
            for field, value in facts.items():
                if isinstance(value, bytes):
                    facts[field] = value.replace(side.top, b"/TWIN")
    return shot


def snapshot(top):
    """As trees has it; but FUSE may remove a name that it has hidden meanwhile."""
    for _ in range(20):
        try:
            return trees.snapshot(top)
        except FileNotFoundError:
            time.sleep(0.2)
    return trees.snapshot(top)


def sync(top):
    """Until it is written, some file systems don't know how many blocks it has."""
    subprocess.run(["sync", "-f", top], check=False, stderr=subprocess.DEVNULL)
