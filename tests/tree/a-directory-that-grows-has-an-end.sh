#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Names are made in a directory faster than its files are copied.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need python3

has_all() {
	for i in $(seq 100); do
		cmp "$1/$i" "$2/$i" || return
	done
}
for fs in here tmpfs xfs btrfs; do
	if ! place $fs; then
		skip "a directory that grows, $fs" "$why"
		continue
	fi
	mkdir "$fs/dir"
	for i in $(seq 100); do echo "$i" >"$fs/dir/$i"; done
	run shimmed "openat=delay5" python3 "${srcdir:-.}/tests/tools/grow.py" "$fs/dir" \
		"$MMCP" -r -j1 "$fs/dir" "$fs/copy"
	check "a directory that grows has an end, $fs" went_well
	check "and all is copied that was there, $fs" has_all "$fs/dir" "$fs/copy"
done

finish
