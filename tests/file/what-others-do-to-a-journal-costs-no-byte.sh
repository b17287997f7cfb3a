#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The names of a journal and its data are known to others, and what they do to them never
# leads to a copy that is wrong and said to be right; nor does a source that changes.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
"$MMCP" --resume /dev/null x 2>err || skip_all "$(cat err)"
rm -f x

pattern 80000000 >source
touch -d '2020-02-03 04:05:06' source
begin() {	# ARGUMENT...: a slow copy, $first, whose journal has something
	rm -rf to; mkdir to
	env --default-signal=INT "$MMCP" --resume --bwlimit=15M "$@" >out1 2>err1 &
	first=$!
	wait_until has_some || broken "nothing is copied: $(cat err1)"
}
has_some() {
	[ "$(cat to/.mmcp-r* 2>/dev/null | head -c 20000000 | wc -c)" -gt 8000000 ]
}
# right_or_told: the first run's status is 0 only if its copy is the source.
right_or_told() {
	status1=0
	wait "$first" || status1=$?
	case "$status1" in
	0) cmp source to/copy ;;
	*) [ -s err1 ] && [ "$status1" = 1 ] ;;
	esac
}

begin source to/copy
mkdir links; ln to/.mmcp-* links
run timeout 100 "$MMCP" --resume source to/copy
check "a journal with another name is that of a run that lives" status_is 1
check "which ends well" right_or_told
check "and has the source" test "$status1" = 0
rm -r links

begin source to/copy
chmod g+w to/.mmcp-j*
run timeout 100 "$MMCP" --resume source to/copy
check "so is one of another mode" status_is 1
check "and that run is right" right_or_told
check "without an error" test "$status1" = 0

begin source to/copy
rm to/.mmcp-*
timeout 100 "$MMCP" --resume --bwlimit=30M source to/copy >/dev/null 2>err2 &
second=$!
check "both names are removed: what is said to be right is" right_or_told
wait $second
check "and after another run, the copy is" cmp source to/copy

begin source to/copy
echo hello >other
mv other "$(echo to/.mmcp-r*)"
check "another file has the name of the data: that is an error" right_or_told
check "of exit status 1" test "$status1" = 1

# ---- a source that changes ----

# What was sealed and written over is compared with nothing but its hash.
rm -rf to; mkdir to
cp -p source changing
if [ -e "${SHIM:=}" ]; then
	MMCP_SHIM_RUN='printf CHANGED |
		dd of=changing bs=1 seek=5000000 conv=notrunc 2>/dev/null'
	export MMCP_SHIM_RUN
	run shimmed "pread@changing#60=run pwrite@/to/#80+=delay1" timeout 100 "$MMCP" \
		--resume -j1 changing to/copy
	check "a source that was written over while it was copied: it is followed" \
		cmp changing to/copy
	check "without an error" went_well
	check "and no journal is left" no_leftovers to
else
	skip "a source that was written over" "the shim is built by make check"
fi

# Where times are in seconds.
why="only root can mount"
if is_root && have mkfs.ext4 && truncate -s 200M coarse.img &&
	mkfs.ext4 -q -F -I 128 -O '^has_journal' coarse.img 2>/dev/null && mkdir coarse &&
	mount -o loop coarse.img coarse 2>/dev/null; then
	mounts="$work/coarse $mounts"
	rm -rf to; mkdir to
	cp source coarse/source
	"$MMCP" --resume --bwlimit=15M coarse/source to/copy 2>/dev/null & first=$!
	wait_until has_some
	sleep 1
	kill -s TERM $first; wait $first 2>/dev/null
	was=$(stat -c %Y coarse/source)
	printf LATE | dd of=coarse/source bs=1 seek=1000000 conv=notrunc 2>/dev/null
	touch -d "@$was" coarse/source
	run "$MMCP" --resume coarse/source to/copy
	check "a change whose time was set back is seen" cmp coarse/source to/copy
else
	skip "a change whose time was set back is seen" "$why"
fi

finish
