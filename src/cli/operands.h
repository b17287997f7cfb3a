/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_OPERANDS_H
#define MMCP_CLI_OPERANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pathpair.h"

/* What is copied where, by cp's rules: a file to a file, or files into a directory.  */

struct operands_policy {
	const char *target_directory;	/* -t DIRECTORY, or NULL */
	bool no_target_directory;	/* the last operand isn't a directory to fill */
	bool parents;			/* sources keep their paths below the directory */
	bool strip_trailing_slashes;	/* of sources */
	bool files0_from;		/* "/./" in a source is a mark (namelist.h) */
};

/* What is wrong with operands; "blamed" is in struct operands.  */
enum operands_error {
	OPERANDS_OK,
	OPERANDS_MISSING_FILE,
	OPERANDS_MISSING_DEST,		/* blamed: the only operand */
	OPERANDS_EXTRA,			/* blamed: the first too many */
	OPERANDS_BOTH_TARGETS,		/* -t and -T */
	OPERANDS_NOT_BELOW,		/* --parents without a directory */
	OPERANDS_TARGET,		/* blamed: the last operand; with errno */
	OPERANDS_TARGET_DIRECTORY	/* blamed: -t's argument; with errno */
};

struct operands {
	const struct operands_policy *policy;	/* the caller's, as all strings of argv */
	const char *const *sources;
	size_t count;			/* of sources */
	const char *target;		/* the directory to fill, or the destination */
	int dir;			/* that directory, open by O_PATH; else -1 */
	char *source_name;		/* of the last pair, if slashes were removed */
	char *dest_name;		/* of the last pair, if it is in the directory */
	const char *blamed;		/* the operand that an error is about, or NULL */
};

#define OPERANDS_NONE ((struct operands) { .dir = -1 })

/* Sort the COUNT operands in ARGV into *OPERANDS, to be freed whatever is returned.  ARGV
   and POLICY must outlive it.  */
enum operands_error
operands_sort(struct operands *operands, size_t count, const char *const *argv,
	const struct operands_policy *policy);

/* Put the paths of source I and its copy into *PAIR, which is valid until the next call.
   Return 0, or -1 with errno.  */
int
operands_pair(struct operands *operands, size_t i, struct pathpair *pair);

/* Report ERROR, which operands_sort has just returned for OPERANDS.  */
void
operands_report(const struct operands *operands, enum operands_error error);

void
operands_free(struct operands *operands);

#endif
