#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --fsync of a few files whose copies their owner may not read, nor open once more: all
# is synced that can't be synced alone, and never is one passed over.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
! sanitized || skip_all "strace's injection and the sanitizer don't mix"
need_strace
open_to_nobody || skip_all "$why"
as_nobody strace -o /dev/null true 2>/dev/null || skip_all "nobody can't trace"

mkdir -p u/a && echo 1 >u/1 && echo 2 >u/2 && echo 3 >u/a/3
mkdir to && chmod 777 to
umask 400

# synced OPTION...: nobody copies into "to"; calls that sync are in "calls".
synced() {
	chmod -R u+rwx to; rm -rf to/*
	: >calls && chmod 666 calls
	run as_nobody strace -f -qq -e trace=fsync,sync,syncfs -o calls \
		"$mmcp" --fsync "$@" to
	check "$*: all is well" went_well
}
there() { chmod -R u+rx to && diff -r "$1" "$2"; }
calls_all() { grep -Eq '(^|[^a-z])(sync|syncfs)\(.*= 0' calls || { cat calls; false; }; }
# Each was written by a descriptor that is open.
calls_each() { [ "$(grep -c 'fsync.*= 0' calls)" -ge "$1" ] || { cat calls; false; }; }

for j in 1 2; do
	synced -j$j u/1 u/2
	check "-j$j, files: what can't be read is synced with all else" calls_all
	check "-j$j, files: they are there" there u/1 to/1
	synced -r -j$j u
	check "-j$j, a tree: so it is" calls_all
	check "-j$j, a tree: it is there" there u to/u
	synced -r -j$j --atomic u
	check "-j$j, --atomic: each is synced, and unreadable directories" calls_all
	check "-j$j, --atomic: each is" calls_each 3
	check "-j$j, --atomic: it is there" there u to/u
done
synced u/1
check "one file is synced alone" calls_each 1
check "one file: it is there" there u/1 to/1

# Into directories that can only be written to.
ln -s 1 u/link
umask 022
for args in u/1 "u/1 u/2" "-r u" "-r --atomic u" "-d u/link" "-r --parents u/a"; do
	mkdir -p box && chmod 333 box
	# shellcheck disable=SC2086 # arguments, to be split
	run as_nobody strace -f -qq -e trace=fsync,sync,syncfs -o calls \
		"$mmcp" --fsync $args box
	check "into a box, $args: all is well" went_well
	check "into a box, $args: that is synced with all else" calls_all
	rm -rf box
done

finish
