/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_COPIES_H
#define MMCP_CLI_COPIES_H

#include <stddef.h>
#include <sys/types.h>

#include "base/namelist.h"
#include "cli/operands.h"
#include "cli/options.h"
#include "tree/session.h"
#include "tree/tree.h"

/* What is copied: the operands, and the session they are copied in.  */
struct copies {
	struct session *session;
	struct operands *operands;
	struct tree *tree;
};

/* Find the OPERANDS that OPTIONS name, in LIST with --files0-from.  Return 1; 0 if there
   are none; or -1 if an error was reported.  */
int
copies_find(const struct options *options, struct namelist *list,
	struct operands *operands);

/* Set *PAIR to operand I of CONTEXT, a struct copies.  Return 0, or -1, which is
   reported.  */
int
copies_operand(void *context, size_t i, struct pathpair *pair);

/* Keep to the rate of --bwlimit, of which each rank has its share.  Return 0, or -1 with
   errno.  */
int
copies_limit_rate(const struct options *options);

/* Have all ranks compare what is copied (peermeet.h).  Return 0, with rank 0's umask in
   *UMASK; or -1 if there is nothing to copy, which rank 0 has reported.  */
int
copies_meet(const struct options *options, struct session *session,
	struct operands *operands, mode_t *umask);

/* Prepare to copy COPIES, which have everything but a tree.  Return 0, or -1 with errno.
   Close the session either way.  */
int
copies_open(struct copies *copies, const struct tree_policy *policy);

void
copies_close(struct session *session);

#endif
