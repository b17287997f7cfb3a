/* SPDX-License-Identifier: GPL-3.0-or-later */
/* goingon.c: the command that goes on with --resume.  It is the one that was given, but
   for what that would mean now that there is a part of the copy.  */
#include "config.h"

#include "cli/goingon.h"

#include <sys/stat.h>

#include "cli/combine.h"
#include "file/journalcommand.h"

/* Return whether the only source is a directory whose copy doesn't exist yet: the same
   command would then copy into what this run has made.  */
static bool
makes_directory(const struct options *options, const struct operands *operands)
{
	struct stat st;

	return options->entry.recursive && operands->count == 1 && operands->dir < 0
		&& !options->operands.no_target_directory
		&& stat(operands->sources[0], &st) == 0 && S_ISDIR(st.st_mode);
}

void
goingon_note(const struct options *options, const struct operands *operands)
{
	/* What came from standard input is gone.  */
	if (options->copy.dest.resume && !combine_reads_stdin(options))
		journalcommand_set(options->argc, options->argv,
				   makes_directory(options, operands) ? "-T" : NULL);
}
