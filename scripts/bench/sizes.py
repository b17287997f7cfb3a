# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes, and how a size is written."""

import re

KIB, MIB, GIB, TIB = 1 << 10, 1 << 20, 1 << 30, 1 << 40


def parse(text):
    """The bytes of 512M or 2G; None if TEXT is not a size."""
    found = re.fullmatch(r"([1-9][0-9]*)([KMGT]?)", text)
    if not found:
        return None
    unit = {"": 1, "K": KIB, "M": MIB, "G": GIB, "T": TIB}[found.group(2)]
    return int(found.group(1)) * unit


def label(size):
    """SIZE as parse takes it, as short as possible: 2G."""
    for unit, letter in ((TIB, "T"), (GIB, "G"), (MIB, "M"), (KIB, "K")):
        if size >= unit and size % unit == 0:
            return "%d%s" % (size // unit, letter)
    return str(size)


def words(size):
    """SIZE for people: 2 GiB."""
    return re.sub(r"([KMGT])$", r" \1iB", label(size)) + ("" if size % KIB == 0 else " B")
