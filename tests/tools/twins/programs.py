# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a program in a twin, and look at what it made."""
import collections
import os
import re
import subprocess

import trees
from twins.places import environment, hold, in_twin
from twins.table import decode, version

LIMIT = 20                      # seconds that a copy may take
Result = collections.namedtuple("Result", "status out err shot")


def run(program, case, twin, uid):
    """Run it; status, stdout and stderr."""
    cwd = os.path.join(twin, os.fsencode(case.marks.get("cd", ".")))
    other = {"user": uid, "group": uid, "extra_groups": []} \
        if os.geteuid() == 0 and uid != 0 else {}
    arguments = [word.replace(b"$PWD", twin) for word in case.arguments]
    answers = decode(case.marks.get("in", "").replace("/", "%0A"))
    closed = [int(fd) for fd in case.marks.get("closed", "").split(",") if fd]
    if closed:
        other["preexec_fn"] = lambda: list(map(os.close, closed))
    with open("/dev/full", "wb") as full:
        process = subprocess.Popen(
            [b"cp"] + arguments, executable=program.path, cwd=cwd, env=environment(case),
            umask=int(case.marks.get("umask", "022"), 8), stdin=subprocess.PIPE,
            stdout=full if "full" in case.marks else subprocess.PIPE,
            stderr=subprocess.STDOUT if "both" in case.marks else subprocess.PIPE,
            **other)
    try:
        out, err = process.communicate(answers, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        return "none in %d s" % LIMIT, out or b"", err or b""
    return process.returncode, out or b"", err or b""


def blocks_of(path):
    """Bytes on the disk, once they are there."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
        return os.fstat(fd).st_blocks * 512
    finally:
        os.close(fd)


def look(twin, case, held):
    """What is there; and of what was there before, under which name."""
    shot = trees.snapshot(twin)
    trees.name_links(shot)
    for name, facts in shot.items():
        if name != b"." and facts["_inode"] in held:
            facts["was"] = os.fsdecode(held[facts["_inode"]][1])
        if "blocks" in case.marks and facts["type"] == "file":
            facts["blocks"] = blocks_of(os.path.join(twin, name))
    return shot


def perform(program, case, place):
    def action(twin):
        held = hold(twin)
        try:
            status, out, err = run(program, case, twin, place.uid)
            return Result(status, out, err, look(twin, case, held))
        finally:
            for fd, _ in held.values():
                os.close(fd)
    return in_twin(place, case.setup, action)


class Program:
    """A program by its path; a cp, with its version."""

    def __init__(self, path):
        self.path = path
        text = subprocess.run([path, "--version"], stdout=subprocess.PIPE, check=False,
                              stdin=subprocess.DEVNULL).stdout.decode()
        match = re.match(r"cp \(GNU coreutils\) ([0-9.]*[0-9])", text)
        self.version = version(match[1]) if match else None

    def is_another(self, case):
        """not=9.2-9.4: what these versions do was undone."""
        if "not" not in case.marks:
            return False
        first, _, last = case.marks["not"].partition("-")
        return version(first) <= self.version[:2] <= version(last or first)


def find_cp(name):
    """The path of the cp to compare with."""
    for directory in os.environ.get("PATH", "").split(":"):
        path = os.path.join(directory, name)
        if os.access(path, os.X_OK):
            return path
    return name
