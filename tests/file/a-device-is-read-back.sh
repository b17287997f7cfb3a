#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_faultfs
need losetup blockdev

"$MMCP" --verify /dev/null x 2>err || skip_all "$(cat err)"

# A block device whose bits are written wrongly where the rules say so.
m=$work/m
mount_faultfs "$work/backing" "$m" direct
truncate -s 32M "$m/disk"
loop=$(losetup -f --show "$m/disk" 2>err) || skip_all "no loop device: $(cat err)"
detach() { losetup -d "$loop" 2>/dev/null; clean_up; }
trap detach EXIT

pattern 5000123 >image
pattern 4096 >before
wrong=0
for i in $(seq 100); do
	at=$((i * 999983 % 5000123))
	faultfs_rules "$m" "write=flip$at"
	run "$MMCP" --verify image "$loop"
	if ! err_is "mmcp: cannot verify '$loop': it differs from 'image' \
at byte $at (bytes that differ: 1)"; then
		wrong=$((wrong + 1))
		diag <err
	fi
done
check "each of 100 bits that the device doesn't take is found" [ $wrong = 0 ]

faultfs_rules "$m"
run "$MMCP" --verify --debug image "$loop"
check "without a fault there is no alarm" status_is 0
check "the device was read back" out_has "verified: read back past the page cache"
blockdev --flushbufs "$loop"
check "and has the image" cmp -n 5000123 image "$loop"
run "$MMCP" --verify=read before "$loop"
check "what is less than a block more is read back, too" went_well
run sh -c 'cat image | "$MMCP" --verify /dev/stdin "$1"' sh "$loop"
check "so is what comes by a pipe" went_well
run "$MMCP" --verify "$loop" copy
check "a device is verified as a source, too" went_well
check "and copied" cmp -n 33554432 "$loop" copy

# A file system on it.
if have mkfs.ext4 && have filefrag && mkfs.ext4 -q -F "$loop" 2>/dev/null &&
	mkdir fs && mount "$loop" fs 2>/dev/null; then
	mounts="$work/fs $mounts"
	pattern 5000000 >file
	run "$MMCP" --verify file fs/file
	check "a file on it is right" went_well
	# The same blocks are written again, in place, with another bit.
	ln fs/file fs/other
	sync
	first=$(filefrag -b1 -e fs/file 2>/dev/null |
		awk '$1 == "0:" { sub(/\.\..*/, "", $4); print $4 }')
	faultfs_rules "$m" "write=flip$((first + 777))"
	run "$MMCP" --verify file fs/file
	check "one whose device errs isn't" err_has \
		"cannot verify 'fs/file': it differs from 'file' at byte 777 "
	check "and is cut to what is right" is_prefix fs/other file
	faultfs_rules "$m"
	umount fs
else
	skip "a file system on it" "no ext4"
fi
finish
