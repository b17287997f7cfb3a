#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

tests=${srcdir:-.}/tests
names='tests/[^ ]*\.[ch]\|tests/[^ ]*\.sh'
sed '/^slow_tests/,$d' "$tests/tests.mk" | grep -o "$names" | sort >listed
sed -n '/^slow_tests/,$p' "$tests/tests.mk" | grep -o "$names" | sort >slow

for file in "$tests"/*/*.sh "$tests"/*/unit*.c; do
	name=${file#"$tests/"}
	[ "$name" = tools/lib.sh ] && continue
	check "$name is listed" grep -qxF "tests/$name" listed
done
comm -23 slow listed >strange
check "only tests that are listed are slow" test ! -s strange
uniq -d listed >twice
check "no test is listed twice" test ! -s twice
while read -r name; do
	check "$name exists" test -f "${srcdir:-.}/$name"
done <listed

finish
