#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The source is changed by a command that runs inside a chosen call of mmcp, so the change
# comes in the middle of the copy each time.
# shellcheck source=tests/lib.sh
. "${srcdir:-.}/tests/lib.sh"
need_shim

pattern 3000000 >original
pattern 100000 | tr '\000-\377' '\001-\377\000' >old

# A call in the middle of the copy by each engine, and the options that lead there.
ways='madvise#9=run --engine=mmap --chunk-size=64K -j1
madvise#9=run --engine=mmap --chunk-size=64K -j2
madvise#30=run --engine=mmap --chunk-size=64K -j7
copy_file_range=short100000_copy_file_range#4=run --engine=kernel
pread#3=run --engine=stream
copy_file_range=EXDEV_pread#3=run --engine=auto'

# meet RULES COMMAND OPTION... DEST: copy while COMMAND runs, within 5 seconds.
meet() {
	rules=$(echo "$1" | tr _ ' ' | sed 's/copy file range/copy_file_range/g')
	MMCP_SHIM_RUN=$2; shift 2
	export MMCP_SHIM_RUN
	rm -f source source.2
	cp original source
	run shimmed "$rules" timeout 5 "$MMCP" "$@"
}

safe_prefix() { [ ! -s kept ] || is_prefix kept original; }

# reported WHAT COMMAND MESSAGE: with each way, onto a new file and onto an old one.
reported() {
	echo "$ways" >ways
	while read -r rules options <&3; do
		# shellcheck disable=SC2086 # options, to be split
		meet "$rules" "$2" $options source new
		check "$1, $options: exit status 1" status_is 1
		check "$1, $options: one line names the source" \
			err_is "mmcp: source file 'source' $3 while being copied"
		check "$1, $options: no new file" absent new
		cp old kept
		# shellcheck disable=SC2086
		meet "$rules" "$2" $options source kept
		check "$1, $options: exit status 1 onto an old file" status_is 1
		[ "$3" = changed ] || check "$1, $options: no byte that isn't the source's" \
			safe_prefix
		check "$1, $options: nothing is left behind" no_leftovers .
	done 3<ways
}

reported "cut to nothing" "truncate -s 0 source" shrank
reported "cut to half" "truncate -s 1500000 source" shrank
reported "cut to half and a bit" "truncate -s 1500100 source" shrank
reported "cut within the last page" "truncate -s 2999990 source" shrank
reported "appended to" "echo more >>source" changed
reported "written over" "echo over | dd of=source conv=notrunc 2>/dev/null" changed
reported "touched" "touch source" changed
reported "made another's" "chmod 600 source" changed

while read -r rules options <&3; do
	# shellcheck disable=SC2086
	meet "$rules" "rm source" $options source new
	check "unlinked, $options: no error" status_is 0
	check "unlinked, $options: all of it is copied" cmp original new
	rm -f new
	# shellcheck disable=SC2086
	meet "$rules" "cp old source.2; mv source.2 source" $options source new
	check "renamed over, $options: what was opened is copied" cmp original new
	rm -f new
done 3<ways

# One that never stands still does not keep us for ever.
if have fallocate; then
	cp original source
	(while :; do
		fallocate -p -o 65536 -l 65536 source
		dd if=original of=source bs=64k count=1 seek=1 conv=notrunc
		echo x >>source
	done >/dev/null 2>&1) &
	writer=$!
	for engine in auto mmap kernel stream; do
		run timeout 20 "$MMCP" --engine=$engine source new
		check "a source that is punched and grown is an end, $engine" \
			test $status = 0 -o $status = 1
		check "and no new file unless it was whole, $engine" \
			test $status = 0 -o ! -e new
		rm -f new
	done
	kill "$writer"
fi

finish
