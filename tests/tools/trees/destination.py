# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands under the destination before the copy."""
import collections
import os
import stat

from trees.basics import chance, is_root, weighted
from trees.metadata import dress
from trees.variants import following, keeping_links, letters, linking, recursive, removing


class Crowd:
    """What stands where a copy shall land: partly of the same names, not always of the
    same types.  Nothing here makes the outcome depend on the order of the copies: no two
    names that both get written are one file, and nothing blocks whoever opens it."""

    def __init__(self, r, source, options, victims):
        self.r, self.source, self.options = r, source, options
        self.victims, self.made = victims, []
        self.children = collections.defaultdict(list)
        for name in source:
            self.children[os.path.dirname(name) or b"."].append(name)
        self.names = collections.Counter(f["_inode"] for f in source.values())

    def meet(self, name, at):
        """Put something at AT, where source NAME is going to be copied."""
        r = self.r
        if os.path.lexists(at) or name not in self.source:
            return
        if self.source[name]["type"] == "directory" and chance(r, 0.85):
            self.put_dir(at)
            for child in self.children[name]:
                if child != b"." and chance(r, 0.5):
                    self.meet(child, os.path.join(at, os.path.basename(child)))
            self.add_extra(at)
            return
        self.put(self.kind_for(name), at)

    def kind_for(self, name):
        facts, options = self.source[name], self.options
        table = {"file": 60, "victim": 10, "nowhere": 6, "dir": 10, "linked": 6,
                 "socket": 3,
                 "loop": 2}
        follows = following(options) or "H" in letters(options) or not recursive(options)
        plain = facts["type"] == "file" or (follows and facts["type"] == "symlink")
        if not plain or removing(options) or linking(options):
            table["fifo"] = 3   # else opening it would wait for a reader
        if is_root():
            table["null"] = 2
        # Whichever name comes first gives its old inode to all of them.
        # With -u cp makes even what is newer a link to the copy of another name.
        linked = self.names[facts["_inode"]] > 1 or following(options)
        updating = "u" in letters(options)
        if linked and not removing(options) and (updating or plain
                                                 and keeping_links(options)):
            table = {"dir": 0 if updating else 1, "nothing": 3}
        return weighted(self.r, table)

    def put(self, kind, at):
        r = self.r
        if kind == "nothing":
            return
        if kind == "dir":
            self.put_dir(at)
            if chance(r, 0.5):
                self.add_extra(at)
            return
        if kind in ("file", "linked"):
            self.write(at)
            if kind == "linked":
                os.link(at, b"%s/link-%d" % (self.victims, len(self.made)))
            return
        if kind == "victim":
            victim = b"%s/%d" % (self.victims, len(self.made))
            self.write(victim)
            os.symlink(victim if chance(r, 0.3)
                       else os.path.relpath(victim, os.path.dirname(at)), at)
        elif kind in ("nowhere", "loop"):
            os.symlink(os.path.basename(at) if kind == "loop"
                       else b"nowhere-%d" % len(self.made), at)
        elif kind == "null":
            os.mknod(at, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        else:
            os.mknod(at, (stat.S_IFIFO if kind == "fifo" else stat.S_IFSOCK) | 0o644)
        self.made.append(at)

    def put_dir(self, at):
        os.mkdir(at)
        self.made.append(at)

    def write(self, at):
        with open(at, "wb", buffering=0) as f:
            f.write(b"old " * self.r.choice([0, 1, 100, 2000, 70000]))
        self.made.append(at)

    def add_extra(self, at):
        for number in range(self.r.randrange(3)):
            kind = self.r.choice(["file", "file", "victim", "nowhere", "socket", "fifo"])
            self.put(kind, os.path.join(at, b"extra%d" % number))

    def dress(self):
        for path in reversed(self.made):
            dress(self.r, path, plain=chance(self.r, 0.7))
