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

/* As faccessat(2) with our effective IDs.  Return 0, or -1 with errno.  */
int
sys_access(int dir, const char *path, int how);

/* Return the device that directory DIR is on, or 0.  Makes no request to the file
   system.  */
dev_t
sys_device(int dir);

/* Whether nothing can be renamed or removed in directory DIR (chattr +a).  errno is then
   what a rename would have.  */
bool
sys_only_grows(int dir);

/* Whether NAME in directory DIR can be neither removed nor renamed over, as far as that
   can be known before (a sticky directory, chattr +a or +i).  errno is then what unlink
   would have.  */
bool
sys_stays(int dir, const char *name);

/* Make up a name that nobody has or looks for: ".mmcp-" and 16 hexadecimal digits, of
   which the first half is the user's number.  */
enum { SYS_HIDDEN_NAME = 24 };
void
sys_hidden_name(char name[static SYS_HIDDEN_NAME]);

/* Sync the directory PATH below AT.  0, also where the file system has nothing to sync;
   or -1.  */
int
sys_sync_directory(int at, const char *path);

/* Open a file without a name in DIR, for ACCESS (O_RDWR or O_WRONLY).  Return a
   descriptor, or -1 with errno: EOPNOTSUPP, EISDIR or EINVAL if the kernel or the file
   system can't.  */
int
sys_tmpfile(int dir, int access, mode_t mode);

/* The two numbers, or one, at the start of file PATH, as those of /sys have them: how
   many were read.  */
int
sys_read_numbers(const char *path, long long *first, long long *second);

/* The bytes of the folio that a page fault brings in after sys_advise_huge; 0 where
   that is not known, or does nothing (Linux before 5.18, or built without huge pages).  */
size_t
sys_huge_fault(void);

/* Have a page fault of a mapping [ADDR, ADDR+LEN) of a file bring in one folio of
   sys_huge_fault() bytes, where the file system has such, and no more than it.  0, or
   -1 with errno.  */
int
sys_advise_huge(void *addr, size_t len);

/* Have the pages of a mapping [ADDR, ADDR+LEN) present for reading (or writing),
   with an errno instead of SIGBUS: EFAULT where a page can't be had.  0, also where
   the kernel is too old to know; or -1.  ADDR is on a page boundary.  */
int
sys_populate(void *addr, size_t len, bool for_writing);

/* Offset of the next data (or hole) at or after AT; -1 with ENXIO where there is
   none, EINVAL where the file system can't tell.  */
off_t
sys_next_data(int fd, off_t at);

off_t
sys_next_hole(int fd, off_t at);

/* pread until LEN bytes or end of file; bytes read, or -1.  EINTR is retried.  */
ssize_t
sys_pread_all(int fd, void *buf, size_t len, off_t at);

/* pwrite until LEN bytes are out; 0, or -1.  EINTR is retried.  */
int
sys_pwrite_all(int fd, const void *buf, size_t len, off_t at);

/* Close COUNT descriptors, none of which has a word to say about it; in as few calls as
   their numbers, in rising order, allow.  */
void
sys_close_all(const int *fds, unsigned count);

/* In a child: close all descriptors but the standard ones and FD, where the kernel can do
   that in one call.  FD's new number.  */
int
sys_keep_only(int fd);

/* Read entries of directory FD into BUF of SIZE bytes, as getdents64(2): bytes, 0 at the
   end, or -1.  */
ssize_t
sys_read_directory(int fd, void *buf, size_t size);

/* The name in /proc of the open file FD, for what has no call of its own.  */
struct sys_proc_name {
	char text[32];
};
struct sys_proc_name
sys_proc_name(int fd);

/* Bytes in a page of memory.  */
size_t
sys_page_size(void);

/* The file system of FD: its type, as in statfs(2), and the size of its blocks; zeros if
   they are unknown.  As this may be a request to a server, the kernel is asked once for
   each DEVICE, FD's device; if that is 0 (unknown), each time.  errno is kept.  */
struct sys_fs {
	unsigned type;
	size_t block;
};
struct sys_fs
sys_fs(int fd, dev_t device);

/* The same of PATH below AT, symlinks followed; "." is AT itself, even if open by
   O_PATH.  */
struct sys_fs
sys_fs_at(int at, const char *path, dev_t device);

/* Return the huge page size in bytes if FD is on hugetlbfs, else 0.  DEVICE is as for
   sys_fs.  errno is kept.  */
size_t
sys_hugetlb_page(int fd, dev_t device);

/* Whether directory FD is TARGET or below it; also where that can't be found out.  */
bool
sys_is_below(int fd, const struct stat *target);

/* Nanoseconds, on a clock that only goes forward.  */
uint64_t
sys_clock(void);

/* Whether our children would be in another PID namespace than we are ("unshare -p"
   without -f).  The first of them would be its init: its end ends the others, takes
   until we have reaped them, and no fork succeeds after it; and they have other numbers
   for each other than we have.  False where it can't be found out.  */
bool
sys_forks_elsewhere(void);

/* Whether A and B are one file.  */
bool
sys_same_inode(const struct stat *a, const struct stat *b);

#endif
