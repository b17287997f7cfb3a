/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_COMMANDLINE_H
#define MMCP_CLI_COMMANDLINE_H

#include "cli/options.h"

/* What a command line asks for.  */
enum commandline {
	COMMANDLINE_COPY,
	COMMANDLINE_STATUS,	/* of running copies; operands may say of which */
	COMMANDLINE_DONE,	/* help or version, which was printed */
	COMMANDLINE_BAD		/* nothing: something is wrong, which was reported */
};

/* Read ARGV into *OPTIONS, to be freed by commandline_free whatever is returned.  */
enum commandline
commandline_read(struct options *options, int argc, char **argv);

void
commandline_free(struct options *options);

#endif
