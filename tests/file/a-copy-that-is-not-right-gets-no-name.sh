#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_faultfs
need cmp

"$MMCP" --verify /dev/null x 2>err || skip_all "$(cat err)"

backing=$work/backing
m=$work/m
pattern 20000000 >large
pattern 5000 >small
head -c 3000000 /dev/zero >zeros
echo old >old

# told FILE OFFSET BYTES: that is what is said of the copy of FILE.
told() {
	err_is "mmcp: cannot verify '$m/x': it differs from '$1' \
at byte $2 (bytes that differ: $3)"
}
nothing_is_left() { absent "$m/x" && empty_directory "$m"; }
is_old() { same_content old "$m/x" && [ "$(ls -A "$m")" = x ]; }

# A bit that is written wrongly, each time at another offset.
for cache in direct writeback; do
	mount_faultfs "$backing" "$m" "$cache"
	for at in 0 1 4095 4096 1048575 1048576 9999999 19000000 19922943 19922944 \
		19999999; do
		sampled || continue
		faultfs_rules "$m" "write=flip$at"
		run "$MMCP" --verify large "$m/x"
		check "a bit of a new file is another at $at ($cache): an error" \
			status_is 1
		check "that says where" told large "$at" 1
		check "and no file is there" nothing_is_left
	done
	faultfs_rules "$m" write=flip1000000 write=flip1000007 write=flip15000000
	run "$MMCP" --verify large "$m/x"
	check "three bits ($cache): the first is named, all are counted" \
		told large 1000000 3
	faultfs_rules "$m" write=flip77
	run "$MMCP" --verify small "$m/x"
	check "a bit of a small file ($cache)" told small 77 1
	check "has no file there" nothing_is_left
	run "$MMCP" --verify zeros "$m/x"
	check "a bit among zeros ($cache)" told zeros 77 1
	check "has no file there" nothing_is_left
	run "$MMCP" --verify --sparse=always zeros "$m/x"
	check "what isn't written can't be written wrongly ($cache)" went_well
	check "and is the source" same_content zeros "$m/x"
	cp old "$m/x"
	run "$MMCP" --verify small "$m/x"
	check "a bit of what would replace a file ($cache)" told small 77 1
	check "leaves the old one" is_old
	faultfs_rules "$m" read=flip4096
	rm "$m/x"
	run "$MMCP" --verify small "$m/x"
	check "a bit that is read back wrongly ($cache)" told small 4096 1
	faultfs_rules "$m"
	run "$MMCP" --verify large "$m/x"
	check "without a fault there is no alarm ($cache)" went_well
	check "and the copy is right" same_content large "$m/x"
	rm "$m/x"
	unmount_faultfs "$m"
done
rm -rf "$backing"

mount_faultfs "$backing" "$m" direct
faultfs_rules "$m" write=flip1000
for engine in auto stream; do
	run "$MMCP" --verify "--engine=$engine" large "$m/x"
	check "--engine=$engine" told large 1000 1
done
for jobs in 1 5; do
	run "$MMCP" --verify "-j$jobs" --chunk-size=4096 large "$m/x"
	check "$jobs processes" told large 1000 1
done
run "$MMCP" --verify --json large "$m/x"
check "--json has the place" \
	grep -qE '"operation":"verify",.*"offset":1000,"differing_bytes":1,' out
run "$MMCP" --verify=read large "$m/x"
check "--verify=read finds what was never right" told large 1000 1

# Where a file can't be replaced by another one, it is cut.
cp large "$m/x"
ln "$m/x" "$m/y"
faultfs_rules "$m" write=flip7000000
run "$MMCP" --verify large "$m/x"
check "a file with two names is written in place" status_is 1
check "and cut to what is right" is_prefix "$m/y" large
check "which is told" err_has "at byte 7000000 (bytes that differ: 1)"
check "to the byte" [ "$(stat -c %s "$m/y")" = 7000000 ]
rm "$m/x" "$m/y"

