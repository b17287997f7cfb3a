#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark: python3 scripts/bench --help says what it measures."""

import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[0] = os.path.dirname(HERE)

if {"--all", "--pictures", "--sweep"} & set(sys.argv[1:]):
    from bench import many
    many.begin()
else:
    os.execvp("sh", ["sh", os.path.join(HERE, "one.sh")] + sys.argv[1:])
