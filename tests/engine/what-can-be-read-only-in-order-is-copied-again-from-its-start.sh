#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where a copy begins again, because a call that cp doesn't make was refused when all had
# been read, a source that knows no offsets (FUSE: nonseekable) is read from its
# beginning.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need_faultfs

mount_faultfs "$work/back" "$work/fuse" nonseekable
pattern 700000 >back/file
pattern 900000 | tr '\000-\377' '\001-\377\000' >older

# again RULES ARGUMENT...: the copy is whole where they hold.
again() {
	rules=$1; shift
	run shimmed "$rules" timeout 100 "$MMCP" "$@" fuse/file to
	check "$rules ($*): nothing to complain of" went_well
	check "and the copy is whole" cmp back/file to
	check "and nothing is left behind" no_leftovers .
}

for errno in EPERM EIO ENOSYS; do
	rm -f to
	again "linkat=$errno"
	cp older to
	again "ftruncate=$errno"
	cp older to
	again "linkat=$errno" --remove-destination
	cp older to
	again "linkat=$errno" -b
	rm -f to~
done

finish
