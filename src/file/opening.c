/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opening.c: from the order to an open destination.  What happens to an old file is
   decided here: it is overwritten, replaced, removed before, or renamed to be a
   backup.  */
#include "config.h"

#include "file/opening.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/path.h"
#include "engine/far.h"
#include "file/layout.h"
#include "file/mode.h"
#include "file/remove.h"
#include "file/resumption.h"

/* ---- the context ---- */

/* Have the file that is made next labelled as the copy.  IS_NEW: its name is free, or
   will be.  */
static int
prepare_context(struct copy *copy, bool is_new)
{
	const struct context_policy *const policy = &copy->policy->meta.context;
	const struct pathpair *const pair = &copy->order->pair;
	const struct context_source source = metadata_context_source(&copy->meta);

	if (!context_is_wanted(policy))
		return 0;
	return context_prepare(policy, &source, pair->dest_at, pair->dest, is_new,
			       &copy->outcome->remarks, &copy->outcome->error);
}

int
opening_relabel(struct copy *copy)
{
	const struct context_source source = metadata_context_source(&copy->meta);
	const struct dest *const dest = &copy->dest;
	const struct context_target target = {
		.fd = dest->file.fd, .at = dest->dir,
		.name = dest_is_old(dest) ? NULL : dest->name,
	};

	return context_give(&copy->policy->meta.context, &source, &target,
			    &copy->outcome->remarks, &copy->outcome->error);
}

/* ---- the backup ---- */

int
opening_back_up(struct copy *copy)
{
	const struct copy_policy *const policy = copy->policy;
	const struct pathpair *const pair = &copy->order->pair;
	struct copy_outcome *const outcome = copy->outcome;
	struct dest *const dest = &copy->dest;
	char *path = NULL;

	/* With --atomic the name is never free, where a file can have two.  */
	if (policy->dest.atomic
	    && fstatat(pair->dest_at, pair->dest, &dest->file.st,
		       AT_SYMLINK_NOFOLLOW) == 0)
		path = backup_link(&policy->backup, pair->dest_at, pair->dest);
	dest->takes_place = path != NULL;
	if (path == NULL)
		path = backup_make(&policy->backup, pair->dest_at, pair->dest);

	if (path != NULL)
		snprintf(outcome->backup, sizeof outcome->backup, "%s", path_last(path));
	else if (errno != ENOENT)
		return error_set(&outcome->error, ERROR_BACKUP, errno);
	free(path);
	return 0;
}

bool
opening_backs_up_first(const struct copy *copy)
{
	return copy->order->backup && !copy->policy->dest.atomic
		&& (copy_is_stream(copy) || copy->as_cp
		    || !dest_may_hide(&copy->order->pair, copy->order->dest_device));
}

void
opening_undo_backup(struct copy *copy, bool linked)
{
	const struct pathpair *const pair = &copy->order->pair;
	struct copy_outcome *const outcome = copy->outcome;
	char *const path = path_beside(pair->dest, outcome->backup);

	outcome->undone = path != NULL
		&& (linked ? remove_any(pair->dest_at, path) == 1
		    : backup_undo(pair->dest_at, path, pair->dest) == 0);
	outcome->undo_err = errno;
	free(path);
}

/* ---- the destination ---- */

/* Return whether nothing may be copied now, since what an interrupted run has left can't
   be gone on with.  Then the outcome has that error, and nothing is open.  */
static bool
is_for_later(struct copy *copy)
{
	if (copy->resumption.error.step == ERROR_NO_STEP)
		return false;
	copy->outcome->error = copy->resumption.error;
	dest_close(&copy->dest);
	return true;
}

/* Remove the old file, and open a new one as WISH says.  */
static int
open_after_removal(struct copy *copy, const struct dest_wish *wish)
{
	const struct pathpair *const pair = &copy->order->pair;
	struct error *const error = &copy->outcome->error;

	if (dest_remove(&copy->dest, pair, error) < 0)
		return -1;
	copy->outcome->removed = true;
	return dest_open(&copy->dest, pair, wish, error);
}

