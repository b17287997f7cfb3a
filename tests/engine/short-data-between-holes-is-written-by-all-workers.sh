#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Data of less than 256 KiB between holes are stored into no mapping, and reserve no
# blocks; longer ones are and do, beside them.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need_strace

# places FILE COUNT KIB: so many pieces of data of that length, 4 MiB apart.
places() {
	rm -f "$1"
	truncate -s $(($2 * 4))M "$1"
	pattern $(($3 << 10)) >piece
	i=0
	while [ $i -lt "$2" ]; do
		dd if=piece of="$1" conv=notrunc bs=64K seek=$((i * 64 + 5)) 2>/dev/null
		i=$((i + 1))
	done
	sync "$1"	# while it is written back, longer pieces may be found
}

# copied WORDS OPTION...: what --debug says the workers did; and the copy is the same.
# The first is slowed down: it might do everything before the others are there.
copied() {
	words=$1; shift
	rm -f x log
	run shimmed "copy_file_range=delay2 pwrite=delay2" strace -f -qq -o log \
		-e trace=fallocate "$MMCP" --debug --reflink=never "$@" s x
	status_is 0 && out_has "$words" && cmp s x && same_holes s x
}
# reserved OPERATOR N: how many fallocates there were to reserve blocks, and not to give
# them back.
reserved() {
	calls=$(grep fallocate log | grep -vc PUNCH_HOLE)
	test "$calls" "$@" || { echo "$calls calls"; false; }
}
# No worker maps.  One that came too late for any data has "0% (mmap)".
none_maps() { ! grep "[1-9][0-9]*% (mmap" "$work/out"; }

for fs in ext4 xfs; do
	place $fs || { skip "short data on $fs" "$why"; continue; }
	cd "$work/$fs" || exit
	places s 150 128
	for j in 2 5; do
		check "$fs, -j$j: short data are written" copied " (write)," -j$j
		check "$fs, -j$j: by all" none_maps
		check "$fs, -j$j: nothing is reserved" reserved = 0
	done
	places s 50 768
	check "$fs: data that are longer are mapped" copied " (mmap" -j2
	check "$fs: and reserved" reserved -ge 50
	# Both, and so many short ones first that nobody looks for longer ones any more.
	places s 150 64
	dd if=piece of=s conv=notrunc bs=1M seek=580 count=1 2>/dev/null
	pattern 3145728 | dd of=s conv=notrunc bs=1M seek=590 2>/dev/null
	check "$fs: both in one file" copied "write)" -j2
	pattern 3145728 | dd of=s conv=notrunc bs=1M seek=2 2>/dev/null
	check "$fs: the other way round, too" copied "write)" -j2
	check "$fs: the first is reserved, those behind many short ones are not" \
		reserved = 1
	# Over an old file all is reserved before any of it changes.
	pattern 200000 >x
	run strace -f -qq -o log -e trace=fallocate "$MMCP" --reflink=never -j2 s x
	check "$fs: an old file gets the same" cmp s x
	check "$fs: of blocks that were all reserved first" reserved -ge 150
	cd "$work" || exit
done

# Where the first worker may have the kernel copy, the others write all the same.
if place btrfs; then
	cd "$work/btrfs" || exit
	places s 150 128
	run shimmed ioctl=EOPNOTSUPP "$MMCP" --debug -j2 s x
	check "btrfs: it is told who did what" \
		grep -qE '% \((copy_file_range|write)\), ' "$work/out"
	check "btrfs: and that the other one wrote" none_maps
	check "btrfs: the copy is the same" cmp s x
	cd "$work" || exit
else
	skip "short data on btrfs" "$why"
fi

finish
