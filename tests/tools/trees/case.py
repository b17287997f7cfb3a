# SPDX-License-Identifier: GPL-3.0-or-later
"""What a seed stands for: options, operands and the state of the destination."""
import os
import random
import re
import stat

from trees.basics import chance, own, weighted
from trees.destination import Crowd
from trees.metadata import packed_acl, set_xattr
from trees.variants import letters, recursive


class Case:
    """The options, operands and the state of the destination that a seed stands for."""

    def __init__(self, seed, variant):
        self.r = r = random.Random("case %d" % seed)
        self.seed, self.variant = seed, variant
        self.options = list(variant.options)
        self.shape = r.choice(variant.shapes)
        self.state = weighted(r, {"absent": 30, "empty": 15, "crowd": 35, "setgid": 8,
                                  "acl": 10, "file": 3, "nowhere": 2})
        self.umask = r.choice([0o022, 0o022, 0o077, 0o000, 0o027])
        self.locale = r.choice(["C.UTF-8", "C.UTF-8", "C"])
        self.away = chance(r, 0.4)      # run where the source is, not where the twin is
        if chance(r, 0.3):
            self.options.append("-v")
        if "s" in letters(variant.options):
            self.away = chance(r, 0.15)  # needs absolute names, and is refused else
        if self.shape == "parents":     # or all that leads to the source was made, too;
            self.away = True            # and cp can't copy its attributes then

    def names(self, source, among):
        """The names of SOURCE that may be operands here; AMONG are types, or none."""
        names = [n for n, f in source.items() if n.startswith(b"tree/")
                 and (not among or f["type"] in among)]
        return names or [b"tree"]

    def readable(self, source, top):
        """Names that a copy without -r can take without waiting on a FIFO."""
        keep = "P" in letters(self.options) or "d" in letters(self.options)
        for name in self.names(source, ("file", "symlink", "directory")):
            try:
                kind = os.stat(os.path.join(top, name)).st_mode
            except OSError:
                kind = stat.S_IFREG
            if (keep and source[name]["type"] == "symlink") or stat.S_ISREG(kind) \
                    or (stat.S_ISDIR(kind) and chance(self.r, 0.2)):
                yield name

    def choose_operands(self, source, top):
        """Set operands and, for each, where it lands below the destination (or None)."""
        r, shape = self.r, self.shape
        if recursive(self.options):
            names = self.names(source, None)
        else:
            names = list(self.readable(source, top)) or [b"outside/file"]
        dirs = self.names(source, ("directory",))
        count = {"several": r.randrange(2, 5), "files": r.randrange(1, 5)}.get(shape, 1)
        chosen = {
            "tree": [b"tree"], "slash": [b"tree/"], "dot": [b"tree/."],
            "way": [b"way"], "wayslash": [b"way/"],
            "sub": [r.choice(dirs if recursive(self.options) else names)],
        }.get(shape) or r.sample(names, min(count, len(names)))
        if shape in ("-T", "-t", "into") and recursive(self.options) and chance(r, 0.5):
            chosen = [b"tree"]
        if shape == "parents" and chance(r, 0.2):
            chosen.append(r.choice(names))
        self.operands = chosen
        # cp says which directories it made without quoting them; mmcp quotes.
        if shape == "parents" and not all(re.fullmatch(rb"[\w/.]+", c) for c in chosen):
            self.options = [o for o in self.options if o != "-v"]
        self.into = shape in ("several", "files", "into", "-t", "parents") or (
            shape != "-T" and self.state in ("crowd", "empty"))
        self.landings = [self.landing(operand) for operand in chosen]

    def landing(self, operand):
        """The source's name that OPERAND stands for, and where it lands below dst."""
        name = {b"tree/.": b"tree", b"way/": b"tree"}.get(operand, operand.rstrip(b"/"))
        if not self.into or operand == b"tree/.":
            return name, b""
        if self.shape == "parents":
            return name, operand
        return name, os.path.basename(operand.rstrip(b"/"))

    def arguments(self, source_top, twin):
        if self.away:
            operands, dest = list(self.operands), os.path.join(twin, b"box/dst")
        else:
            near = os.stat(source_top).st_dev == os.stat(twin).st_dev and self.r_near
            lead = os.path.relpath(source_top, twin) if near else source_top
            operands = [os.path.join(lead, o) for o in self.operands]
            dest = b"box/dst"
        options = [o.encode() for o in self.options]
        if self.shape == "parents":
            options.append(b"--parents")
        if self.shape == "-T":
            return options + [b"-T"] + operands + [dest]
        if self.shape == "-t":
            return options + [b"-t", dest] + operands
        return options + operands + [dest]

    def prepare_twin(self, twin, source, uid):
        """Make the old destination; the same for each twin."""
        r = random.Random("twin %d" % self.seed)
        self.r_near = chance(r, 0.7) and "s" not in letters(self.options)
        os.mkdir(twin)
        box, dst, victims = (os.path.join(twin, n)
                             for n in (b"box", b"box/dst", b"victims"))
        os.mkdir(box)
        os.mkdir(victims)
        crowd = Crowd(r, source, self.options, victims)
        if self.state == "file":
            crowd.write(dst)
        elif self.state == "nowhere":
            os.symlink(b"nowhere", dst)
        elif self.state == "crowd":
            self.crowd_in(crowd, dst)
        elif self.into:
            crowd.put_dir(dst)
        crowd.dress()
        # Or most rounds of an ordinary user would end at the first door.
        if os.path.isdir(dst) and not os.path.islink(dst) and chance(r, 0.9):
            os.chmod(dst, os.stat(dst).st_mode & 0o7777 | 0o700)
            own(dst, uid)
        for path in (box, twin, victims):
            own(path, uid)
        if self.state == "setgid":
            own(box, 7)
            os.chmod(box, 0o2777)
        if self.state == "acl":
            set_xattr(box, "system.posix_acl_default", packed_acl(r, 7))

    def crowd_in(self, crowd, dst):
        if not self.into:       # -T: the destination itself is what is met
            crowd.meet(self.landings[0][0], dst)
            return
        crowd.put_dir(dst)
        for name, at in self.landings:
            where = os.path.dirname(os.path.join(dst, at))
            missing = []
            while not os.path.lexists(where):
                missing.append(where)
                where = os.path.dirname(where)
            for path in reversed(missing):
                crowd.put_dir(path)
            if at:
                crowd.meet(name, os.path.join(dst, at))
            else:               # what is in it, not itself
                for child in crowd.children[name]:
                    if chance(crowd.r, 0.5):
                        crowd.meet(child, os.path.join(dst, os.path.basename(child)))

    def describe(self):
        return "%s, destination %s, umask %03o, %s" % (
            self.shape, self.state, self.umask, self.locale)
