#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# No process can be forked any more: what a dead worker had left is done by the parent.
# While that waits for another worker's copy, this one dies, too.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

mkdir -p s/a/k s/b s/c
for i in $(seq 40); do echo "$i" >"s/$i"; done
for i in $(seq 20); do
	for d in a b c; do echo "$d $i" >"s/$d/$i.slow"; done
done
pattern 100000 >s/b/first; ln s/b/first s/a/k/first-too
pattern 200000 >s/c/second; ln s/c/second s/a/k/second-too
echo kills >s/a/k/killer; touch s/b/later s/c/later

# All three work when that in a/k dies.  Then first's dies, then second is complete.
slow="openat@.slow=delay10 openat@killer=delay200"
slow="$slow copy_file_range@/first#1=delay1000 copy_file_range@/second#1=delay3000"
for dies in "copy_file_range@/first#1=SIGKILL" \
	"copy_file_range@/first#1=SIGKILL copy_file_range@/second#1=SIGKILL"; do
	for n in 4 5; do
		rm -rf to
		run shimmed "fork#$n+=EAGAIN $slow openat@killer#1=SIGKILL $dies" \
			timeout 100 "$MMCP" -a -j3 s to
		# The parent had it in hand.
		[ "$status" != 137 ] || continue
		check "$dies, fork #$n fails: all is well" went_well
		check "$dies, fork #$n fails: links are links" same_tree s to times
	done
done

finish
