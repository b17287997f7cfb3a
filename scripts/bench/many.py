# SPDX-License-Identifier: GPL-3.0-or-later
"""Many rows, as scripts/bench --all, --pictures and --sweep do them.

What a row gave is kept in a directory of results, so that a run which was broken off goes
on, and pictures can be drawn again.  As root it measures on file systems of its own: put
DIR on a tmpfs, so that memory is measured and not a disk."""

import argparse
import fnmatch
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from bench import pictures
from bench import places
from bench import rows
from bench import timing
from bench import sweep
from bench import tables as tell

DRAWN = ("tmpfs", "ext4")       # pictures and sweeps are of these, unless --on says so


def say(text):
    print("bench: " + text, file=sys.stderr, flush=True)


def die(text):
    say(text)
    sys.exit(1)


# ---- arguments ----

def size(text):
    found = re.fullmatch(r"([1-9][0-9]*)([KMGT]?)", text)
    if not found:
        raise argparse.ArgumentTypeError("'%s' is not a size, such as 512M or 2G" % text)
    return int(found.group(1)) << {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}[found.group(2)]


def positive(text):
    if not re.fullmatch(r"[1-9][0-9]*", text):
        raise argparse.ArgumentTypeError("'%s' is not a number above 0" % text)
    return int(text)


def names(text):
    return tuple(n for n in text.split(",") if n)


def also(text):
    """It will run in another directory."""
    if not re.search(r" .*\bSOURCE\b", text) or not re.search(r" .*\bDEST\b", text):
        raise argparse.ArgumentTypeError("'%s' has no SOURCE or no DEST" % text)
    program, rest = text.split(" ", 1)
    if "/" in program:
        program = os.path.abspath(program)
    if shutil.which(program) is None:
        raise argparse.ArgumentTypeError("%s can't be run" % program)
    return program + " " + rest


class Parser(argparse.ArgumentParser):
    def error(self, message):
        die(message + "; --help says more")


def arguments():
    p = Parser(prog="scripts/bench", allow_abbrev=False,
               usage="scripts/bench --all|--pictures|--sweep [OPTION...] DIR")
    what = p.add_argument_group("what").add_mutually_exclusive_group(required=True)
    what.add_argument("--all", action="store_true", help="the whole table, and pictures")
    what.add_argument("--pictures", action="store_true", help="the rows that are drawn")
    what.add_argument("--sweep", action="store_true", help="constants of mmcp, over a range")
    p.add_argument("dir", metavar="DIR", help="where images are made; a tmpfs, best")
    p.add_argument("--results", metavar="DIR", default="bench-results",
                   help="where results are kept (bench-results); rows that are there, with"
                   " the same conditions, aren't run again")
    p.add_argument("--rows", metavar="NAMES", type=names, default=(),
                   help="these only, by commas; * and ? are wild")
    p.add_argument("--list", action="store_true", help="say the rows, and end")
    p.add_argument("--again", action="store_true", help="run rows again that are there")
    p.add_argument("--on", metavar="KINDS", type=names, default=(),
                   help="of tmpfs,ext4,xfs,btrfs (all; pictures and sweeps: tmpfs,ext4)")
    p.add_argument("--disk", metavar="DIR",
                   help="a real device, for files on it, and cold caches")
    p.add_argument("--large", metavar="SIZE", type=size, default=2 * rows.GIB,
                   help="the large file (2G)")
    p.add_argument("--files", metavar="N", type=positive, default=63000,
                   help="the files of the tree (63000)")
    p.add_argument("--rounds", metavar="N", type=positive, default=0,
                   help="rounds of each row (10 or 20)")
    p.add_argument("--also", metavar="COMMAND", type=also, action="append", default=[],
                   help="also this, in rows of one file; repeatable")
    p.add_argument("--without", metavar="NAMES", type=names, default=(),
                   help="not these programs, by commas")
    p.add_argument("--jobs", metavar="N", type=positive, help="mmcp -jN")
    p.add_argument("--mmcp", metavar="PATH", help="the mmcp to measure (build/mmcp, or the"
                   " one on PATH)")
    p.add_argument("--json", metavar="FILE", help="write all results to FILE as well")
    p.add_argument("--install", action="store_true", help=argparse.SUPPRESS)
    return p.parse_args()


