# SPDX-License-Identifier: GPL-3.0-or-later
"""What one comparison is of: a file, or a tree.  Each has programs to compare, the names
of those that ratios refer to (the first ones), and the amount that is divided by seconds,
with its unit and form."""

import os

from bench import programs, rows, shapes, sizes, sources, tree
from bench.messages import die, say
from bench.places import lacks_journal

LEAST_FILES = 60000
MADE_FILES = 63000


def mmcp(args, options=""):
    jobs = " -j%d" % args.jobs if args.jobs else ""
    return programs.copying("./mmcp" + jobs, options)


def row_of(args, shape, kind, size):
    return rows.Row("", "", shape, kind, size, (), pairs=args.rounds)


class OneFile:
    """A file of random bytes."""
    unit, form, references, ratios = "GB/s", "%.2f", ("cp",), ("ratio",)

    def __init__(self, args):
        self.args = args
        self.bytes = args.size or 2 * sizes.GIB
        self.amount = self.bytes / 1e9

    def programs(self):
        those = list(programs.pair(self.args.jobs))
        if self.args.variants:
            those.append(programs.copying("./mmcp -j1"))
            those += [mmcp(self.args, "--engine=" + e) for e in programs.ENGINES]
        return tuple(those) + programs.file_peers()

    def shape(self, kind):
        name = "over" if self.args.overwrite else "file"
        return shapes.shape_of(row_of(self.args, name, kind, self.bytes), kind)

    def make(self, shape):
        say("writing a source of %s" % sizes.label(self.bytes))
        shape.make()

    def conditions(self):
        onto = "an existing file" if self.args.overwrite else "a new file"
        return [("size", "%s (%d bytes), onto %s"
                 % (sizes.label(self.bytes), self.bytes, onto))]

    def sizes(self):
        """What JSON says of it."""
        return {"size": self.bytes}


class OneTree:
    """A tree: that of --tree, /usr/share, or one that is made up.  cp -r is the reference
    of programs that leave times and owners, cp -a of those that keep them."""
    unit, form = "files/s", "%.0f"
    references, ratios = ("cp -r", "cp -a"), ("times_cp_r", "times_cp_a")

    def __init__(self, args):
        self.args, self.origin = args, args.tree
        if not self.origin and tree.has_files("/usr/share", LEAST_FILES):
            self.origin = "/usr/share"
        self.bytes = sizes.GIB          # made up, with what directories and blocks take
        if self.origin:
            if not os.path.isdir(self.origin):
                die("%s is not a directory" % self.origin)
            self.bytes = sum(st.st_blocks * 512 for _, st in tree.entries(self.origin))
        self.counts = self.amount = None

    def programs(self):
        those = [programs.copying("cp", o) for o in ("-r", "-a")]
        those += [mmcp(self.args, o) for o in ("-r", "-a")]
        if self.args.variants:
            those += [programs.copying("./mmcp -j1", o) for o in ("-r", "-a")]
        return tuple(those) + (programs.rsync(),) + programs.tree_peers()

    def shape(self, kind):
        row = row_of(self.args, "tree", kind, MADE_FILES)
        return sources.Tree(row, kind, self.origin)

    def make(self, shape):
        say("copying %s" % self.origin if self.origin else "making up a tree")
        shape.make()
        self.counts = tree.count("source")
        self.amount = self.counts.files
        if self.amount < LEAST_FILES:
            say("the tree has %d files only" % self.amount)

    def conditions(self):
        c = self.counts
        text = "%s: %d files (%d with other names), %d directories, %d symbolic links," \
            " %d MiB (%d bytes)" % (self.origin or "made up", c.files, c.linked,
                                    c.directories, c.symlinks, c.bytes >> 20, c.bytes)
        if not lacks_journal("."):
            return [("tree", text)]
        return [("tree", text),
                ("note", "this ext4 has no journal, and so the removal of one copy slows"
                 " the next: try another file system")]

    def sizes(self):
        """What JSON says of it."""
        return {"files": self.counts.files, "size": self.counts.bytes}
