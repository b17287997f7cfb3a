# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that are tried, and what they mean."""
import collections

Variant = collections.namedtuple("Variant", "options shapes tame")
WHOLE = ["tree", "tree", "slash", "dot", "sub", "several", "into", "-T", "-t", "way",
         "file",
         "parents", "wayslash"]
SINGLE = ["file", "file", "files", "into", "-t", "-T", "parents", "sub"]


def variants():
    """The options that are tried, weighty ones several times."""
    rows = ["-a", "-a", "-a", "-a", "-r", "-r", "-R", "-rp", "-rp", "-dr", "-rL", "-rH",
            "-rP",
            "-a --no-preserve=ownership", "-a --no-preserve=mode",
            "-a --no-preserve=timestamps", "-a --no-preserve=links",
            "-a --no-preserve=xattr",
            "-a --no-preserve=mode,ownership", "-a --no-preserve=all",
            "-r --preserve=mode", "-r --preserve=timestamps", "-r --preserve=ownership",
            "-r --preserve=links", "-r --preserve=xattr", "-r --preserve=all",
            "-r --no-preserve=mode", "-rd", "-x -a", "-al", "-rl", "-rs", "-as",
            "-a --attributes-only", "-r --attributes-only", "-aL", "-aH", "-aP", "-rLp",
            "-a --remove-destination", "-r --remove-destination", "-rf", "-af", "-rn",
            "-an",
            "-alf", "-rsf", "-au", "-ru", "-a --keep-directory-symlink",
            "-a --sparse=always", "-a --sparse=never", "-a --reflink=never",
            "-a --strip-trailing-slashes"]
    table = [Variant(row.split(), WHOLE, False) for row in rows]
    table += [Variant(row.split(), ["tree", "sub", "several", "dot", "file"], True)
              for row in ("-r --copy-contents", "-rL --copy-contents")]
    table += [Variant(row.split(), SINGLE, False)
              for row in ("", "-d", "-P", "-p", "-l", "-s", "-L", "-dp", "--preserve=all",
                          "--attributes-only", "-H", "-f", "-n", "-u",
                          "--remove-destination")]
    return table


def letters(options):
    return "".join(o[1:] for o in options if not o.startswith("--"))


def recursive(options):
    return any(c in letters(options) for c in "arR")


def removing(options):
    return "--remove-destination" in options


def linking(options):
    return any(c in letters(options) for c in "ls")


def following(options):
    """Whether symlinks below an operand are followed."""
    chosen = [c for c in letters(options) if c in "LPHd" or (c == "a")]
    return bool(chosen) and chosen[-1] == "L"


def keeping_links(options):
    words = " ".join(options)
    keep = (any(c in letters(options) for c in "ad")
            or "=links" in words or "=all" in words)
    drop = "--no-preserve=links" in words or "--no-preserve=all" in words
    return keep and not drop
