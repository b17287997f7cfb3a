#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

tests=${srcdir:-.}/tests
grep -o 'tests/[^ ]*\.[ch]\|tests/[^ ]*\.sh' "$tests/tests.mk" | sort >listed

for file in "$tests"/*/*.sh "$tests"/*/unit*.c; do
	name=${file#"$tests/"}
	[ "$name" = tools/lib.sh ] && continue
	check "$name is listed" grep -qxF "tests/$name" listed
done
uniq -d listed >twice
check "no test is listed twice" test ! -s twice
while read -r name; do
	check "$name exists" test -f "${srcdir:-.}/$name"
done <listed

finish
