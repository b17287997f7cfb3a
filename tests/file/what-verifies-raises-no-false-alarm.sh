#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need truncate

"$MMCP" --verify /dev/null x 2>err || skip_all "$(cat err)"

verified() {
	rm -f x
	run "$MMCP" "$@" x
	went_well && same_content "$source" x
}
for size in 0 1 4095 4096 4097 1048575 1048576 1048577 5000000 33554432 33554433; do
	pattern "$size" >f
	source=f
	check "a file of $size bytes" verified --verify f
	check "the same, by --verify=read" verified --verify=read f
	check "the same, by small chunks" verified --verify -j3 --chunk-size=4096 f
done
for engine in $engines direct; do
	check "--engine=$engine" verified --verify "--engine=$engine" f
done
for option in --nocache --direct --atomic --fsync --sparse=always --sparse=never \
	--reflink=never -j1 -p --bwlimit=200M; do
	check "$option" verified --verify "$option" f
	cp f x
	run "$MMCP" --verify $option f x
	check "$option, and a file that is there" went_well
done
check "which is the source" same_content f x

# Holes: inside a block, over many blocks, at the end, and none.
truncate -s 50000000 holes
source=holes
check "a hole" verified --verify holes
for at in 0 1000000 10485760 20000000 49999999; do
	printf x | dd of=holes bs=1 seek=$at conv=notrunc 2>/dev/null
	check "holes, and a byte at $at" verified --verify holes
	check "read through the cache" verified --verify=read holes
	check "--sparse=always" verified --verify --sparse=always holes
	check "--sparse=never" verified --verify --sparse=never holes
	check "in one process" verified --verify -j1 holes
	cp f x
	run "$MMCP" --verify holes x
	check "over a file without holes" went_well
	check "which is right then" same_content holes x
	head -c 60000000 /dev/zero | tr '\0' o >x && ln -f x y
	run "$MMCP" --verify holes x
	check "the same in place" went_well
	check "which is right then, too" same_content holes y
	rm x y
done
truncate -s 1T huge
printf x | dd of=huge bs=1 seek=700000000000 conv=notrunc 2>/dev/null
run timeout 100 "$MMCP" --verify huge x
check "1 TiB with one byte" went_well
check "has it" [ "$(dd if=x bs=1 skip=700000000000 count=1 2>/dev/null)" = x ]
rm -f x huge
if mount_fs tmpfs 16M "$work/largest" &&
	truncate -s 9223372036854775807 largest/file 2>/dev/null &&
	printf x | dd of=largest/file bs=1 seek=9223372036854770000 \
		conv=notrunc 2>/dev/null; then
	run timeout 100 "$MMCP" --verify -j1 largest/file largest/copy
	check "the largest file there can be" went_well
	run timeout 100 "$MMCP" --verify -j2 largest/file largest/copy
	check "the same, by workers: there is no room for so many hashes" went_well
	run timeout 100 "$MMCP" --verify=read --engine=mmap largest/file largest/copy
	check "the same, by another engine" went_well
else
	skip "the largest file there can be" "${why:-there are no such files}"
fi

# What has no size, and what can't be read twice.
run "$MMCP" --verify /proc/self/status x
check "a file of /proc" went_well
run sh -c 'cat f | "$MMCP" --verify /dev/stdin y'
check "a pipe" went_well
check "is right" same_content f y

# Clones are the source's blocks.
for type in btrfs xfs; do
	if mount_fs $type 400M "$work/$type"; then
		cp f $type/f
		run "$MMCP" --verify --debug $type/f $type/g
		check "a clone ($type)" out_has "verified: it shares the source's blocks"
		check "is verified" status_is 0
		run "$MMCP" --verify --debug f $type/h
		check "what can't be cloned" out_has \
			"O_DIRECT), by hashes of what was copied"
		check "is verified, too" same_content f $type/h
	else
		skip "a clone ($type)" "$why"
	fi
done

# What somebody else owns is written in place, and stays theirs.
if is_root; then
	mkdir theirs && cp f theirs/f && chmod 777 theirs && chmod 666 theirs/f
	cp small theirs/small 2>/dev/null || pattern 5000 >theirs/small
	ln theirs/f theirs/other
	chmod 711 . && as_nobody "$MMCP" --verify theirs/small theirs/f 2>err
	check "another user's file is written in place" same_content theirs/small \
		theirs/other
	check "and nothing is said" err_empty
	cp f theirs/f2 && chmod 622 theirs/f2
	as_nobody "$MMCP" --verify theirs/small theirs/f2 2>err
	check "one that may only be written can't be read back" err_is \
		"mmcp: cannot verify 'theirs/f2', which can't be read back: \
Permission denied"
	check "and isn't written" same_content f theirs/f2
fi

