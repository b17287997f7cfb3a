#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Lines of --json and -v that don't go to the terminal don't wipe the bar away, so that
# both can be had at once.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_terminals

mkdir s
for i in $(seq 60); do head -c 20000 /dev/zero >"s/$i"; done
# with_bar OPTION: a slow copy with a bar; what the terminal got into shown, the rest of
# what is said into lines.
with_bar() {
	rm -rf new
	echo "'$MMCP' -r -j1 -g $1 --bwlimit=600K s new >lines; echo status \$?" >copy.sh
	TERM=xterm script -qec 'sh copy.sh' /dev/null </dev/null >shown
}
esc=$(printf '\033')
cr=$(printf '\r')
count() { grep -o "$1" shown | wc -l; }
for option in --json -v; do
	with_bar $option
	check "$option: it works" grep -q 'status 0' shown
	check "$option: the copy is there" same_tree s new
	if ! grep -q iB shown; then
		skip "$option: the bar stays" "no bar was drawn"
		continue
	fi
	check "$option: each file has its line" test "$(grep -c 's/[0-9]' lines)" = 60
	check "$option: none of them is on the terminal" \
		test "$(count 's/1[^0-9].*new')" = 0
	check "$option: the bar is wiped away once, at the end" test \
		"$(count "$cr$esc\[K")" = 1
done
finish
