/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_OUTPUTS_H
#define MMCP_CLI_OUTPUTS_H

#include <stdbool.h>

#include "cli/options.h"
#include "tree/manifest.h"

/* Return whether standard output has what programs read, so that nothing else may go
   there.  */
bool
outputs_use_stdout(const struct options *options);

/* Open the files that OPTIONS name for what is to be written besides copies: the names
   of sources that fail (failures_to), and the log (logfile_open).  None of them, nor the
   manifest, may be a source of OPERANDS, or be overwritten by the copy of one or of a
   file below.  In a dry run there are none.  Return 0, or -1 if something is wrong, which
   was reported.  */
int
outputs_open(const struct options *options, struct operands *operands);

/* Begin the manifest that OPTIONS name, after that; *MANIFEST is NULL if there is none.
   Return as above.  */
int
outputs_open_manifest(const struct options *options, struct manifest **manifest);

/* All is copied: write MANIFEST, which may be NULL, unless a signal asks us to end, and
   free it.  Errors are reported.  */
void
outputs_close_manifest(const struct options *options, struct manifest *manifest);

/* There are no operands, which was reported: open the log all the same, so that it has
   that error; unless it is one of the names that were given, or exists and isn't a log of
   ours.  */
void
outputs_open_log(const struct options *options);

#endif
