# SPDX-License-Identifier: GPL-3.0-or-later
"""Many rows: --all, --cells, --pictures, --proofs, --readme, --sweep and --trees.

The result of each row is kept in a directory, so that a run which was broken off goes
on, and pictures can be drawn again.  As root it measures on file systems of its own: put
DIR on a tmpfs, so that memory is measured and not a disk."""

import fnmatch
import os
import shutil
import time

from bench import cells, command_line, machine, pictures, places, programs, results, rows
from bench import proofs, readme, sweep, tables, timing, trees
from bench.messages import Failed, LeftOut, die, say

DRAWN = ("tmpfs", "ext4")       # pictures and sweeps are of these, unless --on says so


# ---- which rows ----

def kinds_of(args, own):
    """The kinds of file systems to measure on; OWN: we can make them."""
    if not own:
        return [places.kind_of(args.dir)]
    known = cells.KINDS if args.cells else trees.KINDS if args.trees \
        else proofs.KINDS if args.proofs else readme.KINDS if args.readme else places.MADE
    default = DRAWN if args.pictures or args.sweep else known
    unknown = set(args.on) - set(known)
    if unknown:
        die("no file system of that kind can be made: %s" % ", ".join(sorted(unknown)))
    return [k for k in known if k in (args.on or default)]


def disk_kind(args):
    """The type of what --disk names, if there can be rows for it, and why not all."""
    if args.pictures or args.readme or args.sweep:
        return None, []
    if args.disk is None:
        return None, ["*-disk: no --disk DIR, a directory on a real device"]
    kind = places.kind_of(args.disk)
    if kind in places.IN_MEMORY:
        return None, ["*-disk: %s is in memory" % args.disk]
    if machine.can_drop_caches():
        return kind, []
    return kind, ["*cold-*: only root can drop the caches"]


def setup_of(args, kinds, own, disk):
    """What the command line says about all rows."""
    clones = {"xfs": True, "btrfs": True}
    if not own:
        clones = {kinds[0]: places.shares_blocks(args.dir)}
    if disk:
        clones["disk"] = places.shares_blocks(args.disk)
    return rows.Setup(args.large, args.rounds, args.jobs, args.files, args.also,
                      args.without, machine.processors(), clones, args.before)


def chosen(args, setup, kinds, own, disk):
    """The rows that were asked for."""
    if args.pictures or args.sweep:
        # Where blocks are shared, nothing is moved.
        kinds = [k for k in kinds if not setup.clones.get(k)]
    if args.all:
        wanted = rows.table_rows(setup, kinds, own, disk)
    elif args.cells:
        wanted = cells.cell_rows(setup, kinds, own, disk)
    elif args.trees:
        wanted = trees.tree_rows(setup, kinds, own, disk)
    elif args.pictures:
        wanted = rows.picture_rows(setup, kinds)
    elif args.proofs:
        wanted = proofs.proof_rows(setup, kinds, own, disk)
    elif args.readme:
        wanted = readme.readme_rows(setup, kinds, own)
    else:
        wanted = sweep.sweep_rows(setup, kinds)
    wanted = [r for r in wanted if len(r.programs) > 0]
    if args.rows:
        wanted = [r for r in wanted
                  if any(fnmatch.fnmatchcase(r.name, n) for n in args.rows)]
    if not wanted:
        die("there is no such row; --list has them all")
    return wanted


# ---- the run ----

class Bench:
    """Measures rows at PLACE.  OURS are the paths of our own programs, mmcp first."""
    def __init__(self, args, place, ours, left_out):
        self.args, self.place, self.about = args, place, machine.about()
        self.mmcp, self.ours = ours[0], ours
        self.made = (None, None)        # a place, and the source that is there
        self.left_out, self.bad = left_out, set()
        self.failed = False

    def path(self, row):
        return os.path.join(self.args.results, row.name + ".json")

    def where(self, row):
        if row.place == "disk":
            return "%s, %s" % (row.place, places.kind_of(self.args.disk))
        if not self.place.own or row.place == "tmpfs":
            return row.place
        disk = self.place.images.disk
        return "%s, an image on %s%s" % (row.place, places.kind_of(disk or self.args.dir),
                                         ", past its page cache" if disk else "")

    def enter(self, row):
        """Go to where ROW is measured, and have our programs there."""
        if self.place.current != row.place:
            self.made = (None, None)
        os.chdir(self.place.enter(row.place))
        for path in self.ours:
            if not os.path.islink(os.path.basename(path)):
                os.symlink(path, os.path.basename(path))

    def find_room(self, row):
        """Have room for source and copy of ROW where we are."""
        if row.tree and not self.place.own:
            need = trees.room([row])[0]
        elif row.shape in ("file", "over", "extents"):
            # The source of the row before is still there: it stays, or makes room.
            need = 2 * row.size + (64 << 20) - places.taken_by(row.source)
        else:
            return
        if not places.has_free(".", need):
            raise Failed("%d MiB are needed" % (need >> 20))

    def measure(self, row, key):
        self.enter(row)
        self.find_room(row)
        begin, load = time.monotonic(), machine.load()
        # MADE is forgotten if this is broken off: the source may be half there.
        made, self.made = self.made, (None, None)
        measured, now = timing.measure(row, places.kind_of("."), made[1],
                                       self.place.top + "/out")
        self.made = (row.place, now)
        return results.of_row(row, measured, key, time.monotonic() - begin, load)

    def leave_out(self, text):
        self.left_out.append(text)

    def tried(self, row, key):
        """The result of ROW from now; None, and the reason is noted, if it fails."""
        if row.place in self.bad:
            self.leave_out("%s: there is no %s" % (row.name, row.place))
            return None
        try:
            return self.measure(row, key)
        except places.NoPlace as e:
            self.bad.add(row.place)
            self.leave_out("%s: there is no %s: %s" % (row.name, row.place, e))
        except LeftOut as e:
            self.leave_out("%s: %s" % (row.name, e))
        except (Failed, OSError) as e:
            self.leave_out("%s: %s" % (row.name, e))
            self.failed = True
            say(self.left_out[-1])
        return None

    def row(self, row):
        """The result of ROW, from before or from now; None if there is none."""
        key = results.key_of(row, self.where(row), self.about, self.mmcp)
        result = None if self.args.again else results.kept(self.path(row), key)
        if result is not None:
            say("%s: is there already" % row.name)
            return result
        result = self.tried(row, key)
        if result is not None:
            results.keep(self.path(row), result)
            say("%s: done, %.0f s" % (row.name, result["seconds"]))
        return result


