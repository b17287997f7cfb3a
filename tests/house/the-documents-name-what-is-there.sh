#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Documents go out of date where nobody looks.  Every file, test, function and heading
# that they name exists.  When this fails after a rename, correct the page that it prints.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

need python3
top=${srcdir:-.}

# true_of KIND: documents.py finds nothing of that kind that is missing.
true_of() {
	python3 -B "$top/tests/house/documents.py" "$1" "$top" >missing || return
	[ ! -s missing ] || { cat missing; false; }
}

invariants_are_numbered() {
	awk -F '|' '/^\| [0-9]/ && $2 + 0 != ++n { print; exit 1 }' \
		"$top/doc/invariants.md"
}

check "the documents are there" test -s "$top/doc/architecture.md"
check "each path and file name in backquotes exists" true_of paths
check "each function and type in backquotes is defined" true_of functions
check "each other name in backquotes is in the sources" true_of words
check "each link leads somewhere, from a page or a comment" true_of links
check "no number of an invariant is given twice or left out" invariants_are_numbered
for page in "$top"/doc/*.md "$top"/doc/decisions/*.md; do
	check "${page##*/} is in doc/docs.mk" \
		grep -qF "doc/${page##*/doc/}" "$top/doc/docs.mk"
done

finish
