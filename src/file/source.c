/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source.c: open a source once; what is copied is what was opened.  */
#include "config.h"

#include "file/source.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/inode.h"
#include "base/signals.h"

int
source_open(struct source *source, const struct pathpair *pair, const struct stat *known,
	struct error *error)
{
	const bool regular = known == NULL || S_ISREG(known->st_mode);
	/* A file of unknown status may be a FIFO, whose open would wait.  Nor is a lease
	   waited for; such a file is given back.  */
	const int flags = O_RDONLY | (pair->follow ? 0 : O_NOFOLLOW)
		| (known == NULL ? O_NONBLOCK : 0);

	source->fd = signals_open(pair->source_at, pair->source, flags, regular);
	if (source->fd < 0 && known == NULL)
		return error_set(error, ERROR_GIVEN_BACK, errno);
	if (source->fd < 0)
		return signals_set_error(error, ERROR_OPEN_SOURCE);
	if (fstat(source->fd, &source->st) < 0)
		return error_set(error, ERROR_STAT_SOURCE, errno);
	if (known == NULL && !S_ISREG(source->st.st_mode))
		return error_set(error, ERROR_GIVEN_BACK, 0);
	if (known != NULL && !inode_is_same(known, &source->st))
		return error_set(error, ERROR_SOURCE_REPLACED, 0);
	return 0;
}

int
source_stat(const struct source *source, struct stat *now, struct error *error)
{
	return fstat(source->fd, now) == 0 ? 0
		: error_set(error, ERROR_STAT_SOURCE, errno);
}

int
source_rewind(struct source *source, const struct pathpair *pair, struct error *error)
{
	struct source again = SOURCE_CLOSED;

	if (lseek(source->fd, 0, SEEK_SET) == 0)
		return 0;
	int ret = source_open(&again, pair, &source->st, error);
	if (ret == 0 && dup3(again.fd, source->fd, O_CLOEXEC) < 0)
		ret = error_set(error, ERROR_OPEN_SOURCE, errno);
	source_close(&again);
	return ret;
}

bool
source_same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool
source_is_same(const struct stat *was, const struct stat *is)
{
	return is->st_size == was->st_size && source_same_time(is->st_mtim, was->st_mtim)
		&& source_same_time(is->st_ctim, was->st_ctim);
}

void
source_close(struct source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	source->fd = -1;
}
