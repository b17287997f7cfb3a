/* SPDX-License-Identifier: GPL-3.0-or-later */
/* descriptor.c: whole reads and writes, and what else is done with open files.  */
#include "config.h"

#include "base/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

ssize_t
descriptor_read(int fd, void *buf, size_t len, off_t at)
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
descriptor_write(int fd, const void *buf, size_t len, off_t at)
{
	size_t put = 0;

	while (put < len) {
		ssize_t n = pwrite(fd, (const char *) buf + put, len - put,
				   at + (off_t) put);
		if (n > 0)
			put += (size_t) n;
		else if (n == 0) {	/* Files never do that; never loop on it.  */
			errno = EIO;
			return -1;
		} else if (errno != EINTR)
			return -1;
	}
	return 0;
}

/* Close the descriptors from FIRST to LAST.  */
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
descriptor_close_all(const int *fds, unsigned count)
{
	for (unsigned i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && fds[next] == fds[next - 1] + 1; next++)
			;
		close_run(fds[i], fds[next - 1]);
	}
}

int
descriptor_keep_only(int fd)
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

int
descriptor_sync_directory(int at, const char *path)
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

int
descriptor_sync_directory_or_all(int at, const char *path)
{
	const int ret = descriptor_sync_directory(at, path);

	if (ret == 0 || errno != EACCES)
		return ret;
	sync();
	return 0;
}

struct descriptor_path
descriptor_path(int fd)
{
	struct descriptor_path name;

	sprintf(name.text, "/proc/self/fd/%d", fd);
	return name;
}

int
descriptor_open_stream(int fd)
{
	const struct descriptor_path path = descriptor_path(fd);
	const int own = open(path.text, O_RDONLY | O_CLOEXEC);

	if (own < 0)
		return fd;
	posix_fadvise(own, 0, 0, POSIX_FADV_SEQUENTIAL);
	return own;
}
