/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_SYSFS_H
#define MMCP_BASE_SYSFS_H

/* The two numbers, or one, at the start of file PATH, as those of /sys have them: how
   many were read.  */
int
sysfs_read_numbers(const char *path, long long *first, long long *second);

#endif
