/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recordfs.c: a file system with one file, `disk', that is kept in IMAGE.  Each write and
   each flush of it is appended to LOG before it is answered.  A loop device over that
   file is a disk whose past can be replayed, by replay.py.

	recordfs IMAGE LOG DIRECTORY

   stays in the background until DIRECTORY is unmounted.  A record is two numbers of 64
   bits in the machine's order, offset and length (bytes), and the data; a flush has
   FLUSH as its offset, and no data.

   Requests are served one at a time, in the order of their arrival, so that the log has
   one order, and a flush follows all writes that were answered before it was sent.  */
#define FUSE_USE_VERSION 35
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <fuse3/fuse.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FLUSH UINT64_MAX
#define DISK "/disk"

static int image, journal;

/* Append one record to the log, all of it or none.  0, or -errno.  */
static int
append(uint64_t at, const void *data, size_t len)
{
	uint64_t head[2] = { at, len };
	const struct iovec parts[] = {
		{ .iov_base = head, .iov_len = sizeof head },
		{ .iov_base = (void *) data, .iov_len = len },
	};
	const ssize_t n = writev(journal, parts, 2);

	if (n < 0)
		return -errno;
	return (size_t) n == sizeof head + len ? 0 : -EIO;
}

static void *
record_init(struct fuse_conn_info *conn, struct fuse_config *config)
{
	(void) conn;
	config->direct_io = 1;		/* no page of it is cached above us */
	return NULL;
}

static int
record_getattr(const char *path, struct stat *st, struct fuse_file_info *info)
{
	(void) info;
	memset(st, 0, sizeof *st);
	if (strcmp(path, "/") == 0) {
		st->st_mode = S_IFDIR | 0700;
		st->st_nlink = 2;
		return 0;
	}
	if (strcmp(path, DISK) != 0)
		return -ENOENT;
	return fstat(image, st) == 0 ? 0 : -errno;
}

static int
record_open(const char *path, struct fuse_file_info *info)
{
	(void) info;
	return strcmp(path, DISK) == 0 ? 0 : -ENOENT;
}

static int
record_read(const char *path, char *data, size_t len, off_t at,
	struct fuse_file_info *info)
{
	(void) path;
	(void) info;
	const ssize_t n = pread(image, data, len, at);
	return n < 0 ? -errno : (int) n;
}

static int
record_write(const char *path, const char *data, size_t len, off_t at,
	struct fuse_file_info *info)
{
	(void) path;
	(void) info;
	const ssize_t n = pwrite(image, data, len, at);
	if (n < 0)
		return -errno;
	const int ret = append((uint64_t) at, data, (size_t) n);
	return ret < 0 ? ret : (int) n;
}

static int
record_fsync(const char *path, int only_data, struct fuse_file_info *info)
{
	(void) path;
	(void) only_data;
	(void) info;
	return append(FLUSH, NULL, 0);
}

static const struct fuse_operations operations = {
	.init = record_init,
	.getattr = record_getattr,
	.open = record_open,
	.read = record_read,
	.write = record_write,
	.fsync = record_fsync,
	/* No fallocate: discards are refused, and zeros come as writes of zeros.  */
};

static int
open_or_die(const char *name, int flags)
{
	const int fd = open(name, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	fprintf(stderr, "recordfs: cannot open %s: %s\n", name, strerror(errno));
	exit(1);
}

int
main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("usage: recordfs IMAGE LOG DIRECTORY\n", stderr);
		return 1;
	}
	image = open_or_die(argv[1], O_RDWR);
	journal = open_or_die(argv[2], O_WRONLY | O_CREAT | O_APPEND);

	char one_thread[] = "-s", options[] = "-osubtype=record";
	char *arguments[] = { argv[0], one_thread, options, argv[3], NULL };
	return fuse_main(4, arguments, &operations, NULL);
}
