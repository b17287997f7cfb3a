#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A pipe, a terminal or a device is read once, and has no size.  So the copy has its name
# from the beginning, and keeps what has come, whatever fails later.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

pattern 300000 >bytes
mkfifo fifo

# give: write all bytes, and then nothing for a while; the process is $giver.
give() { (cat bytes; exec sleep 60) >fifo & giver=$!; }
stop_giving() { kill $giver; wait $giver; } 2>/dev/null
has_all() { [ -e "$1" ] && [ "$(stat -c %s "$1")" = 300000 ]; }

# states: the old file: none, or one of more or fewer bytes.
before() {
	rm -rf d; mkdir d
	case $1 in
	longer) head -c 900000 /dev/zero | tr '\0' o >d/f ;;
	shorter) echo old >d/f ;;
	esac
}

for state in nothing longer shorter; do
	for options in "" -b --fsync --remove-destination -f --engine=stream \
		--sparse=always; do
		for signal in INT TERM HUP KILL; do
			case $options,$state in -b,nothing) continue ;; esac
			before $state
			give
			# shellcheck disable=SC2086 # options, to be split
			env --default-signal=INT "$MMCP" $options fifo d/f 2>err & pid=$!
			what="$state${options:+, $options}, SIG$signal"
			check "$what: a reader sees all that came" wait_until has_all d/f
			check "$what: and nothing else" cmp bytes d/f
			kill -s $signal $pid
			status=0; wait $pid 2>/dev/null || status=$?
			stop_giving
			check "$what: it died of the signal" test $status -gt 128
			check "$what: what came is there" cmp bytes d/f
			[ "$options" != -b ] ||
				check "$what: the old one is there, too" test -s d/f~
			check "$what: nothing is left behind" no_leftovers d
			check "$what: it prints nothing" err_empty
		done
	done
done

# With --atomic the copy is whole, or there is none.
for state in nothing longer; do
	before $state
	give
	"$MMCP" --atomic fifo d/f 2>err & pid=$!
	sleep 0.3
	kill $pid
	wait $pid 2>/dev/null
	stop_giving
	if [ $state = nothing ]; then
		check "--atomic, $state: there is nothing" empty_directory d
	else
		check "--atomic, $state: the old one is there" \
			test "$(stat -c %s d/f)" = 900000
	fi
done

# A stream that ends is a copy like any other.
for state in nothing longer shorter; do
	for options in "" -b -p --fsync --atomic --remove-destination; do
		before $state
		# shellcheck disable=SC2002,SC2086 # a pipe is what is to be read
		cat bytes | "$MMCP" $options /dev/stdin d/f >out 2>err
		status=$?
		check "whole, $state${options:+, $options}: all is well" went_well
		check "whole, $state${options:+, $options}: equal" cmp bytes d/f
		check "whole, $state${options:+, $options}: nothing is left behind" \
			no_leftovers d
	done
done
(echo a; exec sleep 60) >fifo & giver=$!
timeout 1 "$MMCP" /dev/stdin line <fifo
kill "$giver"
check "a line that came before the time was up is there" test "$(cat line)" = a

# ---- an error ----

if [ -e "${SHIM:=}" ]; then
	for state in nothing longer; do
		before $state
		give
		run shimmed "read#2+=EIO" timeout 100 "$MMCP" fifo d/f
		stop_giving
		check "a read error, $state: exit status 1" status_is 1
		check "a read error, $state: is reported" \
			err_has "error reading 'fifo': Input/output error"
		check "a read error, $state: what came is there" is_prefix d/f bytes
		check "a read error, $state: and is some" test -s d/f
	done
	# A file can be read again, so a part of it gets no name.
	before nothing
	run shimmed "pread#2+=EIO copy_file_range=EXDEV" "$MMCP" bytes d/f
	check "a read error of a file: exit status 1" status_is 1
	check "a read error of a file: there is nothing" empty_directory d
fi
if mount_fs tmpfs 128K "$work/full"; then
	run sh -c '"$1" /dev/stdin full/f <"$2"' - "$MMCP" bytes
	check "a full disk and a file: exit status 1" status_is 1
	check "a full disk and a file: there is nothing" empty_directory full
	run sh -c 'cat "$2" | "$1" /dev/stdin full/f' - "$MMCP" bytes
	check "a full disk and a pipe: exit status 1" status_is 1
	check "a full disk and a pipe: what had room is there" is_prefix full/f bytes
fi

# With an engine that can't read a pipe, an old file doesn't change.
for engine in mmap kernel; do
	before longer
	run sh -c 'cat bytes | "$1" --engine="$2" /dev/stdin d/f' - "$MMCP" $engine
	check "--engine=$engine can't read a pipe" status_is 1
	check "--engine=$engine: the old file is left alone" \
		test "$(stat -c %s d/f)" = 900000
done

# In a tree, with --copy-contents.
mkdir tree && mkfifo tree/fifo && echo file >tree/file
(cat bytes; exec sleep 60) >tree/fifo & giver=$!
"$MMCP" -r --copy-contents tree copies 2>err & pid=$!
check "in a tree: a reader sees all that came" wait_until has_all copies/fifo
kill $pid
wait $pid 2>/dev/null
stop_giving
check "in a tree: what came is there" cmp bytes copies/fifo

finish
