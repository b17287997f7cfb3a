/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rules.h: which operations of faultfs fail, and how; read from the control file.  */
#ifndef RULES_H
#define RULES_H

#include <stddef.h>

/* The operations that rules name.  Those below the empty line are special cases:
	rdwr		open or create for reading and writing
	open-old	open of an existing file for writing, without O_TRUNC
	write-old	write through a descriptor that was opened in that way
	write-again	write that isn't the first through its descriptor
	write-apart	write that doesn't begin where the descriptor's last one ended
	punch		fallocate that punches a hole
	rename-flags	rename with any flag
	settle		not an operation: with delayN, a file's modification time is a
			second too early until N ms after it was modified  */
#define OPERATIONS(X)								\
	X(getattr, "getattr") X(readlink, "readlink") X(mknod, "mknod")		\
	X(mkdir, "mkdir") X(unlink, "unlink") X(rmdir, "rmdir")			\
	X(symlink, "symlink") X(rename, "rename") X(link, "link")		\
	X(chmod, "chmod") X(chown, "chown") X(truncate, "truncate")		\
	X(open, "open") X(create, "create") X(read, "read") X(write, "write")	\
	X(statfs, "statfs") X(flush, "flush") X(release, "release")		\
	X(fsync, "fsync") X(setxattr, "setxattr") X(getxattr, "getxattr")	\
	X(listxattr, "listxattr") X(removexattr, "removexattr")			\
	X(readdir, "readdir") X(fsyncdir, "fsyncdir") X(utimens, "utimens")	\
	X(fallocate, "fallocate") X(copy_file_range, "copy_file_range")		\
	X(lseek, "lseek")							\
										\
	X(rdwr, "rdwr") X(open_old, "open-old") X(write_old, "write-old")	\
	X(write_again, "write-again") X(write_apart, "write-apart")		\
	X(punch, "punch") X(rename_flags, "rename-flags") X(settle, "settle")

enum operation {
#define X(id, name) OP_##id,
	OPERATIONS(X)
#undef X
	OPERATION_COUNT,
};

/* The rules are in PATH from now on, and are read again whenever it has changed.  NULL or
   a file that is not there: no rules.  */
void rules_in(const char *path);

/* Do what the rules say of this use of OPERATION on NAME: wait, cut *LEN (which may be
   NULL), or neither.  Return 0, or a negative errno that is to be its answer: EBADMSG if
   the control file can't be understood.  */
int rules_apply(enum operation operation, const char *name, size_t *len);

/* Flip the bits that flipN rules for OPERATION on NAME say of the LEN BYTES at AT.  */
void rules_flip(enum operation operation, const char *name, char *bytes, size_t len,
		long long at);

/* Return 0, or a negative errno if a badN-M rule for OPERATION on NAME is about any of
   the LEN bytes at AT.  */
int rules_bad(enum operation operation, const char *name, size_t len, long long at);

/* The milliseconds of a delayN rule for OPERATION on NAME, or 0; nothing is counted.  */
long rules_delay(enum operation operation, const char *name);

#endif
