#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# With -g, or where a bar was drawn, one line stays that says what was done; after a
# signal it says what is whole and how to go on.  A dry run ends with what would be done.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
no_leak_check

mkdir tree to; for i in 1 2 3 4 5; do head -c 300000 /dev/urandom >tree/$i; done
told() { grep -qx "mmcp: $1" err || { cat err; false; }; }
time='[0-9.]* m*s\( ([0-9.]* [KMG]iB/s)\)*'

run "$MMCP" -rg tree to
check "bytes, files and time are told" told "1.4 MiB in 5 files in $time"
check "in one line" test "$(wc -l <err)" = 1
run "$MMCP" -rgu tree to
check "and what was skipped" told "0 B in 0 files in $time, 5 skipped"
rm to/tree/1; ln tree/2 tree/6
run "$MMCP" -ag --update=none tree none to
check "and what failed" told "585.9 KiB in 2 files in $time, 4 skipped, 1 failed"
run "$MMCP" -r tree to2
check "nothing is said that nobody asked for" err_empty
run "$MMCP" -r --progress=auto tree to3
check "nor with a bar that was never drawn" err_empty
run "$MMCP" -rgi tree/2 to/tree </dev/null
check "a no is a skipped file" told "0 B in 0 files in $time, 1 skipped"

# ---- the device ----

run "$MMCP" -rg --fsync tree to4
check "what was synced is on the device" \
	told "1.7 MiB in 6 files in $time, on the device"
run "$MMCP" -rg --fsync tree none to4
check "which isn't said if something failed" told ".*, 1 failed"
dirty() { awk '/^Dirty:|^Writeback:/ { n += $2 } END { print n }' /proc/meminfo; }
if mount_fs ext4 300m "$work/disk"; then
	head -c 150000000 /dev/zero | tr '\0' x >large; sync
	run "$MMCP" -g large disk/new
	if [ "$(dirty)" -gt 100000 ]; then
		pending="in memory: up to .* still to be written (sync, or --fsync)"
		check "what may be in memory still is told" \
			told "143.1 MiB in 1 file in $time, $pending"
	else
		skip "what may be in memory still is told" "it was written already"
	fi
else
	skip "what may be in memory still is told" "$why"
fi
if mount_fs tmpfs 300m "$work/mem"; then
	run "$MMCP" -g large mem/new
	check "but not where there is no device" told "143.1 MiB in 1 file in $time"
else
	skip "but not where there is no device" "$why"
fi

# ---- a dry run ----

rm to/tree/2
run "$MMCP" -rN tree to
check "a dry run tells what it would copy and replace" \
	told "would copy 1.7 MiB in 6 files, 5 replaced"
run "$MMCP" -rNu tree to
check "or skip" told "would copy 293.0 KiB in 1 file, 5 skipped"

# ---- a signal ----

one_is_there() { [ "$(find slow -type f -size 300000c | wc -l)" -ge 1 ]; }
# interrupted ARGUMENT...: copy slowly, and send SIGTERM when a file is there.
interrupted() {
	"$MMCP" -rj1 --bwlimit=400K "$@" 2>err & pid=$!
	wait_until one_is_there
	kill -s TERM "$pid"; wait "$pid"; status=$?
}
rm -rf slow; interrupted -g tree slow
check "a signal ends it" status_is 143
check "what is whole is told" \
	grep -q '^mmcp: interrupted: .* in [1-5] files* \(is\|are\) complete$' err
check "and what became of the rest" told "what was half copied is removed"
check "and how to go on" told "to go on, run the same command with -uT"
rm -rf slow; interrupted -gp tree slow
check "with times that are kept, they decide" \
	told "to go on, run the same command with -T --update=changed"
run "$MMCP" -rpT --update=changed tree slow
check "and that goes on" diff -r tree slow
rm -rf slow; cp -r tree slow; rm slow/3; mkdir slow2; mv slow slow2/tree; ln -s slow2 slow
"$MMCP" -rgj1 --bwlimit=400K tree slow 2>err & pid=$!
sleep 1; kill -s TERM "$pid"; wait "$pid"
check "old files may be cut short" told "what was half copied is removed or cut short"
check "and so have to be copied again" told "to go on, run the same command again"
check "which -u does with those that were cut short" \
	test -z "$(find slow2 -type f ! -size 300000c -newer tree/1)"
run "$MMCP" -ru tree slow
check "and then all are whole" diff -r tree slow2/tree
for how in --atomic --verify=read --remove-destination; do
	rm -rf slow2/tree; cp -r tree slow2/tree
	"$MMCP" -rgj1 --bwlimit=400K $how tree slow 2>err & pid=$!
	sleep 1; kill -s TERM "$pid"; wait "$pid"
	check "with $how none is cut short" told "what was half copied is removed"
	check "and none is" test -z "$(find slow2 -type f ! -size 300000c)"
done
"$MMCP" -rgj1 --bwlimit=10K --backup=simple tree slow 2>err & pid=$!
sleep 1; kill -s TERM "$pid"; wait "$pid"
if grep -q 'no file is complete$' err; then
	check "what has made no backup can be run again" \
		told "to go on, run the same command again"
else
	skip "what has made no backup can be run again" "a file was complete"
fi
# With simple backups, what is complete would replace the backup of what was there.
two_backups() { [ "$(find slow2 -name '*~' | wc -l)" -ge 2 ]; }
for kind in simple existing; do
	rm -rf slow2/tree; cp -r tree slow2/tree
	"$MMCP" -rgj1 --bwlimit=400K --backup=$kind tree slow 2>err & pid=$!
	wait_until two_backups
	kill -s TERM "$pid"; wait "$pid"
	check "$kind backups stay" told "to go on, run the same command with \
--backup=numbered"
done
rm -rf slow slow2; interrupted tree slow
check "nobody asked: nothing is said" err_empty

finish
