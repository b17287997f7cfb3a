#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What goes wrong anywhere is said by the first rank, in one process's words, and makes
# all ranks fail.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/mpi.sh
. "${srcdir:-.}/tests/tools/mpi.sh"
# shellcheck source=tests/tools/ranks-lib
. "${srcdir:-.}/tests/tools/ranks-lib"
need_shim
no_leak_check
slow_ranks

# in_words_of_one SENTENCE ARGUMENT...: one process and four ranks say the same, in
# another order, and exit with 1; what they have copied is in one.to and to.
in_words_of_one() {
	sentence=$1; shift
	rm -rf one.to to
	run "$MMCP" "$@" to
	sort err >one.err
	[ ! -e to ] || mv to one.to
	check "$sentence: one process fails" status_is 1
	on 4 "$@" to
	check "$sentence: so do ranks" status_is 1
	check "$sentence: in the same words, each of them once" sh -c \
		'sort err | diff one.err -'
	[ ! -e to ] || check "$sentence: what is there is the same" same_tree one.to to
	check "$sentence: nothing is left behind" no_leftovers .
}

for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	mkdir -p s/$i/in
	for j in 1 2 3 4; do pattern $((i * j * 500)) >s/$i/$j; done
	pattern $((1 << 17)) >s/$i/in/large
done
in_words_of_one "missing sources" -a s missing s/3/none s/4/1 --parents

# An ordinary user, who may not read everything.
# shellcheck disable=SC2154 # open_to_nobody sets it
if have setpriv && open_to_nobody && as_nobody test -x "$MMCP" -a -r "$MMCP_MPI_MODULE"
then
	mkdir nobody
	cp -a s nobody/s
	chmod 000 nobody/s/3/2 nobody/s/11/in/large nobody/s/7 nobody/s/14/in
	chown -R 65534:65534 nobody
	as_nobody "$mmcp" -r nobody/s nobody/one.to 2>one.err
	AS_NOBODY=1
	export AS_NOBODY
	on 4 -r nobody/s nobody/to
	unset AS_NOBODY
	sed s/one.to/to/ one.err | sort >one.sorted
	check "what can't be read: ranks fail" status_is 1
	check "what can't be read: there is something to say" test -s one.err
	check "what can't be read: in the words of one" sh -c \
		'sort err | diff one.sorted -'
	check "what can't be read: the rest is copied" same_tree nobody/one.to nobody/to
else
	skip "what can't be read" "there is no way to become nobody"
fi

# A file system that is full: what has a name is whole.
if mount_fs tmpfs 1M "$work/small"; then
	on 4 -a s small
	check "a full file system: ranks fail" status_is 1
	check "a full file system: it is said" err_has "No space left on device"
	check "a full file system: once for each file" test \
		"$(sort err | uniq -d | wc -l)" = 0
	check "a full file system: what is there is whole" only_whole_files \
		"$work/s" small/s
	check "a full file system: nothing is left behind" no_leftovers small
else
	skip "a full file system" "$why"
fi
if mount_fs tmpfs 10M "$work/fixed"; then
	mkdir fixed/to
	mount -o remount,ro "$work/fixed"
	run "$MMCP" -a s fixed/to
	sort err >one.err
	on 4 -a s fixed/to
	check "a read-only file system: ranks fail" status_is 1
	check "a read-only file system: in the words of one" sh -c \
		'sort err | diff one.err -'
fi

# A file system that holds no times, by the shim: ramfs isn't known to.  Sources of the
# same size are the same there, for all ranks.
if is_root && mkdir ram && mount -t ramfs none ram 2>/dev/null; then
	mounts="$work/ram $mounts"
	mkdir timeless ram/to
	cp -r s/1 s/2 s/3 s/4 s/5 s/6 s/7 s/8 s/9 timeless
	find timeless -type f -exec touch -d 2001-01-01 {} +
	rm -rf ram/to/*
	cp -r timeless/[2-9] ram/to
	SLOWED="futimens=EPERM openat=delay1" on 4 -r --preserve=timestamps \
		--update=changed --stats timeless/* ram/to
	check "no times: one rank says so" test \
		"$(grep -c "warning: 'ram/to/2' can't hold the times" err)" = 1
	check "no times: nobody else does" test "$(grep -c 'warning: ' err)" = 1
	check "no times: no rank copies what has the same size" out_has "Copied 5 files"
	SLOWED="futimens=EPERM openat=delay1" on 4 -r --preserve=timestamps \
		--update=changed -T timeless ram/to
	check "no times below one operand: one rank says so" test \
		"$(grep -c 'warning: ' err)" = 1
else
	skip "no times" "ramfs can't be mounted"
fi

# Errors that other ranks meet in the middle: each file that the shim breaks is named.
rm -rf to
SLOWED='openat@large=EIO openat=delay1' on 4 -a s to
check "broken files: ranks fail" status_is 1
said="cannot open 's/[0-9]*/in/large' for reading: Input/output error"
check "broken files: each is named once" test "$(grep -c "$said" err)" = 20
check "broken files: the others are there" test "$(find to -type f | wc -l)" = 80

finish
