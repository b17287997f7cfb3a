/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_PROGRESSFACTS_H
#define MMCP_REPORT_PROGRESSFACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/forecast.h"
#include "report/progressline.h"

/* How far the run is: for the bar and for the status file.  In the parent only; it reads
   the counts of all processes (base/totals.h), and prints nothing.  */

/* The run begins.  SHOWN: progress is shown, and so what the parent does is noted
   exactly.  */
void
progressfacts_begin(bool shown);

/* Take all there is to copy from FORECAST; NULL: there is none any more.  */
void
progressfacts_forecast(const struct forecast *forecast);

/* Every file has been found (COUNT_FOUND).  */
void
progressfacts_found_all(void);

/* The parent itself copies NAME, of SIZE bytes; NULL: no longer.  NAME stays valid until
   the next call.  */
void
progressfacts_here(const char *name, uint64_t size);

/* Call CURRENT with CONTEXT for the name of the current file or directory, unless
   progressfacts_here has named one.  progressfacts.c frees the name.  */
void
progressfacts_naming(char *(*current)(void *context), void *context);

/* What worker NUMBER of totals.h does.  */
enum progressfacts_worker {
	PROGRESSFACTS_COPIES,		/* where is in *NAME, to be freed; or NULL */
	PROGRESSFACTS_WAITS
};

typedef enum progressfacts_worker
progressfacts_ask(void *context, unsigned number, char **name);

/* Ask WORKER with CONTEXT for that; NULL: it is unknown.  */
void
progressfacts_workers(progressfacts_ask *worker, void *context);

/* Return that, as WORKER does.  */
enum progressfacts_worker
progressfacts_worker(unsigned number, char **name);

/* Set the total, and how much was found, in *FACTS.  */
void
progressfacts_total(struct progressline_facts *facts);

/* Return how far it is now.  The name is as it is, not fit for a terminal, and valid
   until the next call.  */
struct progressline_facts
progressfacts_look(void);

/* Return the nanoseconds since the run began.  */
uint64_t
progressfacts_elapsed(void);

#endif
