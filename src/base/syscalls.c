/* SPDX-License-Identifier: GPL-3.0-or-later */
/* syscalls.c: the ground under everything else.  It never prints, and where a call is
   missing it refuses as the kernel would, so that callers have one way to fall back.  */
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

/* For NFS and its kin: a second name is refused if it exists, which is what we want;
   FAT has no second names, so there the check and the rename are two steps.  */
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
sys_sync_directory(int at, const char *path)
{
	const int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	int ret = fsync(fd);
	if (ret < 0 && (errno == EINVAL || errno == EROFS))
		ret = 0;
	const int saved = errno;
	close(fd);
	errno = saved;
	return ret;
}

/* As faccessat, by a path.  What can't be found out is allowed.  */
static int
access_by_path(int dir, const char *path, int how)
{
	const bool here = dir == AT_FDCWD || *path == '/';
	char *name = NULL;

	if (!here && asprintf(&name, "%s/%s", sys_proc_name(dir).text, path) < 0)
		return 0;
	const int ret = euidaccess(here ? path : name, how);
	const int err = errno;
	free(name);
	errno = err;
	return ret < 0 && err == ENOENT ? 0 : ret;
}

int
sys_access(int dir, const char *path, int how)
{
	const int ret = faccessat(dir, path, how, AT_EACCESS);

	/* faccessat2, which glibc calls, may be refused by a filter.  */
	return ret < 0 && errno == EPERM ? access_by_path(dir, path, how) : ret;
}

dev_t
sys_device(int dir)
{
	struct statx stx;

	return statx(dir, dir == AT_FDCWD ? "." : "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
		     0, &stx) == 0
		? makedev(stx.stx_dev_major, stx.stx_dev_minor) : 0;
}

/* The attributes STATX_ATTR_ that NAME below DIR has, as far as they can be had.  */
static uint64_t
attributes_of(int dir, const char *name)
{
	struct statx stx;

	return statx(dir, name, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, 0, &stx) == 0
		? stx.stx_attributes : 0;
}

bool
sys_only_grows(int dir)
{
	const bool only = (attributes_of(dir, "") & STATX_ATTR_APPEND) != 0;

	errno = EPERM;
	return only;
}

bool
sys_stays(int dir, const char *name)
{
	const uint64_t fixed = STATX_ATTR_APPEND | STATX_ATTR_IMMUTABLE;
	const uid_t user = geteuid();
	struct stat at, file;

	if (fstatat(dir, "", &at, AT_EMPTY_PATH) < 0
	    || fstatat(dir, name, &file, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	const bool stays = ((attributes_of(dir, "") | attributes_of(dir,
								    name)) & fixed) != 0;
	errno = EPERM;
	return stays || ((at.st_mode & S_ISVTX) != 0 && user != 0 && user != at.st_uid
			 && user != file.st_uid);
}

/* Bits that nobody expects; or, early at boot or behind a filter, that are new.  */
static uint32_t
random_bits(void)
{
	static uint32_t calls;
	uint32_t bits;

	if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) == sizeof bits)
		return bits;
	return (uint32_t) (sys_clock() * 2654435761) ^ (uint32_t) getpid() << 12 ^ calls++;
}

void
sys_hidden_name(char name[static SYS_HIDDEN_NAME])
{
	snprintf(name, SYS_HIDDEN_NAME, ".mmcp-%08x%08x", (unsigned) geteuid(),
		 (unsigned) random_bits());
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

/* Whether the kernel is MAJOR.MINOR or newer.  */
static bool
kernel_is(unsigned major, unsigned minor)
{
	struct utsname name;
	unsigned first, second;

	return uname(&name) == 0 && sscanf(name.release, "%u.%u", &first, &second) == 2
		&& (first > major || (first == major && second >= minor));
}

int
sys_read_numbers(const char *path, long long *first, long long *second)
{
	FILE *const f = fopen(path, "re");
	int got;

	if (f == NULL)
		return 0;
	got = fscanf(f, "%lld %lld", first, second);
	fclose(f);
	return got < 0 ? 0 : got;
}

size_t
sys_huge_fault(void)
{
	static const char path[] = "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size";
	long long size, unused;

	return kernel_is(5, 18) && sys_read_numbers(path, &size, &unused) > 0
		? (size_t) size : 0;
}

int
sys_advise_huge(void *addr, size_t len)
{
	if (madvise(addr, len, MADV_HUGEPAGE) < 0)
		return -1;
	/* Or a page fault would bring in two, and ask for more ahead.  */
	posix_madvise(addr, len, POSIX_MADV_RANDOM);
	return 0;
}

int
sys_populate(void *addr, size_t len, bool for_writing)
{
#if HAVE_DECL_MADV_POPULATE_READ
	int ret;

	do
		ret = madvise(addr, len, for_writing ? MADV_POPULATE_WRITE
			      : MADV_POPULATE_READ);
	while (ret < 0 && errno == EINTR);
	/* EINVAL: a kernel before 5.14.  The guard round memcpy serves alone.  */
	return ret < 0 && errno == EINVAL ? 0 : ret;
#else
	(void) addr, (void) len, (void) for_writing;
	return 0;
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

ssize_t
sys_pread_all(int fd, void *buf, size_t len, off_t at)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = pread(fd, (char *) buf + got, len - got, at + (off_t) got);
		if (n == 0)
			break;
		if (n > 0)
			got += (size_t) n;
		else if (errno != EINTR)
			return -1;
	}
	return (ssize_t) got;
}

