#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Each line of the tables tests/*.cases is done by cp and by mmcp in twin directories: what
# they say, their exit status and what is there then must be the same.  tests/twins.py tells
# how to read them.  Another cp to compare with may be named by CP.
# shellcheck source=tests/lib.sh
. "${srcdir:-.}/tests/lib.sh"
# shellcheck source=tests/twins-lib
. "${srcdir:-.}/tests/twins-lib"

twins 1 "${srcdir:-.}/tests/options.cases" "${srcdir:-.}/tests/replace.cases" \
	"${srcdir:-.}/tests/backup.cases"
