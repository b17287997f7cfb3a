#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# mmcp may be started with streams closed or signals blocked; and a copy that fails must
# not change a file that it hasn't touched.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3

pattern 3000000 >source
echo small >a

status=0; "$MMCP" -v a b >&- 2>err || status=$?
check "lines that can't be written are an error" status_is 1
check "with a message" err_is "mmcp: write error: Bad file descriptor"
check "and the copy is done" cmp a b
"$MMCP" a c >&- 2>err
check "a closed stream that isn't needed is no error" test ! -s err
for copy in '/dev/stdin b <&-' 'a /dev/stdout >&-' 'a /dev/stderr 2>&-' \
	'/dev/fd/0 b <&-'; do
	rm -f b
	status=0; eval "\"$MMCP\" $copy" 2>err || status=$?
	check "a stream that isn't there can't be copied: $copy" status_is 1
	check "and no file is made for it: $copy" test ! -e b
done
echo old >b
status=0; "$MMCP" -i a b <&- 2>err || status=$?
check "an answer that can't be read is no" grep -qx old b
check "and an error" grep -q "error closing file: Bad file descriptor" err
rm -f b; cp a b
name=$(python3 -c 'print("\001" * 100)')
dir=$(python3 -c 'print("/".join(["\001" * 240] * 8))')
mkdir -p "$dir"
cp a "$dir/$name"
(cd / && cd "$work" && "$MMCP" --debug "$dir/$name" dest <&- >&- 2>/dev/null)
check "no message lands in the copy" cmp a dest
for fds in '<&-' '>&-' '2>&-' '<&- >&-' '<&- >&- 2>&-'; do
	rm -f new
	eval "\"$MMCP\" --engine=mmap -j2 source new $fds"
	check "copied with $fds" cmp source new
done

cat >blocked.py <<'P'
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])
P
rm -f new
run timeout 100 python3 blocked.py "$MMCP" --engine=mmap -j3 source new
check "workers are reaped though SIGCHLD was blocked and ignored" status_is 0
check "and the copy is whole" cmp source new
if is_root && unshare -p true 2>/dev/null; then
	pattern 70000000 >large
	# The leak checker would wait for a child of its own in there, for ever.
	run env ASAN_OPTIONS=detect_leaks=0 unshare -p "$MMCP" -j2 large large.new
	check "workers that are another namespace's first process" cmp large large.new
	rm -f large large.new
else
	skip "another namespace" "only root can make one"
fi

echo precious >old
run "$MMCP" /proc/self/mem old
check "what can't be read at all costs an old file nothing" grep -qx precious old
touch -d 2001-01-01 empty
: >nothing
touch -d 2001-01-01 empty
"$MMCP" nothing empty
check "an empty file copied onto an empty one moves its time" \
	test "$(stat -c %Y empty)" -gt 1000000000

if open_to_nobody; then
	mkdir -m 777 w; mkdir -m 777 blind
	cp source w/s; chmod 644 w/s; echo old >w/d; chmod 444 w/d
	run as_nobody "$mmcp" --atomic -f w/s w/d
	check "--atomic -f doesn't remove a file that it may not write" grep -qx old w/d
	: >blind/old; chmod 666 blind/old; chmod 333 blind
	run as_nobody "$mmcp" --fsync w/s blind/new
	check "--fsync in a directory that can't be read" went_well
	check "copies the file" cmp source blind/new
	run as_nobody "$mmcp" --fsync w/s blind/old
	check "--fsync onto a file in it" went_well
	check "copies that" cmp source blind/old
else
	skip "an ordinary user" "$why"
fi
if is_root && mkdir grows && echo old >grows/file && chattr +a grows 2>/dev/null; then
	run "$MMCP" --atomic source grows/file
	check "--atomic in a directory that only grows is refused" status_is 1
	check "with nothing left behind" no_leftovers grows
	chattr -a grows
else
	skip "a directory that only grows" "chattr can't make one here"
fi

# A link that replaces a file is made beside it, not in the current directory.
if place tmpfs && cd tmpfs; then
	there=$work/there
	mkdir "$there" && echo other >"$there/file"
	for options in -sf -lf -Pf '-P --atomic'; do
		rm -f "$there/name"; echo old >"$there/name"
		ln -sf "$there/file" "$there/link"
		case $options in -P*) from=$there/link ;; *) from=$there/file ;; esac
		# shellcheck disable=SC2086
		run "$MMCP" $options "$from" "$there/name"
		check "$options from another file system" went_well
		check "$options: the name is the new file's" \
			same_content "$there/name" "$there/file"
		check "$options: nothing is left here" empty_directory .
		check "$options: nor there" no_leftovers "$there"
	done
	cd "$work" || exit
else
	skip "a link is replaced from another file system" "no tmpfs is available"
fi

if [ -e "${SHIM:=}" ]; then
	mkfifo fifo
	run shimmed "openat=SIGTERM" timeout 100 "$MMCP" fifo never
	check "a signal just before a FIFO is opened ends it" status_is 143
	sleep 10 <>fifo & sleeper=$!
	run shimmed "write#1=SIGTERM" timeout 100 "$MMCP" source fifo
	check "a signal just before a pipe is full ends it" status_is 143
	kill $sleeper
	rm -f fifo
	mkfifo fifo
	echo old >swapped
	MMCP_SHIM_RUN="mv fifo swapped"; export MMCP_SHIM_RUN
	run shimmed "openat#2=run" timeout 100 "$MMCP" --engine=stream source swapped
	check "a FIFO in the place of an old file is refused, not waited for" status_is 1
	rm -f swapped
	mkfifo fifo
	echo old >swapped
	run shimmed "openat#2=run" timeout 100 "$MMCP" --atomic source swapped
	check "nor is it, with --atomic" status_is 1
	rm -f new
	run shimmed "openat#1=EINTR" "$MMCP" source new
	check "an open that is interrupted by nothing is made again" cmp source new
fi

finish