int
sys_pwrite_all(int fd, const void *buf, size_t len, off_t at)
{
	size_t put = 0;

	while (put < len) {
		ssize_t n = pwrite(fd, (const char *) buf + put, len - put,
				   at + (off_t) put);
		if (n > 0)
			put += (size_t) n;
		else if (n == 0) {	/* Not a thing that files do; never spin on it.  */
			errno = EIO;
			return -1;
		} else if (errno != EINTR)
			return -1;
	}
	return 0;
}

/* From FIRST to LAST.  */
static void
close_run(int first, int last)
{
#ifdef HAVE_CLOSE_RANGE
	if (first < last && close_range((unsigned) first, (unsigned) last, 0) == 0)
		return;
#endif
	for (int fd = first; fd <= last; fd++)
		close(fd);
}

void
sys_close_all(const int *fds, unsigned count)
{
	for (unsigned i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && fds[next] == fds[next - 1] + 1; next++)
			;
		close_run(fds[i], fds[next - 1]);
	}
}

int
sys_keep_only(int fd)
{
#ifdef HAVE_CLOSE_RANGE
	enum { LOWEST = 3 };
	const int kept = fd == LOWEST ? fd : dup3(fd, LOWEST, O_CLOEXEC);

	if (kept == LOWEST) {
		close_range(LOWEST + 1, ~0U, 0);
		return kept;
	}
#endif
	return fd;
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

struct sys_proc_name
sys_proc_name(int fd)
{
	struct sys_proc_name name;

	sprintf(name.text, "/proc/self/fd/%d", fd);
	return name;
}

size_t
sys_page_size(void)
{
	static size_t size;

	if (size == 0)
		size = (size_t) sysconf(_SC_PAGESIZE);
	return size;
}

/* statfs of PATH below AT, symlinks followed; "." is AT itself, even if open by O_PATH.  */
static int
statfs_at(int at, const char *path, struct statfs *fs)
{
	if (at == AT_FDCWD || *path == '/')
		return statfs(path, fs);
	if (strcmp(path, ".") == 0)
		return fstatfs(at, fs);
	const int fd = openat(at, path, O_PATH | O_CLOEXEC);
	const int ret = fd < 0 ? -1 : fstatfs(fd, fs);

	if (fd >= 0)
		close(fd);
	return ret;
}

struct sys_fs
sys_fs_at(int at, const char *path, dev_t device)
{
	enum { KNOWN = 4 };
	static struct { dev_t device; struct sys_fs fs; } known[KNOWN];
	static unsigned next;
	const int saved = errno;
	struct statfs fs;

	for (unsigned i = 0; i < KNOWN && device != 0; i++)
		if (known[i].device == device)
			return known[i].fs;
	const int ret = statfs_at(at, path, &fs);
	errno = saved;
	if (ret < 0)
		return (struct sys_fs) { .type = 0 };
	const struct sys_fs found = { (unsigned) fs.f_type, (size_t) fs.f_bsize };
	if (device != 0) {
		known[next].device = device;
		known[next].fs = found;
		next = (next + 1) % KNOWN;
	}
	return found;
}

struct sys_fs
sys_fs(int fd, dev_t device)
{
	return sys_fs_at(fd, ".", device);
}

size_t
sys_hugetlb_page(int fd, dev_t device)
{
	enum { HUGETLBFS = 0x958458f6 };
	const struct sys_fs fs = sys_fs(fd, device);

	return fs.type == HUGETLBFS ? fs.block : 0;
}

bool
sys_same_inode(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

bool
sys_is_below(int fd, const struct stat *target)
{
	struct stat st, last = { .st_ino = 0 };
	int at = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	bool below = true;		/* where it can't be found out */

	while (at >= 0 && fstat(at, &st) == 0) {
		below = sys_same_inode(&st, target);
		if (below || sys_same_inode(&st, &last))
			break;
		last = st;
		below = true;
		const int up = openat(at, "..", O_PATH | O_CLOEXEC);
		close(at);
		at = up;
	}
	if (at >= 0)
		close(at);
	return below;
}

uint64_t
sys_clock(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t) time.tv_sec * 1000000000 + (uint64_t) time.tv_nsec;
}

bool
sys_forks_elsewhere(void)
{
	static const char children[] = "/proc/self/ns/pid_for_children";	/* since 4.12 */
	struct stat ours, theirs;

	/* Before the first of them, the link is there and leads nowhere.  */
	if (stat(children, &theirs) < 0)
		return lstat(children, &theirs) == 0;
	return stat("/proc/self/ns/pid", &ours) == 0 && !sys_same_inode(&ours, &theirs);
}