def find_mmcp(given):
    built = os.path.join(timing.HERE, "../..", "build", "mmcp")
    found = given or (built if os.access(built, os.X_OK) else shutil.which("mmcp"))
    if not found:
        die("there is no build/mmcp: run scripts/quickstart, or give --mmcp PATH")
    if not os.access(found, os.X_OK) or os.path.isdir(found):
        die("%s can't be run" % found)
    return os.path.abspath(found)


def made_beside(mmcp, name):
    """The program NAME in the directory that MMCP was built in; what is swept wants it."""
    where = os.path.dirname(mmcp)
    if os.path.exists(os.path.join(where, "Makefile")):
        subprocess.run(["make", "-s", name], cwd=where, check=False)
    path = os.path.join(where, name)
    if not os.access(path, os.X_OK):
        die("there is no %s beside %s, and it can't be made: --sweep wants the mmcp of a build"
            % (name, mmcp))
    return path


# ---- which rows ----

def kinds_of(args, own):
    if not own:
        return [places.kind_of(args.dir)]
    default = places.MADE if args.all else DRAWN
    unknown = set(args.on) - set(places.MADE)
    if unknown:
        die("no file system of that kind can be made: %s" % ", ".join(sorted(unknown)))
    return [k for k in places.MADE if k in (args.on or default)]


def disk_kind(args):
    """The type of what --disk names, if there can be rows for it, and why not all."""
    if not args.all:
        return None, []
    if args.disk is None:
        return None, ["*-disk: no --disk DIR, a directory on a real device"]
    kind = places.kind_of(args.disk)
    if kind in places.IN_MEMORY:
        return None, ["*-disk: %s is in memory" % args.disk]
    return kind, [] if rows.can_drop_caches() else ["cold-*: only root can drop the caches"]


def chosen(args, setup, kinds, own, disk):
    if args.all:
        wanted = rows.table_rows(setup, kinds, own, disk)
    elif args.pictures:
        wanted = rows.picture_rows(setup, kinds)
    else:
        wanted = sweep.sweep_rows(setup, kinds)
    wanted = [r for r in wanted if len(r.programs) > 0]
    if args.rows:
        wanted = [r for r in wanted if any(fnmatch.fnmatchcase(r.name, n) for n in args.rows)]
        if not wanted:
            die("no row has such a name; --list has them all")
    return wanted


# ---- the run ----

class Bench:
    def __init__(self, args, own, programs, about, left_out):
        self.args, self.own, self.about = args, own, about
        self.mmcp, self.ways = programs
        self.made, self.left_out, self.bad = (None, None), left_out, set()
        self.failed = False

    def path(self, row):
        return os.path.join(self.args.results, row.name + ".json")

    def where(self, row):
        if row.place == "disk":
            return "%s, %s" % (row.place, places.kind_of(self.args.disk))
        on = places.kind_of(self.args.dir)
        image = self.own and row.place != "tmpfs"
        return "%s%s" % (row.place, ", an image on " + on if image else "")

    def kept(self, row, key):
        if self.args.again:
            return None
        try:
            with open(self.path(row), encoding="utf-8") as f:
                result = json.load(f)
        except (OSError, ValueError):
            return None
        return result if result.get("key") == json.loads(json.dumps(key)) else None

    def measure(self, row, key, place):
        if place.current != row.place:
            self.made = (None, None)
        work = place.enter(row.place)
        os.chdir(work)
        for path in (self.mmcp, self.ways):
            if path and not os.path.islink(os.path.basename(path)):
                os.symlink(path, os.path.basename(path))
        if row.shape not in ("tiny", "clone", "sparse", "tree"):
            need = 2 * row.size + (64 << 20)
            if not places.has_free(".", need):
                raise timing.Failed("%d MiB are needed" % (need >> 20))
        begin, load = time.monotonic(), tell.load()
        kind = places.kind_of(".")
        # MADE is forgotten if this is broken off: the source may be half there.
        made, self.made = self.made, (None, None)
        measured, now = timing.measure(row, kind, made[1], place.top + "/out", say)
        self.made = (row.place, now)
        return tell.row_result(row, measured, key, time.monotonic() - begin, load)

    def row(self, row, place):
        """The result of ROW, from before or from now; None if it can't be had."""
        key = tell.key_of(row, self.where(row), self.about, self.mmcp)
        result = self.kept(row, key)
        if result is not None:
            say("%s: is there already" % row.name)
            return result
        if row.place in self.bad:
            self.left_out.append("%s: there is no %s" % (row.name, row.place))
            return None
        try:
            result = self.measure(row, key, place)
        except places.NoPlace as e:
            self.bad.add(row.place)
            self.left_out.append("%s: there is no %s: %s" % (row.name, row.place, e))
            return None
        except (timing.Failed, OSError) as e:
            self.left_out.append("%s: %s" % (row.name, e))
            self.failed = True
            say(self.left_out[-1])
            return None
        with open(self.path(row) + ".new", "w", encoding="utf-8") as f:
            json.dump(result, f, indent=2)
        os.rename(self.path(row) + ".new", self.path(row))
        say("%s: done, %.0f s" % (row.name, result["seconds"]))
        return result


