#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A mapper has the pages of a new file put there with their bytes.  What can't be had that
# way is written, or told.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
place tmpfs || skip_all "${why:-there is no tmpfs}"

pattern 70000123 >source
truncate -s 60M holes
for i in 1 2 3 4 5 6; do
	pattern 1300000 | dd of=holes bs=4096 seek=$((i * 2000)) conv=notrunc status=none
done

# supplies OPTION...: how many times a copy supplied pages.
supplies() {
	strace -f -qq -o trace -e trace=ioctl,userfaultfd "$MMCP" -j2 "$@" source \
		tmpfs/new
	grep -c 'UFFDIO_COPY\|_IOC_READ|_IOC_WRITE, 0xaa, 0x3' trace
}
some() { [ "$1" -gt 0 ] || { cat trace; return 1; }; }
none() { [ "$1" = 0 ] || { echo "$1 times"; return 1; }; }

# ---- where it is done ----

if ! have strace; then
	skip "who is supplied" "strace is not installed"
elif times=$(supplies || :); [ "$times" = 0 ] &&
	grep -q '\(userfaultfd(\|UFFDIO\).*= -1' trace; then
	skip "who is supplied" "there is no userfaultfd for us"
else
	check "a new file is supplied" some "$times"
	check "and is equal" cmp source tmpfs/new
	check "an old one has its pages" none "$(supplies)"
	check "and is equal" cmp source tmpfs/new
	rm -f tmpfs/new
	check "so it is with --engine=mmap" some "$(supplies --engine=mmap)"
	check "and is equal, too" cmp source tmpfs/new
	rm -f tmpfs/new
	for way in --engine=stream --sparse=always -j1; do
		check "not with $way" none "$(supplies $way)"
		check "which copies all the same" cmp source tmpfs/new
		rm -f tmpfs/new
	done
fi

# ---- what comes of it ----

# try RULES EXPECTED FILE OPTION...: EXPECTED is "equal" or a message.
try() {
	rules=$1 expected=$2 file=$3
	shift 3
	run shimmed "$rules" timeout 100 "$MMCP" "$@" -j2 "$file" tmpfs/new
	what="$file, $* with '$rules'"
	if [ "$expected" = equal ]; then
		check "$what: well" went_well
		check "$what: equal" cmp "$file" tmpfs/new
		check "$what: no more blocks" fewer_blocks
	else
		check "$what: exit status 1" status_is 1
		check "$what: told" err_has "$expected"
		check "$what: no new file" absent tmpfs/new
	fi
	check "$what: nothing is left behind" no_leftovers tmpfs
	rm -f tmpfs/new
}
fewer_blocks() { [ "$(stat -c %b tmpfs/new)" -le $(($(stat -c %b "$file") + 64)) ]; }

for file in source holes; do
	for option in --reflink=auto --reflink=never --sparse=never; do
		[ "$file,$option" = holes,--sparse=never ] && continue
		try '' equal "$file" $option
		for error in EEXIST ENOMEM EFAULT EAGAIN ENOENT; do
			try "ioctl#6=$error" equal "$file" $option
			try "ioctl#5+=$error" equal "$file" $option
		done
		try 'ioctl=EPERM' equal "$file" $option
		try 'ioctl#4=EINVAL' equal "$file" $option
		try 'ioctl#10=SIGKILL' equal "$file" $option
	done
done
try 'ioctl#5+=ENOMEM pwrite#2+=ENOSPC' "No space left on device" source
try 'madvise#7=EFAULT' equal source --reflink=never
try 'madvise#7=EFAULT' equal source --bwlimit=500M

# ---- a source that shrinks meanwhile ----

for size in 0 33333333 33333000 69999999; do
	cp source moving
	MMCP_SHIM_RUN="truncate -s $size moving"
	export MMCP_SHIM_RUN
	run shimmed 'ioctl#10=run' timeout 60 "$MMCP" --reflink=never -j2 moving tmpfs/new
	check "cut to $size: all is well" went_well
	check "cut to $size: the copy is the source" cmp moving tmpfs/new
done

finish
