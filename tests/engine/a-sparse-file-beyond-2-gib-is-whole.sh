#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

gib=1073741824
sizes="$((2 * gib - 1)) $((2 * gib)) $((2 * gib + 1)) $((3 * gib)) $((5 * gib))"

# sparse FILE SIZE: with some data at its start, round 2 GiB, and at its end.
sparse() {
	truncate -s "$2" "$1" || return
	dd if=data of="$1" conv=notrunc bs=64K 2>/dev/null
	dd if=data of="$1" conv=notrunc bs=1M seek=$((2 * gib - 50001)) \
		oflag=seek_bytes count=1 2>/dev/null
	truncate -s "$2" "$1"
	tail -c 70001 data | dd of="$1" conv=notrunc bs=70001 iflag=fullblock \
		seek=$(($2 - 70001)) oflag=seek_bytes 2>/dev/null
}

# The same size, and the same bytes where there are any.
same_parts() {
	[ "$(stat -c %s "$1")" = "$(stat -c %s "$2")" ] || { stat "$1" "$2"; return 1; }
	size=$(stat -c %s "$1")
	for at in 0 $((2 * gib - 300000)) $((size - 300000)); do
		cmp -i "$at" -n 700000 "$1" "$2" || return
	done
}

pattern 100000 >data
for fs in tmpfs ext4; do
	if ! place "$fs"; then
		skip "files beyond 2 GiB on $fs" "$why"
		continue
	fi
	cd "$work/$fs" || broken "no $fs"
	cp "$work/data" . || broken "no room on $fs"
	for size in $sizes; do
		sparse s "$size" || broken "no file of $size bytes"
		blocks=$(stat -c %b s)
		for engine in $engines; do
			rm -f x
			run timeout 100 "$MMCP" --engine="$engine" -j 2 s x
			check "$size bytes on $fs are copied by $engine" went_well
			check "and are the same" same_parts s x
			check "with its holes" test "$(stat -c %b x)" -le $((blocks + 64))
		done
		run timeout 100 "$MMCP" -j 2 s x
		check "and so they are over that copy" went_well
		check "with the same content" same_parts s x
		check "the source has no more blocks" test "$(stat -c %b s)" = "$blocks"
		rm -f s x
	done
	cd "$work" || broken "no work"
done

finish
