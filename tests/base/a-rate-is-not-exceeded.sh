#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# With --bwlimit no more moves in a second.  How much less it may be depends on the
# machine; that it isn't more doesn't.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

head -c 2000000 /dev/urandom >two; head -c 70000000 /dev/zero | tr '\0' x >large
mkdir tree; for i in $(seq 1 100); do head -c 20000 two >"tree/$i"; done

# takes MILLISECONDS ARGUMENT...: no less than that.
takes() {
	least=$1; shift
	began=$(date +%s%N)
	run "$MMCP" "$@"
	took=$((($(date +%s%N) - began) / 1000000))
	check "$*: takes $least ms at least" test "$took" -ge "$least"
	check "$*: and is copied" went_well
}
for engine in auto stream kernel mmap; do
	takes 990 --engine=$engine --bwlimit=2000000 two new.$engine
	check "by $engine, it is whole" same_content two new.$engine
done
takes 990 --bwlimit=2MB --reflink=never two new
takes 950 --bwlimit=70MB -j3 --engine=mmap large new.large
check "by workers, it is whole" same_content large new.large
takes 950 --bwlimit=70MB --reflink=never -j2 large new.large2
takes 950 --bwlimit=70MB --direct -j2 large new.large3
check "past the cache, it is whole" same_content large new.large3
takes 950 --bwlimit=2000000 -r -j4 tree new.tree
check "a tree's workers share the rate" same_tree tree new.tree
takes 950 --bwlimit=2000000 -r -j1 tree new.tree1
truncate -s 1G hole
run timeout 20 "$MMCP" --bwlimit=1K hole new.hole
check "holes are free" went_well
run timeout 20 "$MMCP" --bwlimit=1 /dev/null new.null
check "and nothing is, too" went_well
if mount_fs xfs 400M "$work/xfs"; then
	cp two xfs/two
	run timeout 20 "$MMCP" --bwlimit=1K xfs/two xfs/clone
	check "a clone is free" went_well
else
	skip "a clone is free" "$why"
fi

run timeout -s INT 1 "$MMCP" --bwlimit=1K two never
check "a signal ends the wait" test "$status" -ne 0
check "and nothing is left" absent never
run timeout -s TERM 1 "$MMCP" --bwlimit=1K -j2 --engine=mmap large never
check "that of workers, too" absent never
check "with nothing hidden" no_leftovers .

for bad in 0 x -1 1Q ''; do
	run "$MMCP" --bwlimit="$bad" two new
	check "--bwlimit='$bad' is no rate" status_is 1
	check "--bwlimit='$bad': which is said" err_has "--bwlimit argument '$bad'"
done

finish
