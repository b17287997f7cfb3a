/* SPDX-License-Identifier: GPL-3.0-or-later */
/* durable.c: sync a file system once instead of each file.  60 000 files took 8 times as
   long as by cp and sync -f, and so take less (doc/measurements.md#durable-trees).  */
#include "config.h"

#include "tree/durable.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/fs.h"
#include "base/kernel.h"
#include "base/path.h"
#include "base/signals.h"
#include "base/totals.h"
#include "report/entrymessages.h"

/* So much is synced file by file.  */
enum { FILES = 64, BYTES = 64 << 20 };

void
durable_begin(struct durable *durable, const struct copy_policy *policy)
{
	*durable = (struct durable) { .strict = policy, .relaxed = *policy, .fd = -1 };
	durable->relaxed.dest.fsync = false;
}

void
durable_note(struct durable *durable, const struct pathpair *pair)
{
	struct stat st;

	if (!durable->strict->dest.fsync || durable->strict->dest.atomic
	    || durable->device != 0)
		return;
	durable->device = (dev_t) -1;
	const int dir = path_open_parent(pair->dest_at, pair->dest, O_PATH);
	const int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	path_close_parent(dir, pair->dest_at);
	/* Others may not report an error of a file that was closed.  */
	if (fd >= 0 && fstat(fd, &st) == 0
	    && fs_trust(fd, ".", st.st_dev) == FS_TRUSTED && kernel_is(5, 8)) {
		durable->fd = fd;
		durable->device = st.st_dev;
	} else if (fd >= 0) {
		close(fd);
	}
}

const struct copy_policy *
durable_policy(const struct durable *durable, dev_t device)
{
	if (durable->fd < 0 || device != durable->device
	    || (totals_read(COUNT_REGULAR) < FILES && totals_read(COUNT_MOVED) < BYTES))
		return durable->strict;
	return &durable->relaxed;
}

int
durable_sync(struct durable *durable)
{
	if (durable_policy(durable, durable->device) == durable->strict)
		return 0;
	return syncfs(durable->fd);
}

void
durable_end(struct durable *durable)
{
	if (durable->fd >= 0)
		close(durable->fd);
	durable->fd = -1;
}

/* ---- one by one ---- */

/* Sync what is open as FD and called NAME.  Return whether that failed, which is
   reported.  */
static bool
sync_one(int fd, const char *name)
{
	if (fsync(fd) == 0 || errno == EINVAL)
		return false;
	report_cannot_flush(name, errno);
	return true;
}

/* Sync all that is in the directory FD, called NAME.  */
static bool
sync_below(int fd, const char *name)
{
	DIR *const dir = fdopendir(dup(fd));
	const struct dirent *d;
	bool failed = false;

	while (dir != NULL && signals_fatal() == 0 && (d = readdir(dir)) != NULL) {
		char *full;
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0
		    || (d->d_type != DT_REG && d->d_type != DT_DIR
			&& d->d_type != DT_UNKNOWN)
		    || asprintf(&full, "%s/%s", name, d->d_name) < 0)
			continue;
		failed = durable_sync_each(fd, d->d_name, full) || failed;
		free(full);
	}
	if (dir != NULL)
		closedir(dir);
	return failed;
}

bool
durable_sync_each(int at, const char *path, const char *name)
{
	const int fd = openat(at, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
			      | O_CLOEXEC);
	struct stat st;
	bool failed = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		failed = sync_below(fd, name);
	if (S_ISDIR(st.st_mode) || S_ISREG(st.st_mode))
		failed = sync_one(fd, name) || failed;
	close(fd);
	return failed;
}
