/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_PACE_H
#define MMCP_REPORT_PACE_H

#include <stdint.h>

/* How fast the copy is, and so when it will be done.  Times are nanoseconds since it
   began.  */

enum { PACE_SAMPLES = 160 };

struct pace {
	struct { uint64_t time, bytes; } samples[PACE_SAMPLES];
	unsigned count;		/* so far; the next one goes to count % PACE_SAMPLES */
	double end;		/* the forecast end, nanoseconds; 0: none */
};

/* At TIME, BYTES have moved.  */
void
pace_note(struct pace *pace, uint64_t time, uint64_t bytes);

/* Return bytes a second, of the last three seconds or since the start; below 0 if it is
   too early.  */
double
pace_rate(const struct pace *pace);

/* Return the seconds that TO_GO more bytes take; below 0 if nobody can know: it is too
   early, or the last seconds and the last dozen of them disagree.  */
double
pace_left(struct pace *pace, uint64_t to_go);

#endif
