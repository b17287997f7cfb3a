/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selinux.h: what the files of selinux.so share; nothing of it is seen from outside.  */
#ifndef MMCP_TEST_SELINUX_H
#define MMCP_TEST_SELINUX_H

#include <stdbool.h>
#include <stddef.h>

#define LABEL "security.selinux"
enum { CONTEXT_MOST = 4096 };

#pragma GCC visibility push(hidden)

/* The label of what is made next; "": the policy's.  */
extern char fscreate[CONTEXT_MOST];

/* Return true if SELINUX_MODE is MODE; if it is any mode with SELinux.  */
bool mode_is(const char *mode);
bool is_enabled(void);

/* Append a line to the file SELINUX_LOG; keeps errno.  */
__attribute__((format(printf, 1, 2))) void note(const char *format, ...);

/* Return true if SELINUX_FAIL makes CALL fail for PATH, with errno set.  */
bool fails(const char *call, const char *path);
bool ends_in(const char *text, const char *end);

/* Return the path of descriptor FD; and PATH as an absolute one, where names in
   /proc/self/fd are followed.  The buffers are static.  */
const char *path_of_fd(int fd);
const char *real(const char *path);

/* Copy part I of CONTEXT (parts are separated by colons) to TEXT.  */
void part(const char *context, int i, char *text, size_t size);
bool is_valid(const char *context);
bool is_denied(const char *context);

/* The next function called NAME in the order of libraries.  */
#define NEXT(name) ((__typeof__(&name)) next(#name))
void *next(const char *name);

#pragma GCC visibility pop

#endif
