/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_COPY_H
#define MMCP_COPY_H

#include <stdbool.h>

#include "dest.h"
#include "job.h"
#include "plan.h"
#include "seen.h"

struct copy_policy {
	struct dest_policy dest;
	struct plan_policy plan;
	bool verbose;
	bool debug;
};

/* What one run knows: how to copy, and, if it copies several files into a directory,
   which sources it had and which destinations it made (else NULL).  */
struct copier {
	struct copy_policy policy;
	struct seen *sources;
	struct seen *created;
};

/* Copy one regular file, pipe or device from open to its final name, and say what went
   wrong.  0, also where there was nothing to do; -1 if it was not copied, and then
   there is no new file, and an old one is as it was or cut to its whole part.  */
int
copy_job(struct copier *copier, const struct job *job);

#endif
