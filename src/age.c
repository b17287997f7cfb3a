/* SPDX-License-Identifier: GPL-3.0-or-later */
/* age.c: which of two files is the older one.  How exactly a file system keeps times is seen
   from those that it has kept: nothing is written to find out.  */
#include "config.h"

#include "age.h"

#include <time.h>

enum { BILLION = 1000000000, FAT = 10000000 };

/* The unit of ST's times, in nanoseconds: the greatest power of ten that all of them are
   multiples of, at most a second.  FAT has a ctime in 10 ms and an mtime in whole, even
   seconds.  */
static long
unit_of(const struct stat *st)
{
	const long a = st->st_atim.tv_nsec, m = st->st_mtim.tv_nsec, c = st->st_ctim.tv_nsec;
	long unit = 1;

	while (unit < BILLION && a % (unit * 10) == 0 && m % (unit * 10) == 0
	       && c % (unit * 10) == 0)
		unit *= 10;
	return unit >= FAT && unit < BILLION && m == 0 && st->st_mtim.tv_sec % 2 == 0
		? 2L * BILLION : unit;
}

/* TIME as it is kept in UNIT.  */
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
age_is_older(const struct stat *dest, const struct stat *source, bool kept)
{
	const struct timespec time = kept ? truncated(source->st_mtim, unit_of(dest))
		: source->st_mtim;

	return is_before(dest->st_mtim, time);
}
