#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

page=${srcdir:-.}/man/mmcp.1
check "there is a manual" test -s "$page"
[ -s "$page" ] || finish

# Options as words, short and long: from the help ...
helped_options >helped
# ... and from the items of the manual, as in ".It Fl j Ar N , Fl -jobs Ns = Ns Ar N".
sed -n 's/^\.It \(Fl .*\)/\1/p' "$page" | awk '{
	for (i = 1; i < NF; i++)
		if ($i == "Fl") { sub(/[=,].*/, "", $(i + 1)); print "-" $(i + 1) } }' |
	sed 's/\\-/-/g; s/\\&//g' | sort -u >described

check "the help has options" test -s helped
while read -r option; do
	check "$option is in the manual" grep -qxe "$option" described
done <helped
while read -r option; do
	check "$option of the manual is in the help" grep -qxe "$option" helped
done <described

if have mandoc; then
	run mandoc -T lint -W warning "$page"
	check "mandoc finds nothing to warn of" test ! -s out
else
	skip "mandoc finds nothing to warn of" "mandoc is not installed"
fi

finish
