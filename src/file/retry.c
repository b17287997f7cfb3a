/* SPDX-License-Identifier: GPL-3.0-or-later */
/* retry.c: copy again after a failure.  */
#include "config.h"

#include "file/retry.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/statvfs.h>

#include "base/inode.h"
#include "file/destold.h"

/* ---- whether ---- */

/* Return whether STEP puts bytes into the destination.  */
static bool
is_writing(enum error_step step)
{
	return step == ERROR_WRITE || step == ERROR_RESIZE || step == ERROR_COPY
		|| step == ERROR_CLONE;
}

bool
retry_wants_room(const struct copy *copy)
{
	const struct error *const error = &copy->outcome->error;

	return copy->dest.supersedes
		&& (error_is_full(error->err) || error->step == ERROR_REMOVE);
}

bool
retry_finds_immutable(struct copy *copy)
{
	struct dest *const dest = &copy->dest;
	struct error *const error = &copy->outcome->error;
	const bool unchanged = dest->file.form == DEST_IN_PLACE && !dest->file.emptied
		&& dest->file.whole == 0;

	if (!unchanged || (error->err != ETXTBSY && error->err != EPERM)
	    || !is_writing(error->step) || destold_empty(dest) == 0)
		return false;
	dest->file.touched = false;
	error_set(error, ERROR_CREATE, errno);
	return true;
}

/* Return whether there is no room only because an old file is overwritten and, other than
   by cp, not emptied before: it has blocks where the source has none, or the file system
   writes elsewhere.  */
static bool
fits_if_emptied(const struct copy *copy)
{
	const struct dest *const dest = &copy->dest;
	const enum error_step step = copy->outcome->error.step;
	struct statvfs fs;
	struct stat now;

	if (dest->file.form != DEST_IN_PLACE || dest->file.emptied
	    || (!is_writing(step) && step != ERROR_PUNCH)
	    || fstat(dest->file.fd, &now) < 0 || fstatvfs(dest->file.fd, &fs) < 0)
		return false;
	const uint64_t expected = outcome_expect(copy->policy, &copy->source->st);
	const uint64_t unused = (uint64_t) fs.f_bavail * fs.f_frsize;
	return unused < expected && unused + (uint64_t) now.st_blocks * 512 >= expected;
}

/* Return whether an option asked for what failed.  */
static bool
is_users_wish(const struct copy_policy *policy)
{
	return policy->dest.atomic || policy->dest.resume || policy->plan.engine != NULL
		|| policy->plan.reflink == REFLINK_ALWAYS;
}

/* Return whether ERROR is due to a new file in the old one's place: it doesn't get its
   name, or what the old one has besides bytes.  */
static bool
is_of_replacing(const struct error *error)
{
	return error->err != EEXIST
		&& (error->step == ERROR_CREATE || error->step == ERROR_ATOMIC
		    || error->step == ERROR_KEEP_OWNER
		    || error->step == ERROR_KEEP_ATTRIBUTES
		    || error->step == ERROR_KEEP_MODE);
}

bool
retry_may_work_as_cp(const struct copy *copy)
{
	const struct error *const error = &copy->outcome->error;
	const enum dest_form form = copy->dest.file.form;

	if (copy->as_cp || copy_is_stream(copy) || is_users_wish(copy->policy)
	    || error->err == EFBIG)
		return false;
	if (error_is_full(error->err))
		return fits_if_emptied(copy);
	/* Without --atomic, only --verify replaces a file at the end.  */
	return error->step == ERROR_RESIZE || error->step == ERROR_PUNCH
		|| (is_of_replacing(error)
		    && (form == DEST_NAMELESS || form == DEST_HIDDEN));
}

/* ---- how ---- */

static int
begin_again(struct copy *copy)
{
	outcome_restart(copy->outcome);
	return copy_is_stream(copy) ? 0
		: source_rewind(copy->source, &copy->order->pair, &copy->outcome->error);
}

int
retry_remove_old(struct copy *copy)
{
	struct error *const error = &copy->outcome->error;
	const struct pathpair *const pair = &copy->order->pair;
	struct dest *const dest = &copy->dest;
	const struct stat old = dest->file.st;
	struct stat there;

	dest_close(dest);
	if (fstatat(pair->dest_at, pair->dest, &there, AT_SYMLINK_NOFOLLOW) == 0
	    && !inode_is_same(&there, &old))
		return error_set(error, ERROR_DEST_REPLACED, 0);
	if (dest_remove(dest, pair, error) < 0)
		return -1;
	copy->outcome->removed = true;
	return begin_again(copy);
}

int
retry_as_cp(struct copy *copy)
{
	dest_close(&copy->dest);
	copy->as_cp = copy->unhidden = true;
	return begin_again(copy);
}
