#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A directory that was an operand isn't copied again where another operand has it, whoever
# comes there.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"
# shellcheck source=tests/tools/ranks-lib
. "${srcdir:-.}/tests/tools/ranks-lib"
need_shim
no_leak_check

for i in $(seq 40); do
	mkdir -p "t/$i/in$i/deep"
	for j in 1 2 3; do
		echo "$i $j" | tee "t/$i/$j" "t/$i/in$i/$j" >"t/$i/in$i/deep/$j"
	done
done
said() { sed 's/^[a-z]*: //' "$1" | sort; }
slow_ranks
for options in -r -a; do
	rm -rf want
	mkdir want
	cp $options t/*/in* t want 2>cp.err
	said cp.err | sed 's/want/to/g' | sort >cp.said
	check "cp $options has something to say" test "$(wc -l <cp.said)" = 40
	for n in 2 4; do
		rm -rf to
		mkdir to
		limit=100 on $n $options t/*/in* t to
		said err >is.said
		check "$n ranks, $options: status" status_is 1
		check "$n ranks, $options: what is said" cmp is.said cp.said
		check "$n ranks, $options: what is there" same_tree want to
	done
done

finish