# With a backup, and what another user owns.
cp old "$m/x"
faultfs_rules "$m" write=flip100
run "$MMCP" -b --verify small "$m/x"
check "a backup of what a wrong copy would replace" told small 100 1
check "has its old name again" is_old
faultfs_rules "$m"
run "$MMCP" -b --verify small "$m/x"
check "without a fault it is made" same_content old "$m/x~"
rm "$m/x~"

# Only the blocks that differ are written.
cp large changed
printf x | dd of=changed bs=1 seek=12000000 conv=notrunc 2>/dev/null
cp large "$m/x"
ln "$m/x" "$m/y"
faultfs_rules "$m" write=flip12000001
run "$MMCP" --update=checksum --verify changed "$m/x"
check "--update=checksum" err_has "at byte 12000001 (bytes that differ: 1)"
faultfs_rules "$m"
rm "$m/x" "$m/y"
cp large "$m/x"
run "$MMCP" --update=checksum --verify --manifest=list changed "$m/x"
check "without a fault" went_well
check "it is right" same_content changed "$m/x"
rm "$m/x"

# A pipe can't be read again.
faultfs_rules "$m" write=flip5000000
piped() { run sh -c 'cat "$1" | "$MMCP" --verify /dev/stdin "$2"' sh "$@"; }
piped large "$m/x"
check "the copy of a pipe is verified, too" \
	err_has "it isn't what was read from '/dev/stdin' at byte 4194304"
check "and isn't kept" nothing_is_left
run sh -c 'cat large | "$MMCP" --verify --json /dev/stdin "$1"' sh "$m/x"
check "--json has its block" grep -qE '"offset":4194304,"message"' out
faultfs_rules "$m"
piped large "$m/x"
check "without a fault it is" same_content large "$m/x"
rm "$m/x"

# Trees.
mkdir -p tree/a/b
for i in 1 2 3 4 5 6 7 8 9; do
	pattern "${i}0000" >tree/a/$i
	pattern "${i}000" >tree/a/b/$i
done
cp large tree/a/b/large
faultfs_rules "$m" write=flip8500
run "$MMCP" -r --verify --failed-to=failed tree "$m/x"
check "a tree" status_is 1
right() {
	(cd tree && find . -type f) | while read -r f; do
		size=$(stat -c %s "tree/$f")
		if [ "$size" -gt 8500 ]; then
			absent "$m/x/$f" && grep -qF "cannot verify '$m/x/${f#./}'" err
		else
			same_content "tree/$f" "$m/x/$f"
		fi || { echo "$f"; exit 1; }
	done
}
check "each file that is wrong isn't there, and all others are" right
check "and is in the list of --failed-to" \
	[ "$(tr '\0' '\n' <failed | wc -l)" = 11 ]
check "nothing hidden is left" no_leftovers "$m"
faultfs_rules "$m"
run "$MMCP" -r --verify --files0-from=failed "$m/"
check "which goes on with them" went_well
rm -rf "$m/x" "$m/tree"
run "$MMCP" -r --verify --stats --json tree "$m/x"
check "without a fault" status_is 0
check "it is the source" same_tree tree "$m/x"
all=$(find tree -type f -printf '%s\n' | awk '{ n += $1 } END { print n }')
check "--json says how much was verified" out_has "\"verified\":$all,"
check "so does --stats" err_has "Compared with sources:"

run "$MMCP" --verify --debug large "$m/y"
check "--debug says how" out_has \
	"verified: read back past the page cache (O_DIRECT), by hashes of what was copied"
faultfs_rules "$m" read#1=EINVAL
run "$MMCP" --verify --debug large "$m/z"
check "where O_DIRECT is refused" out_has \
	"verified: read back after it was dropped from the page cache, by hashes"
faultfs_rules "$m" read=short5000
run "$MMCP" --verify small large "$m"
check "where a read returns less than was asked for" went_well
check "there is no alarm" same_content large "$m/large"
faultfs_rules "$m" read#2+=EIO
run "$MMCP" --verify small "$m/w"
check "what can't be read back is an error" status_is 0
run "$MMCP" --verify large "$m/w"
check "that is told" err_is \
	"mmcp: cannot verify '$m/w', which can't be read back: Input/output error"
finish
