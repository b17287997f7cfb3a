# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of rows, by name."""

from bench import proofs, sources, treeshapes

SHAPES = {**sources.SHAPES, **treeshapes.SHAPES, **proofs.SHAPES}


def shape_of(row, kind):
    """The shape of ROW on a file system of KIND."""
    return SHAPES[row.shape](row, kind)