# Interrupted while it is read back, it leaves nothing.
if have strace; then
	pattern 64000000 >large
	rm -f x
	slowly pread64 20000 "$MMCP" --verify -j1 large x
	sleep 1
	kill -INT "$pid"
	wait "$pid"
	check "an interrupted copy has no name" absent x
	check "and leaves nothing" no_leftovers .
fi

# Several symlinks may lead to one file, and several workers write to it.
echo old >target && ln -s target symlink
before=$(stat -c %i target)
run "$MMCP" --verify f symlink
check "what a symlink leads to is written in place" \
	[ "$(stat -c %i target)" = "$before" ]
check "and is right" same_content f target

# Refused before anything is copied.
mkfifo pipe
run timeout 100 "$MMCP" --verify f pipe
check "a pipe can't be read back" err_is \
	"mmcp: cannot verify 'pipe': it is of a kind that can't be read back"
check "which is an error" status_is 1
run "$MMCP" --verify f /dev/null
check "nor /dev/null" err_is \
	"mmcp: cannot verify '/dev/null': it is of a kind that can't be read back"
mkdir -p dir/f
run "$MMCP" --verify -b f dir
check "a directory in the way is none of its business" err_is \
	"mmcp: cannot create regular file 'dir/f': Is a directory"
run "$MMCP" -a --verify pipe pipe2
check "a pipe that is made isn't verified" went_well
run "$MMCP" --verify=whatever f x
check "--verify takes two words" status_is 1

# What a file system refuses that only --verify asks for is done as by cp.
for call in linkat renameat fchmod; do
	if [ ! -e "${SHIM:=}" ]; then
		skip "$call is refused" "the shim was not built"
		continue
	fi
	for error in EPERM ENOSYS EIO; do
		echo old >x
		chmod 600 x
		run shimmed "$call=$error" "$MMCP" --verify f x
		check "$call is $error, over an old file" went_well
		check "$call is $error: the copy is right" same_content f x
		check "$call is $error: and has the old one's mode" \
			[ "$(stat -c %a x)" = 600 ]
		rm x
		run shimmed "$call=$error" "$MMCP" --verify f x
		check "$call is $error, a new file" went_well
		check "$call is $error: it is right" same_content f x
		check "$call is $error: nothing is left" no_leftovers .
		echo old >x
		run shimmed "$call=$error" "$MMCP" --verify --atomic f x
		check "$call is $error: with --atomic, that is an error" status_is 1
		check "$call is $error: and the old file is there" [ "$(cat x)" = old ]
		rm x
	done
done

# Where there are no offsets, the copy is read from its start on.
mkdir back mnt
if [ "$(id -u)" = 0 ] && [ -x "${FAULTFS:=}" ] && [ -c /dev/fuse ]; then
	mount_faultfs "$work/back" "$work/mnt" nonseekable
	for options in "" =read "=device -j3"; do
		# shellcheck disable=SC2086 # an option and its value
		run "$MMCP" --verify$options f mnt/x
		check "a copy without offsets, --verify$options" went_well
		check "--verify$options: it is right" same_content f back/x
		rm -f back/x
	done
	faultfs_rules "$work/mnt" write=flip1000
	run "$MMCP" --verify f mnt/x
	check "without offsets, what is wrong is found, too" status_is 1
	check "and said" err_has "cannot verify 'mnt/x': it differs from 'f' at byte 1000"
	unmount_faultfs "$work/mnt"
	mount_faultfs "$work/back" "$work/mnt" hard_remove
	faultfs_rules "$work/mnt" rename=EPERM link=EPERM unlink=EPERM
	mkdir several
	for name in 1 2 3 4 5; do echo $name >several/$name; done
	run "$MMCP" -r -j1 --verify several mnt
	check "where nothing can be renamed or removed, files are copied" went_well
	check "all of them" diff -r -x '.mmcp-*' several back/several
	check "and no more than one that was hidden is left" \
		[ "$(find back/several -name '.mmcp-*' | wc -l)" -le 1 ]
	unmount_faultfs "$work/mnt"
else
	skip "a file system without offsets" "there is no faultfs"
fi

# A log that grows: what was there is verified.
pattern 40000000 >log
while sleep 0.01; do echo line; done >>log &
writer=$!
run "$MMCP" --verify log x
check "a log that grows" went_well
run "$MMCP" --verify --bwlimit=100M log x
check "all the while" went_well
kill "$writer"
check "its copy is its beginning" is_prefix x log
pattern 40000000 >log
slowly_shrinks() {
	"$MMCP" --verify --bwlimit=60M log x >out 2>err &
	pid=$!
	sleep 0.2
	truncate -s 20000000 log
	wait "$pid"
	status=$?
}
slowly_shrinks
check "a file that shrinks" went_well
check "is as it is at the end" same_content log x
finish
