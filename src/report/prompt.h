/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_PROMPT_H
#define MMCP_REPORT_PROMPT_H

#include <stdbool.h>
#include <sys/types.h>

/* Questions for the user, on standard error, and answers, a line of standard input each.
   A question returns true if the answer is yes in the user's language; false also at the
   end of the input, or when a signal ends the wait.  */

/* Call FUNCTION, if it isn't NULL, with CONTEXT when a signal arrives while an answer is
   awaited.  */
void
prompt_attending(void (*function)(void *context), void *context);

/* Ask whether to overwrite NAME.  */
bool
prompt_overwrite(const char *name);

/* Ask whether to replace NAME, whose MODE doesn't let us write to it.  */
bool
prompt_replace(const char *name, mode_t mode);

/* Ask whether to try to overwrite NAME, whose MODE doesn't let us write to it.  */
bool
prompt_try_anyway(const char *name, mode_t mode);

/* Read the answer to a question that a worker asked.  */
bool
prompt_answer(void);

/* There are no more questions: if an answer could not be read, that is an error, and the
   exit status becomes 1.  */
void
prompt_finish(void);

#endif
