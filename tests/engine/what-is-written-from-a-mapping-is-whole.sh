#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# From 8 MiB on, where bytes are written, it is the source's mapping that they are written
# from.  A page that can't be had, or written, goes by a buffer, or is told.  So does data
# of less than 256 KiB, between holes or at the end.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

pattern 9000123 >small
pattern 40000123 >large
pattern 9500000 | tr '\000-\377' '\001-\377\000' >older

# What a failed copy may leave of an old file.
old_is_safe() { cmp -s older old || is_prefix old "$source"; }

# warm FILE: bring it into memory; otherwise it would be read, not mapped.
warm() { keep_caches; cat "$1" >/dev/null; }

# try RULES EXPECTED OPTION...: onto a new and an old file; EXPECTED is "equal" or a
# message.
try() {
	rules=$1 expected=$2
	shift 2
	for to in new old; do
		cp older old
		warm "$source"
		run shimmed "clock=frozen $rules" timeout 100 "$MMCP" --reflink=never \
			"$@" "$source" $to
		exec 8>&-
		what="$source, $to, $* with $rules"
		if [ "$expected" = equal ]; then
			check "$what: exit status 0" status_is 0
			check "$what: equal" cmp "$source" $to
			[ "$status" = 0 ] || cat err
		else
			check "$what: exit status 1" status_is 1
			check "$what: it is told" err_has "$expected"
			check "$what: the old file is safe" old_is_safe
			check "$what: no new file" absent new
		fi
		check "$what: nothing is left behind" no_leftovers .
		rm -f new
	done
}

# ---- no byte goes by a buffer ----

pattern 40108032 >even		# 153 times 256 KiB
source=even
try 'pread=EIO' equal -j2
if have strace; then
	# preads FILE OPTION...: how many.
	preads() {
		file=$1
		shift
		warm "$file"
		run strace -f -qq -o trace -P "$file" -e trace=pread64 "$MMCP" \
			--reflink=never "$@" "$file" new
		exec 8>&-
		cmp "$file" new || echo differs
		rm -f new
		grep -c pread64 trace
	}
	check "one process reads no more than that the file has ended" \
		test "$(preads even -j1)" -le 1
	rm even

	# ---- but little data does, for which no mapping pays ----

	truncate -s 50M places
	for i in 1 2 3 4 5 6 7 8 9 10; do
		pattern 110592 | dd of=places bs=4096 seek=$((i * 1200)) conv=notrunc \
			status=none
	done
	if [ "$(stat -c %b places)" -lt 5000 ]; then
		check "one process reads each place" test "$(preads places -j1)" -ge 10
		if [ "$(stat -f -c %T .)" = tmpfs ]; then
			skip "so do two" "here pages are supplied"
		else
			check "so do two" test "$(preads places -j2)" -ge 10
		fi
	else
		skip "what lies between holes is read" "no holes here"
	fi
else
	skip "one process reads nothing into a buffer" "strace is not installed"
fi

# ---- what goes wrong ----

for source in small large; do
	for j in 1 2; do
		try 'madvise=EFAULT' equal -j$j
		try 'madvise#4=EFAULT' equal -j$j
		try 'madvise=EAGAIN' equal -j$j
		try 'pwrite#3=EFAULT' equal -j$j
		try 'pwrite#2=EINTR' equal -j$j
		try 'pwrite=short1000 pwrite#300=EFAULT' equal -j$j
		try 'pwrite#3+=ENOSPC' "No space left on device" -j$j
		try 'pwrite#3+=EIO' "Input/output error" -j$j
		# What write-back failed with is told once.
		try 'pwrite#3=EIO' "Input/output error" -j$j
		try 'pwrite#3=ENOSPC' "No space left on device" -j$j
		try 'mmap=ENODEV' equal -j$j
	done
done

# ---- a source that shrinks meanwhile ----

for j in 1 2; do
	for size in 0 4500000 4500100 8999999; do
		for to in new old; do
			cp older old
			pattern 9000123 >moving
			MMCP_SHIM_RUN="truncate -s $size moving"
			export MMCP_SHIM_RUN
			source=small
			run shimmed 'madvise#6=run' timeout 100 "$MMCP" --reflink=never \
				-j$j moving $to
			what="-j$j, $to: cut to $size"
			check "$what: all is well" went_well
			check "$what: the copy is the source" cmp moving $to
			rm -f new
		done
	done
done

finish
