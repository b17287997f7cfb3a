#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The parent gives so many operands to slow walkers that their queue is full, most of the
# time.  All of them are copied, also if walkers die; and a signal is answered.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need python3

mkdir s
seq 1 2500 | while read -r i; do echo "$i"; printf 's/%s\0' "$i" >&3; done 3>list |
	(cd s && while read -r i; do echo "$i" >"$i"; done)

# The queue has room for 64 times 16 of them.
slow="copy_file_range=delay2"
for rules in "" openat#900=SIGKILL "openat#500=SIGKILL openat#1500=SIGKILL" \
	"fork#4+=EAGAIN copy_file_range#300=SIGKILL copy_file_range#400=SIGKILL"; do
	for j in 3 8; do
		sampled || continue
		rm -rf to; mkdir to
		run shimmed "$slow $rules" timeout 100 \
			"$MMCP" -j$j --files0-from=list -t to
		[ "$status" != 137 ] || continue	# It was the parent.
		check "$rules, -j$j: all is well" went_well
		check "$rules, -j$j: with all of it" diff -r s to
	done
done
for signal in INT TERM; do
	for to in parent group; do
		sampled || continue
		rm -rf to; mkdir to
		run meet $signal $to 0.5 "$slow" 1 "$MMCP" -j3 --files0-from=list -t to
		check "$signal to the $to: it dies of it, and no process is left" \
			status_is 0
		check "$signal to the $to: whole files only" only_whole_files "$work/s" to
		check "$signal to the $to: not all of them" test ! -e to/2500
		check "$signal to the $to: nothing is left behind" no_leftovers to
	done
done

finish
