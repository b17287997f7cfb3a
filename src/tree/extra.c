/* SPDX-License-Identifier: GPL-3.0-or-later */
/* extra.c: what is only in the destination, for a run that compares.  A directory is one
   name, whatever is in it.  */
#include "config.h"

#include "tree/extra.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/signals.h"
#include "report/copymessages.h"
#include "report/entrymessages.h"
#include "report/stats.h"
#include "tree/selection.h"

/* Return the mode of NAME in DIR's destination, of TYPE (DT_...), as far as its type.  */
static mode_t
mode_of(const struct dirpair *dir, const char *name, unsigned char type)
{
	struct stat st;

	if (type != DT_UNKNOWN)
		return DTTOIF(type);
	return fstatat(dir->dest, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? st.st_mode : 0;
}

/* Return whether patterns leave out NAME, of MODE, which would be in DIR.  */
static bool
is_excluded(const struct walk *walk, const struct dirpair *dir, const char *name,
	mode_t mode)
{
	if (walk->policy->exclude->count == 0)
		return false;
	char *const path = dirpair_source_name(dir, name);
	const bool is = path != NULL
		&& selection_excludes(walk->policy, path, dirpair_root(dir)->source_root,
				      S_ISDIR(mode));
	free(path);
	return is;
}

/* Deal with NAME, of TYPE, in DIR's destination.  */
static void
look_at(const struct walk *walk, const struct dirpair *dir, const char *name,
	unsigned char type)
{
	struct stat st;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0
	    || fstatat(dir->source, name, &st, AT_SYMLINK_NOFOLLOW) == 0
	    || errno != ENOENT)
		return;
	const mode_t mode = mode_of(dir, name, type);
	if (is_excluded(walk, dir, name, mode))
		return;
	char *const full = dirpair_dest_name(dir, name);
	report_only_in_dest(full != NULL ? full : name);
	stats_only_in_dest(mode, full != NULL ? full : name);
	free(full);
}

/* Open both sides of DIR.  Return 0, or -1 with errno.  */
static int
reach(const struct walk *walk, struct dirpair *dir)
{
	if (!walk->by_path)
		return dirpair_reopen(dir, NULL);
	return dirpair_reopen_source(dir) < 0 ? -1 : dirpair_reopen_dest(dir);
}

/* Look at all names in DIR's destination.  Return 0, or -1 with errno.  */
static int
look_at_all(const struct walk *walk, struct dirpair *dir)
{
	const struct dirent *entry;

	if (reach(walk, dir) < 0)
		return -1;
	const int fd = openat(dir->dest, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *const stream = fd >= 0 ? fdopendir(fd) : NULL;
	if (stream == NULL) {
		const int err = errno;
		if (fd >= 0)
			close(fd);
		errno = err;
		return -1;
	}
	errno = 0;
	while (signals_fatal() == 0 && (entry = readdir(stream)) != NULL) {
		look_at(walk, dir, entry->d_name, entry->d_type);
		errno = 0;
	}
	const int err = errno;
	closedir(stream);
	errno = err;
	return err == 0 ? 0 : -1;
}

void
extra_report(const struct walk *walk, struct dirpair *dir)
{
	if (dir->planned)
		return;
	const int ret = look_at_all(walk, dir);
	const int err = errno;
	if (ret < 0 && signals_fatal() == 0) {
		char *const name = dirpair_own_dest_name(dir);
		report_cannot_access(name != NULL ? name : dir->name, err);
		free(name);
	}
	if (walk->by_path)
		dirpair_close(dir);
}
