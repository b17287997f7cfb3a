/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_CONTEXT_H
#define MMCP_FILE_CONTEXT_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/error.h"

/* The SELinux context of a copy, by cp's rules.  A new file has it from its creation, so
   context_prepare is called before that, in the process that creates the file.  Unless
   selinux_is_enabled, the policy is empty and nothing here does anything.  */

struct context_policy {
	bool keep;		/* keep the source's context */
	bool needed;		/* don't copy a file that can't have it */
	bool usual;		/* give the one that is usual for the path (-Z) */
	bool given;		/* --context=CTX, for all new files, is already set */
	bool named_late;	/* a hidden file needs the label of its final name */
	bool reported;		/* report all failures */
	bool quiet;		/* report no failures, unless reported or needed */
};

/* The source of a copy.  */
struct context_source {
	int fd;
	bool path_only;		/* fd is open by O_PATH */
	mode_t mode;
};

/* An existing file or directory that is to be labelled.  */
struct context_target {
	int fd;
	bool path_only;
	const char *name;	/* below directory AT; NULL: as /proc has it for fd */
	int at;
};

/* Return whether context_prepare has anything to do.  */
bool
context_is_wanted(const struct context_policy *policy);

/* Return whether attribute NAME is the context and POLICY decides it, so that it isn't
   copied like other attributes.  */
bool
context_decides(const struct context_policy *policy, const char *name);

/* Have the next file that this process makes labelled as a copy of SOURCE with NAME below
   directory AT.  IS_NEW: that name is free.  Return 0, perhaps with a remark; or -1 with
   an error if the file must not be copied.  */
int
context_prepare(const struct context_policy *policy, const struct context_source *source,
	int at, const char *name, bool is_new, struct remarks *remarks,
	struct error *error);

/* Label TARGET as a copy of SOURCE.  Return as context_prepare does.  */
int
context_give(const struct context_policy *policy, const struct context_source *source,
	const struct context_target *target, struct remarks *remarks,
	struct error *error);

/* Return CONTEXT with the type of USUAL; the caller frees it.  NULL with errno on
   error.  */
char *
context_with_type(const char *context, const char *usual);

#endif