def finish(bench, setup, results, wanted):
    """The table, the pictures and the files of them."""
    done = [r for r in results if r is not None]
    if done:
        programs = [p for r in wanted for p in r.programs]
        told = tell.versions(programs, bench.mmcp)
        lines = tell.account(bench.about, done, told)
        if bench.args.sweep:
            lines += sweep.tables(setup, done)
        if not bench.args.sweep:
            for path in pictures.draw(done, bench.args.results, say):
                lines += ["%s: %s.svg and .png" % ("picture", path)]
        lines += ["left out: " + text for text in bench.left_out]
        print("\n".join(lines))
        name = "all" if bench.args.all else "pictures" if bench.args.pictures else "sweep"
        with open(os.path.join(bench.args.results, name + ".txt"), "w",
                  encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        for path in {bench.args.json, os.path.join(bench.args.results, name + ".all.json")}:
            if path:
                tell.as_json(bench.about, done, told, path)


def main():
    args = arguments()
    for directory in (args.dir, args.disk):
        if directory and not os.path.isdir(directory):
            die("%s is not a directory" % directory)
    for name in ("dir", "disk", "results", "json"):
        if getattr(args, name):
            setattr(args, name, os.path.abspath(getattr(args, name)))
    own = os.geteuid() == 0
    kinds = kinds_of(args, own)
    disk, left_out = disk_kind(args)
    if not own:
        left_out.append("file systems but %s, which %s is on: only root can make them"
                        % (kinds[0], args.dir))
    elif places.kind_of(args.dir) not in places.IN_MEMORY:
        say("%s is not in memory: its device is measured too" % args.dir)
    need = 5 * args.large
    if int(tell.first_match("/proc/meminfo", r"^MemAvailable:\s*(\d+)", "0")) << 10 < need:
        say("memory doesn't hold source, copy and image, so warm isn't quite warm")
    clones = {"xfs": True, "btrfs": True}
    if not own:
        clones = {kinds[0]: places.shares_blocks(args.dir)}
    if disk:
        clones["disk"] = places.shares_blocks(args.disk)
    setup = rows.Setup(args.large, args.rounds, args.jobs or "", args.files, args.also,
                       args.without, rows.processors(), clones)
    wanted = chosen(args, setup, kinds, own, disk)
    if args.list:
        for row in wanted:
            print("%-18s %s" % (row.name, row.what))
        return 0
    os.makedirs(args.results, exist_ok=True)
    # Source and copy, and room for a tree or a sparse file.
    with places.Places(args.dir, args.disk, own, 2 * args.large + 4 * rows.GIB) as place:
        # A copy, so that a build meanwhile changes nothing.
        found = find_mmcp(args.mmcp)
        mmcp = shutil.copy(found, os.path.join(place.top, "mmcp"))
        ways = shutil.copy(made_beside(found, "ways"), place.top) if args.sweep else None
        bench = Bench(args, own, (mmcp, ways), tell.machine(setup.cpus), left_out)
        results = [bench.row(row, place) for row in wanted]
        finish(bench, setup, results, wanted)
    return 1 if bench.failed else 0


def end(number, _):
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


def begin():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, end)
    sys.exit(main())
