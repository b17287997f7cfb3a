#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --reflink: what is to be shared is shared, or it is an error; what isn't, isn't.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
no_leak_check

extents() { filefrag -vs "$1" | grep -E '^ *[0-9]+:'; }
all_shared() {
	extents "$1" >.extents
	[ -s .extents ] && ! grep -v shared .extents
}
none_shared() {
	extents "$1" >.extents
	[ -s .extents ] && ! grep shared .extents
}
used() { sync -f .; df --output=used -B1 . | tail -n 1 | tr -d ' '; }
grew_by_less() {
	now=$(used)
	[ $((now - before)) -lt "$1" ] || { echo "$before, now $now"; false; }
}
untouched() { [ "$(cat b)" = old ] && [ "$(stat -c %i b)" = "$was" ]; }

# ---- where blocks can be shared ----

for fs in xfs btrfs; do
	if ! have filefrag || ! place $fs; then
		skip "blocks are shared on $fs" "${why:-filefrag is not installed}"
		continue
	fi
	cd "$work/$fs" || broken "no $fs"
	pattern 65536 >small
	pattern 83886080 >large
	pattern 4096 >page
	pattern 70001 >odd
	truncate -s 2M sparse; dd if=small of=sparse conv=notrunc bs=64K seek=9 \
		2>/dev/null
	sync -f .
	for file in page small odd sparse large; do
		# what is not inline
		[ $file$fs != pagebtrfs ] || head -c 8192 odd >page
		for option in --reflink --reflink=always --reflink=auto --; do
			sampled || continue
			rm -f b
			run "$MMCP" -j3 $option $file b
			check "$fs: $file ($option) is copied" went_well
			check "$fs: $file ($option) is whole" same_content $file b
			check "$fs: $file ($option) is shared" all_shared b
			rm -f b
			head -c 90000 large | tr '\000-\377' '\001-\377\000' >b
			[ $file = large ] || echo old >b
			was=$(stat -c %i b)
			run "$MMCP" -j3 $option $file b
			check "$fs: $file ($option) is copied over an old one" went_well
			check "$fs: $file ($option) is whole" same_content $file b
			check "$fs: $file ($option) is shared" all_shared b
			check "$fs: $file ($option) is the same file" test \
				"$(stat -c %i b)" = "$was"
		done
		rm -f b; sync -f .
		for jobs in 1 3; do
			rm -f b
			run "$MMCP" -j$jobs --reflink=never $file b
			check "$fs: $file (never, -j$jobs) is copied" went_well
			check "$fs: $file (never, -j$jobs) is whole" same_content $file b
			check "$fs: $file (never, -j$jobs) is not shared" none_shared b
		done
		run "$MMCP" --reflink $file b
		run "$MMCP" --reflink=never $file b
		check "$fs: $file (never) is not shared where it was before" none_shared b
		[ $file = sparse ] || continue
		rm -f b
		run "$MMCP" --sparse=never $file b
		check "$fs: without holes nothing is shared either" none_shared b
	done
	# A longer old file, which has to be cut.
	head -c 200000 large >b
	run "$MMCP" --reflink=always small b
	check "$fs: a longer old file is cut" same_content small b
	check "$fs: without an error" went_well
	rm -f b
	if have strace; then
		mkdir -p tree/sub; cp --reflink=never small odd page tree
		cp --reflink=never odd tree/sub
		for i in $(seq 1 100); do echo "$i" >"tree/sub/$i"; done
		for source in small large sparse tree; do
			for option in --reflink=never --sparse=never --reflink=auto; do
				sampled || continue
				rm -rf b
				strace -f -qq -o ../trace -e trace=ioctl,copy_file_range \
					"$MMCP" -r -j3 $option $source b
				grep -E 'FICLONE|CLONE|copy_file_range' ../trace >../calls
				case $option in
				*never) check \
				"$fs: no call that could share ($option $source)" \
					test ! -s ../calls ;;
				*) check \
				"$fs: a call that could share ($option $source)" \
					test -s ../calls ;;
				esac
				check "$fs: ($option $source) an equal copy" diff -r \
					$source b
			done
		done
		rm -rf b
		run "$MMCP" -r -j4 --reflink=never tree b
		check "$fs: a tree (never) is copied" diff -r tree b
		check "$fs: a tree (never) shares nothing" none_shared b/small
		check "$fs: a tree (never) shares nothing further down" none_shared \
			b/sub/odd
		rm -rf b tree
	else
		skip "$fs: no call that could share" "strace is not installed"
	fi
	mkdir tree; cp --reflink=never large tree; cp --reflink=never odd tree
	before=$(used)
	run "$MMCP" -r --reflink tree b
	check "$fs: a tree that is shared" went_well
	check "$fs: takes no space" grew_by_less 20000000
	check "$fs: is equal" diff -r tree b
	check "$fs: is shared" all_shared b/odd
	rm -rf b tree
	: >empty
	for option in --reflink=always --reflink=never --reflink=auto; do
		rm -f b
		run "$MMCP" $option empty b
		check "$fs: an empty file ($option)" went_well
		check "$fs: an empty file ($option) is one" test -f b -a ! -s b
		echo old >b
		run "$MMCP" $option empty b
		check "$fs: an empty file ($option), over another" went_well
		check "$fs: an empty file ($option) empties it" test ! -s b
	done
	for options in "--atomic" -b "-p" "--fsync" "--remove-destination" \
		"-a --backup=numbered"; do
		sampled || continue
		echo old >b
		# shellcheck disable=SC2086 # options, to be split
		run "$MMCP" --reflink=always $options small b
		check "$fs: --reflink=always $options: copied" went_well
		check "$fs: --reflink=always $options: shared" all_shared b
		check "$fs: --reflink=always $options: equal" same_content small b
	done
	echo old >b; was=$(stat -c %i b)
	run sh -c 'cat "$1" | "$MMCP" --reflink=always /dev/stdin b' - small
	check "$fs: a pipe has no blocks to share" status_is 1
	check "$fs: which is told" err_has "failed to clone 'b' from '/dev/stdin'"
	check "$fs: an old file is left alone" untouched
	run "$MMCP" --reflink=always ../.check.out c
	check "$fs: nor has another file system" err_is \
		"mmcp: failed to clone 'c' from '../.check.out': \
Invalid cross-device link"
	check "$fs: and there is no file" absent c
	run "$MMCP" ../.check.out c
	check "$fs: which auto doesn't mind" same_content ../.check.out c
	rm -f c b

	if [ -e "${SHIM:=}" ]; then
		for errno in EIO:Input/output_error ENOSPC:No_space_left_on_device \
			EDQUOT:Disk_quota_exceeded; do
			words=$(echo "${errno#*:}" | tr _ ' ')
			for option in always auto; do
				sampled || continue
				rm -f b
				run shimmed "ioctl=${errno%:*}" "$MMCP" \
					--reflink=$option small b
				check "$fs: $option, ${errno%:*} is an error" status_is 1
				check "$fs: $option, ${errno%:*} is told" err_is \
					"mmcp: failed to clone 'b' from 'small': $words"
				check "$fs: $option, ${errno%:*}: no new file" absent b
				check "$fs: $option, ${errno%:*}: no hidden one" \
					no_leftovers .
				echo old >b; was=$(stat -c %i b)
				run shimmed "ioctl=${errno%:*}" "$MMCP" \
					--reflink=$option small b
				check "$fs: $option, ${errno%:*} leaves an old file" \
					untouched
				check "$fs: $option, ${errno%:*} is told of it" err_is \
					"mmcp: failed to clone 'b' from 'small': $words"
				rm -f b
			done
			run shimmed "ioctl=${errno%:*}" "$MMCP" --reflink=never small b
			check "$fs: never, ${errno%:*} is not met" went_well
		done
		for errno in EPERM EOPNOTSUPP EXDEV EINVAL ENOTTY ETXTBSY; do
			sampled || continue
			for file in small large; do
				rm -f b
				run shimmed "ioctl=$errno" "$MMCP" -j2 $file b
				check "$fs: $errno: auto goes another way ($file)" \
					went_well
				check "$fs: $errno: to an equal copy ($file)" \
					same_content $file b
			done
			rm -f b
			run shimmed "ioctl=$errno" "$MMCP" --reflink small b
			check "$fs: $errno: always doesn't" status_is 1
			check "$fs: $errno: there is no file" absent b
		done
	else
		skip "$fs: errors of a clone" "the shim is built by make check"
	fi
	cd "$work" || broken "no work"
	umount "$fs" && rm -f "$fs.img"
