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

/* From so much on, the file system is synced.  */
enum { FILES = 64, BYTES = 64 << 20 };

#define NOWHERE ((dev_t) -1)

void
durable_begin(struct durable *durable, const struct copy_policy *policy, bool several)
{
	*durable = (struct durable) { .strict = policy, .relaxed = *policy, .fd = -1,
				      .device = several && policy->dest.fsync
					      && !policy->dest.atomic
					      && !policy->dest.resume ? 0 : NOWHERE };
	durable->relaxed.dest.fsync = false;
}

bool
durable_is_reported(int dir, dev_t device)
{
	return fs_trust(dir, ".", device) == FS_TRUSTED && kernel_is(5, 8);
}

void
durable_note(struct durable *durable, const struct pathpair *pair)
{
	struct stat st;

	if (durable->device != 0)
		return;
	durable->device = NOWHERE;
	const int dir = path_open_parent(pair->dest_at, pair->dest, O_PATH);
	const int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	path_close_parent(dir, pair->dest_at);
	if (fd >= 0 && fstat(fd, &st) == 0 && durable_is_reported(fd, st.st_dev)) {
		durable->fd = fd;
		durable->device = st.st_dev;
	} else if (fd >= 0) {
		close(fd);
	}
}

const struct copy_policy *
durable_policy(const struct durable *durable, dev_t device)
{
	return durable->fd < 0 || device != durable->device ? durable->strict
		: &durable->relaxed;
}

int
durable_sync(const struct durable *durable)
{
	if (durable->fd < 0)
		return 0;
	if (totals_read(COUNT_REGULAR) < FILES && totals_read(COUNT_BYTES) < BYTES)
		return 1;
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

static bool sync_tree(const struct pathpair *pair);

/* Sync all copies of what is in PAIR's source, a directory.  */
static bool
sync_below(const struct pathpair *pair)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	const int source = openat(pair->source_at, pair->source, flags);
	const int dest = openat(pair->dest_at, pair->dest, flags | O_NOFOLLOW);
	DIR *const dir = source >= 0 ? fdopendir(source) : NULL;
	const struct dirent *d;
	bool failed = false;

	while (dir != NULL && dest >= 0 && signals_fatal() == 0
	       && (d = readdir(dir)) != NULL) {
		struct pathpair below = { .source_at = source, .source = d->d_name,
					  .dest_at = dest, .dest = d->d_name };
		char *name;
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0
		    || asprintf(&name, "%s/%s", pair->dest_name, d->d_name) < 0)
			continue;
		below.dest_name = name;
		failed = sync_tree(&below) || failed;
		free(name);
	}
	if (dir != NULL)
		closedir(dir);
	if (dest >= 0)
		close(dest);
	return failed;
}

/* Sync PAIR's copy and what is below it.  */
static bool
sync_tree(const struct pathpair *pair)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	const int fd = openat(pair->dest_at, pair->dest, flags);
	struct stat st;
	bool failed = false;

	if (fd < 0 && errno == EACCES)	/* It can't be synced alone.  */
		sync();
	if (fd < 0)
		return false;
	if (fstat(fd, &st) < 0)
		st.st_mode = 0;
	if (S_ISDIR(st.st_mode))
		failed = sync_below(pair);
	if (S_ISDIR(st.st_mode) || S_ISREG(st.st_mode))
		failed = sync_one(fd, pair->dest_name) || failed;
	close(fd);
	return failed;
}

/* Sync the directory that PAIR's copy is in, and with --parents those above it, down from
   the target.  Return 0, or -1 with errno.  */
static int
sync_above(const struct pathpair *pair)
{
	const bool in_target = pair->dest_at != AT_FDCWD;
	const int dir = in_target ? pair->dest_at
		: path_open_parent(AT_FDCWD, pair->dest, O_PATH);
	int ret = descriptor_sync_directory_or_all(dir, ".");
	const char *slash = in_target ? strchr(pair->dest, '/') : NULL;

	for (; ret == 0 && slash != NULL; slash = strchr(slash + 1, '/')) {
		char *const path = strndup(pair->dest, (size_t) (slash - pair->dest));
		ret = path == NULL ? -1 : descriptor_sync_directory_or_all(dir, path);
		free(path);
	}
	path_close_parent(dir, pair->dest_at);
	return ret;
}

bool
durable_sync_operand(const struct pathpair *pair)
{
	const bool failed = sync_tree(pair);

	if (sync_above(pair) == 0)
		return failed;
	report_cannot_flush_directory_of(pair->dest_name, errno);
	return true;
}
