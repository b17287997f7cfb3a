#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Each line of the tables tests/*.cases is done by cp and by mmcp in twin directories: what
# they say, their exit status and what is there then must be the same.  tests/tools/twins tells
# how to read them.  Another cp to compare with may be named by CP.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/twins-lib
. "${srcdir:-.}/tests/tools/twins-lib"

twins 1 "${srcdir:-.}/tests/cli/options.cases" "${srcdir:-.}/tests/file/replace.cases" \
	"${srcdir:-.}/tests/file/backup.cases"
