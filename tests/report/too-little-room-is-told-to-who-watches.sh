#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Before a copy that can't fit there is one warning, where progress is shown.  It is begun
# nevertheless: small files may fit.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_root

mount_fs tmpfs 2m "$work/small" || skip_all "$why"
mkdir tree; head -c 4000000 /dev/urandom >tree/large
for i in 1 2 3 4 5; do head -c 100000 tree/large >tree/$i; done
warns() {
	warning="^mmcp: warning: 4.3 MiB are to be copied, and '$1' has room for"
	[ "$(grep -c "$warning" err)" = "$2" ] || { cat err; false; }
}
run "$MMCP" -rgj1 --bwlimit=300K tree small
check "there is a warning" warns small 1
check "what fits is copied" test -e small/tree/1 -a -e small/tree/5
check "the rest is an error" err_has "No space left on device"
check "and told in the end" status_is 1
rm -rf small/tree
run "$MMCP" -rj1 --bwlimit=1M tree small
check "where nothing is shown, there is none" warns small 0
rm -rf small/tree
run "$MMCP" -gj1 --bwlimit=1M tree/large small/new
check "of one file, too" err_has "warning: 3.8 MiB are to be copied, and 'small/new'"
run "$MMCP" -rgj1 --bwlimit=200K tree/1 tree/2 tree/3 small
check "what fits needs none" warns small 0

truncate -s 2M small/old
run "$MMCP" -gj1 --bwlimit=1M tree/large small/old
check "a file that is written over has room of its own" warns small/old 0
mkdir to
run "$MMCP" -rgj1 --bwlimit=2M tree to
check "nor does what has room elsewhere" warns to 0

if mount_fs btrfs 128m "$work/pool"; then
	head -c 90000000 /dev/zero | tr '\0' x >pool/large; sync
	run "$MMCP" -g --bwlimit=40M pool/large pool/new
	check "what shares blocks needs no room" warns pool/new 0
	check "and is copied" status_is 0
else
	skip "what shares blocks needs no room" "$why"
fi

finish
