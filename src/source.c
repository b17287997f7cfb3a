/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source.c: what is copied is what was opened, and it must hold still.  */
#include "config.h"

#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "signals.h"
#include "sys.h"

int
source_open(struct source *source, const struct job *job, const struct stat *looked,
	struct fault *fault)
{
	const bool regular = looked == NULL || S_ISREG(looked->st_mode);
	const int flags = O_RDONLY | (job->follow ? 0 : O_NOFOLLOW);

	source->fd = signals_open(job->source_at, job->source, flags, regular);
	if (source->fd < 0 && looked == NULL)
		return fault_set(fault, FAULT_GIVEN_BACK, errno);
	if (source->fd < 0)
		return fault_set(fault, signals_fatal() != 0 ? FAULT_INTERRUPTED
				 : FAULT_OPEN_SOURCE, errno);
	if (fstat(source->fd, &source->st) < 0)
		return fault_set(fault, FAULT_STAT_SOURCE, errno);
	if (looked == NULL && !S_ISREG(source->st.st_mode))
		return fault_set(fault, FAULT_GIVEN_BACK, 0);
	if (looked != NULL && !sys_same_inode(looked, &source->st))
		return fault_set(fault, FAULT_SOURCE_REPLACED, 0);
	return 0;
}

static bool
same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

int
source_unchanged(const struct source *source, struct fault *fault)
{
	const struct stat *const was = &source->st;
	struct stat is;

	if (!S_ISREG(was->st_mode))
		return 0;
	if (fstat(source->fd, &is) < 0)
		return fault_set(fault, FAULT_STAT_SOURCE, errno);
	if (is.st_size < was->st_size)
		return fault_set_at(fault, FAULT_SOURCE_SHRANK, 0, is.st_size);
	/* A name taken away moves the ctime too, and the content is none the worse.  */
	if (is.st_size != was->st_size || !same_time(is.st_mtim, was->st_mtim)
	    || (!same_time(is.st_ctim, was->st_ctim) && is.st_nlink >= was->st_nlink))
		return fault_set(fault, FAULT_SOURCE_CHANGED, 0);
	return 0;
}

void
source_close(struct source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	source->fd = -1;
}
