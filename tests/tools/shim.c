/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shim.c: a preloaded library that makes chosen calls fail, fall short, wait or die.

   MMCP_SHIM is a list of rules, separated by spaces: CALL[@NAME][#N[+]]=WHAT
	@NAME	only for descriptors whose path ends in NAME; for calls that are given a
		name (or two: the new one), only if that ends in NAME; pipe: is any pipe
	#N	only the N-th such use, counted over the program and all its workers
	#N+	that one and all later; without # every use
   CALL may be tmpfile, an openat with O_TMPFILE, or rdwr, any with O_RDWR; large or
   small, a pwrite of more than 16 KiB, or of no more; huge or growing, a madvise that
   brings pages into a mapping which is advised to have huge folios, or isn't.
   With clock=frozen, no time passes by CLOCK_MONOTONIC, nor any of the process's, but
   that of slowN.
   WHAT is an errno's name, zero (return 0), shortN (no more than N bytes), delayN
   (milliseconds before the call), slowN (so many seem to pass before it, by the process's
   own CLOCK_MONOTONIC), run (the command in MMCP_SHIM_RUN before the call), renumber
   (fstatat says that hidden files of ours have another inode number, as some file systems
   do after a rename), blksizeN (fstat says that st_blksize is N), typeN (getdents64 says
   that the d_type of each entry is N), or SIGNAME (raised before the call).  For example:
	MMCP_SHIM='copy_file_range#2=EIO fsync@/dest=ENOSPC madvise#3=SIGSEGV'

   Translations are looked for in the directory MMCP_CATALOGUES, if it is set.  */
#include "config.h"

/* Else the headers have other functions of these names.  */
#undef _FORTIFY_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libintl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "shim.h"

#ifndef MADV_POPULATE_WRITE
# define MADV_POPULATE_WRITE 23
#endif

/* What musl declares in another way.  */
#ifdef __GLIBC__
typedef unsigned long ioctl_request;
#else
typedef int ioctl_request;
#endif

/* Where a long has 32 bits, what has offsets and times of 64 has another name in the
   library, which the headers give to what is called, and wrapped, here.  */
static void *
real(const char *name)
{
	static const char *const forms[] = {
		"__%s64_time64", "__%s_time64", "__%s64", "%s64",
	};
	void *found = NULL;
	char other[64];

	for (unsigned i = 0; sizeof(long) == 4 && found == NULL
	     && i < COUNT(forms); i++) {
		snprintf(other, sizeof other, forms[i], name);
		found = dlsym(RTLD_NEXT, other);
	}
	if (found == NULL)
		found = dlsym(RTLD_NEXT, name);
	if (found == NULL)
		abort();
	return found;
}

/* WRAP(type, name, descriptor, pointer to length or NULL, (parameters), (arguments))  */
#define WRAP(type, name, fd, len, parameters, arguments)			\
	type name parameters;							\
	type									\
	name parameters								\
	{									\
		static type (*next) parameters;					\
		long ret = 0;							\
		if (next == NULL)						\
			next = (type (*) parameters) real(#name);		\
		return answered(#name, fd, len, &ret) ? (type) ret : next arguments;	\
	}

/* The same for a call that is given the name PATH.  */
#define WRAP_AT(type, name, path, parameters, arguments)			\
	type name parameters;							\
	type									\
	name parameters								\
	{									\
		static type (*next) parameters;					\
		long ret = 0;							\
		if (next == NULL)						\
			next = (type (*) parameters) real(#name);		\
		return answered_at(#name, -1, path, NULL, &ret)				\
			? (type) ret : next arguments;					\
	}

WRAP(ssize_t, read, fd, &len, (int fd, void *buf, size_t len), (fd, buf, len))
WRAP(ssize_t, write, fd, &len, (int fd, const void *buf, size_t len), (fd, buf, len))
WRAP(ssize_t, pread, fd, &len, (int fd, void *buf, size_t len, off_t at),
     (fd, buf, len, at))
WRAP(ssize_t, copy_file_range, out, &len,
	(int in, off_t *in_at, int out, off_t *out_at, size_t len, unsigned flags),
	(in, in_at, out, out_at, len, flags))
WRAP(int, ftruncate, fd, NULL, (int fd, off_t size), (fd, size))
WRAP(int, fallocate, fd, NULL, (int fd, int mode, off_t at, off_t len),
     (fd, mode, at, len))
WRAP(int, fsync, fd, NULL, (int fd), (fd))
WRAP(int, fdatasync, fd, NULL, (int fd), (fd))
WRAP(int, syncfs, fd, NULL, (int fd), (fd))
WRAP(int, sync_file_range, fd, NULL, (int fd, off_t at, off_t len, unsigned flags),
     (fd, at, len, flags))
WRAP(int, close, fd, NULL, (int fd), (fd))
WRAP(int, close_range, -1, NULL, (unsigned first, unsigned last, int flags),
     (first, last, flags))
WRAP(int, msync, -1, NULL, (void *addr, size_t len, int flags), (addr, len, flags))
WRAP_AT(int, linkat, b, (int from, const char *a, int to, const char *b, int flags),
	(from, a, to, b, flags))
WRAP_AT(int, renameat2, b,
	(int from, const char *a, int to, const char *b, unsigned flags),
	(from, a, to, b, flags))
WRAP_AT(int, renameat, b, (int from, const char *a, int to, const char *b),
	(from, a, to, b))
WRAP(int, pthread_mutex_unlock, -1, NULL, (pthread_mutex_t *mutex), (mutex))
WRAP(int, pipe2, -1, NULL, (int pair[2], int flags), (pair, flags))
WRAP(int, eventfd, -1, NULL, (unsigned value, int flags), (value, flags))
WRAP(pid_t, fork, -1, NULL, (void), ())
WRAP(int, socketpair, -1, NULL, (int domain, int type, int protocol, int pair[2]),
	(domain, type, protocol, pair))
WRAP(ssize_t, sendmsg, fd, NULL, (int fd, const struct msghdr *message, int flags),
	(fd, message, flags))
WRAP(ssize_t, recvmsg, fd, NULL, (int fd, struct msghdr *message, int flags),
	(fd, message, flags))
WRAP(ssize_t, send, fd, NULL, (int fd, const void *buf, size_t len, int flags),
	(fd, buf, len, flags))
WRAP(int, fchown, fd, NULL, (int fd, uid_t uid, gid_t gid), (fd, uid, gid))
WRAP(int, fchmod, fd, NULL, (int fd, mode_t mode), (fd, mode))
WRAP(int, futimens, fd, NULL, (int fd, const struct timespec times[2]), (fd, times))
WRAP_AT(int, fsetxattr, name,
	(int fd, const char *name, const void *value, size_t len, int flags),
	(fd, name, value, len, flags))
WRAP_AT(int, setxattr, name,
	(const char *path, const char *name, const void *value, size_t len, int flags),
	(path, name, value, len, flags))
WRAP_AT(int, mkdirat, path, (int dir, const char *path, mode_t mode), (dir, path, mode))
WRAP_AT(int, fchmodat, path, (int dir, const char *path, mode_t mode, int flags),
	(dir, path, mode, flags))
WRAP_AT(int, symlinkat, path, (const char *target, int dir, const char *path),
	(target, dir, path))
WRAP_AT(int, mknodat, path, (int dir, const char *path, mode_t mode, dev_t device),
	(dir, path, mode, device))
WRAP_AT(int, mkfifoat, path, (int dir, const char *path, mode_t mode), (dir, path, mode))
WRAP_AT(int, unlinkat, path, (int dir, const char *path, int flags), (dir, path, flags))
WRAP(off_t, lseek, fd, NULL, (int fd, off_t at, int whence), (fd, at, whence))

ssize_t
pwrite(int fd, const void *buf, size_t len, off_t at)
{
	static ssize_t (*next)(int, const void *, size_t, off_t);
	const char *const kind = len > 16 << 10 ? "large" : "small";
	long ret = 0;

	if (next == NULL)
		next = (ssize_t (*)(int, const void *, size_t, off_t)) real("pwrite");
	return answered(kind, fd, &len, &ret) || answered("pwrite", fd, &len, &ret)
		? (ssize_t) ret : next(fd, buf, len, at);
}

/* What a mapping was last advised is remembered, whichever it was.  */
int
madvise(void *addr, size_t len, int advice)
{
	static int (*next)(void *, size_t, int);
	static bool huge;
	long ret = 0;

	if (next == NULL)
		next = (int (*)(void *, size_t, int)) real("madvise");
	if (advice == MADV_HUGEPAGE || advice == MADV_NOHUGEPAGE)
		huge = advice == MADV_HUGEPAGE;
	if (advice == MADV_POPULATE_WRITE
	    && answered(huge ? "huge" : "growing", -1, NULL, &ret))
		return (int) ret;
	return answered("madvise", -1, NULL, &ret) ? (int) ret : next(addr, len, advice);
}

int
clock_gettime(clockid_t clock, struct timespec *time)
{
	static int (*next)(clockid_t, struct timespec *);

	if (next == NULL)
		next = (int (*)(clockid_t, struct timespec *)) real("clock_gettime");
	const int ret = next(clock, time);
	if (ret == 0 && (clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE
			 || clock == CLOCK_PROCESS_CPUTIME_ID)) {
		for (unsigned i = 0; i < count; i++)
			if (strcmp(rules[i].what, "frozen") == 0)
				*time = (struct timespec) { .tv_sec = 1 };
		time->tv_sec += ahead / 1000;
		time->tv_nsec += ahead % 1000 * 1000000;
		if (time->tv_nsec >= 1000000000) {
			time->tv_nsec -= 1000000000;
			time->tv_sec++;
		}
	}
	return ret;
}

int
fstatat(int dir, const char *path, struct stat *st, int flags)
{
	static int (*next)(int, const char *, struct stat *, int);
	long ret = 0;

	if (next == NULL)
		next = (int (*)(int, const char *, struct stat *, int)) real("fstatat");
	if (answered_at("fstatat", -1, path, NULL, &ret))
		return (int) ret;
	ret = next(dir, path, st, flags);
	for (unsigned i = 0; i < count; i++)
		if (strcmp(rules[i].what, "renumber") == 0
		    && strncmp(path, ".mmcp-", 6) == 0)
			st->st_ino++;
	return (int) ret;
}

int
fstat(int fd, struct stat *st)
{
	static int (*next)(int, struct stat *);
	long ret = 0;

	if (next == NULL)
		next = (int (*)(int, struct stat *)) real("fstat");
	if (answered("fstat", fd, NULL, &ret))
		return (int) ret;
	ret = next(fd, st);
	for (unsigned i = 0; i < count; i++)
		if (strncmp(rules[i].what, "blksize", 7) == 0)
			st->st_blksize = atol(rules[i].what + 7);
	return (int) ret;
}

/* mmap fails in its own way, and only mappings of files count.  */
void *
mmap(void *addr, size_t len, int prot, int flags, int fd, off_t at)
{
	static void *(*next)(void *, size_t, int, int, int, off_t);
	long ret = 0;

	if (next == NULL)
		next = (void *(*)(void *, size_t, int, int, int, off_t)) real("mmap");
	return fd >= 0 && answered("mmap", fd, NULL, &ret) ? MAP_FAILED
		: next(addr, len, prot, flags, fd, at);
}

/* FICLONE is the only ioctl there is to fail.  */
int
ioctl(int fd, ioctl_request request, ...)
{
	static int (*next)(int, ioctl_request, void *);
	long ret = 0;
	va_list args;

	va_start(args, request);
	void *const arg = va_arg(args, void *);
	va_end(args);
	if (next == NULL)
		next = (int (*)(int, ioctl_request, void *)) real("ioctl");
	return answered("ioctl", fd, NULL, &ret) ? (int) ret : next(fd, request, arg);
}

/* O_TMPFILE alone is told apart from other opens, as "tmpfile".  */
int
openat(int dir, const char *path, int flags, ...)
{
	static int (*next)(int, const char *, int, mode_t);
	long ret = 0;
	va_list args;

	va_start(args, flags);
	const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t)
		: 0;
	va_end(args);
	if (next == NULL)
		next = (int (*)(int, const char *, int, mode_t)) real("openat");
	const char *const call = (flags & O_TMPFILE) == O_TMPFILE ? "tmpfile" : "openat";
	if ((flags & O_ACCMODE) == O_RDWR && answered_at("rdwr", -1, path, NULL, &ret))
		return (int) ret;
	return answered_at(call, -1, path, NULL, &ret) ? (int) ret
		: next(dir, path, flags, mode);
}

/* What is read of a directory, with the types that a rule wants.  */
static ssize_t
doctored(char *buf, ssize_t n)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(rules[i].call, "getdents64") == 0
		    && strncmp(rules[i].what, "type", 4) == 0)
			for (ssize_t at = 0; at < n; at += ((struct dirent64 *) (buf
			+ at))->d_reclen)
				((struct dirent64 *) (buf + at))->d_type
					= (unsigned char) atoi(rules[i].what + 4);
	return n;
}

/* By whichever way it is called.  */
long
syscall(long number, ...)
{
	static long (*next)(long, ...);
	long ret = 0;
	long a[6];
	va_list args;

	va_start(args, number);
	for (size_t i = 0; i < COUNT(a); i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (next == NULL)
		next = (long (*)(long, ...)) real("syscall");
	if (number != SYS_getdents64)
		return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	size_t len = (size_t) a[2];
	if (answered("getdents64", (int) a[0], &len, &ret))
		return ret;
	return doctored((char *) a[1], next(number, a[0], a[1], len));
}

#ifdef getdents64
int
getdents(int fd, struct dirent *buf, size_t len)
{
	return (int) syscall(SYS_getdents64, fd, buf, len);
}
#else
ssize_t
getdents64(int fd, void *buf, size_t len)
{
	return syscall(SYS_getdents64, fd, buf, len);
}
#endif

#undef bindtextdomain
char *
bindtextdomain(const char *domain, const char *directory)
{
	char *(*const next)(const char *, const char *) = real("bindtextdomain");
	const char *const instead = getenv("MMCP_CATALOGUES");

	return next(domain, instead != NULL && directory != NULL ? instead : directory);
}

/* What _FORTIFY_SOURCE makes of calls whose arguments can be checked.  */
#if __SIZEOF_LONG__ == 4
# define __openat_2 __openat64_2
# define __pread_chk __pread64_chk
#endif
int __openat_2(int dir, const char *path, int flags);
int
__openat_2(int dir, const char *path, int flags)
{
	return openat(dir, path, flags);
}

ssize_t __read_chk(int fd, void *buf, size_t len, size_t size);
ssize_t
__read_chk(int fd, void *buf, size_t len, size_t size)
{
	return len <= size ? read(fd, buf, len) : (abort(), -1);
}

ssize_t __pread_chk(int fd, void *buf, size_t len, off_t at, size_t size);
ssize_t
__pread_chk(int fd, void *buf, size_t len, off_t at, size_t size)
{
	return len <= size ? pread(fd, buf, len, at) : (abort(), -1);
}
