/* SPDX-License-Identifier: GPL-3.0-or-later */
/* timekeeping.c: whether a file system holds times.  Some refuse to set them, others
   ignore it: cameras and phones (MTP), and storage behind FUSE.  There, with
   --update=changed, every file would be copied each time.  */
#include "config.h"

#include "tree/timekeeping.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/path.h"
#include "file/hiddenfile.h"
#include "file/remove.h"

/* A time that every file system can hold, to two seconds.  */
enum { SOME_TIME = 1000000000, RESOLUTION = 2 };

/* Return true if a new file in DIR keeps a time, or if none can be made there.  */
static bool
holds_times(int dir)
{
	const struct timespec times[2] = {
		{ .tv_nsec = UTIME_OMIT }, { .tv_sec = SOME_TIME } };
	char name[HIDDENNAME_SIZE];
	struct stat st;
	bool holds = true;

	const int fd = hiddenfile_create(dir, name, O_WRONLY, 0600);
	if (fd < 0)
		return true;
	const bool set = futimens(fd, times) == 0;
	close(fd);
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		holds = set && llabs((long long) st.st_mtime - SOME_TIME) <= RESOLUTION;
	remove_any(dir, name);
	return holds;
}

/* Return true if the file system of DEST, which is PAIR's, is known not to hold
   times.  */
static bool
is_timeless(const struct pathpair *pair, const struct stat *dest)
{
	if (fs_trust(pair->dest_at, pair->dest, dest->st_dev) != FS_UNKNOWN)
		return false;
	const bool in_it = S_ISDIR(dest->st_mode);
	const int dir = in_it
		? openat(pair->dest_at, pair->dest, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
		: path_open_parent(pair->dest_at, pair->dest, O_RDONLY);
	const bool holds = dir == -1 || holds_times(dir);

	if (!in_it)
		path_close_parent(dir, pair->dest_at);
	else if (dir >= 0)
		close(dir);
	return !holds;
}

bool
timekeeping_look(struct session *session, const struct pathpair *pair)
{
	const struct entry_policy *const policy = session->policy;
	struct timekeeping *const found = &session->timekeeping;
	struct stat dest;

	if (policy->update != UPDATE_CHANGED || !session->copy->meta.times
	    || policy->dry_run || fstatat(pair->dest_at, pair->dest, &dest, 0) < 0
	    || (found->known && found->device == dest.st_dev))
		return false;
	*found = (struct timekeeping) { .known = true, .device = dest.st_dev,
					.timeless = is_timeless(pair, &dest) };
	return found->timeless;
}
