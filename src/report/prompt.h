/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_PROMPT_H
#define MMCP_REPORT_PROMPT_H

#include <stdbool.h>

/* FUNCTION, if it isn't NULL, is called with CONTEXT when a signal comes while we wait
   for an answer.  */
void
prompt_attending(void (*function)(void *context), void *context);

/* Ask the user FORMAT ("overwrite 'b'"), as a question on stderr, and read a line from
   stdin.  Whether it was yes in the user's language; not so at the end of the input, or
   when a signal ends the wait.  */
__attribute__((format(printf, 1, 2))) bool
prompt(const char *format, ...);

/* No more questions: if an answer couldn't be read, say so, in cp's words.  */
void
prompt_finish(void);

#endif
