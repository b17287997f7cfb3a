/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commit.c: append to FILE and sync it, so that its file system writes its journal, but
   not the data of other files.  Any program may do that at any time.  With TIMES as
   often, a millisecond between one and the next.  */
#include "config.h"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* 0, or -1 with errno.  */
static int
commit(int fd)
{
	__u64 transaction = 0;

	if (write(fd, "commit\n", 7) != 7 || fsync(fd) < 0)
		return -1;
	/* btrfs has written no more than a log of FILE.  It ends its transaction every 30
	   seconds, or when somebody wants it.  */
	if (ioctl(fd, BTRFS_IOC_START_SYNC, &transaction) == 0)
		return ioctl(fd, BTRFS_IOC_WAIT_SYNC, &transaction);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct timespec pause = { .tv_nsec = 1000000 };

	if (argc < 2) {
		fputs("usage: commit FILE [TIMES]\n", stderr);
		return 2;
	}
	const int fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0600);
	int ret = fd < 0 ? -1 : commit(fd);
	for (int more = argc > 2 ? atoi(argv[2]) - 1 : 0; ret == 0 && more > 0; more--) {
		nanosleep(&pause, NULL);
		ret = commit(fd);
	}
	if (ret < 0)
		perror(argv[1]);
	return ret < 0;
}