done
cd "$work" || broken "no work"

# ---- where they can't ----

for fs in tmpfs ext4; do
	if ! place $fs; then
		skip "nothing is shared on $fs" "$why"
		continue
	fi
	cd "$work/$fs" || broken "no $fs"
	pattern 65536 >small; pattern 70000001 >large; : >empty; truncate -s 1M sparse
	for file in small large sparse; do
		for option in --reflink --reflink=always --refl=al; do
			sampled || continue
			rm -f c
			run "$MMCP" $option $file c
			check "$fs: $option $file is an error" status_is 1
			check "$fs: $option $file: which is told" err_is \
				"mmcp: failed to clone 'c' from '$file': \
Operation not supported"
			check "$fs: $option $file: and no file" absent c
			check "$fs: $option $file: nor a hidden one" no_leftovers .
			echo old >b; was=$(stat -c %i b)
			run "$MMCP" $option $file b
			check "$fs: $option $file onto an old one is told" err_is \
				"mmcp: failed to clone 'b' from '$file': \
Operation not supported"
			check "$fs: $option $file: and that is as it was" untouched
			run "$MMCP" $option --atomic $file b
			check "$fs: $option --atomic $file: and that is as it was" \
				untouched
			run "$MMCP" $option -b $file b
			check "$fs: $option -b $file: and that is as it was" untouched
			check "$fs: $option -b $file: without a backup" absent b~
		done
		for option in --reflink=auto --reflink=never; do
			rm -f c
			run "$MMCP" $option $file c
			check "$fs: $option $file is no error" went_well
			check "$fs: $option $file: an equal copy" same_content $file c
		done
	done
	if have strace; then
		rm -f c
		run strace -f -qq -o ../trace -e trace=copy_file_range "$MMCP" \
			--reflink=never small c
		check "$fs: never: the kernel, which can't share, copies" \
			grep -q 'copy_file_range.* = 65536' ../trace
		check "$fs: never: an equal copy" same_content small c
	else
		skip "$fs: never: the kernel, which can't share, copies" \
			"strace is not installed"
	fi
	mkdir -p tree/sub; cp small tree/f; cp small tree/sub/g; ln -s f tree/link
	for jobs in 1 3; do
		rm -rf b
		run "$MMCP" -r -j$jobs --reflink=always tree b
		check "$fs: a tree (-j$jobs) is an error" status_is 1
		said=$(grep -c 'failed to clone .*: Operation not supported' "$work/err")
		check "$fs: a tree (-j$jobs): for each file" test "$said" = 2
		check "$fs: a tree (-j$jobs): there is none" test -z "$(find b -type f)"
		check "$fs: a tree (-j$jobs): what has no blocks is there" test \
			"$(readlink b/link)" = f
	done
	rm -rf b tree
	cd "$work" || broken "no work"
