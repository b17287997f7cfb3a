#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Each worker that has one name in its hand is killed: that name is reported, and nothing
# is left of it.  All others are copied, and its other names, too.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

mkdir -p s/a s/b s/c s/killer
# So many that workers are forked before there is any directory.
for i in $(seq 40); do echo "$i" >"s/$i"; done
for d in a b c killer; do
	for i in $(seq 30); do echo "$d $i" >"s/$d/$i"; done
done
for d in a b c; do
	pattern 20000 >s/$d/victim
	ln s/$d/victim s/$d-other; ln s/$d/victim s/$d/other
done
rm s/a-other s/b-other s/c-other

# All is there but for what ends in $1.
all_but() {
	find s -name "$1" -prune -o -print | sed 's/^s/to/' | sort >want
	find to | sort >got
	diff want got
}

for j in 2 3 7; do
	for call in copy_file_range@/victim futimens@/victim openat@victim; do
		sampled || continue
		rm -rf to
		run shimmed "$call=SIGKILL" timeout 100 "$MMCP" -j$j \
			-r --preserve=timestamps s to
		check "$call, -j$j: the status is 1" status_is 1
		check "$call, -j$j: nothing of it is left" all_but victim
		check "$call, -j$j: each is told" test "$(sort err | tr '\n' ' ')" = \
			"$(for d in a b c; do
				echo "mmcp: cannot copy 's/$d/victim': Owner died"
			done | tr '\n' ' ')"
	done
	# Whichever of the names comes first is the one that kills.
	for call in copy_file_range@/victim fchmod@/victim; do
		sampled || continue
		rm -rf to
		run shimmed "$call=SIGKILL" timeout 100 "$MMCP" -a -j$j s to
		check "links, $call, -j$j: it ends" test "$status" -le 1
		check "links, $call, -j$j: the other name is there" \
			cmp s/a/other to/a/other
		check "links, $call, -j$j: whole files only" \
			only_whole_files "$work/s" to
		check "links, $call, -j$j: nothing is left" no_leftovers to
	done
	# A directory, when it is finished.
	rm -rf to
	run shimmed "futimens@/killer=SIGKILL" timeout 100 "$MMCP" -a -j$j s to
	check "a directory, -j$j: it ends" test "$status" -le 1 -o "$status" = 137
	[ "$status" = 137 ] || check "a directory, -j$j: all is there" all_but nothing
	rm -rf to
	run shimmed "mkdirat@killer=SIGKILL" timeout 100 "$MMCP" -a -j$j s to
	check "a directory that can't be made, -j$j" \
		err_is "mmcp: cannot copy 's/killer': Owner died"
	check "a directory that can't be made, -j$j: all else is there" all_but killer
done

# An operand.
mkdir o
for i in $(seq 200); do echo "$i" >"o/$i"; done
pattern 20000 >o/victim
for j in 2 3; do
	rm -rf to; mkdir to
	# shellcheck disable=SC2046 # names without spaces
	run shimmed "copy_file_range@/victim=SIGKILL" timeout 100 "$MMCP" -j$j \
		$(seq -f o/%.0f 100) o/victim $(seq -f o/%.0f 101 200) to
	check "an operand, -j$j: it is told" \
		err_is "mmcp: cannot copy 'o/victim': Owner died"
	check "an operand, -j$j: nothing is left of it" absent to/victim
	check "an operand, -j$j: all others are there" \
		test "$(find to -type f | wc -l)" = 200
done

finish
