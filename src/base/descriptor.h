/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_DESCRIPTOR_H
#define MMCP_BASE_DESCRIPTOR_H

#include <stddef.h>
#include <sys/types.h>

/* What is done with open files besides single calls.  */

/* Read LEN bytes of FD at offset AT, fewer only at its end.  Calls that are interrupted
   are repeated.  Return the number of bytes, or -1 with errno.  */
ssize_t
descriptor_read(int fd, void *buf, size_t len, off_t at);

/* Write all LEN bytes to FD at offset AT.  Calls that are interrupted are repeated.
   Return 0, or -1 with errno.  */
int
descriptor_write(int fd, const void *buf, size_t len, off_t at);

/* Close the COUNT descriptors FDS, in rising order, with one call for each run of
   consecutive numbers.  Errors are ignored.  */
void
descriptor_close_all(const int *fds, unsigned count);

/* In a child: close all descriptors but the standard ones and FD, if the kernel can do so
   in one call.  Return FD's new number.  */
int
descriptor_keep_only(int fd);

/* Sync the directory PATH below AT.  Return 0, also if its file system can't sync
   directories; or -1 with errno.  */
int
descriptor_sync_directory(int at, const char *path);

/* The same; if the directory can't be opened for reading, sync all file systems.  */
int
descriptor_sync_directory_or_all(int at, const char *path);

/* A name in /proc for an open file, for operations that take only names.  */
struct descriptor_path {
	char text[32];
};
/* Return the name in /proc of the open file FD.  */
struct descriptor_path
descriptor_path(int fd);

/* Return a descriptor of the regular file FD with a position and a read-ahead of its own,
   advised to be read in order; or FD, if that can't be opened.  */
int
descriptor_open_stream(int fd);

#endif