done

# ---- in one tree, where they can and where they can't ----

if have strace && place xfs && { [ -e tmpfs/small ] || place tmpfs; }; then
	for fs in xfs tmpfs; do
		mkdir -p $fs/files both
		for i in $(seq 1 20); do pattern "$((4000 + i))" >"$fs/files/$fs-$i"; done
		ln -s ../$fs/files both/$fs
	done
	ln both/xfs/xfs-1 both/xfs/other
	run strace -f -qq -y -o trace -e trace=copy_file_range,ioctl \
		"$MMCP" -rL -j2 --reflink=never both xfs/b
	check "never: a tree from two file systems is copied" diff -r both xfs/b
	check "never: what can't be shared, by the kernel" grep -q 'range(.*/tmpfs/' trace
	check "never: what can be, by no call that could" sh -c \
		'! grep -E "FICLONE|range\([0-9]*<[^>]*/xfs/files/" trace'
	rm -rf both xfs/b
else
	skip "never: a tree from two file systems" "${why:-strace is not installed}"
fi

# ---- what can't be meant ----

pattern 10000 >a; echo old >b; was=$(stat -c %i b)
for options in "--reflink --sparse=always" "--reflink=always --sparse=never" \
	"--sparse=always --reflink" "--reflink --engine=mmap" \
	"--reflink=always --engine=stream" \
	"--reflink --engine=kernel" "--reflink=sometimes" "--reflink=" \
	"--sparse=sometimes" \
	"--sparse"; do
	sampled || continue
	# shellcheck disable=SC2086
	run "$MMCP" $options a b
	check "bad usage: $options" status_is 1
	check "bad usage: $options: a hint" err_has \
		"Try '$MMCP --help' for more information."
	check "bad usage: $options: nothing is done" untouched
