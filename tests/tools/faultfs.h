/* SPDX-License-Identifier: GPL-3.0-or-later */
/* faultfs.h: what the files of faultfs share.  */
#ifndef MMCP_TEST_FAULTFS_H
#define MMCP_TEST_FAULTFS_H

#define FUSE_USE_VERSION 35

#include <errno.h>
#include <fuse3/fuse.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "rules.h"

/* The command line.  */
struct settings {
	char *control;
	int writeback, direct, nonseekable, sizeless, hard_remove, renumber;
	const char *backing;
	int root;			/* the backing directory */
};
extern struct settings settings;

/* An open file.  */
struct handle {
	int fd;
	bool whole;			/* new, or opened with O_TRUNC */
	atomic_bool written;
	_Atomic off_t end;		/* of the last write */
	char name[PATH_MAX];
};

static inline struct handle *
handle_of(const struct fuse_file_info *fi)
{
	return (struct handle *) (uintptr_t) fi->fh;
}

/* PATH, relative to the backing directory, which we are in.  */
static inline const char *
inside(const char *path)
{
	return path[1] == '\0' ? "." : path + 1;
}

/* What a system call returned, as libfuse wants it.  */
static inline int
answer(long ret)
{
	return ret < 0 ? -errno : (int) ret;
}

/* Leave the function if the rules answer in its place.  */
#define OBEY_LEN(operation, name, len) do {					\
		const int refused = rules_apply(OP_##operation, name, len);	\
		if (refused != 0)						\
			return refused;						\
	} while (0)
#define OBEY(operation, name) OBEY_LEN(operation, name, NULL)

/* The operations of open files and directories, for struct fuse_operations.  */
int do_open(const char *path, struct fuse_file_info *fi);
int do_create(const char *path, mode_t mode, struct fuse_file_info *fi);
int do_opendir(const char *path, struct fuse_file_info *fi);
int do_readdir(const char *path, void *buf, fuse_fill_dir_t fill, off_t at,
	struct fuse_file_info *fi, enum fuse_readdir_flags flags);
int do_read(const char *path, char *buf, size_t len, off_t at, struct fuse_file_info *fi);
int do_write(const char *path, const char *buf, size_t len, off_t at,
	struct fuse_file_info *fi);
ssize_t do_copy_file_range(const char *path_in, struct fuse_file_info *in,
	off_t in_at, const char *path_out,
	struct fuse_file_info *out, off_t out_at, size_t len, int flags);
int do_fallocate(const char *path, int mode, off_t at, off_t len,
	struct fuse_file_info *fi);
off_t do_lseek(const char *path, off_t at, int whence,
	struct fuse_file_info *fi);
int do_release(const char *path, struct fuse_file_info *fi);

/* Those of extended attributes.  */
int do_setxattr(const char *path, const char *name, const char *value, size_t len,
	int flags);
int do_getxattr(const char *path, const char *name, char *value, size_t len);
int do_listxattr(const char *path, char *list, size_t len);

/* FD was created with FLAGS.  */
void lustre_created(int fd, int flags);

#endif