# ---- the end ----

def account(bench, setup, done, told):
    """All lines that are printed; pictures are drawn."""
    lines = tables.account(bench.about, done, told)
    if bench.args.sweep:
        lines += sweep.tables(setup, done)
    elif bench.args.cells or bench.args.trees:
        lines += tables.against_cp(done)
    elif bench.args.proofs:
        lines += proofs.table(done)
    elif bench.args.readme:
        lines += ["", *readme.table(bench.about, done)]
    else:
        lines += ["picture: " + path for path in pictures.draw(done, bench.args.results)]
    return lines + ["left out: " + text for text in bench.left_out]


def name_of(args):
    """What the files with all results are called."""
    return next(name for name in ("all", "cells", "pictures", "proofs", "readme", "sweep",
                                "trees") if getattr(args, name))


def finish(bench, setup, found, wanted):
    """Print the table, and write it, the pictures and the JSON."""
    done = [r for r in found if r is not None]
    if not done:
        for text in bench.left_out:
            say("left out: " + text)
        return
    told = programs.versions([p for r in wanted for p in r.programs], bench.mmcp)
    lines = account(bench, setup, done, told)
    print("\n".join(lines))
    args = bench.args
    if args.readme and len(done) == len(wanted):
        readme.write(args.readme, readme.table(bench.about, done))
    base = os.path.join(args.results, name_of(args))
    with open(base + ".txt", "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")
    data = {"conditions": tables.conditions(bench.about, done, told), "rows": done}
    for path in {args.json, base + ".all.json"} - {None}:
        results.write(path, data)


def images_of(args, wanted, disk):
    """The images for the rows WANTED: with room for source and copy, and for a tree or a
    sparse file.  DISK: those of trees are where --disk says."""
    if args.trees:
        return places.Images(*trees.room(wanted), args.disk if disk else "")
    if args.proofs or args.readme:
        of_trees = [row for row in wanted if row.tree]
        size, inodes = trees.room(of_trees) if of_trees else (0, 10000)
        return places.Images(max(size, room_for(args.large)), inodes)
    return places.Images(room_for(args.large) + (0 if args.cells else 2 * rows.GIB))


def room_for(large):
    """The bytes of an image for a file that is LARGE, and its copy."""
    return (2 + places.CALM) * large + rows.GIB


def warn(args, own, images):
    """Say what makes the results worse."""
    if own and places.kind_of(args.dir) not in places.IN_MEMORY:
        say("%s is not in memory: its device is measured too" % args.dir)
    need = 2 * images.size if args.trees else 5 * args.large
    if machine.memory("MemAvailable") < need:
        say("memory doesn't hold source, copy and image, so warm isn't quite warm")


def our_programs(args, directory):
    """The paths of our own programs, mmcp first: copies of them in DIRECTORY, so that a
    build meanwhile changes nothing."""
    found = programs.find_mmcp(args.mmcp)
    named = {"mmcp": found}
    if args.before:
        named["before"] = programs.find_mmcp(args.before)
    if args.sweep:
        named["ways"] = programs.made_beside(found, "ways")
    return [shutil.copy(path, os.path.join(directory, name))
            for name, path in named.items()]


def measure_all(args, setup, wanted, place, left_out):
    """Measure the rows WANTED at PLACE; return whether none failed."""
    os.makedirs(args.results, exist_ok=True)
    with place:
        bench = Bench(args, place, our_programs(args, place.top), left_out)
        finish(bench, setup, [bench.row(row) for row in wanted], wanted)
    return not bench.failed


def main(args):
    """Return the exit status."""
    if args.install:
        command_line.install("table")
    own = os.geteuid() == 0
    kinds = kinds_of(args, own)
    disk, left_out = disk_kind(args)
    if not own:
        left_out.append("file systems but %s, which %s is on: only root can make them"
                        % (kinds[0], args.dir))
    if args.readme:
        readme.parts(args.readme)
    setup = setup_of(args, kinds, own, disk)
    wanted = chosen(args, setup, kinds, own, disk)
    images = images_of(args, wanted, disk if own else None)
    warn(args, own, images)
    if args.list:
        width = max(len(row.name) for row in wanted)
        for row in wanted:
            print("%-*s  %s" % (width, row.name, row.what))
        return 0
    place = places.Places(args.dir, args.disk, own, images)
    return 0 if measure_all(args, setup, wanted, place, left_out) else 1
