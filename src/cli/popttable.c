/* SPDX-License-Identifier: GPL-3.0-or-later */
/* popttable.c: popt's table, made from ours.  It has no texts: popt prints nothing.  */
#include "config.h"

#include "cli/popttable.h"

#include "cli/option.h"
#include "cli/options.h"

static struct poptOption rows[OPTIONS_MOST + 1];	/* the last one stays empty */

const struct poptOption *
popttable_make(void)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option *const option = &option_table[i];
		rows[i] = (struct poptOption) {
			.longName = option->name, .shortName = option->letter,
			.argInfo = (option->argument != NULL ? POPT_ARG_STRING
				    : POPT_ARG_NONE)
				| (option->optional ? POPT_ARGFLAG_OPTIONAL : 0),
			.val = (int) i + 1,
		};
	}
	return rows;
}
