/* SPDX-License-Identifier: GPL-3.0-or-later */
/* samecontent.c: whether source and destination have the same bytes: their sizes first,
   then all that isn't a hole on both sides, until something differs.  */
#include "config.h"

#include "file/samecontent.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/fs.h"
#include "base/inode.h"
#include "engine/compare.h"
#include "engine/extent.h"
#include "file/source.h"

bool
samecontent_has_holes(int fd, const struct stat *st)
{
	return extent_lacks_blocks(st) && !fs_hides_delayed(fd, st->st_dev);
}

/* Return whether SOURCE, all of whose SIZE bytes were compared, has more: its size can't
   be believed.  */
static bool
has_more(const struct source *source, off_t size)
{
	char byte;

	return !fs_is_trusted(source->fd, source->st.st_dev)
		&& descriptor_read(source->fd, &byte, 1, size) != 0;
}

/* Compare SOURCE with COPY, which are open and have one size; COPY's status is ST.
   Return as samecontent_compare.  */
static int
compare_open_files(const struct plan_policy *policy, const struct source *source,
	int copy, const struct stat *st, struct samecontent *found, struct error *error)
{
	const off_t size = source->st.st_size;
	struct stat source_now, copy_now;
	struct compare compare = {
		.source = source->fd, .reader = copy, .writer = -1,
		.holes = samecontent_has_holes(source->fd, &source->st)
			&& samecontent_has_holes(copy, st),
		.mends = true, .counted = true, .drop = policy->nocache,
		.jobs = compare_jobs(policy, size),
	};

	/* The kernel's read-ahead would bring in pages of the next step, which then seem
	   to have been there before.  */
	if (compare.drop) {
		posix_fadvise(source->fd, 0, 0, POSIX_FADV_RANDOM);
		posix_fadvise(copy, 0, 0, POSIX_FADV_RANDOM);
	}
	if (compare_open(&compare, (uint64_t) size) < 0)
		return error_set(error, ERROR_MEMORY, errno);
	compare_begin(&compare, 1, (uint64_t) size);
	const int ret = compare_pass(&compare, COMPARE_OTHERS, error);
	found->same = ret < 0 ? 0 : (off_t) compare_first(&compare);
	found->compared = compare_compared(&compare);
	compare_close(&compare);
	if (ret < 0 || found->same < size)
		return ret;
	/* What is read at once is of one moment.  */
	const bool at_once = size <= COMPARE_STEP;
	return (at_once || (source_stat(source, &source_now, error) == 0
			    && source_is_same(&source->st, &source_now)
			    && fstat(copy, &copy_now) == 0
			    && source_is_same(st, &copy_now)))
		&& !has_more(source, size);
}

int
samecontent_compare(const struct plan_policy *policy, const struct pathpair *pair,
	const struct stat *source_st, const struct stat *dest_st, bool follow,
	struct samecontent *found, struct error *error)
{
	struct source source = SOURCE_CLOSED;
	struct stat st;
	int copy = -1;
	int ret = 0;

	*found = (struct samecontent) { 0 };
	if (source_st->st_size != dest_st->st_size)
		return 0;
	if (source_open(&source, pair, source_st, error) < 0) {
		ret = -1;
		goto out;
	}
	/* Of a file like those in /proc, nothing is known before it is read.  */
	if (source.st.st_size == 0 && has_more(&source, 0))
		goto out;
	copy = openat(pair->dest_at, pair->dest, O_RDONLY | O_NONBLOCK | O_NOCTTY
		      | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
	if (copy >= 0 && fstat(copy, &st) == 0 && inode_is_same(&st, dest_st)
	    && st.st_size == source.st.st_size)
		ret = compare_open_files(policy, &source, copy, &st, found, error);
out:
	if (copy >= 0)
		close(copy);
	source_close(&source);
	return ret;
}
