/* SPDX-License-Identifier: GPL-3.0-or-later */
/* faultfs.c: a FUSE file system that passes every operation on to a backing directory,
   and misbehaves on request.

   usage: faultfs BACKING MOUNTPOINT [-o OPTION,...]
	control=FILE	the rules are in FILE, an absolute path, and may change at any
			time; rules.c has their syntax
	writeback	write-back cache: data reaches the daemon after write(2) returned
	direct		no page cache (FOPEN_DIRECT_IO)
	nonseekable	regular files refuse lseek, pread and pwrite (ESPIPE)
	sizeless	regular files have no size, as in /proc (with direct)
	renumber	a directory has another inode number at each look
	hard_remove	rules hold for the unlinking of open files, too; but fstat fails
			on them afterwards
   The options of libfuse are accepted, too.  attr_timeout and entry_timeout are 0 by
   default, so that changes of the backing directory are seen at once.  The daemon ends
   when it is unmounted.

   If BACKING has the attribute user.lustre.lov, files have layouts as on Lustre:
   faultfs_lustre.c has how.

   fsync does nothing, since the tests don't cut the power.  libfuse 3.17 has no operation
   for O_TMPFILE, so that it is refused with EOPNOTSUPP.  Each name of an inode has a page
   cache of its own (as with every path-based FUSE file system).  */
#include "config.h"

#include "faultfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

struct settings settings = { .root = -1 };

/* Operations that are one call, on one name.  */
#define ONE_CALL(operation, parameters, name, call)				\
	static int								\
	do_##operation parameters						\
	{									\
		OBEY(operation, name);						\
		return answer(call);						\
	}

ONE_CALL(mknod, (const char *path, mode_t mode, dev_t device), path,
	 mknod(inside(path), mode, device))
ONE_CALL(mkdir, (const char *path, mode_t mode), path, mkdir(inside(path), mode))
ONE_CALL(rmdir, (const char *path), path, rmdir(inside(path)))
ONE_CALL(symlink, (const char *target, const char *path), path,
	 symlink(target, inside(path)))
ONE_CALL(link, (const char *from, const char *to), to, link(inside(from), inside(to)))
ONE_CALL(statfs, (const char *path, struct statvfs *fs), path, statvfs(inside(path), fs))
ONE_CALL(removexattr, (const char *path, const char *name), path,
	 lremovexattr(inside(path), name))

/* The same, on an open file.  */
#define ONE_CALL_OPEN(operation, parameters, call)				\
	static int								\
	do_##operation parameters						\
	{									\
		const struct handle *const h = handle_of(fi);			\
		OBEY(operation, h->name);					\
		return answer(call);						\
	}

ONE_CALL_OPEN(flush, (const char *path, struct fuse_file_info *fi), close(dup(h->fd)))
ONE_CALL_OPEN(fsync, (const char *path, int data, struct fuse_file_info *fi), 0)
ONE_CALL_OPEN(fsyncdir, (const char *path, int data, struct fuse_file_info *fi), 0)

/* The same, on an open file or else on a name.  */
#define ONE_CALL_EITHER(operation, parameters, call_open, call)			\
	static int								\
	do_##operation parameters						\
	{									\
		const struct handle *const h = fi != NULL ? handle_of(fi) : NULL; \
		OBEY(operation, h != NULL ? h->name : path);			\
		return answer(h != NULL ? call_open : call);			\
	}

ONE_CALL_EITHER(chmod, (const char *path, mode_t mode, struct fuse_file_info *fi),
		fchmod(h->fd, mode), chmod(inside(path), mode))
ONE_CALL_EITHER(chown, (const char *path, uid_t uid, gid_t gid,
			struct fuse_file_info *fi),
		fchown(h->fd, uid, gid), lchown(inside(path), uid, gid))
ONE_CALL_EITHER(truncate, (const char *path, off_t size, struct fuse_file_info *fi),
		ftruncate(h->fd, size), truncate(inside(path), size))
ONE_CALL_EITHER(utimens, (const char *path, const struct timespec times[2],
			  struct fuse_file_info *fi),
		futimens(h->fd, times),
		utimensat(AT_FDCWD, inside(path), times, AT_SYMLINK_NOFOLLOW))

/* ---- what is more than a call ---- */

/* Make the modification time of a file that was modified lately a second too early.  */
static void
unsettle(const char *name, struct stat *st)
{
	const long ms = rules_delay(OP_settle, name);
	struct timespec now;

	if (ms == 0 || clock_gettime(CLOCK_REALTIME, &now) < 0)
		return;
	const long long age = (now.tv_sec - st->st_mtim.tv_sec) * 1000LL
		+ (now.tv_nsec - st->st_mtim.tv_nsec) / 1000000;
	if (age < ms)
		st->st_mtim.tv_sec--;
}

static atomic_uint looks;

