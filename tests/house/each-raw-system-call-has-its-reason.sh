#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What libc has a function for is called by it: fakeroot, pseudo and their like see
# nothing else.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

src=${srcdir:-.}/src

# File, call, and why it may be raw.
cat >reasons <<'END'
base/syscalls.c SYS_cachestat asks what is in memory; glibc 2.41 has no function
engine/directqueue.c SYS_io_setup makes a queue; libaio's functions are no more than this
engine/directqueue.c SYS_io_destroy ends that queue
engine/directqueue.c SYS_io_submit reads and writes by descriptors that libc opened
engine/directqueue.c SYS_io_getevents waits for what was submitted
engine/userfault.c SYS_userfaultfd opens no file; glibc 2.41 has no function
base/inode.c SYS_statx where libc has no statx; libc has all else that a preload wants
base/syscalls.c SYS_getdents64 where libc has no getdents64; libc opens the directory
END
cut -d ' ' -f 1,2 reasons | sort >wanted

# No other way to make one, such as by its number.
grep -rn 'syscall *(' "$src" | grep -v 'syscall(SYS_[a-z0-9_]*[,)]' >unnamed
check "each is made by its name" test ! -s unnamed
grep -rn '__NR_\|__asm\|[^a-z_]asm *(\|[^a-z_]asm  *volatile' "$src" >hidden
check "none is made in another way" test ! -s hidden

for file in "$src"/*.c "$src"/*/*.c; do
	sed -n "s,^.*syscall(\\(SYS_[a-z0-9_]*\\).*\$,${file#"$src/"} \\1,p" "$file"
done | sort -u >found
check "each one in the sources has a reason here, and is there" diff wanted found

finish
