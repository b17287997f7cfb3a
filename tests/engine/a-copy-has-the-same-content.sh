#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

# On either side of a byte, a page, a chunk and a window.
sizes="0 1 4095 4096 4097 65535 65536 65537 131073 1048575 1048576 1048577"

pattern $((65 * 1048576 + 1)) >big
for size in $sizes; do
	head -c "$size" big | tee "$size" >/dev/null
done

# old SIZE FILE: something else is there, of SIZE bytes.
old() { rm -f "$2" && head -c "$1" /dev/zero | tr '\0' o >"$2"; }

# Each size, to a new name and over a longer, a shorter and an equally long file.
copy_sizes() {
	for size in $sizes; do
		sampled || continue
		rm -f "$where/x"
		copies "$size" "to a new name" "$@" || return
		old $((size + 70000)) "$where/x"
		copies "$size" "over a longer file" "$@" || return
		old $((size / 2)) "$where/x"
		copies "$size" "over a shorter file" "$@" || return
		old "$size" "$where/x"
		copies "$size" "over a file of that size" "$@" || return
	done
}
# copies FILE HOW OPTION...: and nothing is said.
copies() {
	file=$1; how=$2; shift 2
	"$MMCP" "$@" "$from/$file" "$where/x" >said 2>&1 && [ ! -s said ] &&
		cmp "$from/$file" "$where/x" && return
	echo "$file bytes $how"
	cat said
	return 1
}

for fs in here tmpfs ext4; do
	if ! place "$fs"; then
		skip "content on $fs" "$why"
		continue
	fi
	where=$work/$fs
	# Only the kernel's own copying cares where the source is.
	mkdir "$where/from"
	for size in $sizes; do cp "$size" "$where/from/"; done
	from=$where/from
	check "all sizes arrive on $fs with kernel" copy_sizes --engine=kernel
	from=$work
	for engine in auto stream; do
		check "all sizes arrive on $fs with $engine" copy_sizes --engine=$engine
	done
	for jobs in 1 2 7; do
		for chunk in 4K 64K 1M; do
			sampled || continue
			# Here and ext4 differ in nothing but the room.
			[ $fs = ext4 ] && [ $chunk != 64K ] && continue
			check "so they do with mmap, $jobs workers, chunks of $chunk" \
				copy_sizes --engine=mmap -j $jobs --chunk-size=$chunk
		done
	done
	[ "$fs" = here ] && continue
	for jobs in 1 2 7; do
		rm -f "$where/x"
		check "a large file arrives on $fs with $jobs workers" \
			copies big "to a new name" -j $jobs
		old 70000000 "$where/x"
		check "a large file arrives over another on $fs with $jobs workers" \
			copies big "over a longer file" -j $jobs
	done
	rm -f "$where/x"
	check "so it does with --fsync" copies big "to a new name" -j 2 --fsync
	rm -f "$where/x"
	[ "$fs" = ext4 ] && { umount ext4 && rm -f ext4.img; }
done

finish
