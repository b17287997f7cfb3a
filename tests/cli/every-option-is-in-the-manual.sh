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
	sed 's/\\-/-/g; s/\\&//g' | sort >all
sort -u all >described
check "each option is described once" test -z "$(uniq -d all)"

check "the help has options" test -s helped
while read -r option; do
	check "$option is in the manual" grep -qxe "$option" described
done <helped
while read -r option; do
	check "$option of the manual is in the help" grep -qxe "$option" helped
done <described

# ---- the manual says of each option what the table says ----
[ -x "${GENERATE:=}" ] || skip_all "the generator is built by make check"
"$GENERATE" list >table
check "the table has options" test -s table
# One line for each letter and each name: group, option, "required" or "optional",
# argument.
awk -F '\t' -v OFS='\t' '$7 == "hidden" { next }
	{ $4 = tolower($4) }
	$2 != "-" { print $1, "-" $2, $5, $4 }
	$3 != "-" { print $1, "--" $3, $5, $4 }' table | sort >table.options
awk -v OFS='\t' '/^\.Ss / { group = substr($0, 5) }
	/^\.It Fl / { sub(/^\.It Fl /, ""); gsub(/\\-/, "-")
		n = split($0, items, / , Fl /)
		for (i = 1; i <= n; i++) {
			split(items[i], word, " ")
			form = items[i] ~ / Op = / ? "optional" : \
				items[i] ~ / Ar / ? "required" : "-"
			argument = items[i]
			if (!sub(/^.* Ar /, "", argument))
				argument = "-"
			print group, "-" word[1], form, argument } }' "$page" |
	sort >manual.options
check "the manual has the table's options, with arguments, in the table's groups" \
	diff table.options manual.options

# Each keyword is an item of some list of words.
grep '^\.\(It \)\{0,1\}Cm ' "$page" | sed 's/^\.\(It \)\{0,1\}Cm //' | tr -s ' ,' '\n' |
	sort -u >manual.words
awk -F '\t' '$6 != "-" { print $6 }' table | tr ',' '\n' | sort -u >table.words
check "the table has keywords" test -s table.words
while read -r word; do
	check "the word $word is in the manual" grep -qxe "$word" manual.words
done <table.words

if have mandoc; then
	run mandoc -T lint -W warning "$page"
	check "mandoc finds nothing to warn of" test ! -s out
else
	skip "mandoc finds nothing to warn of" "mandoc is not installed"
fi

finish
