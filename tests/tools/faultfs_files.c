/* SPDX-License-Identifier: GPL-3.0-or-later */
/* faultfs_files.c: the operations of faultfs on open files and directories.  */
#include "config.h"

#include "faultfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Return the flags to open the backing file with.  With a write-back cache the kernel
   also reads from descriptors that were opened for writing, and does the appending.
   O_DIRECT is obeyed by the kernel: our buffers aren't aligned.  */
static int
backing_flags(int flags)
{
	flags &= ~O_DIRECT;
	if (settings.writeback && (flags & O_ACCMODE) == O_WRONLY)
		flags = (flags & ~O_ACCMODE) | O_RDWR;
	return (settings.writeback ? flags & ~O_APPEND : flags) | O_CLOEXEC;
}

static int
open_handle(const char *path, struct fuse_file_info *fi, mode_t mode, bool whole)
{
	struct handle *const h = calloc(1, sizeof *h);

	if (h == NULL)
		return -ENOMEM;
	h->fd = open(inside(path), backing_flags(fi->flags), mode);
	if (h->fd < 0) {
		const int error = errno;
		free(h);
		return -error;
	}
	h->whole = whole;
	snprintf(h->name, sizeof h->name, "%s", path);
	fi->fh = (uintptr_t) h;
	fi->direct_io = settings.direct != 0;
	fi->nonseekable = settings.nonseekable && (fi->flags & O_DIRECTORY) == 0;
	return 0;
}

int
do_open(const char *path, struct fuse_file_info *fi)
{
	const bool writes = (fi->flags & O_ACCMODE) != O_RDONLY;
	const bool truncates = (fi->flags & O_TRUNC) != 0;

	OBEY(open, path);
	if ((fi->flags & O_ACCMODE) == O_RDWR)
		OBEY(rdwr, path);
	if (writes && !truncates)
		OBEY(open_old, path);
	return open_handle(path, fi, 0, truncates);
}

int
do_create(const char *path, mode_t mode, struct fuse_file_info *fi)
{
	OBEY(create, path);
	if ((fi->flags & O_ACCMODE) == O_RDWR)
		OBEY(rdwr, path);
	const int ret = open_handle(path, fi, mode, true);
	if (ret == 0)
		lustre_created(handle_of(fi)->fd, fi->flags);
	return ret;
}

int
do_opendir(const char *path, struct fuse_file_info *fi)
{
	fi->flags |= O_DIRECTORY;
	return open_handle(path, fi, 0, false);
}

int
do_readdir(const char *path, void *buf, fuse_fill_dir_t fill, off_t at,
	   struct fuse_file_info *fi, enum fuse_readdir_flags flags)
{
	const struct handle *const h = handle_of(fi);

	OBEY(readdir, h->name);
	DIR *const dir = opendir(inside(h->name));
	if (dir == NULL)
		return -errno;
	for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
		const struct stat st = {
			.st_ino = e->d_ino, .st_mode = DTTOIF(e->d_type),
		};
		fill(buf, e->d_name, &st, 0, 0);
	}
	closedir(dir);
	return 0;
}

int
do_read(const char *path, char *buf, size_t len, off_t at, struct fuse_file_info *fi)
{
	const struct handle *const h = handle_of(fi);

	OBEY_LEN(read, h->name, &len);
	const int bad = rules_bad(OP_read, h->name, len, at);
	if (bad != 0)
		return bad;
	const ssize_t n = pread(h->fd, buf, len, at);
	if (n < 0)
		return -errno;
	rules_flip(OP_read, h->name, buf, (size_t) n, at);
	return (int) n;
}

/* Apply the rules about write, and about the writes that an object store can't do: into
   old content, and anywhere but at the end.  */
static int
obey_write(struct handle *h, off_t at, size_t *len)
{
	OBEY_LEN(write, h->name, len);
	if (!h->whole)
		OBEY_LEN(write_old, h->name, len);
	if (at != h->end)
		OBEY_LEN(write_apart, h->name, len);
	if (atomic_exchange(&h->written, true))
		OBEY_LEN(write_again, h->name, len);
	return 0;
}

int
do_write(const char *path, const char *buf, size_t len, off_t at,
	 struct fuse_file_info *fi)
{
	struct handle *const h = handle_of(fi);
	int refused = obey_write(h, at, &len);
	if (refused == 0)
		refused = rules_bad(OP_write, h->name, len, at);

	if (refused != 0)
		return refused;
	char *const bytes = malloc(len + 1);
	if (bytes == NULL)
		return -ENOMEM;
	memcpy(bytes, buf, len);
	rules_flip(OP_write, h->name, bytes, len, at);
	const ssize_t n = pwrite(h->fd, bytes, len, at);
	const int err = errno;
	free(bytes);
	if (n < 0)
		return -err;
	h->end = at + n;
	return (int) n;
}

ssize_t
do_copy_file_range(const char *path_in, struct fuse_file_info *in,
		   off_t in_at, const char *path_out,
		   struct fuse_file_info *out, off_t out_at, size_t len, int flags)
{
	struct handle *const from = handle_of(in), *const to = handle_of(out);

	OBEY_LEN(copy_file_range, to->name, &len);
	const ssize_t n = copy_file_range(from->fd, &in_at, to->fd, &out_at, len,
					  (unsigned) flags);
	if (n < 0)
		return -errno;
	to->end = out_at;
	return n;
}

int
do_fallocate(const char *path, int mode, off_t at, off_t len,
	     struct fuse_file_info *fi)
{
	const struct handle *const h = handle_of(fi);

	OBEY(fallocate, h->name);
	if ((mode & FALLOC_FL_PUNCH_HOLE) != 0)
		OBEY(punch, h->name);
	return answer(fallocate(h->fd, mode, at, len));
}

off_t
do_lseek(const char *path, off_t at, int whence,
	 struct fuse_file_info *fi)
{
	const struct handle *const h = handle_of(fi);

	OBEY(lseek, h->name);
	const off_t ret = lseek(h->fd, at, whence);
	return ret < 0 ? -errno : ret;
}

/* The kernel ignores the answer to release, so that rules can only delay it.  */
int
do_release(const char *path, struct fuse_file_info *fi)
{
	struct handle *const h = handle_of(fi);

	rules_apply(OP_release, h->name, NULL);
	close(h->fd);
	free(h);
	return 0;
}
