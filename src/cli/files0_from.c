/* SPDX-License-Identifier: GPL-3.0-or-later */
/* files0_from.c: sources from a file; the command line says only where they go.  */
#include "config.h"

#include "cli/files0_from.h"

#include <errno.h>

#include "cli/option.h"
#include "report/usage.h"

/* Remove from NAMES those of FILE that are empty, or lead out of the directory that they
   are to be copied into.  An empty line is no error.  */
static void
remove_bad(struct namelist *names, const char *file, bool lines)
{
	size_t kept = 0;

	for (size_t i = 0; i < names->count; i++)
		if (*names->item[i] == '\0') {
			if (!lines)
				usage_empty_name(file, i + 1);
		} else if (namelist_lead_out(names->item[i])) {
			usage_name_leads_out(file, i + 1, names->item[i]);
		} else {
			names->item[kept++] = names->item[i];
		}
	names->count = kept;
}

int
files0_from_read(struct namelist *list, const struct options *options)
{
	const size_t wanted = options->operands.target_directory == NULL ? 1 : 0;
	const struct option *const option = options->files0_option;

	if (options->count > wanted) {
		usage_operand_beside_list(option->name, options->operand
					  [options->count - 1 - wanted]);
		return -1;
	}
	if (options->count < wanted) {
		usage_missing_destination(NULL);
		return -1;
	}
	if (namelist_read(list, options->files0_from, (char) option->value) < 0) {
		usage_cannot_read(options->files0_from, errno);
		return -1;
	}
	if (option->value == '\n' && list->has_nul) {
		usage_names_end_with_nul(options->files0_from);
		return -1;
	}
	remove_bad(list, options->files0_from, option->value == '\n');
	if (list->count > 0 && wanted > 0)	/* there is room for one more */
		list->item[list->count++] = options->operand[0];
	return 0;
}
