/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_DEBUGMESSAGES_H
#define MMCP_REPORT_DEBUGMESSAGES_H

#include "base/counts.h"
#include "base/result.h"

/* Print --debug's lines about a copy on standard output: first cp's; then, if the copy
   succeeded, its engine, what each worker moved, and why it was not a faster engine; and
   how often a changing source was followed.  */
void
report_debug(const struct explanation *explanation, const struct counts *counts,
	const struct shares *shares);

/* Why there are so many walkers.  */
enum walkers_why {
	WALKERS_PROCESSORS,	/* as many as processors */
	WALKERS_JOBS,		/* the user said so */
	WALKERS_WAIT,		/* more, since they wait */
	WALKERS_COMPUTE,	/* fewer, since they don't */
	WALKERS_ROTATES,	/* the source's disk does */
	WALKERS_DRY_RUN,
	WALKERS_SYMLINKS,	/* two names may be one directory */
	WALKERS_DESCRIPTORS,	/* are few */
	WALKERS_NO_PROCESS,	/* can be forked */
	WALKERS_WHYS
};

/* Print that there are N walkers from now on, and WHY; they wait WAITED percent of the
   time.  */
void
report_walkers(unsigned n, enum walkers_why why, unsigned waited);

#endif
