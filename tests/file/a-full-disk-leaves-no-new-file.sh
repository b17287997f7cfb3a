#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

# Large enough for several workers, and larger than the free space.
pattern 75497477 >large
head -c 20000000 large >medium
printf 'the old content of it\n' >old

# The old file is unchanged, or is the beginning of the source.
prefix_or_old() {
	cmp -s "$work/old" "$2" && return
	size=$(stat -c %s "$2")
	[ "$size" -lt "$(stat -c %s "$1")" ] || { echo "$size bytes"; return 1; }
	[ "$size" = 0 ] || cmp -n "$size" "$1" "$2"
}
told() {
	[ "$(wc -l <"$work/err")" = 1 ] || { cat "$work/err"; return 1; }
	err_has "No space left on device"
}

# The message has its size, unless it is unchanged.
size_told() {
	cmp -s "$work/old" "$1" && return
	size=$(stat -c %s "$1")
	[ "$size" = 0 ] || err_has "(cut to the $size bytes that are whole)"
}

# Leave about N bytes free on this file system.
fill_up() {
	free=$(df --output=avail -B1 . | tail -n 1)
	fallocate -l $((free - $1)) ballast 2>/dev/null ||
		head -c $((free - $1)) /dev/zero 2>/dev/null >ballast
}

for fs in tmpfs ext4 xfs btrfs; do
	size=300M
	case $fs in tmpfs) size=16M ;; ext4) size=32M ;; btrfs) size=120M ;; esac
	if ! mount_fs $fs $size "$work/$fs"; then
		skip "a full $fs" "$why"
		continue
	fi
	cd "$work/$fs" || broken "no $fs"
	[ $fs = tmpfs ] || fill_up 12000000
	cp ../old x
	for engine in auto mmap stream; do
		sampled || continue
		for file in medium large; do
			[ $file = medium ] && [ $fs = btrfs ] && continue
			run timeout 100 "$MMCP" --engine=$engine -j 2 ../$file new
			check "a full $fs is an error to $engine ($file)" status_is 1
			check "which is reported in one line" told
			check "nothing has the new name" absent new
			check "and nothing hidden is left" no_leftovers .
			run timeout 100 "$MMCP" --engine=$engine -j 2 ../$file x
			check "so it is for an existing file" status_is 1
			check "which is reported in one line, too" told
			check "and has no bytes of anything else" prefix_or_old ../$file x
			check "and how many it has is reported" size_told x
			cp ../old x
		done
	done
	# Between these, the kernel can copy by itself.
	if [ $fs = xfs ] || [ $fs = btrfs ]; then
		rm -f ballast && cp ../medium medium && fill_up 6000000
	else
		head -c 9000000 ../medium >medium
	fi
	# btrfs and xfs may share blocks, which needs no room.
	if ! cp --reflink=always medium shared 2>/dev/null; then
		run timeout 100 "$MMCP" --engine=kernel medium new
		check "a full $fs is an error to kernel" status_is 1
		check "which is reported in one line" told
		check "nothing has the new name" absent new
	fi
	cd "$work" || broken "no work"
done

# ---- an old file that has blocks already ----

for fs in ext4 xfs; do
	if ! mount_fs $fs 400M "$work/there-$fs"; then
		skip "$fs: a full disk is no matter for blocks that are there" "$why"
		continue
	fi
	cd "$work/there-$fs" || broken "no $fs"
	pattern 80000000 >source
	pattern 80000000 | tr '\000-\377' '\001-\377\000' >there
	sync -f .
	fallocate -l $(($(stat -f -c '%a * %S' .) - 20000000)) filler
	run "$MMCP" --reflink=never -j2 source there
	check "$fs: a full disk is no matter for blocks that are there" status_is 0
	check "$fs: and they get the bytes" cmp source there
	cd "$work" || broken "no work"
done

# ---- an old file with blocks where the source has holes ----

# If it were overwritten from its start, there would be no room; cp empties it first.
for fs in tmpfs ext4; do
	if ! mount_fs $fs 30M "$work/elsewhere-$fs"; then
		skip "$fs: there is room when the old file is emptied" "$why"
		continue
	fi
	cd "$work/elsewhere-$fs" || broken "no $fs"
	for options in -j1 -j2 "-j2 --sparse=never" ""; do
		sampled || continue
		rm -f x
		truncate -s 16M x
		head -c 16000000 ../large >>x
		# shellcheck disable=SC2086
		run "$MMCP" $options ../medium x
		check "$fs: there is room when the old file is emptied ($options)" \
			status_is 0
		check "$fs: and it is whole" cmp ../medium x
	done
	cd "$work" || broken "no work"
done

# ---- blocks that are slow to reserve ----

if mount_fs ext4 64M "$work/slow"; then
	cd "$work/slow" || broken "no ext4"
	head -c 30000000 ../large >x
	run shimmed fallocate=slow20 "$MMCP" -j2 ../large x
	check "slow to reserve: a full disk is an error" status_is 1
	check "slow to reserve: and told" told
	check "slow to reserve: the old file is unharmed" cmp -n 30000000 ../large x
	check "slow to reserve: and no longer" test "$(stat -c %s x)" = 30000000
	rm x
	run shimmed fallocate=slow20 "$MMCP" --debug -j2 ../medium x
	check "slow to reserve: one process copies" \
		grep -q 'engine: [^,]*, because: .*slow to reserve' "$work/out"
	check "slow to reserve: the copy is equal" cmp ../medium x
	cd "$work" || broken "no work"
else
	skip "slow to reserve: the old file is unharmed" "$why"
fi

# ---- a limit to the size of files ----

mkdir limited
limited() (
	# shellcheck disable=SC3045
	ulimit -c unlimited 2>/dev/null
	ulimit -f 2048		# 1 MiB, or 2
	exec "$MMCP" "$@"
)
cp old limited/x
for engine in $engines; do
	sampled || continue
	run limited --engine="$engine" -j 2 medium limited/new
	check "a file beyond the limit is an error to $engine" status_is 1
	check "which is reported" err_has "File too large"
	check "in one line" test "$(wc -l <"$work/err")" = 1
	check "without a new file" absent limited/new
	run limited --engine="$engine" -j 2 medium limited/x
	check "an existing file is no exception" status_is 1
	check "which is reported" err_has "File too large"
	check "and not filled with anything else" prefix_or_old medium limited/x
	cp old limited/x
done
rm limited/x
check "nothing is left, hidden or not" empty_directory limited
check "and no core" sh -c '! ls core* 2>/dev/null'

finish
