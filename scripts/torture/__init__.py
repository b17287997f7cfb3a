# SPDX-License-Identifier: GPL-3.0-or-later
"""Torture: random copies while random things go wrong.

    __main__   starts it: python3 scripts/torture --help
    places     the file systems that it copies on
    files      rounds of one file: what is copied, how, and what goes wrong
    trouble    what goes wrong: rules of the shim, and what is done to a running copy
    judgement  whether what mmcp says agrees with what is left
    trees      rounds of trees, judged by what cp does

Each round has a seed, and everything random in it comes from that."""
