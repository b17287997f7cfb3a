/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selinux_kernel.c: the kernel's part of SELinux: what is made gets a label, and what is
   denied can't be made.  */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <selinux/selinux.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "selinux.h"

enum { MAGIC = (int) 0xf97cff8c };

/* ---- the kernel ---- */

int
statfs(const char *path, struct statfs *buf)
{
	if (!is_enabled() || strcmp(path, "/sys/fs/selinux") != 0)
		return NEXT(statfs)(path, buf);
	memset(buf, 0, sizeof *buf);
	buf->f_type = MAGIC;
	return 0;
}

/* The label of what is made in directory AT under NAME (its last part).  False, with
   EACCES, if it can't be made.  */
static bool
label_of_new(int at, const char *name, char label[CONTEXT_MOST])
{
	const char *const slash = strrchr(name, '/');
	char directory[PATH_MAX], value[CONTEXT_MOST], *target = NULL, *source = NULL,
		*made = NULL;

	if (*fscreate != '\0') {
		snprintf(label, CONTEXT_MOST, "%s", fscreate);
	} else {
		if (*name == '/')
			snprintf(directory, sizeof directory, "%.*s/",
				 (int) (slash - name), name);
		else
			snprintf(directory, sizeof directory, "/proc/self/fd/%d/%.*s", at,
				 slash != NULL ? (int) (slash - name) : 0, name);
		if (at == AT_FDCWD && *name != '/')
			snprintf(directory, sizeof directory, "./%.*s",
				 slash != NULL ? (int) (slash - name) : 0, name);
		const ssize_t n = getxattr(directory, LABEL, value, sizeof value - 1);
		value[n > 0 ? n : 0] = '\0';
		if (n <= 0)
			snprintf(value, sizeof value, "system_u:object_r:unlabeled_t:s0");
		target = strdup(value);
		getcon_raw(&source);
		security_compute_create_name_raw(source, target, 0,
						 slash != NULL ? slash + 1 : name, &made);
		snprintf(label, CONTEXT_MOST, "%s", made);
		free(target);
		free(source);
		free(made);
	}
	errno = EACCES;
	return !is_denied(label);
}

/* NAME in AT was made if RET isn't -1: label it.  */
static int
label_it(int ret, int at, const char *name, const char *label)
{
	const int saved = errno;
	char path[PATH_MAX];

	if (ret < 0)
		return ret;
	if (at == AT_FDCWD || *name == '/')
		snprintf(path, sizeof path, "%s", name);
	else
		snprintf(path, sizeof path, "/proc/self/fd/%d/%s", at, name);
	path[strlen(path) - (path[strlen(path) - 1] == '/')] = '\0';
	NEXT(lsetxattr)(path, LABEL, label, strlen(label) + 1, 0);
	errno = saved;
	return ret;
}

int
openat(int at, const char *name, int flags, ...)
{
	const bool nameless = (flags & O_TMPFILE) == O_TMPFILE;
	char label[CONTEXT_MOST];
	va_list args;

	va_start(args, flags);
	const mode_t mode = (flags & O_CREAT) != 0 || nameless ? va_arg(args, mode_t) : 0;
	va_end(args);
	if (!is_enabled() || (!nameless && ((flags & O_CREAT) == 0
				|| faccessat(at, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)))
		return NEXT(openat)(at, name, flags, mode);
	if (!label_of_new(at, nameless ? "" : name, label))
		return -1;
	const int fd = NEXT(openat)(at, name, flags, mode);
	if (fd >= 0)
		NEXT(fsetxattr)(fd, LABEL, label, strlen(label) + 1, 0);
	return fd;
}

int
open(const char *name, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t)
		: 0;
	va_end(args);
	return openat(AT_FDCWD, name, flags, mode);
}

int
mkdirat(int at, const char *name, mode_t mode)
{
	char label[CONTEXT_MOST];

	if (!is_enabled())
		return NEXT(mkdirat)(at, name, mode);
	return label_of_new(at, name, label)
		? label_it(NEXT(mkdirat)(at, name, mode), at, name, label) : -1;
}

int
mkdir(const char *name, mode_t mode)
{
	return mkdirat(AT_FDCWD, name, mode);
}

int
mknodat(int at, const char *name, mode_t mode, dev_t device)
{
	char label[CONTEXT_MOST];

	if (!is_enabled())
		return NEXT(mknodat)(at, name, mode, device);
	return label_of_new(at, name, label)
		? label_it(NEXT(mknodat)(at, name, mode, device), at, name, label) : -1;
}

int
symlinkat(const char *target, int at, const char *name)
{
	char label[CONTEXT_MOST];

	if (!is_enabled())
		return NEXT(symlinkat)(target, at, name);
	return label_of_new(at, name, label)
		? label_it(NEXT(symlinkat)(target, at, name), at, name, label) : -1;
}

/* A label that is given as an attribute like others.  */
int
fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
	if (is_enabled() && strcmp(name, LABEL) == 0)
		note("fsetxattr %s %.*s", path_of_fd(fd), (int) size,
		     (const char *) value);
	return NEXT(fsetxattr)(fd, name, value, size, flags);
}
