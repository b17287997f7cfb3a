#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Files of up to 2^63 - 1 bytes, nearly all of it one hole: no sum of offsets overflows (a
# build with sanitizers sees that), and nothing is done to a hole in steps.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_gnu_cp
! sanitized || no_leak_check

mount_fs xfs 400M "$work/xfs" || skip_all "xfs: $why"
mount_fs tmpfs 100M "$work/tmpfs" || skip_all "tmpfs: $why"

# hole FILE SIZE: that size, with a byte at 12345 and one at the end.
hole() {
	truncate -s "$2" "$1"
	printf a | dd of="$1" bs=1 seek=12345 conv=notrunc status=none
	printf z | dd of="$1" bs=1 seek=$(($2 - 1)) conv=notrunc status=none
}
right() {
	[ "$(stat -c %s "$1")" = "$size" ] && [ "$(tail -c 1 "$1")" = z ] &&
		[ "$(dd if="$1" bs=1 skip=12345 count=1 status=none)" = a ]
}
no_overflow() { went_well && ! grep 'runtime error' "$work/out"; }

for size in 9223372036854775807 9223372036854771712; do
	hole xfs/source $size
	for to in xfs tmpfs; do
		cp xfs/source $to/cp ||
			{ skip "$size to $to" "cp can't either"; continue; }
		rm $to/cp
		while read -r options; do
			case $to,$options in
			tmpfs,*kernel* | tmpfs,*=always*) continue ;;
			esac
			case $size$to in *07xfs) all="new old huge" ;; *) all=new ;; esac
			for as in $all; do
				rm -f $to/copy
				[ "$as" = new ] || echo old >$to/copy
				[ "$as" != huge ] || truncate -s $size $to/copy
				# shellcheck disable=SC2086 # options are words
				run timeout 100 "$MMCP" $options xfs/source $to/copy
				what="$size, $to, $as${options:+, $options}"
				check "$what: all is well" no_overflow
				check "$what: it is right" right $to/copy
			done
		done <<-'END'

			--engine=mmap -j2
			--engine=kernel
			--engine=stream --reflink=never
			--sparse=always --reflink=never
			--nocache --reflink=never
			--nocache --engine=stream --reflink=never
			--nocache -j2 --reflink=never
			--direct -j2 --reflink=never
			--fsync -j2 --reflink=never
			--atomic --reflink=never
			--reflink=always
			-a -j2 --chunk-size=1G --stats --reflink=never
			--json --bwlimit=1G
		END
	done
done

# Nothing is waited for in a hole.
if have strace && strace -o /dev/null true 2>/dev/null; then
	truncate -s 1P xfs/pib
	for options in --fsync --atomic; do
		rm -f xfs/copy
		run timeout 100 strace -f -o trace -e trace=sync_file_range \
			"$MMCP" --reflink=never $options xfs/pib xfs/copy
		check "1 PiB of hole, $options: all is well" went_well
		check "1 PiB of hole, $options: isn't waited for" \
			test "$(grep -c sync_file_range trace)" -lt 10
	done
else
	skip "1 PiB of hole" "strace doesn't work here"
fi

finish
