#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A table of calls that fail, for each engine, onto a new file and onto an old one.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

pattern 3000000 >small
pattern 70000000 >large
pattern 4000000 | tr '\000-\377' '\001-\377\000' >older

# What a failed copy may leave of an old file: all of it, unchanged; or the beginning of
# the source, whose length is reported unless it is complete.
old_is_safe() {
	if cmp -s older old || cmp -s "$source" old; then return; fi
	is_prefix old "$source" ||
		{ echo "neither old nor a prefix of the source"; return 1; }
	grep -qF "(cut to the $(stat -c %s old) bytes that are whole)" err ||
		{
			echo "cut to $(stat -c %s old) bytes, and not told"; cat err
			return 1
		}
}

# A line of the table: RULES, the result ("equal" or a message), mmcp's options.
try() {
	rules=$1; expected=$2; shift 2
	cp older old
	# With an option that cp lacks, messages say what is left.
	run shimmed "$rules" "$MMCP" --progress=never "$@" "$source" new
	new_status=$status; cp err new.err
	run shimmed "$rules" "$MMCP" --progress=never "$@" "$source" old
	what="$rules with $*"
	if [ "$expected" = equal ]; then
		check "$what: a new file is equal" cmp "$source" new
		check "$what: an old file is equal" cmp "$source" old
		check "$what: no error" test "$new_status$status" = 00
	else
		check "$what: exit status 1, twice" test "$new_status$status" = 11
		check "$what: it is reported for a new file" \
			grep -qF -- "$expected" new.err
		check "$what: it is reported for an old file" err_has "$expected"
		check "$what: in one line" test "$(cat new.err err | wc -l)" = 2
		check "$what: no new file" absent new
		check "$what: the old file is safe" old_is_safe
	fi
	check "$what: nothing is left behind" no_leftovers .
	rm -f new
}

space="No space left on device"
io="Input/output error"

source=small
for e in ENOSYS EXDEV EOPNOTSUPP EINVAL EPERM EBADF ETXTBSY EFBIG; do
	sampled || continue
	try "copy_file_range=$e" equal
	try "copy_file_range#2+=$e copy_file_range=short100000" equal
	try "ioctl=$e" equal
done
for e in EIO ENOSPC EDQUOT; do
	sampled || continue
	try "copy_file_range=$e" "error copying 'small' to "
	try "copy_file_range#2+=$e copy_file_range=short100000" \
		"error copying 'small' to "
	try "ioctl=$e" "failed to clone "
done
try "ioctl#1=EINTR" equal
try copy_file_range=zero equal
try "copy_file_range=short1000" equal
try "copy_file_range=EXDEV pread=short1000 pwrite=short999" equal
try "pread=EIO" "error reading 'small': $io" --engine=stream
try "pread#2=EIO" "error reading 'small': $io" --engine=stream
try "pwrite=ENOSPC" ": $space" --engine=stream
try "pwrite#3=EDQUOT" ": Disk quota exceeded" --engine=stream
try "pwrite#2=EFBIG" ": File too large" --engine=stream
try "pread#2=EINTR pwrite#2=EINTR" equal --engine=stream
try "pread=short777" equal --engine=stream

for j in 1 2 7; do
	sampled || continue
	map="--engine=mmap --chunk-size=64K -j$j"
	# shellcheck disable=SC2086 # options, to be split
	{
	try "madvise=EFAULT" equal $map
	try "madvise#3+=EINVAL" equal $map
	try "madvise=EFAULT pread=short1000 pwrite=short1000" equal $map
	try "madvise=EFAULT pread#3=EIO" "error reading 'small': $io" $map
	try "madvise=EFAULT pwrite#3=ENOSPC" ": $space" $map
	try "madvise=EFAULT pwrite#3=EDQUOT" ": Disk quota exceeded" $map
	try "madvise#3=SIGSEGV" equal $map
	try "madvise#4=SIGKILL" equal $map
	try "madvise#4=SIGTERM" equal $map
	try "madvise#3+=SIGKILL" "workers died" $map
	try "fork=EAGAIN" "Resource temporarily unavailable" $map
	try "lseek=EIO" "error reading 'small': $io" $map
	try "lseek=EINVAL" equal $map
	try "msync=EIO" ": $io" $map
	try "fsync=EIO" ": $io" --fsync $map
	try "fallocate=EOPNOTSUPP" equal $map
	try "mmap=ENODEV" "with --engine=mmap: No such device" $map
	try "mmap=ENOMEM" "with --engine=mmap: Cannot allocate memory" $map
	}
