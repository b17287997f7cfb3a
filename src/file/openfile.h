/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_OPENFILE_H
#define MMCP_FILE_OPENFILE_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Calls that read or change the metadata of a file that is held open.  If it was opened
   by O_PATH, most of them need a name: its name in /proc, which always leads to this
   file; without /proc, the name by which it was opened, as long as that leads to this
   file.  All calls are libc's functions, which preloaded libraries (fakeroot, pseudo)
   see.  Each returns what the call returns: -1 with errno on error.  */

struct openfile {
	int fd;
	bool path_only;		/* open by O_PATH; then: */
	int dir;		/* the directory in which it was opened, or AT_FDCWD */
	const char *name;	/* the name by which it was opened; NULL: unknown */
	bool follow;		/* a symlink there was followed */
};

/* A file that is open for reading or writing.  */
#define OPENFILE(descriptor) ((struct openfile) { .fd = (descriptor) })

/* Return directory FD as a struct openfile; PATH_ONLY if it is open by O_PATH.  */
struct openfile
openfile_directory(int fd, bool path_only);

int
openfile_change_owner(const struct openfile *file, uid_t uid, gid_t gid);

int
openfile_change_mode(const struct openfile *file, mode_t mode);

/* As futimens(3).  If the file is a symlink, its own times are changed.  */
int
openfile_change_times(const struct openfile *file, const struct timespec times[2]);

/* As flistxattr(2), fgetxattr(2), fsetxattr(2) and fremovexattr(2).  If the file is a
   symlink, they act on the symlink.  */
ssize_t
openfile_list_attributes(const struct openfile *file, char *list, size_t size);

ssize_t
openfile_get_attribute(const struct openfile *file, const char *name, void *value,
	size_t size);

int
openfile_set_attribute(const struct openfile *file, const char *name, const void *value,
	size_t size);

int
openfile_remove_attribute(const struct openfile *file, const char *name);

#endif
