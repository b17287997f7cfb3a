#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# On some file systems a directory gets another inode number when it is looked up again:
# FUSE as the daemon likes, FAT when it had left memory.  It is copied all the same, by
# any number of workers, and with few descriptors.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

fill() {
	mkdir -p "$1"
	for d in a a/b a/b/c a/b/c/d e e/f; do
		mkdir "$1/$d"
		for i in $(seq 40); do echo "$d $i" >"$1/$d/$i"; done
	done
}
# A tree as deep as the few descriptors don't suffice for.
deepen() {
	deep=$1
	for i in $(seq 40); do deep=$deep/d; done
	mkdir -p "$deep" && echo deep >"$deep/file"
}

# copied WHERE-FROM WHERE-TO: by several workers, by one, with few descriptors.
copied() {
	mkdir "$2/to-$1"
	for how in -j1 -j2 -j7; do
		run "$MMCP" -r $how "$1/s" "$2/to-$1/$how"
		check "$3, $how: it works" went_well
		check "$3, $how: all is there" diff -r "$1/s" "$2/to-$1/$how"
	done
	no_leak_check
	limit="-n 64"
	# shellcheck disable=SC2086 # a limit is an option and a number
	(ulimit $limit && exec "$MMCP" -r -j2 "$1/s" "$2/to-$1/few") >out 2>err
	status=$?
	check "$3, few descriptors: it works" went_well
	check "$3, few descriptors: all is there" diff -r "$1/s" "$2/to-$1/few"
}

mkdir here
fill here/s
deepen here/s
if (need_faultfs) >/dev/null; then
	mount_faultfs "$work/back" "$work/fuse" renumber
	[ "$(stat -c %i fuse)" != "$(stat -c %i fuse)" ] || broken "numbers stay"
	cp -r here/s fuse/s
	copied fuse here "from FUSE"
	copied here fuse "to FUSE"
	copied fuse fuse "on FUSE"
	mkdir fuse/to
	run "$MMCP" -r -j2 --parents fuse/s/a/b fuse/s/e/f fuse/to
	check "with --parents: it works" went_well
	check "with --parents: all is there" diff -r fuse/s/a/b fuse/to/fuse/s/a/b
else
	skip "copies with FUSE" "there is no faultfs"
fi

# While it is copied, directories leave memory.
if mount_fs vfat 64M "$work/fat" && [ -e "${SHIM:=}" ]; then
	cp -r here/s fat/s
	for j in 1 2 7; do
		rm -rf fat/to
		MMCP_SHIM_RUN="sync -f $work/fat; echo 2 >/proc/sys/vm/drop_caches"
		export MMCP_SHIM_RUN
		run shimmed "openat@/1=run openat@40#5+=run" "$MMCP" -r -j$j fat/s fat/to
		check "FAT, -j$j: it works" went_well
		check "FAT, -j$j: all is there" diff -r fat/s fat/to
	done
else
	skip "copies with FAT" "${why:-there is no shim}"
fi

finish
