#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_strace

pattern 200000 >small
pattern 70000001 >large
truncate -s 66M sparse
dd if=small of=sparse conv=notrunc bs=100000 seek=60 2>/dev/null

# falls_back FAULT FILE ARGUMENT...: with that fault the copy is made all the same.
falls_back() {
	what=$1; file=$2; shift 2
	rm -f x
	injected "$what" "$MMCP" "$@" "$file" x
	check "with $what a $file file is copied ($*)" went_well
	check "with all it has" same_content "$file" x
}

# fails FAULT FILE WORDS ARGUMENT...: with that fault there is an error, and no file.
fails() {
	what=$1; file=$2; words=$3; shift 3
	rm -f x
	injected "$what" "$MMCP" "$@" "$file" x
	check "$what is an error to a $file file ($*)" status_is 1
	check "told in one line" test "$(wc -l <"$work/err")" = 1
	check "with the reason" err_has "$words"
	check "and there is no file" absent x
	check "nor a hidden one" no_leftovers .
}

for errno in ENOSYS EXDEV EOPNOTSUPP EINVAL EPERM EBADF ETXTBSY EFBIG; do
	falls_back copy_file_range:error=$errno small
done
# Large files go by copy_file_range where others may be read and written: on tmpfs.
if place tmpfs && cp large sparse tmpfs; then
	cd tmpfs || broken "no tmpfs"
	for errno in ENOSYS EXDEV EPERM; do
		falls_back copy_file_range:error=$errno large -j 2
		falls_back copy_file_range:error=$errno large -j 1
		falls_back copy_file_range:error=$errno:when=2+ sparse
	done
	fails copy_file_range:error=EIO large "Input/output error" -j 2
	fails copy_file_range:error=ENOSPC large "No space left on device" -j 2
	cd "$work" || exit
else
	skip "a large file goes another way, or fails" "there is no tmpfs to be had"
fi
falls_back copy_file_range:retval=0 small
for errno in EIO ENOSPC EDQUOT; do
	case $errno in
	EIO) words="Input/output error" ;;
	ENOSPC) words="No space left on device" ;;
	EDQUOT) words="Disk quota exceeded" ;;
	esac
	fails copy_file_range:error=$errno small "$words"
	fails copy_file_range:error=$errno large "$words" --engine=kernel
	fails ioctl:error=$errno small "$words"
done
for errno in EOPNOTSUPP EXDEV EINVAL ENOTTY EPERM; do
	falls_back ioctl:error=$errno small
done

for errno in EOPNOTSUPP ENOSYS EIO; do
	falls_back fallocate:error=$errno large -j 2
done
# Old bytes under holes go, if need be as zeros.
head -c 70000000 /dev/zero | tr '\0' o >x
injected fallocate:error=EOPNOTSUPP "$MMCP" sparse x
check "a hole that can't be made in an old file is zeros" went_well
check "and nothing of the old content" same_content sparse x

falls_back madvise:error=EINVAL large --engine=mmap -j 2
falls_back madvise:error=EFAULT large --engine=mmap -j 2
falls_back fork,vfork,clone,clone3:error=EAGAIN large -j 2
falls_back fork,vfork,clone,clone3:error=EAGAIN:when=2+ large --engine=mmap -j 2
rm -f x
injected fork,vfork,clone,clone3:error=EAGAIN "$MMCP" --engine=mmap -j 2 large x
check "where no worker can be had, mmap by name is an error" status_is 1
check "with the reason" err_has "--engine=mmap: Resource temporarily unavailable"
check "and there is no file" absent x

# The last mappings that a copy asks for are those of the two files and the workers'
# share; count those before.  Another command line may have a sanitizer ask for more.
first_mapping() {
	rm -f x
	strace -qq -o trace -e trace=mmap "$MMCP" "$@" large x
	first=$(grep -n 'PROT_READ, MAP_SHARED, [0-9]' trace | tail -n 1 | cut -d : -f 1)
}
first_mapping -j 2
if [ -n "$first" ]; then
	for n in $first $((first + 1)) $((first + 2)); do
		for errno in ENODEV ENOMEM EACCES; do
			falls_back mmap:error=$errno:when="$n" large -j 2
		done
	done
	first_mapping --engine=mmap
	rm -f x
	injected mmap:error=ENODEV:when="$first" "$MMCP" --engine=mmap large x
	check "a mapping asked for by name can't be replaced" status_is 1
	check "which is told" err_is \
		"mmcp: cannot copy 'large' to 'x' with --engine=mmap: No such device"
	check "and nothing is made" absent x
else
	skip "mappings that are refused" "no mapping was seen"
fi

# ---- without O_TMPFILE, without /proc ----

if mount_fs vfat 80M "$work/vfat"; then
	for engine in auto mmap stream; do
		run "$MMCP" --engine=$engine -j 2 large vfat/x
		check "where a file can't be without a name it is copied by $engine" \
			went_well
		check "whole" same_content large vfat/x
		check "and nothing hidden is left" no_leftovers vfat
		run "$MMCP" --engine=$engine -j 2 small vfat/x
		check "and another over it" same_content small vfat/x
		rm -f vfat/x
	done
	head -c 90000000 /dev/zero | tr '\0' m >bytes
	run "$MMCP" bytes vfat/x
	check "it may be full, too" status_is 1
	check "which is told" err_has "No space left on device"
	check "and nothing at all is left" empty_directory vfat
	rm -f bytes
else
	skip "a file system without O_TMPFILE" "$why"
fi
rm -f x
injected linkat:error=EEXIST "$MMCP" large x
check "a name that was taken meanwhile is not overwritten" status_is 1
check "which is told" err_is "mmcp: cannot create regular file 'x': File exists"
check "and nothing is left" no_leftovers .

# ---- what must be heard ----

fails fsync:error=EIO small "Input/output error" --fsync
fails fsync:error=EIO large "Input/output error" --fsync -j 2
fails msync:error=EIO large "Input/output error" --fsync -j 2
for errno in EPERM ENOSYS; do
	falls_back msync:error=$errno large -j 2
	falls_back msync:error=$errno large -j 2 --fsync
done
falls_back ftruncate:error=EIO large -j 2
fails pread64:error=EIO:when=3+ small "Input/output error" --engine=stream
fails pwrite64:error=EIO small "Input/output error" --engine=stream
falls_back pwrite64:error=EINTR:when=1 small --engine=stream

finish
