#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A signal to the parent or to all while a tree is copied, slowed down by a shim.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need python3

mkdir -p s/d/e s/z
for d in s s/d s/d/e s/z; do
	i=0
	while [ $i -lt 50 ]; do
		pattern $((1 + i * 1000)) >$d/$i
		i=$((i + 1))
	done
done
pattern 400000 >s/d/hidden; pattern 400000 >s/z/hidden
ln s/d/7 s/z/seven

slow="copy_file_range=short5000 copy_file_range=delay4 pread=short5000 pread=delay4 \
futimens=delay2"

# The signal may come before anything was made.
whole_so_far() { [ ! -e to ] || only_whole_files "$work/s" to; }

delay=0.10
for how in "-a -j1" "-a -j4" "-r -j3 --engine=stream"; do
	for signal in INT TERM HUP QUIT PIPE; do
		sampled || continue
		for to in parent group; do
			case "$how $signal" in
			-a*4*INT | -a*4*TERM | -a*4*HUP) ;;
			*j1*TERM | *stream*INT | *PIPE) ;;
			*) continue ;;
			esac
			what="$signal to the $to, $how"
			rm -rf to
			# Another moment each time.
			case $delay in
			0.10) delay=0.15 ;;
			0.15) delay=0.22 ;;
			*) delay=0.10 ;;
			esac
			# shellcheck disable=SC2086 # options, to be split
			run meet $signal $to $delay "$slow" 1 "$MMCP" $how s to
			check "$what: it dies of the signal, and no process is left" \
				status_is 0
			check "$what: nothing is said" err_empty
			check "$what: what is there is whole" whole_so_far
			check "$what: not all is there" \
				test ! -e to/z/49 -o ! -e to/d/e/49
			check "$what: nothing is left behind" no_leftovers .
		done
	done
done
# Some of it was, or there was nothing to see.
check "some is there" test -n "$(find to -type f)"

# A stop for the parent is one for all; and they go on.
states() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		seen=$(for one in $1 $(cat "/proc/$1/task/$1/children"); do
			sed 's/.*) \(.\).*/\1/' "/proc/$one/stat"
		done | sort -u | tr -d '\n')
		[ "$seen" = "$2" ] && return
		sleep 0.1
	done
	echo "states are '$seen'"
	return 1
}
how_many() { wc -w <"/proc/$1/task/$1/children"; }
have_workers() { [ "$(how_many "$pid")" -ge 2 ]; }
if [ -e /proc/self/task/self/children ] || [ -e "/proc/$$/task/$$/children" ]; then
	rm -rf to
	MMCP_SHIM="copy_file_range=delay15" LD_PRELOAD=$SHIM \
		ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
		"$MMCP" -a -j3 s to 2>err &
	pid=$!
	check "there are workers" wait_until have_workers
	kill -TSTP $pid
	check "a stop for the parent stops everybody" states $pid T
	before=$(find to -type f | wc -l)
	sleep 0.3
	check "nothing goes on" test "$(find to -type f | wc -l)" = "$before"
	kill -CONT $pid
	status=0
	wait $pid || status=$?
	check "and they go on, to the end" went_well
	check "with all of it" same_tree s to times
else
	skip "a stop for the parent stops everybody" "/proc doesn't tell of children"
fi

finish
