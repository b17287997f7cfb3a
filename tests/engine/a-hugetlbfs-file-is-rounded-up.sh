#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A destination on hugetlbfs has no write(2), and no size but whole huge pages.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_root

control=/proc/sys/vm/nr_hugepages
[ -w $control ] || skip_all "there are no huge pages in this kernel"
# One such test at a time, whatever build it is of: the number is the whole machine's.
exec 9<$control
! have flock || flock 9
before=$(cat $control)
trap 'umount "$work/huge" 2>/dev/null; echo "$before" >$control; clean_up' EXIT
wanted=$((before + 16))
{ echo $wanted >$control; } 2>/dev/null
[ "$(cat $control)" -ge $wanted ] || skip_all "no huge pages are to be had"
page=$(($(awk '/^Hugepagesize:/ { print $2 }' /proc/meminfo) * 1024))
[ $page -le 4194304 ] || skip_all "huge pages of $page bytes are too large for this test"
mkdir huge
mount -t hugetlbfs -o size=$((16 * page)) none huge 2>/dev/null ||
	skip_all "hugetlbfs can't be mounted"

# The bytes of FILE, zeros up to whole pages, and one line that says so.
rounded_up() {
	status_is 0 || return
	size=$(stat -c %s "$1")
	want=$(((size + page - 1) / page * page))
	[ "$(stat -c %s huge/x)" = "$want" ] || { stat huge/x; return 1; }
	[ "$size" = "$want" ] && { err_empty; return; }
	err_is "mmcp: warning: the size of 'huge/x' is rounded up to whole huge pages, \
$want bytes"
}
padded() {
	size=$(stat -c %s "$1")
	cat huge/x >there
	cmp -n "$size" "$1" there || return
	tail -c +$((size + 1)) there | tr -d '\0' >rest
	[ ! -s rest ] || { echo "$(wc -c <rest) bytes of something else"; return 1; }
}

pattern 100 >small
pattern 3145728 >large
pattern $((2 * page)) >exact
for engine in auto mmap hugetlb stream; do
	for file in small large exact; do
		run timeout 100 "$MMCP" --engine=$engine -j 2 --chunk-size=1M $file huge/x
		check "a $file file is copied by $engine" rounded_up $file
		check "with zeros up to the end" padded $file
		run timeout 100 "$MMCP" --engine=$engine -j 2 small huge/x
		check "and one of 100 bytes over it" rounded_up small
		check "which leaves nothing of it" padded small
		run timeout 100 "$MMCP" --engine=$engine -j 2 large huge/x
		check "and a large one over that" rounded_up large
		check "whole" padded large
		rm -f huge/x
	done
done
verify=
! "$MMCP" --verify /dev/null x 2>/dev/null || verify=--verify
for engine in auto hugetlb stream; do
	# shellcheck disable=SC2002,SC2086
	cat large | (run timeout 100 "$MMCP" $verify --engine=$engine /dev/stdin huge/x
		echo "$status" >rc)
	status=$(cat rc)
	check "a pipe is copied by $engine" test "$status" = 0
	check "with the warning" err_has "warning: the size of 'huge/x' is rounded up"
	check "whole" padded large
	rm -f huge/x
done
run "$MMCP" large huge/x && run timeout 100 "$MMCP" huge/x back
check "it is copied back" went_well
check "whole" same_content huge/x back
rm -f huge/x back

# Twice as much as there is.
truncate -s $((40 * page)) much && head -c $((40 * page)) /dev/zero | tr '\0' m >much
for engine in auto mmap hugetlb stream; do
	run timeout 100 "$MMCP" --engine=$engine -j 2 much huge/x
	check "too few pages are an error to $engine" status_is 1
	check "told in one line" test "$(wc -l <err)" = 1
	check "and nothing is left" empty_directory huge
done

finish
