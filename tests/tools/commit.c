/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commit.c: append to FILE and sync it, so that its file system writes its journal, but not
   the data of other files.  Any program may do that at any time.  With a second argument
   again and again, until it is killed.  */
#include <fcntl.h>
#include <linux/btrfs.h>
#include <stdio.h>
#include <sys/ioctl.h>
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
	const int fd = argc < 2 ? -1 : open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0600);
	int ret;

	if (fd < 0) {
		fputs("usage: commit FILE [forever]\n", stderr);
		return 2;
	}
	do
		ret = commit(fd);
	while (ret == 0 && argc > 2);
	if (ret < 0)
		perror("commit");
	return ret < 0;
}
