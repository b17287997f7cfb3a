#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need ps

pattern 3000000 >source

# states PID LETTER: that process and its children are all in this state.
states() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		seen=$(ps -o stat= -p "$1" --ppid "$1" | cut -c1 | sort -u | tr -d '\n')
		[ "$seen" = "$2" ] && return
		sleep 0.1
	done
	echo "states are '$seen'"
	return 1
}
running() { ! states_now "$1" | grep -q T; }
states_now() { ps -o stat= -p "$1" --ppid "$1"; }

shimmed "madvise=delay60" "$MMCP" --engine=mmap --chunk-size=64K -j3 source new & job=$!
sleep 0.4
# With the shim's environment it is the shell's child or what the shell became.
pid=$(ps -o pid=,comm= -p $job --ppid $job | awk '/mmcp/ { print $1; exit }')
check "three workers are at it" test "$(ps -o pid= --ppid "$pid" | wc -l)" = 3
kill -TSTP "$pid"
check "a stop for the parent stops everybody" states "$pid" T
sleep 0.3
kill -CONT "$pid"
sleep 0.2
check "and they go on together" running "$pid"
wait $job
status=$?
check "to the end" status_is 0
check "with an equal copy" cmp source new

finish
