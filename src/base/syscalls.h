/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_SYSCALLS_H
#define MMCP_BASE_SYSCALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* The system calls that not every Linux has, and whole reads and writes.
   Everything here returns what the call returns: -1 with errno on error, and
   ENOSYS or EOPNOTSUPP where the machine that built us lacked the call.  */

/* As copy_file_range(2); both offsets are advanced (bytes).  */
ssize_t
sys_copy_range(int in, off_t *in_at, int out, off_t *out_at, size_t len);

/* Share all of IN's blocks with OUT (FICLONE).  0, or -1.  */
int
sys_clone(int out, int in);

/* Share the blocks of IN's first LEN bytes (0: all) with OUT, at its offset AT
   (FICLONERANGE).  Both are multiples of the block size.  0, or -1.  */
int
sys_clone_at(int out, int in, off_t len, off_t at);

/* Reserve blocks for [AT, AT+LEN) without changing the file's size.  0, or -1.
   Never libc's emulation.  */
int
sys_reserve(int fd, off_t at, off_t len);

/* Turn [AT, AT+LEN) into a hole, size unchanged.  0, or -1.  */
int
sys_punch(int fd, off_t at, off_t len);

/* Make [AT, AT+LEN) zeros that have blocks, and keep the size.  Return 0, or -1 with
   errno.  */
int
sys_zero(int fd, off_t at, off_t len);

/* rename(2) within DIR that refuses with EEXIST to replace anything; where the file
   system doesn't know the flag, link and unlink.  0; 1 if it was done by a link; or -1.  */
int
sys_rename_new(int dir, const char *from, const char *to);

/* Open a file without a name in DIR, for ACCESS (O_RDWR or O_WRONLY).  Return a
   descriptor, or -1 with errno: EOPNOTSUPP, EISDIR or EINVAL if the kernel or the file
   system can't.  */
int
sys_tmpfile(int dir, int access, mode_t mode);

/* Offset of the next data (or hole) at or after AT; -1 with ENXIO where there is
   none, EINVAL where the file system can't tell.  */
off_t
sys_next_data(int fd, off_t at);

off_t
sys_next_hole(int fd, off_t at);

/* Read entries of directory FD into BUF of SIZE bytes, as getdents64(2): bytes, 0 at the
   end, or -1.  */
ssize_t
sys_read_directory(int fd, void *buf, size_t size);

#endif
