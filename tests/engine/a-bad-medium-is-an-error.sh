#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Real errors of a block device: the image under a mounted loop device is cut, so that
# what lies beyond can't be read; and one lies on a file system too small for it, so that
# what was written can't be written back.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_root
need mkfs.ext4 filefrag losetup
mkdir bad small small/fs || exit 99

# ---- reading ----
truncate -s 64M bad.img
mkfs.ext4 -q -F -b 4096 -O ^has_journal bad.img
mount -o loop bad.img bad || skip_all "no loop device to be had"
pattern 20000000 >good
cp good bad/file
sync
first=$(filefrag -v bad/file | awk '$1 == "0:" { sub(/\.\..*/, "", $4); print $4 }')
umount bad
mount -o loop,ro bad.img bad || skip_all "no loop device to be had"
mounts="$work/bad $mounts"
truncate -s $(((first + 2560) * 4096)) bad.img	# 10 MiB of the file are left

# Of several workers, the first may not have got its chunk done when another comes upon
# the end.
whole_part() {
	is_prefix old good || return
	err_has "(cut to the $(stat -c %s old) bytes" || return
	case $way in *-j[27] | *auto) ;; *) [ -s old ] ;; esac
}
for way in --engine=mmap\ -j1 --engine=mmap\ -j2 --engine=mmap\ -j7 --engine=kernel \
	--engine=stream --engine=auto; do
	sync; drop_caches 1
	# shellcheck disable=SC2086 # options, to be split
	run timeout 100 "$MMCP" --chunk-size=1M $way bad/file new
	if [ "$way" = --engine=kernel ] && grep -q "with --engine=kernel" err; then
		skip "$way" "copy_file_range doesn't go from ext4 to this file system"
		continue
	fi
	check "$way: exit status 1" status_is 1
	check "$way: one line with the reason" \
		grep -qE \
		"^mmcp: error (reading|copying) 'bad/file'.*: Input/output error$" err
	check "$way: and no other" test "$(wc -l <err)" = 1
	check "$way: no new file" absent new
	tr '\000-\377' '\001-\377\000' <good >old
	# shellcheck disable=SC2086
	run timeout 100 "$MMCP" --chunk-size=1M $way bad/file old
	check "$way: exit status 1 onto an old file" status_is 1
	check "$way: which is cut to its whole part" whole_part
	check "$way: nothing is left behind" no_leftovers .
done

# ---- writing back ----
io="Input/output error" space="No space left on device"
mount -t tmpfs -o size=12M tmpfs small || skip_all "no tmpfs to be had"
mounts="$work/small $mounts"
mkdir small/fs
truncate -s 200M small/img
mkfs.ext4 -q -F -O ^has_journal small/img
mount -o loop small/img small/fs || skip_all "no loop device to be had"
mounts="$work/small/fs $mounts"
for way in --engine=mmap\ -j2 --engine=stream --engine=kernel --atomic; do
	# shellcheck disable=SC2086
	run timeout 100 "$MMCP" --fsync $way good small/fs/new
	if [ "$way" = --engine=kernel ] && grep -q "with --engine=kernel" err; then
		skip "$way --fsync" "copy_file_range doesn't go from here to ext4"
		continue
	fi
	check "$way --fsync: what the device refused is an error" status_is 1
	check "$way --fsync: one line with the reason" \
		grep -qE "^mmcp: .*'small/fs/new'.*: ($io|$space)$" err
	check "$way --fsync: no new file" absent small/fs/new
done

finish
