#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A directory that kills each worker that takes a part of it is reported, and the rest is
# copied.  Where each worker dies as soon as it is forked, the program does it all.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

mkdir -p s/fatal
for i in $(seq 60); do echo "$i" >"s/$i"; echo "fatal $i" >"s/fatal/$i.f"; done

# The directory and its copy are opened by the worker that reads it; the next that opens
# it has a part of it.  A rule doesn't count what one before it has killed.
third=openat@fatal#3=SIGKILL
for j in 2 3; do
	rm -rf to
	run shimmed "openat@.f=delay100 $third $third $third" timeout 100 \
		"$MMCP" -r -j$j s to
	check "a directory that kills three workers is given up, -j$j" status_is 1
	check "it is told, -j$j" err_is "mmcp: cannot access 's/fatal': Owner died"
	check "all else is there, -j$j" test "$(find to -maxdepth 1 -type f | wc -l)" = 60
	check "and is whole, -j$j" only_whole_files "$work/s" to
	rm -rf to
	run shimmed "openat@.f=delay100 openat@fatal#3+=SIGKILL" \
		timeout 100 "$MMCP" -r -j$j s to
	check "one that kills everybody has an end, -j$j" \
		test "$status" = 1 -o "$status" = 137
done

if have strace && (need_strace) >/dev/null; then
	no_leak_check
	rm -rf to
	run timeout 100 strace -f -qq -o "$work/.trace" -e trace=prctl \
		-e inject=prctl:signal=KILL "$MMCP" -r -j3 s to
	check "workers that die at once aren't forked for ever" went_well
	check "and all is there" diff -r s to
else
	skip "workers that die at once aren't forked for ever" "strace doesn't work here"
fi

finish
