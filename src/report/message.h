/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_MESSAGE_H
#define MMCP_REPORT_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* The only place that speaks: one line on stderr for what went wrong, one on stdout
   for what was asked to be told.  Names in the arguments are already quoted.  */

/* Have BEFORE done before anything is printed, which may have to be cleared away first;
   and FAILED after each error, with its text, if it is about a file.  NULL: nothing.  */
void
message_hooks(void (*before)(void), void (*failed)(const char *text));

/* Say on stderr what would be said on stdout: that is for another reader.  */
void
message_say_on_stderr(void);

/* TEXT as it is, of LEN bytes, to stdout or with ERRORS to stderr: a line that somebody
   else has made.  */
void
message_put(bool errors, const char *text, size_t len);

/* "PROGRAM: TEXT", and ": REASON" if ERR isn't 0.  The exit status becomes 1.  */
__attribute__((format(printf, 2, 3))) void
message_error(int err, const char *format, ...);

/* The same, and the exit status stays.  */
__attribute__((format(printf, 2, 3))) void
message_tell(int err, const char *format, ...);

/* The exit status becomes 1; what went wrong was told.  */
void
message_fail(void);

/* "PROGRAM: warning: TEXT".  The exit status stays.  */
__attribute__((format(printf, 1, 2))) void
message_warning(const char *format, ...);

/* message_error without a reason, and the line that points at --help.  */
__attribute__((format(printf, 1, 2))) void
message_usage(const char *format, ...);

/* "PROGRAM: TEXT? " on stderr, where the answer is typed behind it.  */
__attribute__((format(printf, 1, 0))) void
message_ask(const char *format, va_list args);

/* TEXT and a newline on stdout.  */
__attribute__((format(printf, 1, 2))) void
message_say(const char *format, ...);

/* Flush stdout, once, at the end: a full device there is an error too, as it is where
   messages or questions were lost.  */
void
message_flush(void);

/* 0, or 1 as soon as anything was an error.  */
int
message_status(void);

#endif
