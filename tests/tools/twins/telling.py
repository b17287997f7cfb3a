# SPDX-License-Identifier: GPL-3.0-or-later
"""Print what cp does, in the words of a table."""
import os
import re

import trees
from twins.judging import told
from twins.places import in_twin
from twins.programs import run


def encode(name):
    """What decode() makes NAME of."""
    return re.sub(rb"[^-\w.~+,]", lambda m: b"%%%02X" % m[0][0], name).decode()


def word_of(name, facts, top):
    """The word of a set-up that makes this."""
    kind = facts["type"]
    if kind == "directory":
        return encode(name) + "/"
    if facts["same file as"] != name:
        return encode(name) + "=" + encode(facts["same file as"])
    if kind == "symlink":
        return encode(name) + "->" + facts["target"].decode()
    if kind == "file":
        with open(os.path.join(top, name), "rb") as f:
            content = f.read(1000)
        return encode(name) + ("" if content == name + b"\n" else ":" + encode(content))
    return encode(name) + {"FIFO": "|"}.get(kind, "!")


def tell(case, place, cp):
    """The lines that a case wants which differs from another cp."""
    place.open()

    def action(twin):
        status, out, err = run(cp, case, twin, place.uid)
        shot = trees.snapshot(twin)
        trees.name_links(shot)
        words = [word_of(name, facts, twin).replace("%2F", "/")
                 for name, facts in sorted(shot.items()) if name != b"."]
        return status, out, err, words
    status, out, err, words = in_twin(place, case.setup, action)
    lines = ["exit %s" % status] if status else []
    for key, data in (("out", out), ("err", err)):
        lines += ["%s %s" % (key, line) for line in told(os.fsdecode(data)).split("\n")
                  if line]
    return lines + ["then " + " ".join(words)]
