/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CONTEXT_H
#define MMCP_CONTEXT_H

#include <stdbool.h>
#include <sys/stat.h>

#include "fault.h"

/* The SELinux context that a copy has, by cp's rules.  A new file has it from its creation: so
   context_prepare is called before that, in the process that creates it.  Nothing here does
   anything unless selinux_is_enabled, or the policy is empty otherwise.  */

struct context_policy {
	bool keep;		/* the source's */
	bool needed;		/* a file that can't have it is not copied */
	bool usual;		/* the one that is usual for the copy's path (-Z) */
	bool given;		/* one for all new files (--context=CTX), which is set by now */
	bool named_late;	/* none of these, but a new file is made without its name */
	bool told;		/* report all that fails */
	bool quiet;		/* report nothing, unless told or needed */
};

/* What is to be copied.  */
struct context_source {
	int fd;
	bool path_only;		/* fd is open by O_PATH */
	mode_t mode;
};

/* What stood there before the copy, or has taken after that.  */
struct context_target {
	int fd;
	bool path_only;
	const char *name;	/* below directory AT; NULL: that which the kernel knows of fd */
	int at;
};

/* Whether context_prepare has anything to do.  */
bool
context_is_wanted(const struct context_policy *policy);

/* Whether POLICY says which context copies have, so that attribute NAME, if it is that, isn't copied
   like others.  */
bool
context_rules(const struct context_policy *policy, const char *name);

/* Have what this process makes next labelled as a copy of SOURCE, called NAME below directory AT.
   IS_NEW: nothing stands there.  0, perhaps with a remark; or -1 with a fault if there must be no
   copy.  */
int
context_prepare(const struct context_policy *policy, const struct context_source *source,
	int at, const char *name, bool is_new, struct remarks *remarks, struct fault *fault);

/* Label TARGET as a copy of SOURCE.  As context_prepare.  */
int
context_give(const struct context_policy *policy, const struct context_source *source,
	const struct context_target *target, struct remarks *remarks, struct fault *fault);

/* CONTEXT with the type of USUAL.  To be freed; NULL with errno.  */
char *
context_with_type(const char *context, const char *usual);

#endif
