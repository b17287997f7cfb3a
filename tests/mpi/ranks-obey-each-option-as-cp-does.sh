#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Four ranks, which are so slow that they share what there is.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"
# shellcheck source=tests/tools/ranks-lib
. "${srcdir:-.}/tests/tools/ranks-lib"
need_gnu_cp
need_shim
no_leak_check
slow_ranks
one=$MMCP MMCP=$many

# Directories with files of one and of several names, symlinks, and an older copy of some.
tree() {
	mkdir -p s to
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		mkdir -p s/$i/in
		for j in 1 2 3 4; do echo $i.$j >s/$i/f$j; done
		echo $i >s/$i/in/log
		ln -s ../f1 s/$i/in/link
		ln s/1/f1 s/$i/in/other
		touch -d @1000000000.$i s/$i/f* s/$i/in
	done
	mkfifo s/3/in/fifo
}
merged() {
	tree
	mkdir -p to/s/2/in to/s/5 to/s/7 to/s/1
	echo old >to/s/2/f1; echo older >to/s/2/f2; echo newer >to/s/5/f2
	touch -d @900000000 to/s/2/f*
	ln to/s/2/f1 to/s/7/f1; ln to/s/2/f1 to/s/1/f3
	echo kept >kept
	ln -s ../../../kept to/s/5/f3
}
# All files of the destination are one: who writes to it, waits for the others.
crowd() {
	tree && cp -a s to && rm -f s/*/in/other
	for f in s/*/f*; do
		echo same >"$f"
		[ "$f" = s/1/f1 ] || ln -f to/s/1/f1 "to/$f"
	done
}
twice() { tree && cp -a s to; }

# same SETUP ARGUMENT...: as_cp, with what is done for a sentence.
same() {
	sampled || return 0
	setup=$1
	shift
	as_cp "$setup" "$setup" "$@"
}

same tree -r s to
same tree -r -T s to
same tree -al s to
same tree -rL --preserve=links s/1 s/2 s/4 s/5 s/6 to
same merged -au s to
same merged -a --backup=numbered s to
same merged -a --remove-destination s to
same merged -an s to
same merged -a s to
same crowd -r s to
same crowd -r s to
same crowd -r s to
same twice -a s to
same twice -au s to
same tree -a --parents s/1/in s/2 s/7/f1 to
same tree -rx s to
same tree -aP s/1 s/2 s/3 s/4 s/5 s/6 s/7 s/8 s/9 s/10 s/11 s/12 s/13 to

# A symlink to each file: where it leads to must be absolute.
as_symlinks() {
	run timeout 100 "$MMCP" -rs "$work/mmcp.tree/s" links
	went_well && rm -rf cp.links && cp -rs "$work/mmcp.tree/s" cp.links &&
		same_tree cp.links links
}
rm -f mmcp.tree/s/3/in/fifo
check "symlinks to a tree" as_symlinks

# Answers are read by the first rank, which asks what any of them wants to know.
ask() {
	rm -rf cp.tree
	mkdir cp.tree
	(cd cp.tree && merged)
	yes "$1" | head -n 200 | RANKS=4 timeout 100 "$MMCP" -ai cp.tree/s cp.tree/to \
		>out 2>err
	grep -o "overwrite '[^']*'" err | sort -u | wc -l
}
check "it asks about each file that is there" test "$(ask n)" = 6
check "and leaves it, without consent" test "$(cat cp.tree/to/s/2/f1)" = old
check "it asks again" test "$(ask y)" = 6
check "and overwrites it, with consent" test "$(cat cp.tree/to/s/2/f2)" = 2.2

# What cp doesn't have is compared with one process.
alike() {
	sentence=$1; shift
	rm -rf one.to many.to
	mkdir one.to many.to
	one_status=0
	"$one" "$@" one.to >one.out 2>one.err || one_status=$?
	run timeout 100 "$MMCP" "$@" many.to
	sed 's/many\.to/one.to/g' err | sort >many.err
	check "$sentence: the words of one process" sh -c \
		"sort one.err | diff - many.err"
	check "$sentence: its status" test "$status" = "$one_status"
	check "$sentence: its copy" same_tree one.to many.to
}
alike "exclude" -a --exclude='f2' --exclude='in/l*' mmcp.tree/s
mkdir files
i=0
while [ $i -lt 400 ]; do echo $i >files/$i; i=$((i + 1)); done
alike "many operands" -a files/*
find files mmcp.tree/s/4 -type f -print0 >list
echo missing >>list
alike "a list" -a --files0-from=list

finish
