#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The names of --engine in the manual are those that the program offers, in one order.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

page=${srcdir:-.}/man/mmcp.1
check "there is a manual" test -s "$page"
[ -s "$page" ] || finish

run env LC_ALL=C "$MMCP" "--engine=?" a b
check "a word that is no engine's is refused" status_is 1
sed -n "s/^  - '\(.*\)'$/\1/p" err >offered
check "the program offers some" test -s offered

# The items of the list in the paragraph of --engine.
sed -n '/^\.It Fl -engine /,/^\.El$/s/^\.It Cm //p' "$page" >described
check "the manual has those, and no others" diff offered described

"$MMCP" --help=all | grep -A2 -e '--engine=' >helped
# The table of what engines are called: by --engine, by --debug, by --stats.
sed -n '/^\.Sh HOW FILES ARE COPIED/,/^\.TE/p' "$page" >words
while read -r engine; do
	check "$engine is in the help" grep -qw "$engine" helped
	[ "$engine" = auto ] ||
		check "$engine is in the manual's table of words" \
			grep -qE "^$engine	[a-z]+	[a-z_ ]+	" words
done <offered
finish
