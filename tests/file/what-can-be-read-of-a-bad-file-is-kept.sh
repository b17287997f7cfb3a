#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --partial: of a file that can't be read everywhere, all else is kept, with holes.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_faultfs
need python3

m=$work/m
mount_faultfs "$work/backing" "$m"
pattern 20000000 >good
pattern 100000 >small
cp good small backing

# lacks COPY SOURCE RANGE...: COPY is SOURCE, but for each FROM-END, which are zeros.
lacks() {
	cp "$2" want
	lacking=$1; shift 2
	for range; do
		dd if=/dev/zero of=want conv=notrunc iflag=count_bytes oflag=seek_bytes \
			seek="${range%-*}" count=$((${range#*-} - ${range%-*})) \
			2>/dev/null
	done
	cmp want "$lacking"
}
# What can't be read, and how it is said.
bad="read@good=bad4096-8192 read@good=bad9000000-9100000 read@good=bad19999999-20000000"
ranges="4096-8191, 8998912-9101311, 19996672-19999999"
holes="4096-8192 8998912-9101312 19996672-20000000"
kept="without its bytes $ranges (109824 of 20000000)"
error="mmcp: error reading 'm/good': Input/output error"
says() { err_is "$error
mmcp: kept '$1' $kept"; }
unfinished() { [ "$(stat -c %Y "$1")" = 0 ]; }
faultfs_rules "$m" "$bad"

run "$MMCP" m/good new
check "without --partial nothing is kept" absent new

for way in -j1 -j2 -j7 --engine=mmap\ -j2 --engine=mmap\ -j1 --engine=stream \
	--engine=direct --verify --verify=read --nocache --fsync; do
	rm -f new
	# shellcheck disable=SC2086 # options, to be split
	run "$MMCP" --partial $way m/good new
	check "$way: exit status 1" status_is 1
	check "$way: what is missing is said" says new
	# shellcheck disable=SC2086
	check "$way: everything else is there" lacks new good $holes
	check "$way: it is older than any source" unfinished new
	tr '\000-\377' '\001-\377\000' <good >old
	echo and more >>old
	inode=$(stat -c %i old)
	# shellcheck disable=SC2086
	run "$MMCP" --partial $way m/good old
	case $way in
	--verify*)
		check "$way: an old file that would be replaced stays" \
			test "$(stat -c %s old)" = 20000009
		check "$way: which is an error all the same" status_is 1 ;;
	*)
		check "$way: an old file" says old
		# shellcheck disable=SC2086
		check "$way: has nothing of its old content" lacks old good $holes
		check "$way: and is the same inode" \
			test "$(stat -c %i old)" = "$inode" ;;
	esac
	check "$way: nothing is left behind" no_leftovers .
done
check "a hole costs no blocks" test "$(stat -c '%b * 512 < %s' new | bc 2>/dev/null ||
	echo 1)" = 1

# ---- the file beside it ----

for option in --remove-destination --atomic; do
	cp small whole
	run "$MMCP" --partial $option m/good whole
	check "$option: an old file stays until its successor is whole" \
		same_content small whole
	check "$option: exit status 1" status_is 1
done
check "--atomic can't be combined with it" \
	err_has "mmcp: cannot combine --atomic and --partial"
run "$MMCP" --partial --resume m/good whole
check "nor can --resume" err_has "mmcp: cannot combine --resume and --partial"
run "$MMCP" --resume -u m/good whole
check "which can't be combined with -u either" \
	err_has "mmcp: cannot combine --resume and --update=older"
run "$MMCP" --partial -b m/good whole
check "-b: the partial copy takes the name" says whole
# shellcheck disable=SC2086
check "-b: it is there" lacks whole good $holes
check "-b: and the backup" same_content small whole~
ln -s nowhere dangling
run "$MMCP" --partial m/good dangling
check "a dangling symlink isn't written through" absent nowhere

# ---- a tree ----

faultfs_rules "$m" "$bad" "read@small=bad0-4096"
for jobs in 1 2 7; do
	rm -rf tree
	run "$MMCP" -r --partial -j$jobs --failed-to=failed m tree
	check "-j$jobs: a tree: exit status 1" status_is 1
	# shellcheck disable=SC2086
	check "-j$jobs: the large file" lacks tree/good good $holes
	check "-j$jobs: the small file" lacks tree/small small 0-4096
	check "-j$jobs: its message" \
		err_has "kept 'tree/small' without its bytes 0-4095 (4096 of 100000)"
	check "-j$jobs: both are listed" test "$(tr '\0' '\n' <failed | sort)" = \
		"m/./good
m/./small"
done
faultfs_rules "$m"
run "$MMCP" -ruT m tree
check "-u copies again what was partial" went_well
check "and now it is whole" same_content good tree/good
faultfs_rules "$m" "read@small=bad0-100000"
run "$MMCP" --partial m/small nothing
was=$(stat -c "%s %Y" old)
check "where nothing can be read, nothing is kept" absent nothing
run "$MMCP" --partial m/small old
check "and an old file stays as it was" test "$(stat -c '%s %Y' old)" = "$was"

# ---- many bad places ----

rules=$(seq 0 8192 400000 | sed 's/.*/read@good=bad&-/' | awk -F bad '{
	print $0 ($2 + 4096) }')
# shellcheck disable=SC2086 # rules, to be split
faultfs_rules "$m" $rules
rm -f new
run "$MMCP" --partial m/good new
check "many bad places are counted" \
	err_has "0-4095, 8192-12287, 16384-20479, 24576-28671 and 45 more ranges (200704"
# shellcheck disable=SC2046
check "and what is between them is copied" lacks new good $(
	seq 0 8192 400000 | awk '{ print $0 "-" $0 + 4096 }')
faultfs_rules "$m" "read@good=bad1000000-15000000"
rm -f new
run "$MMCP" --partial m/good new
check "a large bad place is passed to its end" \
	err_has "kept 'new' without its bytes 999424-15003647 (14004224 of 20000000)"
check "and copied behind it" lacks new good 999424-15003648

# ---- --json, --debug, -v ----

faultfs_rules "$m" "$bad"
rm -f new
run "$MMCP" --partial --json m/good new
check "--json has the ranges" python3 - out <<-'END'
	import json, sys
	error, = [e for e in map(json.loads, open(sys.argv[1])) if e["event"] == "error"]
	assert error["missing"] == [{"offset": 4096, "bytes": 4096},
	    {"offset": 8998912, "bytes": 102400}, {"offset": 19996672, "bytes": 3328}]
	assert error["missing_bytes"] == 109824 and error["missing_count"] == 3, error
	assert error["operation"] == "read" and error["errno"] == "EIO"
END
run "$MMCP" --json m/good new
check "and none without a copy that is kept" sh -c '! grep -q missing out'
rm -f new
run "$MMCP" --partial --manifest=list --manifest-algorithm=sha256 m/good new
check "it isn't in a manifest" test ! -s list

# ---- what isn't right is not kept ----

mount_faultfs "$work/back2" "$work/m2" direct
faultfs_rules "$work/m2" "write=flip5000000"
run "$MMCP" --partial --verify m/good m2/new
check "--verify: a partial copy that differs is an error" err_has \
	"mmcp: cannot verify 'm2/new': it differs from 'm/good' at byte 5000000 "
check "and isn't kept" absent m2/new
faultfs_rules "$work/m2"

# ---- devices ----

unmount_faultfs "$m"
mount_faultfs "$work/backing" "$m" direct
have losetup || { skip "devices" "losetup is not installed"; finish; }
truncate -s 20000768 backing/good
loop=$(losetup -f --show m/good 2>err) ||
	{ skip "devices" "no loop device: $(cat err)"; finish; }
detach() { losetup -d "$loop" 2>/dev/null; clean_up; }
trap detach EXIT
faultfs_rules "$m" "read@good=bad4096-8192 read@good=bad9000000-9100000"
rm -f image
run "$MMCP" --partial "$loop" image
check "a device with bad places: exit status 1" status_is 1
check "is copied" lacks image backing/good 4096-8192 8998912-9101312
check "and they are said" err_is "mmcp: error reading '$loop': Input/output error
mmcp: kept 'image' without its bytes 4096-8191, 8998912-9101311 (106496 of 20000768)"
losetup -d "$loop"
faultfs_rules "$m" "$bad"
tr '\000-\377' '\001-\377\000' <good >disk
truncate -s 20000768 disk
loop=$(losetup -f --show disk 2>err) ||
	{ skip "onto a device" "no loop device: $(cat err)"; finish; }
truncate -s 20000000 backing/good
run "$MMCP" --partial m/good "$loop"
check "onto a device: exit status 1" status_is 1
head -c 20000000 "$loop" >now
# shellcheck disable=SC2086
check "there are zeros for what is missing" lacks now good $holes
run "$MMCP" --partial m/good /dev/stdout
# shellcheck disable=SC2086
check "and in a pipe" lacks out good $holes
finish
