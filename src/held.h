/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_HELD_H
#define MMCP_HELD_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

/* The calls that change, or ask for, what a file is besides its bytes, for one that is
   held open.  Opened by O_PATH, most of them need a name: that in /proc, which always
   leads to this file; without /proc, the name by which it was opened, as long as it leads
   to this file.  All are libc's functions, which preloaded libraries (fakeroot, pseudo)
   see.  They return what the call returns: -1 with errno on error.  */

struct held {
	int fd;
	bool path_only;		/* open by O_PATH; then: */
	int dir;		/* the directory, or AT_FDCWD, in which it was opened */
	const char *name;	/* and by which name; NULL: none is known */
	bool follow;		/* a symlink there was followed */
};

/* A file that is open for reading or writing.  */
#define HELD_OPEN(descriptor) ((struct held) { .fd = (descriptor) })

/* Directory FD, open by O_PATH if PATH_ONLY.  */
struct held
held_directory(int fd, bool path_only);

int
held_change_owner(const struct held *held, uid_t uid, gid_t gid);

int
held_change_mode(const struct held *held, mode_t mode);

/* As futimens(3), of a symlink itself.  */
int
held_change_times(const struct held *held, const struct timespec times[2]);

/* As flistxattr(2) and its kin, of a symlink itself.  */
ssize_t
held_list_attributes(const struct held *held, char *list, size_t size);

ssize_t
held_get_attribute(const struct held *held, const char *name, void *value, size_t size);

int
held_set_attribute(const struct held *held, const char *name, const void *value,
	size_t size);

int
held_remove_attribute(const struct held *held, const char *name);

#endif
