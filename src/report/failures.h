/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_FAILURES_H
#define MMCP_REPORT_FAILURES_H

#include <stdbool.h>
#include <stddef.h>

/* What went wrong, once more at the end, and in a file for another run.  */

/* A source that is being dealt with: its name, of which the first BASE bytes lead to
   what its copy's path begins with; an operand itself: all of them.  */
struct subject {
	const char *name;	/* NULL: none; else it outlives being one */
	size_t base;
};

#define SUBJECT_NONE ((struct subject) { .name = NULL })

/* Errors from now on are about SUBJECT.  Who was before it, to be put back.  */
struct subject
failures_about(struct subject subject);

struct subject
failures_subject(void);

/* Write the names of what fails to FILE, each with a NUL behind it: --failed-to.  0, or
   -1 with errno.  */
int
failures_to(const char *file);

/* An error, in words (message_hooks).  */
void
failures_note(const char *text);

/* How many sources have failed.  */
size_t
failures_count(void);

/* Say which ones did, 20 at most, if LIST and more than one did; and have all of their
   names in the file.  */
void
failures_tell(bool list);

#endif
