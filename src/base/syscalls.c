/* SPDX-License-Identifier: GPL-3.0-or-later */
/* syscalls.c: if a call is missing, its function fails as an older kernel would, so that
   callers have one way to fall back.  */
#include "config.h"

#include "base/syscalls.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#ifdef HAVE_LINUX_FS_H
# include <linux/fs.h>
#endif

/* Since Linux 6.5.  New calls have been numbered alike on all architectures since 5.1,
   but not from the same start: alpha, MIPS and x32 have others before.  */
#if !defined SYS_cachestat && defined SYS_pidfd_send_signal
# define SYS_cachestat (SYS_pidfd_send_signal + 451 - 424)
#endif

/* Numbers of the kernel's that not every libc has.  */
#ifndef FALLOC_FL_ZERO_RANGE
# define FALLOC_FL_ZERO_RANGE 0x10
#endif

#ifdef HAVE_COPY_FILE_RANGE
ssize_t
sys_copy_range(int in, off_t *in_at, int out, off_t *out_at, size_t len)
{
	return copy_file_range(in, in_at, out, out_at, len, 0);
}
#else
ssize_t
sys_copy_range(int in, off_t *in_at, int out, off_t *out_at, size_t len)
{
	(void) in, (void) in_at, (void) out, (void) out_at, (void) len;
	errno = ENOSYS;
	return -1;
}
#endif

int
sys_clone(int out, int in)
{
#if HAVE_DECL_FICLONE
	return ioctl(out, FICLONE, in);
#else
	(void) out, (void) in;
	errno = EOPNOTSUPP;
	return -1;
#endif
}

int
sys_clone_at(int out, int in, off_t len, off_t at)
{
#if HAVE_DECL_FICLONERANGE
	struct file_clone_range range = { .src_fd = in, .src_length = (uint64_t) len,
					  .dest_offset = (uint64_t) at };

	return ioctl(out, FICLONERANGE, &range);
#else
	(void) out, (void) in, (void) len, (void) at;
	errno = EOPNOTSUPP;
	return -1;
#endif
}

#if defined HAVE_FALLOCATE && HAVE_DECL_FALLOC_FL_PUNCH_HOLE
int
sys_reserve(int fd, off_t at, off_t len)
{
	return fallocate(fd, FALLOC_FL_KEEP_SIZE, at, len);
}

int
sys_punch(int fd, off_t at, off_t len)
{
	return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, len);
}

int
sys_zero(int fd, off_t at, off_t len)
{
	return fallocate(fd, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, at, len);
}
#else
int
sys_reserve(int fd, off_t at, off_t len)
{
	(void) fd, (void) at, (void) len;
	errno = EOPNOTSUPP;
	return -1;
}

int
sys_punch(int fd, off_t at, off_t len)
{
	return sys_reserve(fd, at, len);
}

int
sys_zero(int fd, off_t at, off_t len)
{
	return sys_reserve(fd, at, len);
}
#endif

/* For NFS and others without the flag: link fails if the name exists, as it should.  FAT
   has no links, so there the check and the rename are two steps.  */
static int
rename_new_by_hand(int dir, const char *from, const char *to)
{
	struct stat st;

	if (linkat(dir, from, dir, to, 0) == 0) {
		if (unlinkat(dir, from, 0) == 0)
			return 1;
		const int err = errno;
		unlinkat(dir, to, 0);
		errno = err;
		return -1;
	}
	if (errno == EEXIST)
		return -1;
	if (fstatat(dir, to, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(dir, from, dir, to);
}

int
sys_rename_new(int dir, const char *from, const char *to)
{
#ifdef HAVE_RENAMEAT2
	if (renameat2(dir, from, dir, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS && errno != EPERM)
		return -1;
#endif
	return rename_new_by_hand(dir, from, to);
}

int
sys_tmpfile(int dir, int access, mode_t mode)
{
#if HAVE_DECL_O_TMPFILE
	return openat(dir, ".", O_TMPFILE | access | O_CLOEXEC, mode);
#else
	(void) dir, (void) access, (void) mode;
	errno = EOPNOTSUPP;
	return -1;
#endif
}

#if HAVE_DECL_SEEK_DATA
off_t
sys_next_data(int fd, off_t at)
{
	return lseek(fd, at, SEEK_DATA);
}

off_t
sys_next_hole(int fd, off_t at)
{
	return lseek(fd, at, SEEK_HOLE);
}
#else
off_t
sys_next_data(int fd, off_t at)
{
	(void) fd, (void) at;
	errno = EINVAL;
	return -1;
}

off_t
sys_next_hole(int fd, off_t at)
{
	return sys_next_data(fd, at);
}
#endif

int
sys_cached_pages(int fd, off_t from, off_t len, struct sys_pages *pages)
{
#ifdef SYS_cachestat
	const uint64_t range[2] = { (uint64_t) from, (uint64_t) len };
	uint64_t stat[5];

	if (syscall(SYS_cachestat, fd, range, stat, 0) < 0)
		return -1;
	*pages = (struct sys_pages) { stat[0], stat[1], stat[2] };
	return 0;
#else
	(void) fd, (void) from, (void) len, (void) pages;
	errno = ENOSYS;
	return -1;
#endif
}

ssize_t
sys_read_directory(int fd, void *buf, size_t size)
{
	ssize_t n;

	do
#ifdef HAVE_GETDENTS64
		n = getdents64(fd, buf, size);
#else
		n = syscall(SYS_getdents64, fd, buf, size);
#endif
	while (n < 0 && errno == EINTR);
	return n;
}

