#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --partial: where a disk is full or a signal comes, what was copied is kept.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need python3

pattern 40000000 >large
head -c 3000000 large >source
tr '\000-\377' '\001-\377\000' <source >older

# kept FILE SOURCE LEAST: FILE is the beginning of SOURCE, LEAST bytes or more, and the
# message says so.
kept() {
	size=$(stat -c %s "$1")
	of=$(stat -c %s "$2")
	is_prefix "$1" "$2" && [ "$size" -ge "$3" ] && [ "$size" -lt "$of" ] &&
		err_has "kept '$1' without its bytes $size-$((of - 1)) \
($((of - size)) of $of)"
}

# ---- a full disk ----

for fs in tmpfs ext4 xfs btrfs; do
	size=300M most=8000000
	case $fs in tmpfs | ext4) size=32M ;; btrfs) size=120M most=1 ;; esac
	if ! mount_fs $fs $size "$work/$fs"; then
		skip "a full $fs" "$why"
		continue
	fi
	cd "$work/$fs" || broken "no $fs"
	free=$(df --output=avail -B1 . | tail -n 1)
	case $fs in xfs | btrfs) fallocate -l $((free - 25000000)) ballast ;; esac
	for way in -j1 -j2 --engine=mmap\ -j2 --engine=stream --fsync; do
		# Of several workers, one may not have come far in the first chunk.
		case $way in -j1 | --engine=stream) least=$most ;; *) least=1 ;; esac
		# shellcheck disable=SC2086 # options, to be split
		run timeout 100 "$MMCP" --partial $way ../large new
		check "a full $fs, $way: exit status 1" status_is 1
		check "a full $fs, $way: the reason" err_has "No space left on device"
		check "a full $fs, $way: what had room is kept" kept new ../large $least
		check "a full $fs, $way: nothing else" no_leftovers .
		rm -f new
	done
	cd "$work" || broken "no $work"
done
run sh -c 'ulimit -f 2000; exec "$@"' sh "$MMCP" --partial large new
check "a limit: the reason" err_has "File too large"
check "a limit: what it allows is kept" kept new large 1024000
if open_to_nobody; then
	cp older other; chmod 666 other
	# shellcheck disable=SC2016 # for sh
	run as_nobody sh -c 'ulimit -f 2000; exec "$@"' sh "$mmcp" --partial large other
	check "another user's file can't be made old, and that is said" err_has "mmcp: \
cannot give 'other', which is not whole, an old time, so -u will skip it: Operation"
	check "... what it allows is kept there, too" kept other large 1024000
	chown 65534 other
	run as_nobody sh -c 'ulimit -f 2000; exec "$@"' sh "$mmcp" --partial large other
	check "one's own is made old without a word" sh -c '! grep -q "old time" err'
	check "... older than its source" [ other -ot large ]
else
	skip "another user's file can't be made old, and that is said" "$why"
fi

# ---- a signal ----

slow="madvise=delay60 copy_file_range=short30000 pread=short30000 \
copy_file_range=delay60 pread=delay60"
old_is_safe() { cmp -s older old || is_prefix old source; }
# Nothing or something, and then it is said.
whole_part() {
	absent "$1" && { err_empty; return; }
	kept "$1" source 0
}
for engine in "mmap --chunk-size=64K -j1" "mmap --chunk-size=64K -j7" kernel stream; do
	for signal in INT TERM; do
		what="$signal, $engine"
		rm -f new
		# shellcheck disable=SC2086
		run meet $signal group 0.3 "$slow" 5 "$MMCP" --partial --engine=$engine \
			source new
		check "$what: it dies of the signal and nobody is left" status_is 0
		check "$what: what was copied is kept" whole_part new
		cp older old
		# shellcheck disable=SC2086
		run meet $signal group 0.3 "$slow" 5 "$MMCP" --partial --engine=$engine \
			source old
		check "$what: likewise onto an old file" status_is 0
		check "$what: which is safe" old_is_safe
		check "$what: nothing is left behind" no_leftovers .
	done
done
rm -f new
run meet INT group 0.3 "$slow" 5 "$MMCP" --partial --engine=stream source new
check "of a stream, there is something" kept new source 1
check "and it is said what happened" err_has "copying 'source' to 'new' was interrupted"

# ---- a tree ----

mkdir tree tree/d
for i in 1 2 3 4; do cp source tree/d/$i; done
for jobs in 1 2 7; do
	rm -rf copy
	run meet INT group 0.5 "$slow" 5 "$MMCP" --partial -r -j$jobs tree copy
	check "-j$jobs: a tree is left at once" status_is 0
	for file in copy/d/*; do
		check "-j$jobs: $file is the beginning" is_prefix "$file" source
	done
	check "-j$jobs: nothing is left behind" no_leftovers copy
done
finish
