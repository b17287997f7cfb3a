# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to prove a copy: --verify, --manifest and --resume beside what does the
same by other means; and the status file, beside a copy that can have none."""

import os
import shutil

from bench import forest, programs, rows
from bench.figures import divide
from bench.programs import Program, copying
from bench.sizes import words
from bench.sources import File, call
from bench.tables import columns

KINDS = ("tmpfs", "ext4")
ROUNDS = 7
STATUS_SECONDS = 4              # a copy has a status file from the first second on

# The hashes of --manifest-algorithm, and the tools that check them.
TOOLS = {"xxh128": "xxhsum -H2", "sha256": "sha256sum", "blake2b": "b2sum"}


def shell(text, shown, kind=""):
    return Program("sh -c '%s'" % text, kind, shown=shown)


# ---- the programs of each row, the first of which is what the costs refer to ----

USUAL = shell("cp source dest && cmp source dest", "cp && cmp")
DEVICE = (shell("./mmcp --fsync source dest && dd if=dest of=/dev/null bs=1M"
                " iflag=direct status=none", "mmcp --fsync && dd iflag=direct"), USUAL)
MEMORY = (shell("./mmcp source dest && cat dest >/dev/null", "mmcp && cat"), USUAL)
TREE = (shell("./mmcp -r source dest && find dest -type f -exec cat {} + >/dev/null",
              "mmcp -r && cat"),
        shell("cp -r source dest && diff -rq --no-dereference source dest",
              "cp -r && diff -rq"))
FLUSHED = (copying("./mmcp", "--fsync"), copying("./mmcp", "--engine=stream --fsync"),
           shell("cp source dest && sync dest", "cp && sync"), copying("./mmcp"))


def manifest_of(algorithm, *options):
    return programs.joined(*options, "--manifest=sums", "--manifest-algorithm="
                           + algorithm)


def private(how, options):
    """mmcp with a /run and a /tmp of its own, where root's status file would be, mounted
    HOW.  Where mmcp itself is may be below."""
    mounts = " && ".join("mount -t tmpfs -o mode=755,%s none %s" % (how, where)
                         for where in ("/run", "/tmp"))
    return Program("unshare -m sh -c 'exec 9<mmcp && %s && exec /proc/self/fd/9 %s source"
                   " dest'" % (mounts, options), env=(("XDG_RUNTIME_DIR", ""),),
                   shown="mmcp %s, /run %s" % (options, how))


# ---- the rows ----

def row(setup, kind, name, what, those, shape="file", **more):
    """A row of one file; MORE are fields of a row."""
    size = setup.large
    return rows.Row("%s-%s" % (name, kind), "%s, %s" % (words(size), what), shape, kind,
                    size, setup.present(those), setup.pairs or ROUNDS, group="proofs",
                    **more)


def tree_row(setup, kind, name, what, those):
    count = forest.count_of("small", setup.files)
    return rows.Row("%s-tree-%s" % (name, kind), "%s, %s"
                    % (forest.KINDS["small"].what % count, what), "made", kind, count,
                    setup.present(those), setup.pairs or ROUNDS, group="proofs",
                    tree="small", data=forest.bytes_of("small", count))


def ours(setup, *options):
    return tuple(rows.mmcps(setup, options))


def device_rows(setup, kind):
    """What depends on a device."""
    yield row(setup, kind, "verify", "read back from the device once",
              (*DEVICE, *ours(setup, "--verify")))
    yield row(setup, kind, "resume", "on the device at the end, but for mmcp alone",
              (*FLUSHED, *ours(setup, "--resume")))


def manifest_rows(setup, kind):
    for algorithm, tool in TOOLS.items():
        if not shutil.which(tool.split()[0]):
            continue
        by = shell("cp source dest && %s dest >sums" % tool, "cp && " + tool)
        yield row(setup, kind, "manifest-" + algorithm, "and its hash",
                  (by, *ours(setup, manifest_of(algorithm))))
        if kind == "tmpfs":
            yield row(setup, kind, "hash-" + algorithm, "hashed as it stands, nothing"
                      " copied", (Program(tool + " dest", shown=tool), *ours(
                          setup, manifest_of(algorithm, "--update=none"))), "standing")


def tree_rows(setup, kind):
    yield tree_row(setup, kind, "verify", "read once after it",
                   (*TREE, *ours(setup, "-r --verify=read", "-r --verify")))
    tool = TOOLS["xxh128"]
    if shutil.which(tool.split()[0]):
        by = shell("cp -r source dest && find dest -type f -exec %s {} + >sums" % tool,
                   "cp -r && " + tool)
        yield tree_row(setup, kind, "manifest", "and their hashes",
                       (by, *ours(setup, manifest_of("xxh128", "-r"))))


def status_row(setup):
    limit = "--bwlimit=%d" % (setup.large // STATUS_SECONDS)
    return row(setup, "tmpfs", "status", "slowed down: with a status file, and where none"
               " can be", (private("ro", limit), private("rw", limit)))


def proof_rows(setup, kinds, own, disk):
    """All rows, place by place.  OWN: the kinds are those that we can make; else the only
    kind is where DIR is."""
    for kind in kinds:
        if setup.clones.get(kind):
            continue                    # Nothing of a clone is read back or hashed twice.
        yield row(setup, kind, "verify-read", "read once after it",
                  (*MEMORY, *ours(setup, "--verify=read")))
        yield from device_rows(setup, kind)
        yield from manifest_rows(setup, kind)
        if own and kind == "tmpfs":
            yield status_row(setup)
        yield from tree_rows(setup, kind)
    if disk and not setup.clones.get("disk"):
        yield from device_rows(setup, "disk")


# ---- a shape of theirs ----

class Standing(File):
    """A file that has been copied before."""
    def clear(self):
        if not os.path.exists("dest"):
            call("cp", self.row.source, "dest")

    def read(self):
        super().read()
        self.clear()


SHAPES = {"standing": Standing}


# ---- their table ----

def lines_of(result):
    for place, r in enumerate(result["results"]):
        low, high = r["ratio_quartiles"]
        cost = ["%.3f" % divide(1, r["ratio"]), "%.3f-%.3f" % (divide(1, high),
                                                             divide(1, low)),
                "%.2f" % r["cpu_share"]]
        rate = "" if "-tree-" in result["row"] else "%.2f" % (
            result["size"] / r["median"] / 1e9)
        yield [result["row"] if place == 0 else "", r["name"], "%.4f" % r["median"],
               "%.4f-%.4f" % tuple(r["quartiles"]), "%.4f" % r["cpu"], rate,
               *(cost if place else [""] * 3)]


def table(results):
    """The table of RESULTS, as lines."""
    head = ["row", "program", "median s", "quartiles", "CPU s", "GB/s", "times",
            "quartiles", "CPU times"]
    width = max(len(r["row"]) for r in results)
    return ["", *columns([head] + [line for r in results for line in lines_of(r)]), "",
            *("  %-*s  %s" % (width, r["row"], r["what"]) for r in results), "",
            "times: this program's seconds, divided by those of the row's first in the"
            " same round: the", "median of all rounds, and its quartiles.  1.03 is 3 %"
            " slower.  CPU times: the same of", "processor seconds."]
