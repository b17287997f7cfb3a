# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows: a source, an old destination, and a command line."""
import collections
import os

from battery.sources import (
    KIB, MIB, attributes, content, flat, in_the_way, inheriting, links, lists, modes,
    names, newer, nothing, one, other, other_attributes, other_lists, other_modes,
    owners, reserved, sparse, special, tree, write)

# WORDS: the command line, where S and D are the directories of source and destination,
# and A the absolute path of S.  OURS: more of it for mmcp, by which nothing but the way
# of copying changes.  AGAIN: it is done twice.  SAMPLE: it is one of few, for
# scripts/check.
Row = collections.namedtuple("Row", "name source old words ours again sample")
ROWS = []


def row(name, source, old, words, ours="", again=False, sample=False):
    ROWS.append(Row(name, source, old, words.split(), ours.split(), again, sample))


SIZES = {"0": 0, "1": 1, "4095": 4095, "256K": 256 * KIB, "40M": 40 * MIB}
MEDIUM = 300 * KIB + 77
for label, length in SIZES.items():
    few = label in ("0", "256K")
    row("%s, new" % label, one(length), nothing, "S/f D/f", sample=few)
    row("%s, -p, new" % label, one(length), nothing, "-p S/f D/f")
    row("%s, over a longer one" % label, one(length), other(length + 70001), "S/f D/f",
        sample=label == "4095")
    if length:
        row("%s, over a shorter one" % label, one(length), other(length // 2), "S/f D/f",
            sample=few)
row("over one just as long, -p", one(MEDIUM), other(MEDIUM), "-p S/f D/f")
for option in ("-a", "-f", "-b", "--backup=numbered", "-bS .old",
               "--remove-destination", "-u",
               "-n", "-l", "-lf", "-d", "-T", "--attributes-only -p", "--sparse=always",
               "--sparse=never", "--reflink=auto", "--reflink=never", "--reflink=always",
               "--preserve=xattr", "--preserve=all", "--preserve=links,mode",
               "--no-preserve=mode", "-v"):
    few = option in ("-b", "--remove-destination", "-a", "--attributes-only -p")
    row("%s, new" % option, one(MEDIUM), nothing, option + " S/f D/f")
    row("%s, over an old one" % option, one(MEDIUM), other(MEDIUM + 5),
        option + " S/f D/f",
        sample=few)
row("-s, new", one(10), nothing, "-s A/f D/f")
row("-sf, over an old one", one(10), other(10), "-sf A/f D/f")
row("-sb, over an old one", one(10), other(10), "-sb A/f D/f")
row("-u, over a newer one", one(MEDIUM), newer(MEDIUM), "-u S/f D/f")
row("-pu, twice", one(MEDIUM), other(MEDIUM + 5), "-pu S/f D/f", again=True)
row("-b, twice", one(10), other(20), "--backup=numbered S/f D/f", again=True)
row("into a directory that isn't there", one(10), nothing, "S/f D/none/")
row("a source that isn't there", nothing, nothing, "S/f D/f")
row("a name that is too long", one(10), nothing, "S/f D/" + "x" * 256)
row("over a directory", one(10), lambda top: os.mkdir(top + b"/f"), "-T S/f D/f")
row("--parents", one(10), nothing, "--parents S/f D", sample=True)
row("-p --parents", one(10), nothing, "-p --parents S/f D")
for size in (1000, MEDIUM, 40 * MIB):
    label = {1000: "1000", MEDIUM: "300K"}.get(size, "40M")
    for ours in ("--atomic", "--fsync", "--engine=mmap", "--engine=kernel",
                 "--engine=stream",
                 "--direct", "--nocache", "-j2 --chunk-size=64K", "--atomic --fsync"):
        if size > MIB and ours not in ("--engine=mmap", "--engine=stream",
                                       "--atomic --fsync"):
            continue
        few = size == MEDIUM and ours in ("--atomic", "--fsync", "--engine=mmap",
                                          "--engine=stream")
        row("%s, %s, new" % (ours, label), one(size), nothing, "S/f D/f", ours,
            sample=few)
        if size < MIB:
            row("%s, %s, over an old one" % (ours, label), one(size), other(size // 3),
                "S/f D/f", ours,
                sample=ours in ("--atomic", "--engine=mmap"))
            row("%s, %s, -p, over an old one" % (ours, label), one(size), other(size * 2),
                "-p S/f D/f", ours)
        if ours.startswith("--atomic") and size == MEDIUM:
            row("%s, -b" % ours, one(size), other(5), "-b S/f D/f", ours)
for option in ("", "--sparse=always", "--sparse=never", "-p"):
    row("sparse files, %s" % (option or "plain"), sparse, nothing, option + " -r S/. D",
        sample=not option)
    row("sparse files over old ones, %s" % (option or "plain"), sparse, other(MIB),
        option + " S/f D/f")
for ours in ("--engine=mmap", "--engine=stream", "--fsync", "--atomic"):
    row("sparse files, %s" % ours, sparse, nothing, "-r S/. D", ours)
for option in ("", "-p", "--sparse=always"):
    row("preallocated files, %s" % (option or "plain"), reserved, nothing,
        option + " -r S/. D",
        sample=not option)
for option in ("-r", "-rp", "-a", "-r --no-preserve=mode", "-r --preserve=mode"):
    row("modes, %s" % option, modes, nothing, option + " S/. D", sample=option == "-a")
    row("modes over others, %s" % option, modes, other_modes, option + " S/. D")
row("modes over others, --remove-destination", modes, other_modes,
    "-r --remove-destination S/. D")
row("modes over others, --atomic", modes, other_modes, "-r S/. D", "--atomic")
for option in ("-r", "-a", "-r --preserve=ownership"):
    row("owners, %s" % option, owners, nothing, option + " S/. D")
for option in ("-r", "-a"):
    row("names, %s" % option, names, nothing, option + " S D/new")
row("names, -a, twice", names, nothing, "-a S/. D", again=True)
for option in ("-r", "-a", "--preserve=xattr -r", "--preserve=all -r"):
    row("attributes, %s" % option, attributes, nothing, option + " S/. D")
    row("attributes over others, %s" % option, attributes, other_attributes,
        option + " S/. D",
        sample=option == "-a")
row("attributes, --atomic", attributes, other_attributes, "-a S/. D", "--atomic")
for option in ("-r", "-a", "-rp"):
    row("lists, %s" % option, lists, nothing, option + " S/. D")
    row("lists over others, %s" % option, lists, other_lists, option + " S/. D",
        sample=option == "-a")
    row("lists from above, %s" % option, lists, inheriting, option + " S/. D")
for option in ("-r", "-a", "-d", "-rl", "-al", "-r --preserve=links"):
    words = "S/a S/b S/big" if option == "-d" else "S/."
    row("links, %s" % option, links, nothing, "%s %s D" % (option, words),
        sample=option == "-a")
row("links, -a, twice", links, nothing, "-a S/. D", again=True)
row("links, -au over an old one", links, lambda top: write(top + b"/b", content(3)),
    "-au S/. D")
for option in ("-a", "-rp", "-r --preserve=mode"):
    row("special files, %s" % option, special, nothing, option + " S/. D",
        sample=option == "-a")
row("special files, -a, twice", special, nothing, "-a S/. D", again=True)
row("special files, -al", special, nothing, "-al S/. D")
for option in ("-r", "-a", "-al", "-rp", "-rT", "-r --parents", "-ru", "-rL", "-rH",
               "-rb",
               "-a --no-preserve=all", "-a --attributes-only", "-av"):
    row("a tree, %s" % option, tree if "L" not in option else flat, nothing,
        option + (" S/sub S/1 D" if "parents" in option else " S D/new"),
        sample=option in ("-r", "-a"))
    if "parents" not in option:
        row("a tree merged, %s" % option, tree if "L" not in option else flat, in_the_way,
            option + (" S D" if "T" in option else " S/. D"), sample=option == "-a")
for option in ("-au", "-a --backup", "-a --backup=numbered", "-a --remove-destination",
               "-alf",
               "-a -n", "-af"):
    row("a tree merged, %s" % option, tree, in_the_way, option + " S/. D")
row("a tree, -au, twice", tree, nothing, "-au S/. D", again=True, sample=True)
row("a tree, -a, twice", tree, nothing, "-a S/. D", again=True)
row("a tree, -rs", flat, nothing, "-rs A D/new")
row("a tree, -as", flat, nothing, "-as A D/new")
row("a tree, -as merged", flat, in_the_way, "-asf A/. D")
for ours in ("--atomic", "--fsync", "--engine=mmap", "--engine=kernel", "--engine=stream",
             "--direct", "--nocache", "-j1", "-j4"):
    row("a tree, -a, %s" % ours, tree, nothing, "-a S/. D", ours,
        sample=ours == "--atomic")
    row("a tree merged, -a, %s" % ours, tree, in_the_way, "-a S/. D", ours)
