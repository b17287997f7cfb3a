/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_SELINUX_H
#define MMCP_SELINUX_H

#include <stdbool.h>
#include <sys/stat.h>

/* SELinux, by libselinux, which is opened where selinuxfs is mounted and somebody asks whether
   there is SELinux, and else never.  Contexts are strings, to be freed by the caller; functions
   that return one return NULL with errno where there is none.  Only the first two may be called
   where selinux_is_enabled is false.  */

/* Whether selinuxfs is mounted: labels matter, and that of a new file may depend on its name.  */
bool
selinux_is_mounted(void);

/* Whether there is SELinux, and libselinux to speak with it.  */
bool
selinux_is_enabled(void);

/* The context of FD, which may be open as a PATH_ONLY.  */
char *
selinux_get(int fd, bool path_only);

/* Give FD the context.  0, or -1 with errno.  */
int
selinux_set(int fd, bool path_only, const char *context);

/* Give CONTEXT to what this process, or a later child of it, makes; NULL: the kernel decides again.
   0, or -1 with errno.  */
int
selinux_set_new(const char *context);

/* The same for a context as people write it.  */
int
selinux_set_new_for_people(const char *context);

/* Read which contexts are usual where.  0, or -1 with errno.  */
int
selinux_open_usual(void);

/* The context that is usual for PATH, absolute, of the type of MODE; ENODATA if there is none.
   selinux_open_usual was called.  */
char *
selinux_usual(const char *path, mode_t mode);

/* The context that the kernel's policy has for what this process makes in the open DIRECTORY
   (AT_FDCWD: where we are), of the type of MODE; called NAME, if that isn't NULL.  */
char *
selinux_created(int directory, const char *name, mode_t mode);

#endif
