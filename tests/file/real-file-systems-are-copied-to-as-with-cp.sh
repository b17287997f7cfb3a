#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A sample of scripts/check-filesystems, on three file systems: one without ACLs, one with
# a protocol, and one without holes.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/filesystems-lib
. "${srcdir:-.}/tests/tools/filesystems-lib"
need_root
need python3
need_gnu_cp
! sanitized || no_leak_check

battery() {
	fuse=
	case $(stat -f -c %T cp/fs) in fuse*) fuse=--fuse ;; esac
	# shellcheck disable=SC2086 # nothing, or an option
	python3 -B "${srcdir:-.}/tests/tools/battery" --mmcp "$MMCP" --label "$1" \
		--sample $fuse \
		--directions "$2" "$work/cp" "$work/mmcp"
}

for name in ramfs sshfs ntfs-3g; do
	case $name in
	ramfs) ways=in,within ;;
	*) ways=in,out ;;
	esac
	before=$mounts
	mkdir -p cp/local mmcp/local
	if filesystem $name "$work/cp/fs" && filesystem $name "$work/mmcp/fs"; then
		check "$name ($ways): as with cp" battery $name "$ways"
	else
		skip "$name" "$why"
	fi
	filesystem_gone "$before"
	rm -rf --one-file-system cp mmcp
done

finish
