#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Blocks that were reserved for a file (a disk image, a download) are holes for SEEK_DATA
# until they are written.  A file that has all its blocks is no sparse one, for cp, and
# its copy has them, too: it isn't to run out of space later.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_gnu_cp
need fallocate

# make NAME: 20 MiB, of which 600 KB in two places are written, and on the device.
make() {
	rm -f "$1"
	fallocate -l 20M "$1" 2>/dev/null || return
	pattern 300000 | dd of="$1" bs=1M seek=3 conv=notrunc status=none
	pattern 300000 | dd of="$1" bs=65536 seek=200 conv=notrunc status=none
	sync "$1"
}
blocks() { stat -c %b "$1"; }
# within BLOCKS WANTED: as many, but for a few.
within() {
	more=$(($1 - $2))
	echo "$1 blocks, cp's $2"
	[ "$more" -gt -400 ] && [ "$more" -lt 400 ]
}
old() { pattern 21000000 | tr '\000' 1 >"$1"; }

# copies FROM TO OPTION...: to a new file and over an old one, beside cp.
copies() {
	from=$1; to=$2; shift 2
	for as in new old; do
		rm -f "$to/cp" "$to/mmcp"
		[ $as = new ] || { old "$to/cp"; old "$to/mmcp"; }
		cp --reflink=never ${sparse:+--sparse=$sparse} "$from" "$to/cp"
		# A page that was read is no hole any more.
		make "$from"
		# shellcheck disable=SC2086 # an option, or nothing
		run "$MMCP" $unshared ${sparse:+--sparse=$sparse} "$@" "$from" "$to/mmcp"
		what="$to, $as, ${sparse:-auto}${*:+, $*}"
		check "$what: all is well" went_well
		check "$what: equal" cmp "$from" "$to/mmcp"
		check "$what: cp's space" within "$(blocks "$to/mmcp")" \
			"$(blocks "$to/cp")"
	done
}

unshared=--reflink=never
make "$work/source" || skip_all "nothing can be preallocated here"
for fs in here ext4 xfs btrfs tmpfs; do
	place $fs || { skip "$fs" "${why:-it is not to be had}"; continue; }
	sparse=
	engines="auto stream"
	case $fs in here | tmpfs) engines="auto mmap stream" ;; esac
	for engine in $engines; do copies source $fs --engine="$engine" -j2; done
	[ $fs = here ] || continue
	for sparse in always never; do copies source $fs -j2; done
done
sparse=
copies source here --nocache
copies source here --direct -j2
unshared=
copies source here --engine=kernel

# From where it is preallocated to where nothing can be.
if [ -d ext4 ] && is_root; then
	truncate -s 100M bare.img
	if mkfs.ext4 -q -F -O ^extent,^64bit bare.img && mkdir bare &&
		mount -o loop bare.img bare 2>/dev/null
	then
		mounts="$work/bare $mounts"
		for engine in auto stream; do copies source bare --engine=$engine -j2; \
			done
	else
		skip "without extents" "it can't be mounted"
	fi
fi

# In a tree, and below the size from which anybody looks for holes.
mkdir tree
make tree/large
fallocate -l 300K tree/middle
fallocate -l 60K tree/small
sync -f tree
cp -a --reflink=never tree tree.cp
rm -rf tree/large
make tree/large
run "$MMCP" -a --reflink=never tree tree.mmcp
check "a tree: all is well" went_well
for name in large middle small; do
	check "a tree, $name: equal" cmp tree/$name tree.mmcp/$name
	check "a tree, $name: cp's space" within "$(blocks tree.mmcp/$name)" \
		"$(blocks tree.cp/$name)"
done

# The source grows meanwhile: the same holds for what was appended.
# grows SPARSE: the copy, whose source gets 8 MiB of zeros while it is copied.
grows() {
	pattern 1000000 >log
	MMCP_SHIM_RUN="dd if=/dev/zero of=log bs=1M count=8 oflag=append \
conv=notrunc status=none"
	export MMCP_SHIM_RUN
	rm -f copy
	run shimmed "pread#2=run" "$MMCP" --engine=stream --sparse="$1" log copy
	unset MMCP_SHIM_RUN
	check "grown, $1: all is well" went_well
	check "grown, $1: equal" cmp log copy
	check "grown, $1: it had grown" test "$(stat -c %s copy)" -gt 9000000
}
if [ -e "${SHIM:=}" ]; then
	grows always
	check "grown, always: zeros are holes" test "$(blocks copy)" -lt 4000
	for sparse in auto never; do
		grows $sparse
		check "grown, $sparse: zeros are data" test "$(blocks copy)" -gt 16000
	done
fi

finish
