#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# "unshare -p" without -f: our first child would be the init of another PID namespace,
# which takes all others with it when it ends, and until each is reaped; and who watches
# would kill processes that have the numbers of ours.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_faultfs
need unshare timeout
no_leak_check
unshare -p true 2>/dev/null || skip_all "there are no PID namespaces to be had"
[ -L /proc/self/ns/pid_for_children ] ||
	skip_all "the kernel doesn't tell where children are"

pattern 20000000 >big
mkdir tree
for i in $(seq 300); do echo "$i" >"tree/$i"; done
elsewhere() {
	run timeout -s KILL 60 unshare -p "$@"
}

for n in 1 2 3; do
	elsewhere "$MMCP" -j3 big "big$n"
	check "a large file is copied, $n" went_well
	check "all of it, $n" cmp big "big$n"
done
elsewhere "$MMCP" -r -j3 tree tree1
check "a tree is copied" went_well
check "all of it" same_tree tree tree1
elsewhere "$MMCP" -r -j3 tree big tree1
check "and again, with a large file" went_well
check "which is whole" cmp big tree1/big

# Where a file system may not answer, nobody watches.
mount_faultfs "$work/back" "$work/mnt"
cp -r tree mnt/tree
faultfs_rules "$work/mnt" "read@/tree/30=delay3000"
unshare -p "$MMCP" -r -j3 mnt/tree tree2 2>err &
sleep 1
check "the program has no children" test -z "$(cat "/proc/$!/task/$!/children")"
kill -KILL $!
wait $! 2>/dev/null

finish
