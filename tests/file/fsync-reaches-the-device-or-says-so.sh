#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What is synced, and in which order, by strace; and what happens if that fails.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need strace
strace -o /dev/null true 2>/dev/null || skip_all "strace can't trace here"

pattern 3000000 >source
no_leak_check

traced=msync,fsync,fdatasync,linkat,rename,renameat,renameat2,ftruncate,fchmod,fchown

# trace OPTION...: print the calls of the parent that sync, in order, a word each.
trace() {
	strace -y -o trace -e trace="$traced" "$MMCP" --fsync "$@" 2>err
	# The directory is recognized by the path of the descriptor: the current one.
	calls=$(sed -n "s|^fsync([0-9]*<$work>.*|fsync-directory|p
		s|^fsync([0-9]*<$work/sub>.*|fsync-sub|p
		s/^msync(.*MS_SYNC.*/msync/p
		s/^fsync(.*/fsync/p
		s/^linkat(.*/name/p; s/^renameat.*/rename/p" trace | tr '\n' ' ')
}

trace --engine=mmap source new
check "mapped: flushed, named, and the directory flushed" \
	test "$calls" = "msync fsync name fsync-directory "
trace --engine=mmap source new
check "onto an old file: flushed, and the directory flushed" \
	test "$calls" = "msync fsync fsync-directory "
trace --atomic --engine=mmap source new
check "replaced: flushed before it takes the name" \
	test "$calls" = "msync fsync name rename fsync-directory "
rm -f new
trace --engine=kernel source new
check "by the kernel: the same" test "$calls" = "fsync name fsync-directory "
head -c 100 source >small
trace small new2
check "a small file: the same" test "$calls" = "fsync fsync-directory "
mkdir sub; : >sub/file; ln -s sub/file link
trace source link
check "through a symlink it is the target's directory that counts" \
	test "$calls" = "fsync fsync-sub "

for n in 1 2; do
	rm -f new
	run strace -qq -o /dev/null -e trace=fsync -e inject=fsync:error=EIO:when=$n \
		"$MMCP" --fsync source new
	check "sync $n failing with EIO: exit status 1" status_is 1
	check "sync $n failing with EIO: one line with the reason" \
		grep -q "^mmcp: cannot flush .*'new'.*: Input/output error$" err
	check "sync $n failing with EIO: no new file" absent new
done
rm -f new
run strace -qq -o /dev/null -e trace=msync -e inject=msync:error=EIO "$MMCP" --fsync \
	--engine=mmap source new
check "msync failing with EIO: exit status 1" status_is 1
check "msync failing with EIO: no new file" absent new
run "$MMCP" --fsync small /dev/null
check "a device that can't be flushed is no error" status_is 0

finish
