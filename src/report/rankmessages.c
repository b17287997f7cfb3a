/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rankmessages.c: what is said of other ranks.  */
#include "config.h"

#include "report/rankmessages.h"

#include <assert.h>
#include <unistd.h>

#include "base/locale.h"
#include "report/message.h"
#include "report/quote.h"

static const char *const problems[] = {
	[RANKMESSAGES_NONE] = NULL,
	[RANKMESSAGES_VERSION] =
		N_("cannot start: rank %u on %s is another version of mmcp"),
	[RANKMESSAGES_COMMAND] =
		N_("cannot start: rank %u on %s has another command line"),
	[RANKMESSAGES_SETTINGS] =
		N_("cannot start: rank %u on %s has other environment variables"),
	[RANKMESSAGES_LISTS] =
		N_("cannot start: rank %u on %s has read other names or patterns"),
	[RANKMESSAGES_CURRENT] =
		N_("cannot start: rank %u on %s is in another current directory"),
	[RANKMESSAGES_SOURCE] =
		N_("cannot copy %3$s: rank %1$u on %2$s sees another file there, "
		   "or none"),
	[RANKMESSAGES_DESTINATION] =
		N_("cannot copy to %3$s: rank %1$u on %2$s sees another directory "
		   "there, or none"),
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

/* ---- the module ---- */

/* Return the name of this machine.  */
static const char *
own_host(void)
{
	static char host[256];

	return gethostname(host, sizeof host - 1) == 0 ? host : "?";
}

void
report_cannot_open_module(const char *why)
{
	/* TRANSLATORS: a machine; and a reason in English, after the file's name.  */
	message_error(0, N_("cannot open what --mpi needs on %s: %s"), own_host(), why);
}

void
report_module_is_another(const char *file, const char *version)
{
	message_error(0, N_("cannot use %s on %s for --mpi: it belongs to mmcp %s"),
		      quote(file), own_host(), version);
}

void
report_rank_lacks_options(const char *rank)
{
	message_error(0, N_("cannot start: rank %s on %s does not understand the command "
			    "line"), rank, own_host());
}

void
report_ranks_are_strangers(long n)
{
	message_error(0, N_("cannot start: %ld processes were started, and none finds "
			    "the others; is that the MPI that mmcp-mpi.so was built "
			    "with?"), n);
}
