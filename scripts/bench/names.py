# SPDX-License-Identifier: GPL-3.0-or-later
"""The trees and the times of names that ranks.py simulates with.  A tree is made up as
far as somebody looks: a directory that one rank copies alone is a number of names."""

import math

# Measured on two shared processors (AMD EPYC), Linux 6.18, tmpfs, 2026-11-30:
# `mmcp -a -j1` of 60 000 small files (median 3 KiB), the time from one file to the next,
# as quantiles; the last one is a walker that wasn't running.
QUANTILES = ((0, 17.5), (.05, 18.6), (.25, 19.2), (.5, 20.8), (.75, 24.3), (.9, 47.8),
             (.95, 65.0), (.99, 122.2), (.999, 281.2), (.9999, 777.0), (1, 24789.5))

LEAF = 24               # names of a directory without subdirectories, at most


# ---- the tree ----

class Tree:
    """A tree with all kinds of directories."""
    DRAWN = 5000            # so many numbers are drawn once

    def __init__(self, rng):
        self.random = rng.random
        self.files = [int(rng.lognormvariate(2.1, 1.2)) for _ in range(self.DRAWN)]
        self.subs = [2 + int(rng.lognormvariate(1.4, .8)) for _ in range(self.DRAWN)]
        self.weights = [rng.lognormvariate(0, 1.2) for _ in range(2 * self.DRAWN)]

    def directory(self, size):
        """Of a directory with SIZE names in it and below, itself included: the number of
        its files, and the sizes of its subdirectories.  A few have most of the names."""
        if size <= LEAF:
            return size - 1, []
        files = min(size - 1, self.files[int(self.random() * self.DRAWN)])
        rest = size - 1 - files
        count = min(rest, self.subs[int(self.random() * self.DRAWN)])
        if count == 0:
            return files, []
        first = int(self.random() * self.DRAWN)
        weights = self.weights[first:first + count]
        scale = (rest - count) / sum(weights)
        sizes = [1 + int(w * scale) for w in weights]
        sizes[0] += rest - sum(sizes)
        return files, sizes


class Chain:
    """Ten files, and one subdirectory with the rest."""
    def __init__(self, rng):
        pass

    @staticmethod
    def directory(size):
        files = min(size - 1, 10)
        return files, [size - 1 - files] if size - 1 > files else []


class Level:
    """What a walker has left of one directory."""
    __slots__ = ("files", "subs", "shared", "depth")

    def __init__(self, files, subs, shared, depth):
        self.files, self.subs, self.shared, self.depth = files, subs, shared, depth


def quantile(q):
    """The quantile Q, on a line between those that were measured."""
    i = next(i for i, (at, _) in enumerate(QUANTILES) if at > q)
    (low, begin), (high, end) = QUANTILES[i - 1], QUANTILES[i]
    return begin + (q - low) / (high - low) * (end - begin)


class NameTimes:
    """The time that names take, of MEAN microseconds."""
    DRAWN = 20000

    def __init__(self, mean, rng):
        drawn = [quantile((i + .5) / self.DRAWN) for i in range(self.DRAWN)]
        scale = mean * self.DRAWN / sum(drawn)
        self.drawn = [scale * us for us in drawn]
        square = sum((us - mean) ** 2 for us in self.drawn)
        self.deviation = math.sqrt(square / self.DRAWN)
        self.mean, self.rng = mean, rng

    def of(self, names):
        """The mean of so many NAMES."""
        if names <= LEAF:
            random = self.rng.random
            return sum(self.drawn[int(random() * self.DRAWN)]
                       for _ in range(names)) / names
        return max(self.mean / 2,
                   self.rng.gauss(self.mean, self.deviation / math.sqrt(names)))