done
for options in "--reflink=always --reflink=never --sparse=always" \
	"--reflink=auto --sparse=always" "--reflink=never --sparse=never" \
	"--reflink=never --engine=mmap" "--reflink=auto --engine=stream" --reflink=n; do
	sampled || continue
	echo old >b
	# shellcheck disable=SC2086
	run "$MMCP" $options a b
	check "good usage: $options" went_well
	check "good usage: $options: copied" same_content a b
done

# A clone is made in one step, so that it is of one moment.  The end of a file that is no
# whole block can't be cloned into the midst of another: what is longer is emptied first,
# when it is known that there are clones to be had.
for fs in xfs btrfs; do
	if ! mount_fs $fs 700M "$work/whole.$fs"; then
		skip "clones over old files on $fs" "$why"
		continue
	fi
	cd "$work/whole.$fs" || broken "no $fs"
	# For what comes behind the sizes, of which a sample may have none.
	head -c 1000001 /dev/urandom >source
	head -c 2000003 /dev/zero >x
	for sizes in 10:4000 4096:5000 70001:200003 1000001:2000003 67108864:67108865 \
		67109001:134217728 134217728:100 157298745:209715277; do
		sampled || continue
		size=${sizes%:*}; old=${sizes#*:}
		head -c "$size" /dev/urandom >source
		head -c "$old" /dev/zero | tr '\0' o >x
		was=$(stat -c %i x)
		run "$MMCP" --reflink=always --json source x
		check "$fs: $size bytes onto $old can be cloned" went_well
		check "$fs: $size bytes onto $old: they are there" cmp source x
		check "$fs: $size bytes onto $old: in the same file" test \
			"$(stat -c %i x)" = "$was"
		check "$fs: $size bytes onto $old: all of them cloned" out_has \
			"\"cloned\":$size,"
	done
	if have strace; then
		rm -f new
		run strace -f -qq -o ../trace -e trace=ioctl "$MMCP" --reflink=always \
			source new
		check "$fs: one call clones all" test "$(grep -c CLONE ../trace)" = 1
	fi
	if [ -e "${SHIM:-}" ]; then
		echo old >b; was=$(stat -c %i b)
		run shimmed "ioctl#1=EOPNOTSUPP" "$MMCP" --reflink=always source b
		check "$fs: refused: that is an error" err_is \
			"mmcp: failed to clone 'b' from 'source': Operation not supported"
		check "$fs: refused: an old file is left alone" untouched
		for err in EINVAL EOPNOTSUPP; do
			for to in new x; do
				rm -f new
				run shimmed "ioctl=$err" "$MMCP" --json -j3 source $to
				check "$fs: $err ($to): it is copied" went_well
				check "$fs: $err ($to): all of it" cmp source $to
				check "$fs: $err ($to): none is cloned" out_has \
					'"cloned":0,'
			done
		done
		for to in new x; do
			rm -f new
			cp source other
			MMCP_SHIM_RUN="echo more >>other"
			export MMCP_SHIM_RUN
			run shimmed "ioctl#1=run" "$MMCP" --reflink=always other $to
			check "$fs: a source that grows ($to): all is well" went_well
			check "$fs: a source that grows ($to): all of it" cmp other $to
			cp source other
			MMCP_SHIM_RUN="truncate -s 1000 other"
			run shimmed "ioctl#1=run" "$MMCP" --reflink=always other $to
			check "$fs: a source that shrinks ($to): all is well" went_well
			check "$fs: a source that shrinks ($to): all of it" cmp other $to
		done
	fi
	cd "$work" || exit 99
done

finish
