/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_SYSCALLS_H
#define MMCP_BASE_SYSCALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* The system calls that not every Linux has.  Each returns what the call returns: -1 with
   errno on error; ENOSYS or EOPNOTSUPP if it wasn't known when the program was built.  */

/* As copy_file_range(2); both offsets (bytes) are advanced.  */
ssize_t
sys_copy_range(int in, off_t *in_at, int out, off_t *out_at, size_t len);

/* Share all of IN's blocks with OUT (FICLONE).  */
int
sys_clone(int out, int in);

/* Share the blocks of IN's first LEN bytes (0: all) with OUT, at its offset AT
   (FICLONERANGE).  Both are multiples of the block size.  */
int
sys_clone_at(int out, int in, off_t len, off_t at);

/* Reserve blocks for [AT, AT+LEN) without changing the file's size; not by libc's
   emulation, which writes.  */
int
sys_reserve(int fd, off_t at, off_t len);

/* Turn [AT, AT+LEN) into a hole without changing the file's size.  */
int
sys_punch(int fd, off_t at, off_t len);

/* Make [AT, AT+LEN) zeros that have blocks without changing the file's size.  */
int
sys_zero(int fd, off_t at, off_t len);

/* Rename FROM to TO within DIR, and fail with EEXIST if TO exists; by link and unlink if
   the file system can't do that in one step.  Return 0; 1 if it was done by a link; or
   -1.  */
int
sys_rename_new(int dir, const char *from, const char *to);

/* Create a file without a name in DIR, open for ACCESS (O_RDWR or O_WRONLY).  Return a
   descriptor, or -1 with errno: EOPNOTSUPP, EISDIR or EINVAL if the kernel or the file
   system can't.  */
int
sys_tmpfile(int dir, int access, mode_t mode);

/* Return the offset of the next data (or hole) at or after AT; -1 with errno: ENXIO if
   there is none, EINVAL if the file system can't tell.  */
off_t
sys_next_data(int fd, off_t at);

off_t
sys_next_hole(int fd, off_t at);

/* Pages of a file: in memory, and of these, those still to be written.  */
struct sys_pages {
	uint64_t cached, dirty, writeback;
};

/* Set *PAGES to those in FD's [FROM, FROM+LEN), as cachestat(2), since Linux 6.5.  Return
   0, or -1.  No page may be wrong: those of a file on overlay belong to the file below,
   which it doesn't look at (6.18); mincore does.  */
int
sys_cached_pages(int fd, off_t from, off_t len, struct sys_pages *pages);

/* Read entries of directory FD into BUF of SIZE bytes, as getdents64(2); repeated if it
   is interrupted.  Return the number of bytes, 0 at the end, or -1.  */
ssize_t
sys_read_directory(int fd, void *buf, size_t size);

#endif
