/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_RANKMESSAGES_H
#define MMCP_REPORT_RANKMESSAGES_H

/* Messages about a copy on many machines.  */

/* What isn't the same for all ranks.  */
enum rankmessages_problem {
	RANKMESSAGES_NONE,
	RANKMESSAGES_VERSION,
	RANKMESSAGES_COMMAND,
	RANKMESSAGES_SETTINGS,	/* variables of the environment */
	RANKMESSAGES_LISTS,	/* names and patterns, which it has read */
	RANKMESSAGES_CURRENT,	/* the current directory */
	RANKMESSAGES_SOURCE,
	RANKMESSAGES_DESTINATION,
	RANKMESSAGES_PROBLEMS
};

/* Report that PROBLEM, with what is called NAME here, is that of RANK on HOST.  */
void
report_rank(enum rankmessages_problem problem, unsigned rank, const char *host,
	const char *name);

/* Print that RANK, of RANKS, is on HOST.  */
void
report_rank_begins(unsigned rank, unsigned ranks, const char *host);

/* The command line that RANK, which is here, can't make sense of is right for others.  */
void
report_rank_lacks_options(const char *rank);

/* --mpi: the module can't be opened here, WHY in dlerror's words; FILE is that of another
   VERSION of mmcp; MPI knows one rank only, where N were started.  */
void
report_cannot_open_module(const char *why);

void
report_module_is_another(const char *file, const char *version);

void
report_ranks_are_strangers(long n);

#endif
