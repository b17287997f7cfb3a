#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# As a user would: 20 files are copied to a stick that is pulled out meanwhile.  It is
# plugged in again, the command is given again, and all of it is there and right.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_faultfs
need losetup mkfs.ext4 sha256sum
"$MMCP" --verify /dev/null x 2>err || skip_all "$(cat err)"
in_memory 600M || memory=$(mktemp -d "$work/stick.XXXXXX")

m=$work/m loop=
mount_faultfs "$memory/backing" "$m" direct
# With room for the film twice: where the journal is lost, its part stays until the end.
truncate -s 400M "$m/stick"
mkfs.ext4 -q -F "$memory/backing/stick" || broken "no ext4"
plug_in() {
	loop=$(losetup -f --show "$m/stick" 2>err) && mount "$loop" usb 2>>err
}
pull_out() {
	umount usb 2>/dev/null || umount -l usb
	wait_until losetup -d "$loop" 2>/dev/null
	loop=
}
tidy_up() {
	cd / && umount -l "$work/usb" 2>/dev/null
	[ -z "$loop" ] || losetup -d "$loop"
	clean_up
}
mkdir usb files files/notes
plug_in || skip_all "nothing can be plugged in: $(cat err)"
trap tidy_up EXIT

pattern 100000000 >files/film
for i in $(seq 14); do pattern $((i * 300000)) >"files/picture $i"; done
for i in $(seq 5); do echo "note $i" >"files/notes/$i"; done
chmod 600 files/notes/3
find files -exec touch -d '2020-02-03 04:05:06' {} +

# It is pulled out when so many bytes are there: in mid-film, or as early or late as that
# comes.
for bytes in 20000000 30000000 20000000; do
	faultfs_rules "$m" "write>$bytes=EIO"
	run timeout 100 "$MMCP" -a --resume files usb
	check "pulled out after $bytes: it is an error" status_is 1
	check "pulled out after $bytes: of the device" \
		grep -qE 'Input/output error|Read-only file system' err
	pull_out
	faultfs_rules "$m"
	plug_in || broken "it can't be plugged in again"
done

run timeout 120 "$MMCP" -a --resume --verify --manifest=sums --manifest-algorithm=sha256 \
	files usb
check "plugged in again, the rest is copied" went_well
check "and each file is listed" test "$(wc -l <sums)" = 20
pull_out
plug_in || broken "it can't be plugged in any more"
sums=$work/sums
there() { (cd usb && sha256sum --quiet -c "$sums"); }
check "unmounted and mounted, each file is what the list says" there
check "which is the source" same_tree files usb/files times
check "and nothing else is there" no_leftovers usb

finish
