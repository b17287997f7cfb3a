/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fstype.c: which file system a file is on, asked once for each device.  */
#include "config.h"

#include "base/fstype.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

/* As statfs(2) of PATH below AT; "." is AT itself, even if open by O_PATH.  */
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

struct fstype
fstype_at(int at, const char *path, dev_t device)
{
	enum { KNOWN = 4 };
	static struct { dev_t device; struct fstype fs; } known[KNOWN];
	static unsigned next;
	const int saved = errno;
	struct statfs fs;

	for (unsigned i = 0; i < KNOWN && device != 0; i++)
		if (known[i].device == device)
			return known[i].fs;
	const int ret = statfs_at(at, path, &fs);
	errno = saved;
	if (ret < 0)
		return (struct fstype) { .type = 0 };
	const struct fstype found = { (unsigned) fs.f_type, (size_t) fs.f_bsize };
	if (device != 0) {
		known[next].device = device;
		known[next].fs = found;
		next = (next + 1) % KNOWN;
	}
	return found;
}

struct fstype
fstype_of(int fd, dev_t device)
{
	return fstype_at(fd, ".", device);
}

size_t
fstype_huge_page(int fd, dev_t device)
{
	enum { HUGETLBFS = 0x958458f6 };
	const struct fstype fs = fstype_of(fd, device);

	return fs.type == HUGETLBFS ? fs.block : 0;
}
