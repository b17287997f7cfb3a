# SPDX-License-Identifier: GPL-3.0-or-later
"""How the trees of --trees are copied: a class for each shape of their rows, as in
sources.  It makes the tree, prepares each run, and compares "dest" with the source."""

import os
import stat
import subprocess

from bench import forest, tree
from bench.sources import Tree, call, remove

KERNEL = 2048           # bytes that the kernel takes for an entry in memory, about


class Made(Tree):
    """A tree of forest.KINDS, onto nothing."""
    def source_is(self):
        return ("tree", self.row.tree, self.row.size)

    def make(self):
        forest.make(self.row.tree, "source", self.row.size)
        call("sync", "-f", "source")

    def copied(self):
        return self.bytes + KERNEL * len(self.listed)

    def settle(self):
        """The programs themselves aren't cold: everybody has just used them."""
        super().settle()
        if self.row.cache == "cold":
            for name in ("cp", "./mmcp"):
                subprocess.run([name, "--version"], stdout=subprocess.DEVNULL,
                               check=False)


class Onto(Made):
    """Onto a tree of the same names that has other content before the first copy."""
    def clear(self):
        if not os.path.exists("dest"):
            call("cp", "-r", "source", "dest")
            self.spoil()

    @staticmethod
    def spoil():
        """Give each file other content, which may be written over."""
        for name, st in tree.entries("dest"):
            if stat.S_ISREG(st.st_mode):
                path = os.path.join("dest", name)
                os.chmod(path, st.st_mode | stat.S_IWUSR)
                if st.st_size > 0:
                    with open(path, "r+b") as f:
                        f.write(b"x")


class Update(Made):
    """Onto an identical tree: nothing is to be done."""
    def clear(self):
        if not os.path.exists("dest"):
            call("cp", "-a", "source", "dest")

    def copied(self):
        return 0

    def same(self, program):
        return tree.same("linked", self.listed)


class Links(Made):
    """The files of the copy are other names of those of the source."""
    def copied(self):
        return KERNEL * len(self.listed)

    def same(self, program):
        return os.path.isdir("dest") and self.inodes("source") == self.inodes("dest")

    @staticmethod
    def inodes(top):
        return {name: stat.S_ISDIR(st.st_mode) or st.st_ino
                for name, st in tree.entries(top)}


class Operands(Made):
    """Into a directory that is there, by the names of the files."""
    def clear(self):
        remove("dest")
        os.mkdir("dest")


SHAPES = {"made": Made, "onto": Onto, "update": Update, "links": Links,
          "operands": Operands}
