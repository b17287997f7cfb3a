#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --engine=reflink, direct and hugetlb are strict: they copy as they say or not at all.
# One line has the reason, and an old file stays as it was.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

pattern 300000 >small
pattern 9000 >older
: >empty

# refused ENGINE REASON SOURCE [RULE]: neither a new copy of SOURCE is made nor an old one
# changed.
refused() {
	for to in new old; do
		cp older old
		rm -f new
		run shimmed "${4:-nothing=EIO}" "$MMCP" "--engine=$1" "$3" $to
		check "$1, $3, $to: not copied: $2" status_is 1
		check "$1, $3, $to: it says why" err_is \
			"mmcp: cannot copy '$3' to '$to' with --engine=$1: $2"
	done
	check "$1, $3: no new file" absent new
	check "$1, $3: the old one is as it was" cmp older old
	check "$1, $3: nothing is left" no_leftovers .
}

refused reflink "Operation not supported" small ioctl=EOPNOTSUPP
refused reflink "Invalid cross-device link" small ioctl=EXDEV
refused hugetlb "the destination is not on hugetlbfs" small
refused hugetlb "the destination is not on hugetlbfs" empty
for engine in reflink direct mmap kernel; do
	mkfifo pipe
	cat small >pipe &
	run "$MMCP" "--engine=$engine" --copy-contents pipe new
	wait
	check "$engine: a pipe is not copied" status_is 1
	check "$engine: it says why" err_is "mmcp: cannot copy 'pipe' to 'new' with\
 --engine=$engine: the source is not a regular file"
	check "$engine: no new file of a pipe" absent new
	rm -f pipe new
	run "$MMCP" "--engine=$engine" empty new
	check "$engine: nothing can be copied by any engine" went_well
	check "$engine: and is nothing" test ! -s new
	rm -f new
	run "$MMCP" "--engine=$engine" /proc/self/status new
	check "$engine: content without a size is an error" err_is "mmcp: cannot copy\
 '/proc/self/status' to 'new' with --engine=$engine:\
 the source has content but no size"
	check "$engine: which leaves no file" absent new
done

# ---- direct ----
"$MMCP" --engine=direct --debug small copy >debug 2>&1
if ! grep -q "^engine: direct" debug; then
	skip "what is moved past the page cache" "O_DIRECT is refused here"
	finish
fi
for to in new old; do
	for bytes in 4096 300000 20000000; do
		pattern $bytes >source
		cp older old
		rm -f new
		run "$MMCP" --engine=direct --debug --json -j2 source $to
		check "direct, $bytes bytes, $to: copied" status_is 0
		check "direct, $bytes bytes, $to: equal" cmp source $to
		check "direct, $bytes bytes, $to: and not otherwise" \
			grep -q '"by_kernel":0,"by_mapping":0,.*"direct":[1-9]' out
	done
done
printf "part of a block" >short
run "$MMCP" --engine=direct short new
check "direct: less than a block is read and written" went_well
check "direct: and equal" cmp short new
rm -f new
need_strace
injected io_setup:error=EAGAIN "$MMCP" --engine=direct small new
check "direct: without a queue, it is an error" status_is 1
check "direct: it says why" err_is "mmcp: cannot copy 'small' to 'new' with\
 --engine=direct: nothing could go past the page cache"
check "direct: and leaves no file" absent new
finish
