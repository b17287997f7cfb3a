#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
no_leak_check

truncate -s 160M large
pattern 100000 | dd of=large conv=notrunc bs=1M seek=70 2>/dev/null
pattern 196608 >three

# workers N COMMAND...: --debug tells of N workers, and the copy is right.
workers() {
	want=$1; shift
	"$@" >"$work/out" || return
	grep -q ", workers: $want," "$work/out" || { cat "$work/out"; return 1; }
}
# one_way METHOD COMMAND...: --debug tells of METHOD without workers.
one_way() {
	want=$1; shift
	"$@" >"$work/out" || return
	grep "^engine: $want" "$work/out" && ! grep -q workers: "$work/out" && return
	cat "$work/out"
	return 1
}
mm() { rm -f x; "$MMCP" --debug "$@" x; }

for n in 1 2 5; do
	check "-j $n is $n workers by mapping" workers $n mm --engine=mmap -j $n large
done
check "-j 2 is two by default" workers 2 mm -j 2 large
check "in one word, too" workers 2 mm -j2 large
check "and by its long name" workers 2 mm --jobs=2 large
check "no more than there are chunks" \
	workers 3 mm --engine=mmap -j 5 --chunk-size=64K three
check "where one chunk is enough, one" workers 1 mm --engine=mmap -j 5 three
pattern 16777216 >middling
mkdir d; ln -s middling link
several() { "$MMCP" --debug middling three d; }
check "a file of 16 MiB has workers if it is the only one" workers 2 mm -j2 middling
check "in an operand that is a link to it, too" workers 2 mm -j2 -L link
check "with -a, too" workers 2 mm -j2 -a middling
mkdir t && cp middling t
tree() { rm -rf t2; "$MMCP" --debug -j2 -r t t2; }
check "and not in a tree, where it may have neighbours" one_way "\(kernel\|stream\)" tree
check "and not if it isn't" one_way "\(kernel\|stream\)" several
truncate -s -1 middling
check "nor if it is smaller" one_way "\(kernel\|stream\)" mm -j2 middling
mm --engine=mmap three >said
check "--debug tells the size of a chunk" grep -q "chunk size: 192 \?K" said
check "a small file has no workers" one_way kernel mm -j 5 three
check "neither has a copy by the kernel" one_way kernel mm --engine=kernel -j 5 three
check "nor a stream" one_way stream mm --engine=stream -j 5 three
check "-j 1 maps nothing by default" one_way "\(kernel\|stream\)" mm -j 1 large
check "-j has no limit that hurts" mm --engine=mmap -j 100000 --chunk-size=64K three
check "and what is copied where" grep -qx "'three' -> 'x'" said

# btrfs has two wait for each other.
if place btrfs; then
	pattern 40000000 >btrfs/large
	on_btrfs() { rm -f btrfs/x; "$MMCP" --debug --reflink=never "$@" btrfs/large \
		btrfs/x; }
	check "on btrfs, one is as fast" one_way stream on_btrfs
	check "and two can be asked for" workers 2 on_btrfs -j2
	check "and the copy is equal" cmp btrfs/large btrfs/x
else
	skip "on btrfs, one is as fast" "$why"
fi

# The workers that there are, counted by the kernel.
if have strace && strace -o /dev/null true 2>/dev/null; then
	rm -f x
	run strace -f -qq -o trace -e trace=fork,vfork,clone,clone3 "$MMCP" \
		--engine=mmap -j 3 large x
	made=$(grep -cE '(fork|clone3?)\(.*= [0-9]+$|resumed.*= [0-9]+$' trace)
	check "three workers are three processes" test "$made" = 3
else
	skip "three workers are three processes" "strace doesn't work here"
fi

processors=$(nproc)
check "by default there are as many as processors" \
	workers "$processors" mm --engine=mmap --chunk-size=1M large
if have taskset && taskset -c 0 true 2>/dev/null; then
	mm_on() { rm -f x; taskset -c "$@" x; }
	check "on one processor there is one" workers 1 mm_on 0 "$MMCP" --debug \
		--engine=mmap large
	check "and then nothing is mapped by default" one_way "\(kernel\|stream\)" mm_on \
		0 "$MMCP" \
		--debug large
	check "nor are there more than processors that could take turns" \
		one_way "\(kernel\|stream\)" mm_on 0 "$MMCP" --debug -j 3 large
	check "but for an engine that is named -j is obeyed" \
		workers 3 mm_on 0 "$MMCP" --debug --engine=mmap -j 3 large
else
	skip "on one processor there is one worker" "taskset doesn't work here"
fi

# A quota of processor time, by control groups of either version.
if [ "$processors" -lt 2 ]; then
	why="there is one processor only"
elif ! is_root; then
	why="only root can make a control group"
elif [ -e /sys/fs/cgroup/cgroup.controllers ]; then
	why="a quota can't be set"
	group=/sys/fs/cgroup/mmcp-test.$$
	mkdir "$group" 2>/dev/null &&
		echo "100000 100000" 2>/dev/null >"$group/cpu.max" && why=
else
	why="a quota can't be set"
	own=$(sed -n 's/^[0-9]*:\([^:]*,\)*cpu\(,[^:]*\)*://p' /proc/self/cgroup)
	group=/sys/fs/cgroup/cpu$own/mmcp-test.$$
	mkdir "$group" 2>/dev/null &&
		echo 100000 2>/dev/null >"$group/cpu.cfs_period_us" &&
		echo 100000 2>/dev/null >"$group/cpu.cfs_quota_us" && why=
fi
in_group() {
	rm -f x
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group" "$MMCP" --debug "$@" x
}
if [ -z "$why" ]; then
	trap 'rmdir "$group" 2>/dev/null; clean_up' EXIT
	check "with the quota of one processor there is one" workers 1 in_group \
		--engine=mmap large
	check "but -j is obeyed" workers 2 in_group --engine=mmap -j 2 large
else
	skip "a quota of processor time is respected" "$why"
fi

finish
