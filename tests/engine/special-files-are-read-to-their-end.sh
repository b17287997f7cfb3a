#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

copy() { run timeout 100 "$MMCP" "$@"; }

# ---- files whose size says nothing ----

cat /proc/cpuinfo >one && cat /proc/cpuinfo >two
cmp -s one two && stable=/proc/cpuinfo || stable=
for file in /proc/version /proc/filesystems /proc/$$/cmdline /proc/cmdline $stable \
	/sys/kernel/mm/transparent_hugepage/enabled /sys/devices/system/cpu/online; do
	[ -r "$file" ] || continue
	cat "$file" >want
	for engine in $engines; do
		rm -f x
		copy --engine="$engine" "$file" x
		case $status,$engine in
		1,mmap | 1,kernel)
			# Who is asked for by name may refuse, but not leave half a file.
			check "$file is not copied by $engine, with a reason" err_has \
				"mmcp: cannot copy '$file' to 'x' with --engine=$engine: "
			check "and nothing is made" absent x
			continue
			;;
		esac
		check "$file is copied by $engine" went_well
		check "whole" same_content want x
		head -c 100000 /dev/zero >x
		copy --engine="$engine" "$file" x
		check "and over a longer file" same_content want x
	done
done

: >empty
for engine in $engines; do
	rm -f x
	copy --engine="$engine" empty x
	check "an empty file is copied by $engine" went_well
	check "as one" cmp empty x
	echo old >x
	copy --engine="$engine" empty x
	check "and over a longer file" cmp empty x
done

# ---- pipes ----

pattern 1500000 >data
for engine in auto stream; do
	rm -f x
	# shellcheck disable=SC2002
	cat data | run timeout 100 "$MMCP" --engine=$engine /dev/stdin x
	check "a pipe is copied by $engine" same_content data x
	rm -f x
	run timeout 100 "$MMCP" --engine=$engine /dev/stdin x <data
	check "so is a file as stdin" same_content data x
	timeout 100 "$MMCP" --engine=$engine data /dev/stdout | cat >x
	check "a file is copied into a pipe by $engine" same_content data x
	rm -f x
	mkfifo fifo
	timeout 100 cat data >fifo &
	copy --engine=$engine fifo x
	check "a FIFO is read by $engine" went_well
	check "to its end" same_content data x
	timeout 100 cat fifo >x &
	copy --engine=$engine data fifo
	wait
	check "and written" went_well
	check "with all there is" same_content data x
	check "and is still one" test -p fifo
	rm -f fifo
done
(echo one; sleep 0.2; echo two) | copy /dev/stdin x
check "a pipe that pauses is read to its end" test "$(cat x)" = "one
two"
: | copy /dev/stdin x
check "a pipe with nothing in it makes an empty file" cmp empty x
timeout 100 "$MMCP" data /dev/stdout | head -c 10 >x
check "a reader who leaves early is nobody's fault" test "$(wc -c <x)" = 10

rm -f x
for engine in mmap kernel; do
	# shellcheck disable=SC2002
	cat data | (copy --engine=$engine /dev/stdin x; echo "$status" >rc)
	status=$(cat rc)
	check "a pipe can't be copied by $engine" status_is 1
	check "which says why" err_is "mmcp: cannot copy '/dev/stdin' to 'x' with \
--engine=$engine: the source is not a regular file"
	check "and makes nothing" absent x
	copy --engine=$engine data /dev/null
	check "neither can a file into a device" status_is 1
	check "which says why, too" err_is "mmcp: cannot copy 'data' to '/dev/null' with \
--engine=$engine: the destination is not a regular file"
done

# ---- devices ----

copy /dev/null x
check "/dev/null is an empty file" cmp empty x
copy data /dev/null
check "and takes everything" went_well
check "and is still a device" test -c /dev/null
for engine in auto stream; do
	copy --engine=$engine data /dev/full
	check "/dev/full takes nothing from $engine" status_is 1
	check "and says so" err_is \
		"mmcp: error writing '/dev/full': No space left on device"
done
if has_terminals; then
	head -c 300 data | od -c >text
	script -qec "'$MMCP' text /dev/tty" /dev/null </dev/null 2>&1 | tr -d '\r' >x
	check "a terminal is a destination" same_content text x
else
	skip "a terminal is a destination" "script doesn't work here"
fi

loop=
if is_root && have losetup; then
	truncate -s 2M disk
	loop=$(losetup -f --show disk 2>/dev/null)
fi
if [ -n "$loop" ]; then
	trap 'losetup -d "$loop" 2>/dev/null; clean_up' EXIT
	copy data "$loop"
	check "a block device is written" went_well
	check "with all there is" cmp -n 1500000 data "$loop"
	rm -f x
	copy "$loop" x
	check "a block device is read" went_well
	check "to its end" cmp "$loop" x
	head -c 3000000 /dev/zero >too-much
	copy too-much "$loop"
	check "a block device can be full" status_is 1
	check "which is told" err_is \
		"mmcp: error writing '$loop': No space left on device"
	losetup -d "$loop"
else
	skip "block devices" "there is no loop device"
fi
check "nothing hidden is left" no_leftovers .

# What has content but no size can only be read, and a named engine that can't says so.
for engine in mmap kernel; do
	run "$MMCP" --engine=$engine /proc/version none
	check "--engine=$engine can't copy what has no size" err_is \
"mmcp: cannot copy '/proc/version' to 'none' with --engine=$engine: \
the source has content but no size"
	check "--engine=$engine: and makes nothing of it" absent none
	: >empty.$engine
	run "$MMCP" --engine=$engine empty.$engine none
	check "--engine=$engine copies what is empty" went_well
	rm -f none
done

finish
