/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_SYSFS_H
#define MMCP_BASE_SYSFS_H

#include <stddef.h>

/* Read the one or two numbers at the start of file DIR/NAME, as in /sys.  Return how many
   were read.  */
int
sysfs_read_numbers(const char *dir, const char *name, long long *first,
	long long *second);

/* Read the first line of file DIR/NAME into TEXT, of SIZE bytes, without blanks at its
   end.  TEXT is empty if that fails.  */
void
sysfs_read_line(const char *dir, const char *name, char *text, size_t size);

#endif
