#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A signal to the parent or to all, in a copy that is slow by a shim.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need python3

pattern 3000000 >source
pattern 3000000 | tr '\000-\377' '\001-\377\000' >older

slow="madvise=delay60 copy_file_range=short30000 pread=short30000 \
copy_file_range=delay60 pread=delay60"
old_is_safe() { cmp -s older old || is_prefix old source; }

for engine in "mmap --chunk-size=64K -j1" "mmap --chunk-size=64K -j7" kernel stream; do
	for signal in INT TERM HUP QUIT PIPE; do
		for to in parent group; do
			what="$signal to the $to, $engine"
			rm -f new; cp older old
			# shellcheck disable=SC2086 # options, to be split
			run meet $signal $to 0.15 "$slow" 5 "$MMCP" --engine=$engine \
				source new
			check "$what: it dies of the signal and nobody is left" \
				status_is 0
			check "$what: nothing is said" err_empty
			check "$what: no new file" absent new
			# shellcheck disable=SC2086
			run meet $signal $to 0.15 "$slow" 5 "$MMCP" --engine=$engine \
				source old
			check "$what: likewise onto an old file" status_is 0
			check "$what: which is safe" old_is_safe
			check "$what: nothing is left behind" no_leftovers .
		done
	done
done

# While it waits for a pipe to say something.
mkfifo pipe
for signal in INT TERM; do
	sleep 20 >pipe &
	sleeper=$!
	run meet $signal parent 0.15 "$slow" 5 "$MMCP" pipe new
	check "$signal ends the wait for a pipe" status_is 0
	kill $sleeper
	rm -f new
done

# The largest of sparse files, and nothing slow about it but its size.
truncate -s 100G huge
printf x | dd of=huge bs=1 seek=107374182399 conv=notrunc 2>/dev/null
run timeout -s TERM 5 "$MMCP" huge sparse
check "100 GB of hole are no work" status_is 0
rm -f huge sparse

finish
