#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# By its plain name, a symlink or a bind mount: refused, and soon.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_gnu_cp

a_tree() {
	mkdir -p s/d/e s/z other
	echo 1 >s/f; echo 2 >s/d/f; echo 3 >s/d/e/f; echo 4 >s/z/f
	ln -s s link; ln -s ../s other/link; ln -s f s/l
}
# cp stops at the copy, wherever the file system has it among the others; we go on with
# them.  So the result is another.
all_but_itself() {
	[ "$(cat mmcp.tree/s/z/f mmcp.tree/s/d/e/f)" = "4
3" ] && [ -f "mmcp.tree/$1/f" ] && [ -f "mmcp.tree/$1/z/f" ] &&
		[ -f "mmcp.tree/$1/d/f" ] &&
		[ ! -e "mmcp.tree/$1/$2" ] && return
	find mmcp.tree
	return 1
}
for option in -r -a -rL -rH; do
	sampled || continue
	says_as_cp "into itself" a_tree $option s s
	check "with all but itself" all_but_itself s/s s
	says_as_cp "into what is below it" a_tree $option s s/d
	check "with all but itself" all_but_itself s/d/s d/s
	says_as_cp "into what is deep below it" a_tree $option s s/d/e
	check "with all but itself" all_but_itself s/d/e/s d/e/s
	says_as_cp "to a new name in itself" a_tree $option s s/new
	check "with all but itself" all_but_itself s/new new
	says_as_cp "to a new name below" a_tree $option s s/d/new
	check "with all but itself" all_but_itself s/d/new d/new
	as_cp "onto itself" a_tree $option -T s s
	says_as_cp "as ." a_tree $option s/. s/new
	says_as_cp "by a symlink to it" a_tree $option s link
	says_as_cp "from a symlink to it" a_tree $option link/. s/new
	says_as_cp "by a symlink elsewhere" a_tree $option s other/link
done

# deepest DIR: how many levels there are below it.
deepest() { find "$1" -printf '%d\n' | sort -n | tail -n 1; }
bounded() { [ "$(deepest "$1")" -le 9 ] || { deepest "$1"; false; }; }
ended_by_itself() { [ "$status" != 124 ] || { echo "it had no end"; false; }; }

rm -rf cp.tree mmcp.tree
a_tree
if is_root && mkdir bound && mount --bind s bound 2>/dev/null; then
	mounts="$work/bound $mounts"
	for j in 1 3; do
		run timeout 100 "$MMCP" -r -j$j s bound
		check "by a bind mount: it ends, -j$j" ended_by_itself
		check "and is refused, -j$j" status_is 1
		check "with a word, -j$j" err_has "into itself"
		check "and is bounded, -j$j" bounded s
		rm -rf s/s
		run timeout 100 "$MMCP" -a -j$j s bound/new
		check "to a new name by a bind mount: it ends, -j$j" ended_by_itself
		check "and is refused, -j$j" status_is 1
		check "and is bounded, -j$j" bounded s
		rm -rf s/new
		run timeout 100 "$MMCP" -a -j$j s bound/d/e
		check "deep below by a bind mount: it ends, -j$j" ended_by_itself
		check "and is refused, -j$j" status_is 1
		check "and is bounded, -j$j" bounded s
		rm -rf s/d/e/s
		run timeout 100 "$MMCP" -a -j$j -T s bound
		check "onto itself by a bind mount: it ends, -j$j" ended_by_itself
		check "and is refused, -j$j" status_is 1
		check "with all that was there, -j$j" test "$(find s -type f | wc -l)" = 4
	done
else
	skip "by a bind mount" "only root can mount"
fi

# Symlinks that lead up: a copy of what they lead to would have no end.
ln -s .. s/d/up; ln -s . s/d/here
for j in 1 3; do
	rm -rf to
	run timeout 100 "$MMCP" -rL -j$j s to
	check "a symlink that leads up: it ends, -j$j" ended_by_itself
	check "with status 1, -j$j" status_is 1
	check "and cp's words, -j$j" err_has \
		"mmcp: cannot copy cyclic symbolic link 's/d/up'"
	check "and for the other, -j$j" err_has \
		"mmcp: cannot copy cyclic symbolic link 's/d/here'"
	check "and all the rest, -j$j" test "$(find to -type f | wc -l)" = 5
done

# Whatever is read first: the destination, or what was just made in it.
for option in -r -a -rL -rl; do
	for order in "d e" "e d"; do
		sampled || continue
		rm -rf q; mkdir q; cd q || exit 99
		# shellcheck disable=SC2086 # names
		mkdir $order
		run timeout 100 "$MMCP" $option . e
		cd .. || exit 99
		check "a destination that is there, $option, $order: an error" status_is 1
		check "told once, $option, $order" \
			err_is "mmcp: cannot copy a directory, '.', into itself, 'e/.'"
		check "and the rest is there, $option, $order" \
			test "$(find q | sort | tr '\n' ' ')" = "q q/d q/e q/e/d "
	done
done

finish
