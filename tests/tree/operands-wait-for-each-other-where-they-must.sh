#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Operands are on their way at the same time.  Where one depends on another, or on what
# another changes, the outcome is that of one after the other.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

contents() { cat "$@" | sort | uniq -c | sed 's/^ *//' | tr '\n' ' '; }
contents_are() {
	wanted=$1; shift
	[ "$(contents "$@")" = "$wanted" ] || { contents "$@"; false; }
}

for j in 1 2 7; do
	rm -rf ./*
	mkdir -p a d/a && echo 1 >a/x && ln a/x y
	run "$MMCP" -a -j$j a y d
	check "a link to what comes with an operand before is made, -j$j" \
		test d/a/x -ef d/y
	check "with nothing to complain of, -j$j" went_well

	rm -rf ./*
	mkdir s d
	for i in $(seq 70); do echo "$i" >"s/f$i"; done
	ln s/f1 s/h1
	# shellcheck disable=SC2046
	run "$MMCP" -a -j$j s/f1 s/h1 $(seq -f s/f%g 2 70) d
	check "and so are links among many operands, -j$j" test d/f1 -ef d/h1
	check "which are all there, -j$j" test "$(find d -type f | wc -l)" = 71
	check "with nothing to complain of, -j$j" went_well

	for order in "a a/b/c e" "a/b/c a e" "e a a/b/c"; do
		rm -rf ./*; mkdir -p a/b/c e d1 d2
		for i in $(seq 100); do
			echo "$i" >"a/$i"; echo "$i" >"a/b/c/$i"; echo "$i" >"e/$i"
		done
		# shellcheck disable=SC2086 # names without spaces
		run "$MMCP" -r -j$j $order d1
		# shellcheck disable=SC2086
		cp -r $order d2 2>/dev/null
		check "$order: an operand below another is copied as by cp, -j$j" \
			diff -r d1 d2
	done

	rm -rf ./*
	mkdir o1 o2 w o o/sub
	for i in $(seq 70); do echo one >"o1/f$i"; echo two >"o2/f$i"; done
	ln -s ../o1 w/x && ln -s ../o2 o/x
	cd w || exit 99
	# shellcheck disable=SC2046
	run "$MMCP" -rd -j$j --remove-destination x/f1 ../o/sub/.. $(seq -f x/f%g 2 70) .
	cd .. || exit 99
	check "what an operand replaced is not gone through any more, -j$j" \
		contents_are "1 one 69 two " w/f*

	rm -rf ./*
	mkdir -p s/a s/b d/a && ln -s a d/b
	for i in $(seq 64); do echo A >"s/a/f$i"; echo B >"s/b/f$i"; done
	run "$MMCP" -rT --keep-directory-symlink -j$j s d
	[ "$(contents d/a/f1)" = "1 A " ] && last=A || last=B
	check "of two ways to one directory the last one wins whole, -j$j" \
		contents_are "64 $last " d/a/*
done

rm -rf ./*
if open_to_nobody; then
	mkdir -m 755 u && mkdir d && chmod 777 d
	for i in $(seq 70); do echo "$i" >"u/f$i"; done
	echo secret >u/secret && chmod 600 u/secret && ln -s secret u/link
	run as_nobody "$mmcp" -H u/f* u/link d
	check "a symlink whose target can't be read is an error" status_is 1
	check "which is told" err_is \
		"mmcp: cannot open 'u/link' for reading: Permission denied"
	check "and is not copied as such" absent d/link
	check "and the others are there" test "$(find d -type f | wc -l)" = 70
else
	skip "a symlink whose target can't be read is an error" "$why"
fi

finish
