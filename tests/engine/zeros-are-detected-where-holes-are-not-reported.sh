#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Many file systems on FUSE, and old NFS, have sparse files, but SEEK_DATA knows nothing
# of their holes: it is refused, or takes all for data.  The copy has no more blocks than
# cp's, nor than the source, if that has fewer than its size needs.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_faultfs
need_gnu_cp

mount_faultfs "$work/back" "$work/mnt"
pattern 5000 >piece
# sparse NAME SIZE: of that size, with data in two places.
sparse() {
	truncate -s "$2" "$1"
	dd if=piece of="$1" bs=4096 seek=2 conv=notrunc status=none
	dd if=piece of="$1" bs=4096 seek=$(($2 / 8192)) conv=notrunc status=none
}
mkdir -p back/tree/sub
sparse back/tree/small 50000
sparse back/tree/sub/middle 3000000
sparse back/tree/sub/large 20000000
truncate -s 1000000 back/tree/nothing
pattern 100000 >back/tree/dense
# Zeros that are data: blocks enough, and so no holes for --sparse=auto.
head -c 200000 /dev/zero >back/tree/zeros
sync -f back

blocks() { stat -c %b "$1"; }
names="small sub/middle sub/large nothing dense zeros"
# no_more MMCPS CPS SOURCES: the blocks of these.
no_more() {
	echo "$1 blocks, cp's $2, the source's $3"
	[ "$1" -le $(($2 + 32)) ] && { [ "$when" = never ] || [ "$1" -le $(($3 + 32)) ]; }
}
# as_cps COPY BY_CP: what --sparse="$when" promises.
as_cps() {
	for name in $names; do
		from=back/tree/$name
		check "$what, $name: equal" cmp "$from" "$1/$name"
		check "$what, $name: its blocks" no_more "$(blocks "$1/$name")" \
			"$(blocks "$2/$name")" "$(blocks "$from")"
		[ "$when,$name" != auto,zeros ] ||
			check "$what, $name: data stay data" test "$(blocks "$1/zeros")" \
			-ge 384
	done
}

for error in ENOSYS EINVAL EOPNOTSUPP; do
	# Once refused by ENOSYS, the kernel asks no more, and takes all for data.
	faultfs_rules "$work/mnt" lseek=$error copy_file_range=ENOSYS
	case $error in ENOSYS) whens="auto always never" ;; *) whens=auto ;; esac
	for when in $whens; do
		for to in back mnt; do
			what="$error, $when, to $to"
			rm -rf back/cp back/mmcp
			cp -r --sparse="$when" mnt/tree $to/cp
			run "$MMCP" -r --sparse="$when" mnt/tree $to/mmcp
			check "$what: all is well" went_well
			as_cps back/mmcp back/cp
		done
		what="$error, $when, one by one over old files"
		for name in $names; do
			for to in cp mmcp; do pattern 3100000 >"back/$to/$name"; done
			cp --sparse="$when" "mnt/tree/$name" "back/cp/$name"
			run "$MMCP" --sparse="$when" -j2 "mnt/tree/$name" \
				"back/mmcp/$name"
			check "$what, $name: all is well" went_well
		done
		as_cps back/mmcp back/cp
	done
	unmount_faultfs "$work/mnt"
	mount_faultfs "$work/back" "$work/mnt"
done

finish
