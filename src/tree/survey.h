/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_SURVEY_H
#define MMCP_TREE_SURVEY_H

#include <stddef.h>
#include <time.h>

#include "base/forecast.h"
#include "tree/session.h"
#include "tree/walkstate.h"

/* What a run has to copy, found out by walking ahead of it.  */

struct survey {
	const struct session *session;
	const struct tree_policy *policy;
	size_t count;		/* of operands */
	walk_operand *operand;
	void *context;		/* for OPERAND */
	int dir;		/* that operands are copied into, or -1 */
	struct timespec began;	/* the copy, CLOCK_REALTIME */
};

/* Begin to add up the names and bytes that SURVEY's operands have to be copied: without
   what is excluded, what stays by -u and the like, and holes; and hard links once.  File
   systems that may not answer aren't searched; then the forecast never becomes whole.
   Return it, or NULL.  SURVEY must outlive it.  */
const struct forecast *
survey_start(struct survey *survey);

#endif
