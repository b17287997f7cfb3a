#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/lib.sh
. "${srcdir:-.}/tests/lib.sh"
need pgrep mkfifo
env --default-signal=INT true 2>/dev/null || skip_all "env can't reset signals"

# ---- waiting for a pipe ----

opened() {
	for fd in "/proc/$pid/fd"/*; do
		[ "$(readlink "$fd")" = "$work/fifo" ] && return
	done
	false
}
blocked() { opened && grep -q '^State:.S' "/proc/$pid/status" && sleep 0.1; }

mkfifo fifo
for signal in INT TERM HUP QUIT; do
	case $signal in INT) n=2 ;; TERM) n=15 ;; HUP) n=1 ;; QUIT) n=3 ;; esac
	rm -f x
	# shellcheck disable=SC3045
	(ulimit -c 0; exec env --default-signal=INT,QUIT "$MMCP" fifo x) >out 2>err &
	pid=$!
	exec 8>fifo
	echo some >&8
	check "mmcp waits for a pipe" wait_until blocked
	kill -$signal "$pid"
	check "SIG$signal ends the wait" wait_until gone "$pid"
	exec 8>&-
	ended
	check "the shell sees that signal" status_is $((128 + n))
	check "nothing is said" err_empty
	check "there is no new file" absent x
	check "nor a hidden one" no_leftovers .
done

# Waiting for somebody to open the other end.
env --default-signal=INT "$MMCP" fifo x >out 2>err &
pid=$!
sleep 0.2
kill -INT "$pid"
check "a FIFO that nobody writes can be interrupted" wait_until gone "$pid"
ended
check "and the shell sees it" status_is 130

# What is ignored from the start stays ignored, as nohup wants.
(trap '' HUP; exec "$MMCP" fifo x) >out 2>err &
pid=$!
exec 8>fifo
echo some >&8
wait_until blocked
kill -HUP "$pid"
sleep 0.1
exec 8>&-
ended
check "a signal that was ignored still is" went_well
check "and the copy is made" test "$(cat x)" = some
rm -f x fifo

# ---- in the middle of a large file ----

if ! have strace || ! strace -D -o /dev/null true 2>/dev/null; then
	skip "signals in the middle of a file" "strace doesn't work here"
	finish
fi
pattern 67108864 >large
head -c 70000000 /dev/zero | tr '\0' o >old

workers() { pgrep -P "$pid"; }
some_workers() { [ "$(workers | wc -l)" -ge 2 ] && sleep 0.2; }
all_gone() { for p in $pid $were; do kill -0 "$p" 2>/dev/null && return 1; done; true; }
# Within 5 seconds, when a worker would still have more than that to do.
soon_gone() {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		all_gone && return
		sleep 0.5
	done
	echo "after $i half seconds some are left of $were"
	return 1
}

old_or_whole() {
	cmp -s old x && return
	left=$(stat -c %s x)
	[ "$left" = 0 ] || { [ "$left" -lt 67108864 ] && cmp -n "$left" large x; }
}

start() {
	engine=$1
	case $engine in
	mmap) slowly madvise 400000 "$MMCP" --engine=mmap -j 3 --chunk-size=4M large x
		wait_until some_workers || broken "no workers"
		were=$(workers) ;;
	stream) slowly pwrite64 50000 "$MMCP" --engine=stream large x
		wait_until two_open "$work" || broken "no copy"
		sleep 0.3
		were= ;;
	esac
}

for engine in mmap stream; do
	for signal in INT TERM HUP; do
		case $signal in INT) n=2 ;; TERM) n=15 ;; HUP) n=1 ;; esac
		rm -f x
		start "$engine"
		kill -$signal "$pid"
		ended
		check "SIG$signal ends a copy by $engine, and the shell sees it" \
			status_is $((128 + n))
		check "nothing is said" err_empty
		check "there is no new file" absent x
		check "nor a hidden one" no_leftovers .
		check "and nobody is left" soon_gone
	done

	cp old x
	start "$engine"
	kill -INT "$pid"
	ended
	check "SIGINT ends a copy by $engine over an old file" status_is 130
	check "which is untouched, or cut to what is whole" old_or_whole
	check "and nobody is left" soon_gone
	rm -f x

	start "$engine"
	kill -9 "$pid"
	ended
	check "a copy by $engine that is killed leaves no file" absent x
	check "nor a hidden one" no_leftovers .
	check "and nobody who goes on" soon_gone
done

# Of several files, those that were done stay, and no more is begun.
mkdir dir
echo small >small
cp small last
slowly pwrite64 50000 "$MMCP" --engine=stream small large last dir
wait_until two_open "$work" || broken "no copy"
wait_until test -e dir/small || broken "no first copy"
sleep 0.3
kill -INT "$pid"
ended
check "SIGINT ends a copy of several files" status_is 130
check "the one that was done is there" same_content small dir/small
check "the one that wasn't is not" absent dir/large
check "and the next wasn't begun" absent dir/last

finish
