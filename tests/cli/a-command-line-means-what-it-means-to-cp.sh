#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# cp and mmcp run each line of the tables tests/*/*.cases in twin directories: their
# messages, their exit status and the files they leave must be the same.
# tests/tools/twins says how to read the tables.  CP may name another cp.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/twins-lib
. "${srcdir:-.}/tests/tools/twins-lib"

twins 1 "${srcdir:-.}/tests/cli/options.cases" "${srcdir:-.}/tests/file/replace.cases" \
	"${srcdir:-.}/tests/file/backup.cases"
