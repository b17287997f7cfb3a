#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What isn't in memory is read by four workers, each by a descriptor and from a place of
# its own; by fewer where memory is short, and by one where there is hardly any.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_root
need_shim
place ext4 || skip_all "$why"
cd ext4 || broken "no ext4"
[ "$(nproc)" -gt 1 ] || skip_all "there is one processor only"

pattern 67108877 >large || broken "no room"
cp large mixed
fallocate --punch-hole --offset 20000000 --length 20000000 mixed

# cold FILE: it is not in memory.
cold() { sync "$1" && dd if="$1" iflag=nocache count=0 status=none; }
cold large 2>/dev/null || skip_all "pages of a file can't be dropped here"
run "$MMCP" --debug large new
! grep -q 'because: .*rotat' "$work/out" || skip_all "the loop device seems to rotate"

# copies FROM TO COMMAND...: well, equal, and from the device.
copies() {
	from=$1 to=$2
	shift 2
	cold "$from"
	run shimmed clock=frozen "$@" "$from" "$to"
	cat "$work/out" "$work/err"
	went_well && cmp "$from" "$to"
}
workers() { grep -q "engine: .*workers: $1," "$work/out" || { cat "$work/out"; false; }; }

for from in large mixed; do
	rm -f new
	check "$from: it is copied" copies $from new "$MMCP" --debug
	[ $from = mixed ] ||	# whose data alone is read ahead
		check "$from: by four workers at least" workers '\([4-9]\|[1-9][0-9]\)'
	check "$from: over an old file, too" copies $from new "$MMCP" --debug
	head -c 70000000 /dev/zero | tr '\0' o >new
	check "$from: and over another one" copies $from new "$MMCP" --debug
	rm -f new
	check "$from: by two, if the user says so" copies $from new "$MMCP" --debug -j2
	check "$from: they are two" workers 2
	rm -f new
	check "$from: by one, if the user says so" copies $from new "$MMCP" --debug -j1
	rm -f new
	check "$from: and without any in memory" copies $from new "$MMCP" --nocache
done

# ---- a descriptor of each one's own ----

if have strace; then
	no_leak_check
	rm -f new
	check "strace finds nothing amiss" copies large new \
		strace -f -qq -e trace=openat -o "$work/log" "$MMCP"
	check "each worker opens the source again" test \
		"$(grep -c '"/proc/self/fd/[0-9]*"' "$work/log")" -ge 4
else
	skip "each worker opens the source again" "strace is not installed"
fi

without_proc() {
	# shellcheck disable=SC2016 # that is for the other shell
	unshare --mount --propagation private sh -c \
		'mount -t tmpfs none /proc && exec "$@"' sh "$@"
}
rm -f new
if ! sanitized && without_proc true 2>/dev/null; then
	check "where it can't be, all share one" copies large new without_proc "$MMCP" \
		--debug
	check "and are as many" workers '\([4-9]\|[1-9][0-9]\)'
	check "over an old file, too" copies mixed new without_proc "$MMCP"
else
	skip "where it can't be, all share one" "/proc can't be hidden"
fi

# ---- holes with blocks ----

# What the kernel reads ahead of reserved blocks that were never written becomes pages,
# and these count as data.
truncate -s 40M reserved
fallocate -l 30M reserved || broken "no room"
at=0
while [ $at -lt 240 ]; do
	head -c 4096 large | dd of=reserved bs=131072 seek=$at conv=notrunc status=none
	at=$((at + 1))
done
for options in '' -j1 --engine=mmap --engine=kernel --engine=stream; do
	rm -f new
	# shellcheck disable=SC2086
	check "reserved, $options: it is copied" copies reserved new "$MMCP" $options
	check "reserved, $options: and what was never written is a hole" \
		test "$(stat -c %b new)" -le 4000
done

# ---- little memory ----

group=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:\([^:]*,\)*memory\(,[^:]*\)*://p' \
	/proc/self/cgroup)/mmcp-test.$$
limit=memory.limit_in_bytes
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
	group=/sys/fs/cgroup/mmcp-test.$$
	limit=memory.max
fi
in_group() {
	# shellcheck disable=SC2016 # that is for the other shell
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" "$@"
}
if mkdir "$group" 2>/dev/null && [ -e "$group/$limit" ]; then
	trap 'rmdir "$group" 2>/dev/null; clean_up' EXIT
	rm -f new
	echo 160M >"$group/$limit"
	check "with 160 MiB it is copied" copies large new in_group "$MMCP" --debug
	check "with 160 MiB by two" workers 2
	rm -f new
	echo 32M >"$group/$limit"
	check "with 32 MiB it is copied" copies large new in_group "$MMCP" --debug
	check "with 32 MiB by one process" grep -q 'engine: [^,]*, because: .*memory' \
		"$work/out"
	check "over an old file, too" copies mixed new in_group "$MMCP" --debug
else
	rmdir "$group" 2>/dev/null
	skip "little memory" "there is no control group of memory to be had"
fi

# ---- what goes wrong ----

for when in 1 3 20; do
	rm -f new
	check "a worker that dies at its read $when costs nothing" copies large new \
		shimmed "pread#$when=SIGKILL" "$MMCP"
	rm -f new
	cold large
	run shimmed "pread#$when+=EIO" "$MMCP" large new
	check "what can't be read at $when is told" err_has "Input/output error"
	check "exit status 1" status_is 1
	check "there is no new file" absent new
	check "a short read at $when is no end" copies large new shimmed \
		"pread#$when=short1000" "$MMCP"
done
for size in 0 1000 30000000 67108000; do
	rm -f new
	cp large moving
	MMCP_SHIM_RUN="truncate -s $size moving"
	export MMCP_SHIM_RUN
	check "what is cut to $size bytes meanwhile is copied as it is" \
		copies moving new shimmed 'pread#3=run' "$MMCP"
done
check "nothing is left behind" no_leftovers .
cd "$work" || exit
finish
