/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_OPERANDS_H
#define MMCP_CLI_OPERANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pathpair.h"

/* What goes where, by cp's rules: file to file, files into a directory.  */

struct operands_policy {
	const char *target_directory;	/* -t DIRECTORY, or NULL */
	bool no_target_directory;	/* the last operand isn't a directory to fill */
	bool parents;		/* each source keeps its path below the directory */
	bool strip_trailing_slashes;	/* of sources */
	bool files0_from;	/* sources are from a list, where "/./" is a mark */
};

enum operands_error {
	OPERANDS_OK,
	OPERANDS_MISSING_FILE,
	OPERANDS_MISSING_DEST,		/* blamed: the only operand */
	OPERANDS_EXTRA,			/* blamed: the first too many */
	OPERANDS_BOTH_TARGETS,		/* -t and -T */
	OPERANDS_NOT_BELOW,		/* parents, and no directory to be below */
	OPERANDS_TARGET,		/* blamed: the last operand; errno says why */
	OPERANDS_TARGET_DIRECTORY	/* blamed: -t's argument; errno says why */
};

struct operands {
	const char *const *sources;		/* the caller's */
	size_t count;
	const char *target;	/* directory to fill, or the one destination */
	int dir;		/* that directory, open; -1 if it isn't one */
	bool parents;
	bool strip_trailing_slashes;
	bool files0_from;
	char *source_name;	/* likewise, without its slashes */
	char *dest_name;	/* of the pair handed out last */
	const char *blamed;	/* the operand that an error is about, or NULL */
};

#define OPERANDS_NONE ((struct operands) { .dir = -1 })

/* Sort COUNT operands in ARGV, which must outlive *OPERANDS.  */
enum operands_error
operands_sort(struct operands *operands, size_t count, const char *const *argv,
	const struct operands_policy *policy);

/* The pair for source I (below operands->count), good until the next call.
   0, or -1 with errno.  */
int
operands_pair(struct operands *operands, size_t i, struct pathpair *pair);

/* Report ERROR, which operands_sort has just returned for OPERANDS.  */
void
operands_report(const struct operands *operands, enum operands_error error);

void
operands_free(struct operands *operands);

#endif
