/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_FAILURES_H
#define MMCP_REPORT_FAILURES_H

#include <stdbool.h>
#include <stddef.h>

/* The sources that failed, listed at the end, and in a file for another run.  */

/* The source that is being copied.  The first BASE bytes of its name lead to the part
   that becomes its copy's path; of an operand, that is the whole name.  */
struct subject {
	const char *name;	/* NULL: none; else valid as long as it is the subject */
	size_t base;
};

#define SUBJECT_NONE ((struct subject) { .name = NULL })

/* Attribute errors from now on to SUBJECT.  Return the previous one, to be put back.  */
struct subject
failures_about(struct subject subject);

/* Return the subject.  */
struct subject
failures_subject(void);

/* Write the names of sources that fail to FILE, each with a NUL behind it: --failed-to.
   Return 0, or -1 with errno.  */
int
failures_to(const char *file);

/* Have messages folded that differ in names alone, as is done on a terminal.  */
void
failures_fold(void);

/* Note an error, whose message is TEXT, about the subject (message_hooks).  Return
   whether it is to be printed: not the fourth and later ones that differ in names alone,
   where these are folded.  */
bool
failures_note(const char *text);

/* Return how many sources have failed.  */
size_t
failures_count(void);

/* If LIST and more than one source failed, print their errors, 20 at most; else say how
   many messages were folded.  Close the file of --failed-to; it is an error if it can't
   be written.  */
void
failures_print(bool list);

#endif
