/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_SELINUX_H
#define MMCP_FILE_SELINUX_H

#include <stdbool.h>
#include <sys/stat.h>

/* SELinux, by libselinux, which is loaded by the first call of selinux_is_enabled if
   selinuxfs is mounted.  Contexts are strings, and the caller frees those that are
   returned; NULL with errno means that there is none.  Unless selinux_is_enabled, call
   only the first two functions.  */

/* Return whether selinuxfs is mounted.  If so, the label of a new file may depend on its
   name.  */
bool
selinux_is_mounted(void);

/* Return whether the kernel has SELinux enabled, and libselinux is available.  */
bool
selinux_is_enabled(void);

/* Return the context of FD; PATH_ONLY if it is open by O_PATH.  */
char *
selinux_get(int fd, bool path_only);

/* Set the context of FD.  Return 0, or -1 with errno.  */
int
selinux_set(int fd, bool path_only, const char *context);

/* Give CONTEXT to all files that this process, or a child forked later, makes.  NULL: let
   the kernel decide again.  Return 0, or -1 with errno.  */
int
selinux_set_new(const char *context);

/* The same for a context as users write it, which libselinux may translate.  */
int
selinux_set_new_for_people(const char *context);

/* Read the table of contexts that are usual for paths.  Return 0, or -1 with errno.  */
int
selinux_open_usual(void);

/* Return the context that is usual for the absolute PATH and the file type of MODE;
   ENODATA if there is none.  Call selinux_open_usual first.  */
char *
selinux_usual(const char *path, mode_t mode);

/* Return the context that the kernel's policy gives to a file of the type of MODE that
   this process makes in DIRECTORY, a descriptor or AT_FDCWD.  Unless NULL, NAME is its
   name.  */
char *
selinux_created(int directory, const char *name, mode_t mode);

#endif
