#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# ext4 without extents takes data that have no blocks yet for a hole (SEEK_DATA, Linux
# 6.18), and a copier that believes it writes zeros.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_root
need mkfs.ext4 losetup

truncate -s 400M old.img
mkfs.ext4 -q -F -O ^extent,^64bit old.img || broken "mkfs.ext4 failed"
mkdir old
mount -o loop old.img old 2>/dev/null || skip_all "ext4 without extents can't be mounted"
mounts="$work/old $mounts"
pattern 40000000 >large
pattern 1000000 >middle
pattern 70000 >small

# make NAME FILE: FILE's content in NAME, and nothing of it on the device yet.
make() { rm -f "$1"; cat "$2" >"$1"; }
# The same with a hole in front and behind.
make_sparse() {
	rm -f "$1"
	truncate -s 50000000 "$1"
	dd if=middle of="$1" bs=65536 seek=100 conv=notrunc status=none
}

for size in large middle small sparse; do
	for engine in $engines; do
		for options in "" -j3 --sparse=always --sparse=never; do
			case $engine,$options in kernel,--sparse*) continue ;; esac
			rm -f old/new
			if [ $size = sparse ]; then
				make_sparse old/source
				make_sparse wanted
			else
				make old/source $size
				ln -f $size wanted
			fi
			# shellcheck disable=SC2086 # options, to be split
			run "$MMCP" --engine=$engine $options old/source old/new
			check "$size, $engine${options:+, $options}: all is well" \
				went_well
			check "$size, $engine${options:+, $options}: equal" cmp wanted \
				old/new
		done
	done
	mkdir -p old/tree
	cp old/source old/tree/file
	rm -rf copies
	run "$MMCP" -a old/tree copies
	check "$size: in a tree" cmp wanted copies/file
	# Into it, over what isn't on the device yet either.
	make old/copy large
	run "$MMCP" wanted old/copy
	check "$size: over an old file" cmp wanted old/copy
done

# A source that is written to: the comparison is not led astray.
if [ -e "${SHIM:=}" ]; then
	for engine in kernel stream; do
		make old/source middle
		MMCP_SHIM_RUN="dd if=small of=old/source bs=1 seek=300000 \
conv=notrunc status=none"
		export MMCP_SHIM_RUN
		run shimmed \
			"copy_file_range=short100000 copy_file_range#5=run pread#3=run" \
			"$MMCP" --engine=$engine old/source old/copy.$engine
		check "written to, $engine: all is well" went_well
		check "written to, $engine: equal" cmp old/source old/copy.$engine
	done
fi

finish
