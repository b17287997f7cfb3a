#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual is a page that mandoc and groff agree on, with its parts where readers look.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need mandoc

page=${srcdir:-.}/man/mmcp.1
# plain: without what makes letters bold or underlined.
plain() { sed 's/.\x08//g'; }

# Which other manuals are installed here says nothing about ours.
mandoc -T lint -W style "$page" 2>&1 |
	grep -vE 'referenced manual not found|mandoc\.db' >complaints
check "mandoc has nothing to say" test ! -s complaints

# ---- the sections ----

sed -n 's/^\.Sh //p' "$page" >sections
cat >wanted <<'END'
NAME
SYNOPSIS
DESCRIPTION
OPTIONS
ENVIRONMENT
FILES
EXIT STATUS
EXAMPLES
DIAGNOSTICS
SEE ALSO
AUTHORS
CAVEATS
BUGS
SECURITY CONSIDERATIONS
DIFFERENCES FROM CP
END
grep -Fxf wanted sections >order
check "each section is there, in mandoc's order" diff wanted order

mandoc -T ascii "$page" | plain >ascii.txt
sed -n '/^DESCRIPTION/,/^OPTIONS/p' ascii.txt | grep '^ ' >description
check "the description has at most 15 lines" test "$(wc -l <description)" -le 15
check "four of them are examples" test "$(grep -c '^ *\$ ' description)" = 4
check "the examples begin before two thirds of the page" test \
	$(($(sed -n '/^EXAMPLES/=' ascii.txt) * 3)) -lt $(($(wc -l <ascii.txt) * 2))

# ---- how it looks ----

# fits COLUMNS FILE: but for what is literal, which is never broken.
fits() { awk -v most="$1" '/jq -r/ { next } length > most { print; bad = 1 }
	END { exit bad }' "$2"; }
for columns in 80 132; do
	mandoc -T ascii -O width=$((columns - 2)) "$page" | plain >text
	check "mandoc: it fits in $columns columns" fits "$columns" text
done
mandoc -T html "$page" >page.html
check "its tables are tables in HTML" test "$(grep -c '<table class="tbl"' page.html)" = 3
if have groff && groff -mandoc -Tascii /dev/null >/dev/null 2>&1; then
	for columns in 80 132; do
		groff -t -mandoc -Tascii -P-c -rLL="$((columns - 2))n" -ww "$page" \
			2>warnings | plain >text
		check "groff: it fits in $columns columns" fits "$columns" text
		check "groff: there is nothing to warn of" test ! -s warnings
	done
	check "groff: a table has what mandoc's has" grep -qE \
		'^ +reflink +clone +cloned +The copy' text
	! groff -Tpdf /dev/null >/dev/null 2>&1 ||
		check "groff makes a PDF of it" test "$(groff -t -mandoc -Tpdf "$page" |
			head -c 4)" = %PDF
else
	skip "groff makes the same of it" "groff can't make manuals here"
fi
finish
