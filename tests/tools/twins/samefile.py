# SPDX-License-Identifier: GPL-3.0-or-later
"""The cases of one file under two names."""
import collections
import itertools
import os

import trees
from twins.places import in_twin
from twins.table import Case

SAME = ("f:one h=f s->f s2->s t->f k=s D/x:in D/h=f Ds->D o:other{t=-9} D/f=f").split()
SAME_PAIRS = [pair.split() for pair in (
    "f f", "f ./f", "f $PWD/f", "f h", "h f", "f s", "s f", "s s", "s ./s", "s t", "s k",
    "k s", "s s2", "s2 s", "f s2", "s2 f", "h s", "s h", "h s2", "f D/h", "D/h Ds/h",
    "D/f Ds/h", "D Ds", "f D", "s D", "f .", "h .", "s .", "o f")]
SAME_KINDS = ["", "-d", "-P", "-L", "-H", "-l", "-s", "-a", "-dl", "-Ll", "-p", "-rL",
              "-R"]
SAME_REPLACES = ["", "-f", "--remove-destination", "-n", "-u", "-i", "-fi", "-f --rem"]
SAME_BACKUPS = ["", "-b", "--backup=numbered", "-b --suf=.x"]


def stays_there(case, got, place):
    """What two names stand for that are one entry of a directory is not removed to be
    replaced by itself: cp removes it and then can't find what to copy, or makes a symlink
    that leads to itself."""
    names = [os.fsdecode(word) for word in case.arguments[-2:]]
    names[1] = "./s" if names[1] == "." else names[1]
    told = "cp: '%s' and '%s' are the same file\n" % tuple(names)
    before = in_twin(place, SAME, trees.snapshot)
    trees.name_links(before)
    return (names in (["s", "s"], ["s", "./s"], ["D/h", "Ds/h"])
            and got.status == 1 and got.err.decode() == told
            and not list(trees.compare(before, got.shot, ignore=("was", "atime"))))


def source_is_open(case, got, _place):
    """What a symlink leads through can be replaced by what it leads to: mmcp has
    opened the source by then, and cp can't find it any more."""
    return (case.arguments[-2:] == [b"s2", b"s"] and got.status == 0
            and got.shot[b"s"].get("digest") == got.shot[b"f"]["digest"]
            and got.err in (b"", b"cp: overwrite 's'? "))


SAME_DIFFERS = [stays_there, source_is_open]


def same_cases():
    """Every way of copying a file onto itself."""
    for pair, kind, replace, backup in itertools.product(
            SAME_PAIRS, SAME_KINDS, SAME_REPLACES, SAME_BACKUPS):
        if replace == "-n" and backup:
            continue
        words = [w for w in (kind, replace, backup) if w] + pair
        text = "cp " + " ".join(words)
        marks = {"env": {}, "in": "y/y/"}
        if kind == "":
            marks["everywhere"] = True
        yield Case("one file", "cp %s" % " ".join(pair), SAME,
                   [os.fsencode(w) for w in " ".join(words).split()], marks,
                   collections.defaultdict(list), text)