/* Open a new file that takes the place of the old one.  Where that is safe, the old one
   stays until the new one is whole; else it is removed now, as by cp.  */
static int
open_in_place_of_old(struct copy *copy, struct dest_wish *wish)
{
	const struct pathpair *const pair = &copy->order->pair;
	struct error *const error = &copy->outcome->error;

	dest_close(&copy->dest);
	wish->atomic = false;
	wish->supersede = !copy_is_stream(copy) && dest_may_hide(pair, wish->device);
	if (!wish->supersede)
		return open_after_removal(copy, wish);
	copy->outcome->removed = false;
	if (dest_open(&copy->dest, pair, wish, error) == 0)
		return 0;
	if (is_for_later(copy))
		return -1;
	if (error->step == ERROR_INTERRUPTED || error_is_full(error->err))
		return -1;
	dest_close(&copy->dest);
	wish->supersede = wish->hide = false;
	return open_after_removal(copy, wish);
}

/* Return whether a copy is to take its name, or an old file's place, only when it is
   verified or on the device: not if it couldn't have the old one's owner, nor if a
   symlink leads there, as another one may, which another worker has in hand.  */
static bool
replaces_last(const struct copy *copy)
{
	const struct stat *const old = copy->order->dest;
	const uid_t user = geteuid();

	return (copy->policy->plan.verify != VERIFY_NEVER || copy->policy->dest.resume)
		&& !copy->unhidden
		&& !copy->policy->attributes_only && !copy->order->backup
		&& (old == NULL || (S_ISREG(old->st_mode)
				    && (!copy->order->follow_dest
					|| copy->policy->dest.resume)
				    && (user == 0 || user == old->st_uid)));
}

/* Return how the destination is to be opened.  */
static struct dest_wish
wish_of(const struct copy *copy)
{
	const struct copy_policy *const policy = copy->policy;
	const bool backup = copy->order->backup;
	const off_t size = copy->source->st.st_size;
	const bool is_stream = copy_is_stream(copy);

	return (struct dest_wish) {
		.mode = mode_first(&policy->meta, &copy->meta),
		.device = copy->order->dest_device,
		.waits = backup && !copy->unhidden && !is_stream,
		.maps = policy->amends || policy_is_large(size, &policy->plan)
			|| policy->plan.verify != VERIFY_NEVER,
		.as_cp = copy->as_cp,
		.found = far_may_help(size),
		.hide = !copy->unhidden
			&& (backup || (!policy->attributes_only
				       && policy_hides(!is_stream, size, &policy->plan))),
		.atomic = policy->dest.atomic || replaces_last(copy),
		.stream = is_stream,
		/* What the user asks for by name may be refused.  */
		.keep = policy->attributes_only || policy_may_refuse(&policy->plan),
	};
}

/* Return whether the old file has to be replaced, with -f, since it can't be opened.  */
static bool
has_to_go(const struct copy *copy)
{
	return copy->policy->dest.force && !copy->policy->dest.atomic
		&& copy->dest.exists && copy->outcome->error.step == ERROR_CREATE;
}

/* Return whether ERROR says that nothing can be made in the directory.  */
static bool
is_forbidden(const struct error *error)
{
	return error->step == ERROR_CREATE
		&& (error->err == EACCES || error->err == EPERM || error->err == EROFS);
}

/* Tell DEST what the caller has seen under its name.  */
static void
describe_old(struct dest *dest, const struct copy_order *order)
{
	dest->exists = true;
	dest->file.st = *order->dest;
	dest->follow = order->follow_dest;
	dest->breaks_links = order->breaks_links;
}

/* Return whether a file that was to have no name until it is whole can't be made so,
   as WISH has it, but perhaps otherwise.  */