done
try "fsync=EIO" ": $io" --fsync
try "fsync=ENOSPC" ": $space" --fsync --engine=stream
try "close=EIO" ": $io" --engine=stream

source=large
for j in 1 2 7; do
	sampled || continue
	try "mmap=ENODEV" equal "-j$j"
	try "mmap=ENOMEM" equal "-j$j"
	try "mmap=EACCES" equal "-j$j"
done
for j in 2 7; do
	sampled || continue
	try "fork=EAGAIN" equal "-j$j"
	try "fork#2+=EAGAIN" equal "-j$j"
	try "madvise=EFAULT" equal "-j$j"
	try "madvise#9=SIGKILL" equal "-j$j"
done
try "copy_file_range#2+=EXDEV" equal -j2

# Reads may be short, also of files whose size is 0 whatever their content.
for name in /proc/version /proc/filesystems \
	/sys/kernel/mm/transparent_hugepage/enabled; do
	[ -r $name ] || continue
	run shimmed "read=short1 pread=short1 copy_file_range=short1" "$MMCP" $name new
	check "$name, a byte at a time" cmp $name new
	check "$name, with no error" status_is 0
	rm -f new
done

# Without an option that cp lacks, messages are cp's.
cp older old
run shimmed "copy_file_range=EXDEV write#2+=ENOSPC pwrite#2+=ENOSPC" "$MMCP" small old
check "a failed copy over an old file is an error" status_is 1
check "the message is cp's" err_is "mmcp: error writing 'old': No space left on device"

# Errors that only an old file can have.
mixed_is_told() {
	cmp -s older old || err_has \
		"$io (and the part that is whole can't be cut off from the old rest)"
}
source=small
for engine in stream kernel mmap; do
	sampled || continue
	cp older old
	run shimmed "ftruncate=EIO" "$MMCP" --engine=$engine small old
	check "$engine: an old file that can't be cut is an error" status_is 1
	check "$engine: it is as it was, or that it isn't is reported" mixed_is_told
done
truncate -s 1M holey
cat small >>holey
cp older old
run shimmed "copy_file_range=EXDEV" "$MMCP" --engine=kernel holey old
check "an engine that can't serve is an error" err_is \
	"mmcp: cannot copy 'holey' to 'old' with --engine=kernel:\
 Invalid cross-device link"
check "and an old file is as it was" cmp older old

# Errors that only a new file can have.
source=small
for rule in tmpfile=EOPNOTSUPP tmpfile=EISDIR "tmpfile=EOPNOTSUPP renameat2=EINVAL"; do
	sampled || continue
	run shimmed "$rule" "$MMCP" "$source" new
	check "$rule: the file is whole all the same" cmp "$source" new
	check "$rule: nothing is left behind" no_leftovers .
	rm -f new
done
for rule in "linkat=EIO" "tmpfile=EOPNOTSUPP renameat2=EIO" "ftruncate=EIO" \
	"fallocate=ENOSPC" \
	"close@(deleted)=EIO"; do
	sampled || continue
	run shimmed "$rule" "$MMCP" --engine=mmap "$source" new
	check "$rule: exit status 1" status_is 1
	check "$rule: one line" test "$(wc -l <err)" = 1
	check "$rule: no new file" absent new
	check "$rule: nothing is left behind" no_leftovers .
done

finish
