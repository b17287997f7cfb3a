#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Before a copy that can't fit there is one warning, where progress is shown, and in a dry
# run.  It is begun nevertheless: small files may fit.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_root

mount_fs tmpfs 2m "$work/small" || skip_all "$why"
mkdir tree; head -c 4000000 /dev/urandom >tree/large
for i in 1 2 3 4 5; do head -c 100000 tree/large >tree/$i; done
warns() {
	warning="^mmcp: warning: .* are to be copied, and '$1' has room for"
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

# ---- a dry run ----

rm -rf small/*
run "$MMCP" -rN tree small
check "a dry run warns, too" warns small 1
check "before its last line" \
	[ "$(sed -n '$p' err)" = "mmcp: would copy 4.3 MiB in 6 files" ]
check "and goes well" status_is 0
run "$MMCP" -N tree/large small/new
check "of one file, too" err_has "warning: 3.8 MiB are to be copied, and 'small/new'"
run "$MMCP" -rN tree/[123] small
check "what fits needs no warning" warns small 0
run "$MMCP" -rN tree to
check "nor does what has room elsewhere" warns to 0
truncate -s 1G hole
run "$MMCP" -N hole small
check "nor do holes" [ "$(wc -l <err)" = 1 ]
truncate -s 2M small/large
run "$MMCP" -N tree/large tree/1 small
check "nor what is written over" warns small 0
rm small/large

# ---- how much there is ----

# What failed stays a part of the whole, and isn't copied.
rm -rf small/*
"$MMCP" -gj1 --bwlimit=150K tree/large tree/1 tree/2 tree/3 tree/4 tree/5 small 2>err &
pid=$!
wait_until grep -q "No space left" err
while "$MMCP" --status=json small >now && grep -q '"copying"' now; do
	cat now; sleep 0.2
done >lines
wait "$pid"
# said KEY: its values.
said() { grep -o "\"$1\":[0-9]*" lines | cut -d: -f2; }
check "it was looked at" [ "$(wc -l <lines)" -ge 2 ]
check "what failed stays a part of the whole" \
	[ "$(said bytes_expected | sort -u)" = 4500000 ]
check "and isn't copied" [ "$(said bytes | tail -n 1)" -le 500000 ]

if mount_fs btrfs 128m "$work/pool"; then
	head -c 90000000 /dev/zero | tr '\0' x >pool/large; sync
	run "$MMCP" -N pool/large pool/new
	check "a dry run knows what shares blocks" warns pool/new 0
	run "$MMCP" -g --bwlimit=40M pool/large pool/new
	check "what shares blocks needs no room" warns pool/new 0
	check "and is copied" status_is 0
else
	skip "what shares blocks needs no room" "$why"
fi

finish
