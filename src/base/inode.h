/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_INODE_H
#define MMCP_BASE_INODE_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

/* Return the device that directory DIR is on, or 0 if unknown.  Makes no request to the
   file system.  */
dev_t
inode_device(int dir);

/* What chattr keeps a file from.  */
enum inode_protection {
	INODE_APPENDED = 1,	/* to change it but at its end (+a) */
	INODE_IMMUTABLE = 2	/* to change it at all (+i) */
};

/* Return the protection (ORed) of NAME below DIR, of DIR itself if NAME is empty; 0 if
   unknown.  */
unsigned
inode_protection(int dir, const char *name);

/* Return whether FD is the file ST.  If the kernel remembers which file that is, no
   request is made to the file system.  */
bool
inode_is(int fd, const struct stat *st);

/* Return whether directory FD is TARGET or below it; true as well if that can't be found
   out.  */
bool
inode_is_below(int fd, const struct stat *target);

/* Return whether A and B are the same file: one device, one inode.  */
bool
inode_is_same(const struct stat *a, const struct stat *b);

/* Return whether file ST may have been changed after BEGAN (CLOCK_REALTIME), as exactly
   as its file system keeps times.  */
bool
inode_changed_since(const struct stat *st, const struct timespec *began);

#endif
