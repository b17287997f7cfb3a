#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Files are copied onto themselves under all kinds of names, with all options that matter
# then: mmcp does what cp does, or what is told at the end of tests/twins.py.
# shellcheck source=tests/lib.sh
. "${srcdir:-.}/tests/lib.sh"
# shellcheck source=tests/twins-lib
. "${srcdir:-.}/tests/twins-lib"

# All of them take three minutes; 13 kinds of copies and 5 don't coincide in steps of 17.
twins 17
