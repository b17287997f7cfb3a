/* SPDX-License-Identifier: GPL-3.0-or-later */
/* openfile.c: calls by descriptor where libc has them, else by the link in /proc, else by
   name.  The name comes last: between the check and the call, another user who may rename
   files in that directory could put something else there, as with cp.  */
#include "config.h"

#include "file/openfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/inode.h"

struct openfile
openfile_directory(int fd, bool path_only)
{
	return (struct openfile) { .fd = fd, .path_only = path_only, .dir = fd,
				.name = "." };
}

/* Return whether ERR, of a call by the link in /proc, means that there is no /proc.  */
static bool
no_proc(int err)
{
	return err == ENOENT || err == ENOTDIR;
}

/* Return whether FILE's name still leads to it.  If not, errno is set: ESTALE if it leads
   to another file.  */
static bool
has_name(const struct openfile *file)
{
	const int flags = file->follow ? 0 : AT_SYMLINK_NOFOLLOW;
	struct stat by_fd, by_name;

	errno = ENOENT;
	if (file->name == NULL || fstat(file->fd, &by_fd) < 0
	    || fstatat(file->dir, file->name, &by_name, flags) < 0)
		return false;
	errno = ESTALE;
	return inode_is_same(&by_fd, &by_name);
}

int
openfile_change_owner(const struct openfile *file, uid_t uid, gid_t gid)
{
	return file->path_only ? fchownat(file->fd, "", uid, gid, AT_EMPTY_PATH)
		: fchown(file->fd, uid, gid);
}

int
openfile_change_mode(const struct openfile *file, mode_t mode)
{
	if (!file->path_only)
		return fchmod(file->fd, mode);
	if (chmod(descriptor_path(file->fd).text, mode) == 0)
		return 0;
	if (!no_proc(errno) || !has_name(file))
		return -1;
	/* Before glibc 2.39 that needs /proc, before Linux 6.6 it is unknown.  */
	if (!file->follow
	    && fchmodat(file->dir, file->name, mode, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	return fchmodat(file->dir, file->name, mode, 0);
}

int
openfile_change_times(const struct openfile *file, const struct timespec times[2])
{
	if (!file->path_only)
		return futimens(file->fd, times);
	/* AT_EMPTY_PATH works since Linux 5.8.  */
	if (utimensat(file->fd, "", times, AT_EMPTY_PATH) == 0
	    || utimensat(AT_FDCWD, descriptor_path(file->fd).text, times, 0) == 0)
		return 0;
	if (!no_proc(errno) || !has_name(file))
		return -1;
	return utimensat(file->dir, file->name, times,
			 file->follow ? 0 : AT_SYMLINK_NOFOLLOW);
}

/* ---- extended attributes ---- */

/* One of the calls below, with its arguments.  */
struct request {
	enum { LIST, GET, SET, REMOVE } what;
	const char *attribute;
	void *value;
	size_t size;
};

static ssize_t
call_by_fd(const struct request *request, int fd)
{
	switch (request->what) {
	case LIST:
		return flistxattr(fd, request->value, request->size);
	case GET:
		return fgetxattr(fd, request->attribute, request->value, request->size);
	case SET:
		return fsetxattr(fd, request->attribute, request->value, request->size,
				 0);
	case REMOVE:
		return fremovexattr(fd, request->attribute);
	}
	return -1;
}

static ssize_t
call_following(const struct request *request, const char *path)
{
	switch (request->what) {
	case LIST:
		return listxattr(path, request->value, request->size);
	case GET:
		return getxattr(path, request->attribute, request->value, request->size);
	case SET:
		return setxattr(path, request->attribute, request->value, request->size,
				0);
	case REMOVE:
		return removexattr(path, request->attribute);
	}
	return -1;
}

static ssize_t
call_not_following(const struct request *request, const char *path)
{
	switch (request->what) {
	case LIST:
		return llistxattr(path, request->value, request->size);
	case GET:
		return lgetxattr(path, request->attribute, request->value, request->size);
	case SET:
		return lsetxattr(path, request->attribute, request->value, request->size,
				 0);
	case REMOVE:
		return lremovexattr(path, request->attribute);
	}
	return -1;
}

/* Change to directory DIR, if it is possible to come back.  Return a descriptor for
   come_back, or -1 with errno.  */
static int
go_into(int dir)
{
	const int back = open(".", O_PATH | O_CLOEXEC);

	if (back < 0 || (fchdir(back) == 0 && fchdir(dir) == 0))
		return back;
	const int err = errno;
	close(back);
	errno = err;
	return -1;
}

static void
come_back(int back)
{
	const int err = errno;

	/* Relative names would now mean other files.  It was allowed a moment ago.  */
	if (fchdir(back) < 0)
		abort();
	close(back);
	errno = err;
}

/* libc has no calls for attributes of a name in an open directory.  */
static ssize_t
call_by_name(const struct request *request, const struct openfile *file)
{
	const int back = file->dir == AT_FDCWD ? AT_FDCWD : go_into(file->dir);

	if (back == -1)
		return -1;
	const ssize_t ret = file->follow ? call_following(request, file->name)
		: call_not_following(request, file->name);
	if (back != AT_FDCWD)
		come_back(back);
	return ret;
}

static ssize_t
call(const struct request *request, const struct openfile *file)
{
	if (!file->path_only)
		return call_by_fd(request, file->fd);
	const ssize_t ret = call_following(request, descriptor_path(file->fd).text);
	return ret >= 0 || !no_proc(errno) || !has_name(file) ? ret
		: call_by_name(request, file);
}

ssize_t
openfile_list_attributes(const struct openfile *file, char *list, size_t size)
{
	return call(&(struct request) { .what = LIST, .value = list, .size = size },
		    file);
}

ssize_t
openfile_get_attribute(const struct openfile *file, const char *name, void *value,
	size_t size)
{
	return call(&(struct request) { .what = GET, .attribute = name, .value = value,
					.size = size }, file);
}

int
openfile_set_attribute(const struct openfile *file, const char *name, const void *value,
	size_t size)
{
	return (int) call(&(struct request) { .what = SET, .attribute = name,
					      .value = (void *) value, .size = size },
					      file);
}

int
openfile_remove_attribute(const struct openfile *file, const char *name)
{
	return (int) call(&(struct request) { .what = REMOVE, .attribute = name },
			  file);
}
