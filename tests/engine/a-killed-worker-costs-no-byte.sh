#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_strace
need pgrep

# 64 windows, of which each takes a while.
pattern 67108864 >large
head -c 70000000 /dev/zero | tr '\0' o >old

workers() { pgrep -P "$pid"; }
some_workers() { [ "$(workers | wc -l)" -ge 2 ]; }
# Some of the bytes have arrived somewhere.
begun() { some_workers && sleep 0.3; }

start() {
	slowly madvise 20000 "$MMCP" --engine=mmap -j 2 --chunk-size=4M large x
	wait_until begun || broken "no workers"
}

# All of it and no word; or else one line, and nothing that could be taken for all.
whole_or_told() {
	if [ "$status" = 0 ]; then
		same_content large x && err_empty
		return
	fi
	status_is 1 && err_has "mmcp: " || return
	[ "$(wc -l <err)" = 1 ] || { cat err; return 1; }
	[ -e x ] || return 0
	size=$(stat -c %s x)
	[ "$size" -lt 67108864 ] && cmp -n "$size" large x
}

for before in none old; do
	rm -f x
	[ $before = none ] || cp old x
	start
	kill -9 "$(workers | head -n 1)"
	ended
	check "a worker that is killed is replaced (destination: $before)" went_well
	check "and no byte is missing" same_content large x

	rm -f x
	[ $before = none ] || cp old x
	start
	# shellcheck disable=SC2046
	kill -9 $(workers)
	ended
	check "all workers killed at once: whole, or told" whole_or_told

	rm -f x
	[ $before = none ] || cp old x
	start
	while kill -0 "$pid" 2>/dev/null; do
		for worker in $(workers); do kill -9 "$worker" 2>/dev/null; done
		sleep 0.02
	done
	ended
	check "workers killed again and again: an error" status_is 1
	check "that is told, and nothing that looks whole" whole_or_told
	[ $before = old ] || check "no file is there" absent x
	check "nothing hidden is left" no_leftovers .
done

# The same while the source is hashed, and while the copy is read back.
if "$MMCP" --verify /dev/null y 2>/dev/null; then
	for wait in 0 0.1 0.2 0.3 0.4; do
		rm -f x
		slowly pread64 3000 "$MMCP" --verify -j 2 --chunk-size=4M large x
		wait_until some_workers || broken "no workers"
		sleep $wait
		kill -9 "$(workers | head -n 1)" 2>/dev/null
		ended
		check "a worker killed after $wait s is replaced with --verify, too" \
			went_well
		check "and no byte is missing" same_content large x
	done
fi

# A worker that dies of something else than a signal sent by us.
rm -f x
start
kill -TERM "$(workers | head -n 1)"
ended
check "a worker that is terminated is replaced, too" went_well
check "and no byte is missing" same_content large x

# One that is only stopped for a while.
rm -f x
start
one=$(workers | head -n 1)
kill -STOP "$one"
sleep 0.3
kill -CONT "$one"
ended
check "a worker that was stopped goes on" went_well
check "and no byte is missing" same_content large x

finish
