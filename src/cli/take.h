/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_TAKE_H
#define MMCP_CLI_TAKE_H

#include "cli/option.h"

/* What options do when they are met (option_take): first what many rows of the table
   share, then what only one or two do.  */

/* Set the bool of OPTION's identifier.  */
option_take take_flag;

/* Set the enum of OPTION's identifier to its value.  */
option_take take_value;

/* Set the enum of OPTION's identifier to the keyword ARGUMENT, or to its value without
   one.  */
option_take take_word;

/* The values of the keywords of --engine: auto, or the engine of the row ENGINE_ID.  */
enum { TAKE_ENGINE_AUTO };
#define TAKE_ENGINE(ID) (1 + ENGINE_##ID)

/* Set the engine of OPTION's identifier to the one that ARGUMENT names, or to NULL.  */
option_take take_engine;

/* Set the string of OPTION's identifier to ARGUMENT.  */
option_take take_text;

/* Set the uint64_t of OPTION's identifier to ARGUMENT, a size of at least one byte.  */
option_take take_size;

/* The same for a rate, in bytes a second.  */
option_take take_rate;

option_take take_jobs;
option_take take_target_directory, take_interactive, take_no_clobber, take_backup,
	take_suffix, take_archive, take_d, take_preserve, take_no_preserve, take_context,
	take_exclude_from;

/* Take sources from the file ARGUMENT, in which OPTION's value follows each name.  */
option_take take_files_from;

/* Add a pattern to those that are excluded, or included, as OPTION's value says.  */
enum { TAKE_EXCLUDED, TAKE_INCLUDED };
option_take take_pattern;

/* What --preserve lists.  */
enum preserve {
	PRESERVE_MODE, PRESERVE_TIMESTAMPS, PRESERVE_OWNERSHIP, PRESERVE_LINKS,
	PRESERVE_CONTEXT, PRESERVE_XATTR, PRESERVE_ALL
};

#endif
