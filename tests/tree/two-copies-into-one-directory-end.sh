#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Two copies of one tree into one directory at the same time, each by several workers:
# both end, what is there is whole, and everything is there.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

for d in a b c; do
	mkdir -p s/$d/deep
	for i in $(seq 60); do pattern $((i * 300)) >"s/$d/$i"; done
	echo deep >s/$d/deep/file; ln -s file s/$d/deep/link; ln s/$d/5 s/$d/deep/five
done

for options in -r -rf "-r --remove-destination" -ru -rb "-a -f" "-r --atomic"; do
	for j in 2 7; do
		sampled || continue
		rm -rf to; mkdir to
		# shellcheck disable=SC2086 # options, to be split
		timeout 100 "$MMCP" $options -j$j -T s to 2>err1 &
		first=$!
		# shellcheck disable=SC2086
		run timeout 100 "$MMCP" $options -j$j -T s to
		status1=0
		wait $first || status1=$?
		check "$options, -j$j: both end" test "$status" -le 1 -a "$status1" -le 1
		cat err1 >>err
		check "$options, -j$j: only races are told" \
			test -z "$(grep -vE 'File exists|No such file|just-created' err)"
		# What one of them refused, the other one has made.
		find to -name '*~' -delete
		check "$options, -j$j: all is there" \
			test "$(cd s && find . | sort)" = "$(cd to && find . | sort)"
		check "$options, -j$j: what is there is whole" \
			only_whole_files "$work/s" to
		check "$options, -j$j: nothing is left behind" no_leftovers to
	done
done

finish