static bool
may_be_unhidden(const struct copy *copy, const struct dest_wish *wish)
{
	const struct error *const error = &copy->outcome->error;
	const enum error_step step = error->step;

	return wish->atomic && !copy->policy->dest.atomic
		&& (step == ERROR_ATOMIC || step == ERROR_ATOMIC_KIND
		    || step == ERROR_ATOMIC_LINKS || step == ERROR_CREATE)
		&& error->err != EEXIST && !error_is_full(error->err);
}

static int
open_unhidden(struct copy *copy, struct dest_wish *wish)
{
	const struct copy_order *const order = copy->order;
	const bool exists = copy->dest.exists;

	dest_close(&copy->dest);
	if (exists)
		describe_old(&copy->dest, order);
	wish->atomic = false;
	return dest_open(&copy->dest, &order->pair, wish, &copy->outcome->error);
}

static int
open_dest(struct copy *copy)
{
	const struct copy_policy *const policy = copy->policy;
	const struct copy_order *const order = copy->order;
	struct dest *const dest = &copy->dest;
	struct error *const error = &copy->outcome->error;
	struct dest_wish wish = wish_of(copy);

	resumption_wish(copy, &wish);
	if (order->dangling && policy->dest.through_dangling)
		return dest_open_through(dest, &order->pair, wish.mode, error);
	if (order->dangling)
		return error_set(error, ERROR_DANGLING, 0);
	if (order->dest != NULL && !copy->outcome->removed)
		describe_old(dest, order);
	if (dest->exists && order->remove_destination)
		return open_in_place_of_old(copy, &wish);
	if (dest_open(dest, &order->pair, &wish, error) == 0)
		return 0;
	if (is_for_later(copy))
		return -1;
	if (may_be_unhidden(copy, &wish)) {
		if (open_unhidden(copy, &wish) == 0)
			return 0;
		if (is_for_later(copy))
			return -1;
	}
	/* Where nothing can be made, nothing could be renamed, and cp fails at that.  */
	if (order->backup && is_forbidden(error))
		return error_set(error, ERROR_BACKUP, error->err);
	if (!has_to_go(copy))
		return -1;
	if (policy->meta.context.usual && prepare_context(copy, true) < 0)
		return -1;
	return open_in_place_of_old(copy, &wish);
}

/* Make the backup now, and the new file under its own name, for which fewer descriptors
   will do.  */
static int
open_after_backup(struct copy *copy)
{
	dest_close(&copy->dest);
	copy->unhidden = true;
	return opening_back_up(copy) < 0 ? -1 : open_dest(copy);
}

/* Return whether no hidden file could be opened, for a reason that may not matter to a
   file that isn't hidden.  */
static bool
hiding_failed(const struct error *error)
{
	return (error->step == ERROR_CREATE || error->step == ERROR_BACKUP)
		&& error->err != EEXIST && !error_is_full(error->err);
}

static int
open_with_backup(struct copy *copy, bool backup_first)
{
	if (backup_first && opening_back_up(copy) < 0)
		return -1;
	if (open_dest(copy) == 0)
		return 0;
	return copy->order->backup && !backup_first && !copy->unhidden
		&& !copy->policy->dest.atomic && hiding_failed(&copy->outcome->error)
		? open_after_backup(copy) : -1;
}

int
opening_dest(struct copy *copy, bool backup_first)
{
	const struct copy_order *const order = copy->order;
	const bool is_new = order->dest == NULL || order->backup
		|| order->remove_destination || copy->outcome->removed;

	if (prepare_context(copy, is_new) < 0)
		return -1;
	layout_prepare(&copy->policy->meta, copy->source->fd, &copy->source->st);
	const int ret = open_with_backup(copy, backup_first);
	layout_forget();
	if (ret < 0)
		return -1;
	/* An old file has the context before it has any byte.  */
	return dest_is_old(&copy->dest) ? opening_relabel(copy) : 0;
}
