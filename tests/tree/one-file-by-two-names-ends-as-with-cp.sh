#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Files are copied onto themselves under all kinds of names, with all options that matter
# then: mmcp does what cp does, or what is told at the end of tests/tools/twins.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/twins-lib
. "${srcdir:-.}/tests/tools/twins-lib"

# All of them take three minutes; 13 kinds of copies and 5 don't coincide in steps of 17.
twins 17
