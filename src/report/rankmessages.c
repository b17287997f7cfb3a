/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rankmessages.c: what is said of other ranks.  */
#include "config.h"

#include "report/rankmessages.h"

#include <assert.h>

#include "base/locale.h"
#include "report/message.h"
#include "report/quote.h"

static const char *const problems[] = {
	[RANKMESSAGES_NONE] = NULL,
	[RANKMESSAGES_VERSION] = N_("cannot begin: rank %u on %s is another version"),
	[RANKMESSAGES_COMMAND] =
		N_("cannot begin: rank %u on %s was given another command line"),
	[RANKMESSAGES_CURRENT] =
		N_("cannot begin: rank %u on %s has another current directory"),
	[RANKMESSAGES_SOURCE] =
		N_("cannot copy %3$s: rank %1$u on %2$s finds something else there"),
	[RANKMESSAGES_DESTINATION] =
		N_("cannot copy to %3$s: rank %1$u on %2$s finds something else there"),
};
static_assert(sizeof problems / sizeof *problems == RANKMESSAGES_PROBLEMS, "a row each");

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
void
report_rank(enum rankmessages_problem problem, unsigned rank, const char *host,
	const char *name)
{
	message_error(0, problems[problem], rank, host, quote(name));
}
#pragma GCC diagnostic pop

void
report_rank_begins(unsigned rank, unsigned ranks, const char *host)
{
	message_print(N_("rank %u of %u is on %s"), rank, ranks, host);
}