static int
do_getattr(const char *path, struct stat *st, struct fuse_file_info *fi)
{
	const struct handle *const h = fi != NULL ? handle_of(fi) : NULL;
	const char *const name = h != NULL ? h->name : path;

	OBEY(getattr, name);
	const int ret = answer(h != NULL ? fstat(h->fd, st) : lstat(inside(path), st));
	if (ret == 0 && S_ISREG(st->st_mode))
		unsettle(name, st);
	if (ret == 0 && S_ISDIR(st->st_mode) && settings.renumber)
		st->st_ino += (ino_t) atomic_fetch_add(&looks, 1) << 20;
	if (ret == 0 && S_ISREG(st->st_mode) && settings.sizeless)
		st->st_size = st->st_blocks = 0;
	return ret;
}

static int
do_readlink(const char *path, char *buf, size_t len)
{
	OBEY(readlink, path);
	const ssize_t n = readlink(inside(path), buf, len - 1);
	if (n < 0)
		return -errno;
	buf[n] = '\0';
	return 0;
}

/* Without hard_remove, libfuse renames a file that is unlinked or replaced while it is
   open, and unlinks it when it is closed.  The rules are not about that.  */
static bool
is_hidden(const char *path)
{
	return strstr(path, "/.fuse_hidden") != NULL;
}

static int
do_unlink(const char *path)
{
	if (!is_hidden(path))
		OBEY(unlink, path);
	return answer(unlink(inside(path)));
}

static int
do_rename(const char *from, const char *to, unsigned flags)
{
	if (!is_hidden(to))
		OBEY(rename, to);
	if (flags != 0)
		OBEY(rename_flags, to);
	return answer(syscall(SYS_renameat2, AT_FDCWD, inside(from), AT_FDCWD, inside(to),
			      flags));
}

/* libfuse calls this in the daemon, which has changed to the root directory.  */
static void *
do_init(struct fuse_conn_info *conn, struct fuse_config *cfg)
{
	if (fchdir(settings.root) < 0)
		abort();
	if (settings.writeback)
		conn->want |= FUSE_CAP_WRITEBACK_CACHE & conn->capable;
	cfg->use_ino = 1;
	cfg->hard_remove = settings.hard_remove;
	cfg->nullpath_ok = 1;		/* a handle has its name */
	return NULL;
}

static const struct fuse_operations operations = {
#define OPERATION(name) .name = do_##name
	OPERATION(init), OPERATION(getattr), OPERATION(readlink), OPERATION(mknod),
	OPERATION(mkdir), OPERATION(unlink), OPERATION(rmdir), OPERATION(symlink),
	OPERATION(rename), OPERATION(link), OPERATION(chmod), OPERATION(chown),
	OPERATION(truncate), OPERATION(open), OPERATION(create), OPERATION(read),
	OPERATION(write), OPERATION(statfs), OPERATION(flush), OPERATION(release),
	OPERATION(fsync), OPERATION(setxattr), OPERATION(getxattr), OPERATION(listxattr),
	OPERATION(removexattr), OPERATION(opendir), OPERATION(readdir),
	OPERATION(fsyncdir), OPERATION(utimens), OPERATION(fallocate),
	OPERATION(copy_file_range), OPERATION(lseek), .releasedir = do_release,
};

/* ---- the command line ---- */

static const struct fuse_opt options[] = {
#define SETTING(template, field) { template, offsetof(struct settings, field), 1 }
	SETTING("control=%s", control), SETTING("writeback", writeback),
	SETTING("direct", direct), SETTING("nonseekable", nonseekable),
	SETTING("hard_remove", hard_remove), SETTING("sizeless", sizeless),
	SETTING("renumber", renumber),
	FUSE_OPT_END
};

/* Take the first argument that is no option for the backing directory.  */
static int
take_backing(void *data, const char *arg, int key,
	     struct fuse_args *out)
{
	if (key != FUSE_OPT_KEY_NONOPT || settings.backing != NULL)
		return 1;
	settings.backing = arg;
	return 0;
}

int
main(int argc, char **argv)
{
	struct fuse_args args = FUSE_ARGS_INIT(argc, argv);

	if (fuse_opt_parse(&args, &settings, options, take_backing) < 0)
		return 1;
	/* In front, so that the user's options have the last word.  */
	fuse_opt_insert_arg(&args, 1, "-ofsname=faultfs,attr_timeout=0,entry_timeout=0");
#if FUSE_VERSION >= FUSE_MAKE_VERSION(3, 12)
	/* As many as tests have wait at once.  Older ones have no limit.  */
	fuse_opt_insert_arg(&args, 1, "-omax_threads=200");
#endif
	if (settings.backing == NULL)
		fprintf(stderr, "usage: faultfs BACKING MOUNTPOINT [-o OPTION,...]\n");
	else
		settings.root = open(settings.backing, O_RDONLY | O_DIRECTORY);
	if (settings.root < 0)
		return 1;
	umask(0);
	rules_in(settings.control);
	const int ret = fuse_main(args.argc, args.argv, &operations, NULL);
	fuse_opt_free_args(&args);
	return ret;
}
