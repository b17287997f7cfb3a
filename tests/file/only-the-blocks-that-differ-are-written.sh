#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# With --update=checksum, a file that is written over in place keeps the blocks that are
# the source's already; whatever fails, what is left of it is the beginning of the source.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need jq
length=40000000

# What one file's copy counted: written, found there, in holes.
counted() { jq -c 'select(.action == "copied") |
	[.by_hand + .by_kernel + .by_mapping, .same, .holes]' "$work/out"; }
# mark FILE OFFSET TEXT
mark() { printf %s "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null; }
# updated SENTENCE COUNTS OPTION...: a is copied over b, and so much of it is written.
updated() {
	told=$1; expected=$2; shift 2
	inode=$(stat -c %i b)
	run "$MMCP" --json --update=checksum "$@" a b
	check "$told: no error" went_well
	check "$told: the copy is whole" same_content a b
	check "$told: counts" test "$(counted)" = "$expected"
	check "$told: it is the same file" test "$(stat -c %i b)" = "$inode"
}

for place in here ext4 xfs btrfs tmpfs; do
	cd "$work" || exit 99
	if ! place $place; then skip "$place" "$why"; continue; fi
	cd "$place" || exit 99
	pattern $length >a
	# Blocks are shared there, and nothing is written at all.
	if cp --reflink=always a b 2>/dev/null; then
		mark b 1000 x
		run "$MMCP" --update=checksum --stats a b
		check "$place: what can be cloned is cloned" grep -q ' cloned ' \
			"$work/out"
		check "$place: and is whole" same_content a b
		never=--reflink=never
	else
		cp a b; never=--reflink=auto
	fi
	for jobs in 1 2 5; do
		mark b 5000 different; mark b 39999999 x
		updated "$place, -j$jobs, two blocks" "[6656,39993344,0]" $never -j$jobs
		truncate -s $((length - 10000)) b; mark b 20000000 x
		updated "$place, -j$jobs, and a longer source" "[14096,39985904,0]" \
			$never -j$jobs
		pattern 100000 >>b
		updated "$place, -j$jobs, and a shorter one" "[0,40000000,0]" $never \
			-j$jobs
		truncate -s 1000 b
		updated "$place, -j$jobs, an old file that is too short to keep" \
			"[40000000,0,0]" $never -j$jobs
	done
	mark b 5000 x
	updated "$place, an engine that is named copies all" "[40000000,0,0]" $never \
		--engine=stream
	mark b 5000 x
	updated "$place, so does --sparse=never" "[40000000,0,0]" $never --sparse=never
	mark b 5000 x
	updated "$place, so does --nocache" "[40000000,0,0]" $never --nocache
	rm -f a b
	truncate -s 1G a; pattern 1000000 | dd of=a seek=1000 bs=64k conv=notrunc \
		2>/dev/null
	cp --sparse=always --reflink=never a b; mark b 500000000 different
	blocks=$(stat -c %b b)
	run "$MMCP" --json --update=checksum $never a b
	check "$place: a sparse file" same_content a b
	check "$place: what the source has as a hole becomes one" test \
		"$(stat -c %b b)" -lt "$blocks"
	check "$place: few bytes were read" test "$(jq '.compared // 0' "$work/out" |
		sort -n | tail -n 1)" -lt 20000000
	rm -f a b
done
cd "$work" || exit 99
rm -rf here

# ---- small files, and what is not written in place ----

pattern 10000 >a; cp a b; mark b 9000 x
updated "a small file" "[1808,8192,0]"
mark b 9000 x
run "$MMCP" --json --atomic --update=checksum a b
check "--atomic replaces it by a new one" test "$(counted)" = "[10000,0,0]"
mark b 9000 x
run "$MMCP" --json -b --update=checksum a b
check "-b, too" test "$(counted)" = "[10000,0,0]"
check "and the old one is the backup" test "$(cmp -l a b~ | wc -l)" = 1


# Of a file with other names, --verify can't make a new one.
pattern 3000000 >a; cp a b
run "$MMCP" --verify a new
if [ "$status" = 0 ]; then
	for left in 3000000 2097152 2000000 4000000; do
		rm -f c; ln b c; mark b 9000 x; truncate -s $left b
		run "$MMCP" --verify=read --update=checksum a b
		check "--verify, $left bytes before: no false alarm" went_well
		check "--verify, $left bytes before: whole" same_content a c
	done
	rm -f c
else
	skip "--verify" "this build lacks it"
fi
head -c 1000000 /dev/zero >a; rm b; cp --sparse=never a b; mark b 9000 x
updated "zeros of a source without holes" "[4096,995904,0]"
check "they are no hole in the copy" test $(($(stat -c %b b) * 512)) -ge 1000000

if is_root && [ -c /dev/fuse ] && [ -x "${FAULTFS:=}" ]; then
	mount_faultfs "$work/back" "$work/mnt"
	pattern 1000000 >a; cp a mnt/b; touch -d 2001-02-03 mnt/b
	run "$MMCP" --json --update=checksum a mnt/b
	check "on FUSE, the same content stays" test "$(stat -c %Y back/b)" = \
		"$(date -d 2001-02-03 +%s)"
	mark mnt/b 9000 x
	run "$MMCP" --json --update=checksum a mnt/b
	check "on FUSE, a file is emptied and written, as by cp" test "$(counted)" = \
		"[1000000,0,0]"
	check "and is whole" same_content a back/b
	mark mnt/b 9000 x
	faultfs_rules "$work/mnt" 'read@b=EIO'
	run "$MMCP" --json --update=checksum a mnt/b
	check "on FUSE, what can't be read is written" same_content a back/b
	unmount_faultfs "$work/mnt"
else
	skip "on FUSE" "faultfs can't be mounted"
fi

# ---- faults ----

need_shim
# faulty SENTENCE RULES ERROR [OPTION...]: a, over b that differs at its end, fails.  What
# is left is the beginning of a; or the old file, if it wasn't touched.
pattern $length >a
faulty() {
	told=$1; rules=$2; error=$3; shift 3
	cp a b; mark b 100 x; mark b 20000000 x; mark b 39999999 x
	run shimmed "$rules" timeout 60 "$MMCP" --update=checksum --reflink=never "$@" a b
	check "$told: an error" err_has "$error"
	check "$told: status 1" status_is 1
	check "$told: what is left is the source's" is_prefix b a
}
for jobs in 1 2 5; do
	faulty "a write that fails, -j$jobs" 'pwrite@/b#2=EIO' "error writing 'b'" -j$jobs
	check "and what was written before, -j$jobs" test "$(stat -c %s b)" -gt 4096
	faulty "the source can't be read, -j$jobs" 'pread@/a#100=EIO' \
		"error reading 'a'" -j$jobs
	cp a b; mark b 20000000 x; touch -d 2001-02-03 b; cp -p b old
	run shimmed 'pread@/a#1=EIO' "$MMCP" --update=checksum --reflink=never -j$jobs a b
	check "the source can't be read at all, -j$jobs: the old file stays" \
		same_content b old
	check "and its time, -j$jobs" test ! b -nt old
	cp a b; mark b 20000000 x
	run shimmed 'pread@/b#40+=EIO' "$MMCP" --json --update=checksum \
		--reflink=never -j$jobs a b
	check "the old file can't be read, -j$jobs: it is written" went_well
	check "and whole, -j$jobs" same_content a b
	cp a b; mark b 100 x; mark b 39999999 x
	run shimmed 'pwrite@/b#2=SIGKILL' "$MMCP" --update=checksum --reflink=never \
		-j$jobs a b
	[ $jobs = 1 ] || check "a worker dies, -j$jobs: the rest is done" same_content a b
	cp a b; mark b 100 x; mark b 39999999 x
	MMCP_SHIM_RUN="printf different | dd of=$work/a bs=1 seek=7000 conv=notrunc \
		2>/dev/null; echo more >>$work/a" \
		run shimmed 'pwrite@/b#2=run' "$MMCP" --update=checksum --reflink=never \
		-j$jobs a b
	check "the source changes meanwhile, -j$jobs: it is followed" went_well
	check "to its end, -j$jobs" same_content a b
	pattern $length >a
done

# Interrupted: what is left is the beginning of the source, and the next run completes it.
# shellcheck disable=SC2016 # it is the inner shell that has this process
for jobs in 1 2; do
	cp a b; mark b 100 x; mark b 39999999 x
	MMCP_SHIM_RUN="kill -TERM \$(cat $work/pid)" run shimmed 'pwrite@/b#2=run' \
		sh -c 'echo $$ >pid; exec "$MMCP" "$@"' - --update=checksum \
		--reflink=never -j$jobs a b
	check "interrupted, -j$jobs: by that signal" status_is 143
	check "interrupted, -j$jobs: what is left is the source's" is_prefix b a
	run "$MMCP" --update=checksum -j$jobs a b
	check "interrupted, -j$jobs: and it goes on" same_content a b
done

if mount_fs tmpfs 60M "$work/full"; then
	pattern 50000000 >full/a; truncate -s 49000000 full/b
	run "$MMCP" --update=checksum full/a full/b
	check "a full disk: an error" err_has "No space left on device"
	check "a full disk: what is left is the source's" is_prefix full/b full/a
else
	skip "a full disk" "$why"
fi
finish
