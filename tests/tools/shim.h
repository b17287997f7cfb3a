/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shim.h: what the files of shim.so share; nothing of it is seen from outside.  */
#ifndef MMCP_TEST_SHIM_H
#define MMCP_TEST_SHIM_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define COUNT(table) (sizeof (table) / sizeof *(table))
enum { RULES = 32 };

/* A rule of MMCP_SHIM; shim.c has the syntax.  */
struct rule {
	char call[32];
	char name[NAME_MAX];		/* "": any */
	long first, last;
	char what[32];
	_Atomic long *uses;		/* shared with every fork */
};

#pragma GCC visibility push(hidden)

extern struct rule rules[RULES];
extern unsigned count;
extern long ahead;		/* milliseconds that CLOCK_MONOTONIC seems to be */

/* Count this use of CALL on PATH, or else on FD (-1: none), and apply the rules to it.
   Return true if one of them answers it, by *RET and errno.  *LEN may be reduced.  */
bool answered_at(const char *call, int fd, const char *path, size_t *len, long *ret);
bool answered(const char *call, int fd, size_t *len, long *ret);

#pragma GCC visibility pop

#endif
