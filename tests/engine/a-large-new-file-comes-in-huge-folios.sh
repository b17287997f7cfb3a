#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where blocks are reserved, a fault in the mapping of a new file brings in 2 MiB, or what
# is huge there; not where that would fill holes, or pages of an old file's, or another
# worker's chunk.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_strace
need_shim
size=$(cat /sys/kernel/mm/transparent_hugepage/hpage_pmd_size 2>/dev/null)
[ "$size" = 2097152 ] || skip_all "huge pages are of ${size:-no} bytes here, not of 2 MiB"

pattern 40000123 >large
cp large sparse
fallocate --punch-hole --offset 9000000 --length 9000000 sparse

# hinted SOURCE DEST OPTION...
hinted() {
	from=$1 to=$2
	shift 2
	run strace -f -qq -e trace=madvise -o "$work/log" timeout 100 \
		"$MMCP" -j2 --reflink=never "$@" "$from" "$to"
	went_well && cmp "$from" "$to" && grep -q MADV_HUGEPAGE "$work/log"
}
# not_hinted ...: the same, but it asked for none.
not_hinted() { ! hinted "$@" && went_well && cmp "$from" "$to"; }

for fs in ext4 xfs tmpfs; do
	if ! mount_fs $fs 320M "$work/$fs"; then
		skip "a new file on $fs" "$why"
		continue
	fi
	cp large sparse "$work/$fs" || broken "no room on $fs"
	cd "$work/$fs" || broken "no $fs"
	if [ $fs = tmpfs ]; then
		check "a new file on tmpfs is not for huge pages" not_hinted large new
		check "nor mapped by name" not_hinted large new2 --engine=mmap
		continue
	fi
	check "a new file on $fs comes in huge folios" hinted large new
	check "an old one doesn't" not_hinted large new
	check "nor does one with a hole" not_hinted sparse sparse.new
	check "which it keeps" test "$(stat -c %b sparse.new)" -le \
		$(($(stat -c %b sparse) + 64))
	check "nor is one made with holes" not_hinted large zeros --sparse=always
	check "nor one in small chunks" not_hinted large small --chunk-size=1M
	rm -f new
	run shimmed 'madvise#1=EINVAL' timeout 100 "$MMCP" -j2 --reflink=never large new
	check "without that hint it is copied, too" went_well
	check "and whole" cmp large new
	cd "$work" && umount "$work/$fs"
done

finish
