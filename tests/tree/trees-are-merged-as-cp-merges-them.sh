#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Two sources of one name, and whatever stands in the way: GNU cp is the judge.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_gnu_cp

# Sources a and b of the same names, and where they go.
two_of_a_name() {
	mkdir -p a/n/d b/n/d a/x b to c
	echo from-a >a/f; echo from-b-that-is-longer >b/f
	echo one >a/n/same; echo two-two >b/n/same
	echo one >a/n/only-a; echo two >b/n/only-b
	echo deep-a >a/n/d/same; echo deep-b >b/n/d/same
	echo file >b/x
	ln -s other a/l; echo other >a/other; echo file >b/l; ln -s nowhere c/l
	echo target >a/t; ln -s t c/t; echo file >b/t
}

for option in -r -a "-r -f" "-a --remove-destination"; do
	sampled || continue
	as_cp_twins() {
		# shellcheck disable=SC2086 # options, to be split
		as_cp "$1" two_of_a_name $option "$2" "$3" to
	}
	as_cp_twins "two files of one name" a/f b/f
	as_cp_twins "two directories of one name" a/n b/n
	as_cp_twins "all that is in two directories" a/. b/.
	as_cp_twins "a directory, then a file" a/x b/x
	as_cp_twins "a file, then a directory" b/x a/x
	as_cp_twins "a symlink, then a file" a/l b/l
	as_cp_twins "a symlink to nothing, then a file" c/l b/l
	as_cp_twins "a file, then a symlink" b/l a/l
	as_cp_twins "a symlink to itself, then a file" c/t b/t
	as_cp_twins "one directory twice" a/n a/n
	as_cp_twins "one file twice" a/f a/f
done
# What was just created is what was just created, whoever created it.
for j in 1 3; do
	rm -rf c; mkdir c
	run "$MMCP" -r -j$j mmcp.tree/a/f mmcp.tree/b/f c
	check "the second file is refused, -j$j" err_is \
		"mmcp: will not overwrite just-created 'c/f' with 'mmcp.tree/b/f'"
	check "with status 1, -j$j" status_is 1
	check "and the first is there, -j$j" same_content mmcp.tree/a/f c/f
done

# A source of each kind, and in its way one of each kind.
in_the_way() {
	mkdir -p s to/s outside
	ln -s there s/link; mkfifo s/pipe; echo file >s/file; mkdir s/dir; echo x >s/dir/x
	echo outside >outside/file; chmod 600 outside/file
	for name in link pipe file dir; do
		case $1 in
		file) echo old >"to/s/$name" ;;
		fifo) mkfifo "to/s/$name" ;;
		empty) mkdir "to/s/$name" ;;
		full) mkdir "to/s/$name"; echo old >"to/s/$name/old" ;;
		link) ln -s ../../outside/file "to/s/$name" ;;
		dangling) ln -s ../../outside/none "to/s/$name" ;;
		directory) ln -s ../../outside "to/s/$name" ;;
		loop) ln -s "$name" "to/s/$name" ;;
		esac
	done
}
for kind in file empty full link dangling directory loop; do
	for option in -r -a -rf "-r --remove-destination" -an; do
		sampled || continue
		# shellcheck disable=SC2086
		as_cp "a $kind in the way" "in_the_way $kind" $option s to
	done
done
# cp -r would wait for a reader of the FIFO that it writes the file to.
no_file_in_the_way() { in_the_way fifo && rm s/file; }
for option in -a "-a --remove-destination"; do
	# shellcheck disable=SC2086
	as_cp "a fifo in the way" "no_file_in_the_way" $option s to
done

finish
