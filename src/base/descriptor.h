/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_DESCRIPTOR_H
#define MMCP_BASE_DESCRIPTOR_H

#include <stddef.h>
#include <sys/types.h>

/* pread until LEN bytes or end of file; bytes read, or -1.  EINTR is retried.  */
ssize_t
descriptor_read(int fd, void *buf, size_t len, off_t at);

/* pwrite until LEN bytes are out; 0, or -1.  EINTR is retried.  */
int
descriptor_write(int fd, const void *buf, size_t len, off_t at);

/* Close COUNT descriptors, none of which has a word to say about it; in as few calls as
   their numbers, in rising order, allow.  */
void
descriptor_close_all(const int *fds, unsigned count);

/* In a child: close all descriptors but the standard ones and FD, where the kernel can do
   that in one call.  FD's new number.  */
int
descriptor_keep_only(int fd);

/* Sync the directory PATH below AT.  0, also where the file system has nothing to sync;
   or -1.  */
int
descriptor_sync_directory(int at, const char *path);

/* The name in /proc of the open file FD, for what has no call of its own.  */
struct descriptor_path {
	char text[32];
};
struct descriptor_path
descriptor_path(int fd);

#endif
