/* SPDX-License-Identifier: GPL-3.0-or-later */
/* timestamps.c: which of two files is the older one.  */
#include "config.h"

#include "tree/timestamps.h"

#include <time.h>

enum { BILLION = 1000000000 };

/* Return TIME cut to units of UNIT nanoseconds.  */
static struct timespec
truncated(struct timespec time, long unit)
{
	if (unit > BILLION)
		time.tv_sec &= ~(time_t) 1;
	time.tv_nsec -= time.tv_nsec % (unit > BILLION ? BILLION : unit);
	return time;
}

static bool
is_before(struct timespec a, struct timespec b)
{
	return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

bool
timestamps_is_older(const struct stat *dest, const struct stat *source, long unit)
{
	return is_before(dest->st_mtim, truncated(source->st_mtim, unit));
}

bool
timestamps_differ(const struct stat *dest, const struct stat *source, long unit)
{
	const struct timespec wanted = truncated(source->st_mtim, unit);

	return is_before(dest->st_mtim, wanted) || is_before(wanted, dest->st_mtim);
}

bool
timestamps_is_near(const struct stat *dest, const struct stat *source)
{
	const struct timespec a = dest->st_mtim, b = source->st_mtim;

	return is_before(a, b) && b.tv_sec - a.tv_sec <= 2;
}
