/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_FORECAST_H
#define MMCP_BASE_FORECAST_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* What a run has to copy, as a process beside it finds out.  That process only looks: it
   holds no file of the run open, and may be killed at any time.  */

struct forecast {
	_Atomic uint64_t bytes;		/* found so far */
	_Atomic uint64_t files;
	_Atomic bool whole;		/* there are no more */
};

/* What the process does: fill in FORECAST.  KEPT is its number of descriptor KEEP, or
   -1.  */
typedef void forecast_work(void *context, struct forecast *forecast, int kept);

/* Fork a process that does WORK with CONTEXT, and has no descriptor but KEEP (-1: none).
   Return what it finds, in shared memory; NULL if it can't be had.  Once in a run.  */
const struct forecast *
forecast_start(forecast_work *work, void *context, int keep);

/* In that process, to be called often: sleep so much that no more than a tenth of a
   processor is used.  */
void
forecast_rest(void);

/* Kill the process, if there is one.  */
void
forecast_stop(void);

#endif
