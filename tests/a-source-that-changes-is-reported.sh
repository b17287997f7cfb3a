#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/lib.sh
. "${srcdir:-.}/tests/lib.sh"
need_strace

# Large enough for a few steps of each engine.
size=4194304
pattern $size >master
pattern 9000000 | tr '\0-\177' '\200-\377' >old

# start ENGINE: a copy of a fresh source, which has begun and takes a while.
start() {
	rm -f s && cp master s
	case $1 in
	mmap) slowly madvise 100000 "$MMCP" --engine=mmap -j 2 --chunk-size=1M s x ;;
	kernel) slowly copy_file_range 400000 "$MMCP" --engine=kernel s x ;;
	stream) slowly pwrite64 25000 "$MMCP" --engine=stream s x ;;
	auto) slowly copy_file_range 400000 "$MMCP" s x ;;
	esac
	wait_until two_open "$work" || broken "no copy"
	sleep 0.05
	kill -STOP "$pid"
}
# It goes on, and ends.
finished() { kill -CONT "$pid"; ended; }

grow() { echo more >>s; }
overwrite() { printf x | dd of=s conv=notrunc bs=1 seek=$((size / 2)) 2>/dev/null; }
touched() { touch s; }
to_nothing() { truncate -s 0 s; }
to_half() { truncate -s $((size / 2)) s; }
to_half_a_page() { truncate -s $((size / 2 + 100)) s; }
by_a_byte() { truncate -s $((size - 1)) s; }

told() {
	err_is "mmcp: source file 's' $1 while being copied$2"
}
# How the message ends if an old file had to be cut.
cut_to() {
	[ "$(stat -c %s x)" = 9000000 ] ||
		echo " (cut to the $(stat -c %s x) bytes that are whole)"
}
# What is left of an old file is the beginning of what the source still has.
no_more_than_whole() {
	left=$(stat -c %s x)
	[ "$left" -le "$(stat -c %s s)" ] || { stat s x; return 1; }
	[ "$left" = 0 ] || cmp -n "$left" master x
}

for engine in $engines; do
	case $engine in
	auto) changes=grow shrinkings=to_half ;;
	kernel) changes="grow overwrite" shrinkings="to_nothing to_half by_a_byte" ;;
	*) changes="grow overwrite touched"
		shrinkings="to_nothing to_half to_half_a_page by_a_byte" ;;
	esac
	for change in $changes; do
		rm -f x
		start "$engine"
		$change
		finished
		check "a changed source is an error to $engine ($change)" status_is 1
		check "which is told" told changed ""
		check "and there is no file" absent x
	done
	for change in $shrinkings; do
		rm -f x
		start "$engine"
		$change
		finished
		check "a source that shrinks is an error to $engine ($change)" status_is 1
		check "which is told" told shrank ""
		check "and there is no file" absent x
	done
	cp old x
	start "$engine"
	to_half_a_page
	finished
	check "so it is over an old file" status_is 1
	check "which is told" told shrank "$(cut_to)"
	check "and left with no more than is whole" no_more_than_whole

	rm -f x
	start "$engine"
	rm s
	finished
	check "a source that only lost its name is no error to $engine" went_well
	check "and is copied whole" same_content master x
	rm -f x
	start "$engine"
	cp old other && mv other s
	finished
	check "nor is one whose name went to another file" went_well
	check "of which nothing is copied" same_content master x
done
check "nothing hidden is left" no_leftovers .

finish
