#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# SIGUSR1 prints a line of progress on standard error, whatever the engine and the worker;
# --progress prints one every few seconds where there is no terminal.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
no_leak_check

head -c 3000000 /dev/urandom >medium; head -c 80000000 /dev/zero | tr '\0' x >large
mkdir tree; for i in $(seq 1 200); do head -c 20000 medium >"tree/$i"; done

begin() { : >err; "$MMCP" "$@" >out 2>err & pid=$!; }
told() { grep -q 'iB/s\| B/s\|  [0-9]' err; }
lines() { grep -c . err; }
# asks SENTENCE PATTERN ARGUMENT...: at a rate of 1 MB/s there is time to ask.
asks() {
	what=$1; pattern=$2; shift 2
	begin "$@"
	wait_until copies_now "$pid"
	sleep 0.3
	kill -s USR1 "$pid"
	check "$what: there is a line" wait_until has_lines 1
	check "$what: which tells" grep -q "$pattern" err
	check "$what: it goes on" kill -0 "$pid"
	kill -s USR1 "$pid"
	check "$what: and another" wait_until has_lines 2
	kill -s TERM "$pid"; wait "$pid"; status=$?
	check "$what: and is ended by what ends it" status_is 143
	check "$what: no more was said" test "$(lines)" = 2
}
has_lines() { [ "$(lines)" -ge "$1" ]; }
# copies_now PID: it catches signals, and copies.
copies_now() { grep -q '^SigCgt:.*[1-9a-f]' "/proc/$1/status" && [ -e "/proc/$1/fd/3" ]; }
size='[KM]iB'
for engine in stream kernel mmap; do
	asks "by $engine" "^mmcp:  *[0-9]*% *.*$size" \
		--engine=$engine --bwlimit=1M medium new
done
asks "a large file" "^mmcp:  *[0-9]*%.*/76.3 MiB" \
	--reflink=never --bwlimit=1M -j2 large new
asks "a tree" "^mmcp: .*/>*[0-9]* files" -r -j2 --bwlimit=500K tree new.tree
rm -rf new.tree
asks "a tree, alone" "files" -r -j1 --bwlimit=500K tree new.tree
rm -rf new.tree
asks "with -v" "$size" -v --bwlimit=1M medium new
asks "with --progress=never" "$size" --progress=never --bwlimit=1M medium new
begin -r -j3 --bwlimit=500K tree new.tree
wait_until copies_now "$pid"; sleep 0.3
for worker in $(ps -o pid= --ppid "$pid"); do kill -s USR1 "$worker"; done
sleep 0.2
check "a worker that is asked says nothing" test "$(lines)" = 0
check "and dies of nothing" kill -0 "$pid"
kill -s TERM "$pid"; wait "$pid"
mkfifo pipe
: >err; "$MMCP" pipe new.pipe 2>err & pid=$!
exec 8>pipe
echo x >&8
wait_until copies_now "$pid"; sleep 0.1
kill -s USR1 "$pid"
check "while it waits for a pipe" wait_until has_lines 1
exec 8>&-
wait "$pid"; status=$?
check "which it reads to its end" test "$status$(cat new.pipe)" = 0x
# shellcheck disable=SC2016
run sh -c 'trap "" USR1; kill -s USR1 $$; exec "$@"' - "$MMCP" medium new2
check "a signal that is ignored is ignored" went_well

# ---- without a terminal ----

run "$MMCP" medium new3
check "nothing is said if nobody asks" test ! -s err
run "$MMCP" --progress medium new3
check "with --progress, there is a closing line" has_lines 1
check "which tells" grep -q '^mmcp: 2.9 MiB in 1 file in [0-9]* ms' err
check "and nothing else" test "$(lines)" = 1
begin -g --bwlimit=1M medium new3
wait "$pid"; status=$?
check "with -g there are lines" has_lines 2
check "which tell" grep -q "^mmcp:  *[0-9]*% [0-9.]*/2.9 MiB  .*iB/s" err
closed='^mmcp: 2.9 MiB in 1 file in [0-9.]* s ([0-9.]* [KM]iB/s)$'
check "the last one of all" test "$(tail -n 1 err | grep -c "$closed")" = 1
check "without what only a terminal can do" test "$(tr -d '[:print:]\n' <err | wc -c)" = 0
begin --progress=auto --bwlimit=2M medium new3
wait "$pid"
check "with auto there is none" test ! -s err
begin -g --bwlimit=1M medium missing d 2>/dev/null
wait "$pid"
check "messages stand in lines of their own" test "$(grep -c '^mmcp: ' err)" = "$(lines)"

finish
