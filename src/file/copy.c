/* SPDX-License-Identifier: GPL-3.0-or-later */
/* copy.c: carry one file from open to its final name.  Whatever can fail fails before
   dest_commit, and then nothing new has the final name.  The only file that knows the
   order.  */
#include "config.h"

#include "file/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/inode.h"
#include "base/path.h"
#include "base/totals.h"
#include "engine/extent.h"
#include "file/finish.h"
#include "file/follow.h"
#include "file/hiddenfile.h"
#include "file/mode.h"
#include "file/remove.h"
#include "file/source.h"
#include "file/transfer.h"

/* Nobody has looked at it, and it is nothing for one who copies without looking: a large
   one is for all workers together, and one with other names may have been copied
   already.  */
static bool
to_be_looked_at(const struct copy_policy *policy, const struct copy_order *order,
	const struct stat *st)
{
	return order->source == NULL
		&& (plan_is_large(st->st_size, &policy->plan)
		    || (order->links_matter && st->st_nlink > 1));
}

/* One copy on its way.  */
struct copying {
	const struct copy_policy *policy;
	const struct copy_order *order;
	struct source *source;
	struct metadata meta;
	struct dest dest;
	struct copy_outcome *outcome;
	struct followed followed;
	bool looked;		/* at the new file, as it was made: */
	struct stat made;
	bool visible;		/* no hidden file can be had: too few descriptors */
	bool plain;		/* cp's calls have to do: what we wanted was refused */
};

/* Whether the source can be read only once: a pipe, a device.  */
static bool
is_stream(const struct copying *copying)
{
	return !S_ISREG(copying->source->st.st_mode);
}

/* Have a file that is made next labelled as the copy.  IS_NEW: nothing stands there, or
   it goes.  */
static int
prepare_context(struct copying *copying, bool is_new)
{
	const struct context_policy *const policy = &copying->policy->meta.context;
	const struct pathpair *const pair = &copying->order->pair;
	const struct context_source source = metadata_context_source(&copying->meta);

	return context_is_wanted(policy)
		? context_prepare(policy, &source, pair->dest_at, pair->dest, is_new,
				  &copying->outcome->remarks, &copying->outcome->error)
				  : 0;
}

/* Label what stood there, or what has taken after it.  */
static int
give_context(struct copying *copying)
{
	const struct context_source source = metadata_context_source(&copying->meta);
	const struct dest *const dest = &copying->dest;
	const struct context_target target = { .fd = dest->file.fd, .at = dest->dir,
					       .name = dest_is_old(dest) ? NULL
					       : dest->name };

	return context_give(&copying->policy->meta.context, &source, &target,
			    &copying->outcome->remarks, &copying->outcome->error);
}

/* Make way for the new file.  Where that is safe the old one stays until it is whole;
   else remove the old one now, as cp does.  */
static int
clear_way(struct copying *copying, struct dest_wish *wish)
{
	const struct pathpair *const pair = &copying->order->pair;
	struct error *const error = &copying->outcome->error;

	dest_close(&copying->dest);
	wish->supersede = !is_stream(copying) && dest_may_hide(pair, wish->device);
	if (!wish->supersede && dest_remove(&copying->dest, pair, error) < 0)
		return -1;
	copying->outcome->removed = !wish->supersede;
	if (dest_open(&copying->dest, pair, wish, error) == 0)
		return 0;
	if (!wish->supersede || error->step == ERROR_INTERRUPTED
	    || error_is_full(error->err))
		return -1;
	dest_close(&copying->dest);
	if (dest_remove(&copying->dest, pair, error) < 0)
		return -1;
	wish->supersede = wish->hide = false;
	copying->outcome->removed = true;
	return dest_open(&copying->dest, pair, wish, error);
}

/* Open the destination; with -f, also where what stands there can't be opened.  */
static int
open_dest(struct copying *copying)
{
	const struct copy_policy *const policy = copying->policy;
	const struct copy_order *const order = copying->order;
	struct dest *const dest = &copying->dest;
	const struct stat *const source = &copying->source->st;
	struct error *const error = &copying->outcome->error;
	struct dest_wish wish = {
		.mode = mode_first(&policy->meta, &copying->meta),
		.device = order->dest_device,
		.waits = order->backup && !copying->visible && !is_stream(copying),
		.maps = plan_is_large(source->st_size, &policy->plan),
		.plain = copying->plain,
		.hide = !copying->visible && (order->backup || (!policy->attributes_only
			&& plan_hides(!is_stream(copying), source->st_size,
				      &policy->plan))),
		.atomic = policy->dest.atomic, .stream = is_stream(copying),
		/* What is asked for by name may be refused.  */
		.keep = policy->attributes_only || policy->plan.reflink == REFLINK_ALWAYS
			|| policy->plan.engine == ENGINE_MMAP
			|| policy->plan.engine == ENGINE_KERNEL,
	};

	if (order->dangling && policy->dest.through_dangling)
		return dest_open_through(dest, &order->pair, wish.mode, error);
	if (order->dangling)
		return error_set(error, ERROR_DANGLING, 0);
	if (order->dest != NULL && !copying->outcome->removed) {
		dest->exists = true;
		dest->file.st = *order->dest;
		dest->follow = order->follow_dest;
		dest->breaks_links = order->breaks_links;
	}
	if (dest->exists && order->remove_destination)
		return clear_way(copying, &wish);
	if (dest_open(dest, &order->pair, &wish, error) == 0)
		return 0;
	/* Where nothing can be made, nothing could be renamed: cp comes upon that
	   first.  */
	if (order->backup && error->step == ERROR_CREATE
	    && (error->err == EACCES || error->err == EPERM || error->err == EROFS))
		return error_set(error, ERROR_BACKUP, error->err);
	if (!policy->dest.force || wish.atomic || !dest->exists
	    || error->step != ERROR_CREATE)
		return -1;
	if (policy->meta.context.usual && prepare_context(copying, true) < 0)
		return -1;
	return clear_way(copying, &wish);
}

/* Rename what exists to its backup's name.  */
static int
back_up(struct copying *copying)
{
	const struct copy_policy *const policy = copying->policy;
	const struct pathpair *const pair = &copying->order->pair;
	struct copy_outcome *const outcome = copying->outcome;
	struct dest *const dest = &copying->dest;
	char *path = NULL;

	/* With --atomic there is no moment without the name, where a file can have
	   two.  */
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

/* Whether the backup is made before the new file, which then has its name from the
   beginning; else it is made when that is whole.  */
static bool
backs_up_first(const struct copying *copying)
{
	return copying->order->backup && !copying->policy->dest.atomic
		&& (is_stream(copying) || copying->plain
		    || !dest_may_hide(&copying->order->pair, copying->order->dest_device));
}

/* Undo the backup: rename it back or, if the name was never given up (LINKED), unlink
   it.  */
static void
undo_backup(const struct copy_order *order, bool linked, struct copy_outcome *outcome)
{
	const struct pathpair *const pair = &order->pair;
	char *const path = path_beside(pair->dest, outcome->backup);

	outcome->undone = path != NULL
		&& (linked ? remove_any(pair->dest_at, path) == 1
		    : backup_undo(pair->dest_at, path, pair->dest) == 0);
	outcome->undo_err = errno;
	free(path);
}

/* Give the copy what it is to have besides its bytes.  */
static void
keep_meta(struct copying *copying)
{
	const struct dest *const dest = &copying->dest;
	const bool is_old = dest_is_old(dest);
	const struct metadata_target target = {
		.file = OPENFILE(dest->file.fd), .old = is_old ? &dest->file.st : NULL,
		.made = copying->looked ? &copying->made : NULL,
		.inherits = is_old || dest->old >= 0 || copying->order->inherits,
	};

	finish_file(&copying->policy->meta, &copying->meta, &target,
		    &copying->outcome->remarks);
}

/* A mapped page of a file that was truncated reads as zeros after the file's end, and so
   no more is whole than the source still has.  */
static void
trim_whole(const struct source *source, struct dest *dest)
{
	struct stat now;

	if (source->fd >= 0 && S_ISREG(source->st.st_mode) && source->st.st_size > 0
	    && fstat(source->fd, &now) == 0 && now.st_size < dest->file.whole)
		dest->file.whole = now.st_size;
}

/* The size of what was rounded up to whole huge pages, or -1.  */
static off_t
rounded_size(const struct source *source, const struct dest *dest)
{
	struct stat st;

	return dest->file.huge_page != 0 && fstat(dest->file.fd, &st) == 0
		&& st.st_size != source->st.st_size ? st.st_size : -1;
}

/* ---- what is counted ---- */

uint64_t
copy_expects(const struct copy_policy *policy, const struct stat *st)
{
	if (!S_ISREG(st->st_mode) || policy->attributes_only)
		return 0;
	return policy->plan.sparse != SPARSE_NEVER && extent_lacks_blocks(st)
		? (uint64_t) st->st_blocks * 512 : (uint64_t) st->st_size;
}

/* Bytes of COUNTS that are in the copy.  */
static uint64_t
bytes_there(const struct counts *counts)
{
	return counts_moved(counts) + counts_get(counts, COUNT_CLONED);
}

/* Complete COUNTS of a copy of SOURCE.  What neither moved nor was cloned is a hole.  */
static void
count_copy(const struct copy_policy *policy, const struct source *source,
	struct counts *counts)
{
	const bool sized = S_ISREG(source->st.st_mode) && source->st.st_size > 0
		&& !policy->attributes_only;
	const uint64_t there = bytes_there(counts);
	const uint64_t size = sized ? (uint64_t) source->st.st_size : there;

	counts_set(counts, COUNT_REGULAR, 1);
	counts_set(counts, COUNT_BYTES, size);
	counts_set(counts, COUNT_HOLES, size > there ? size - there : 0);
}

/* The copy of SOURCE, of which ANNOUNCED bytes were expected, returned RET: add what it
   did to the totals.  */
static void
count(const struct copy_policy *policy, struct copy_outcome *outcome, int ret,
	const struct source *source, uint64_t announced)
{
	struct counts *const counts = &outcome->copied.counts;

	totals_add(COUNT_OPENED, source->fd < 0);	/* or it was counted before */
	totals_add(COUNT_EXPECTED, bytes_there(counts) - announced);
	if (ret == 0) {
		count_copy(policy, source, counts);
		totals_add_file(counts);
	} else {
		totals_add(COUNT_FOLLOWED, counts_get(counts, COUNT_FOLLOWED));
		totals_add(COUNT_ROUNDS, counts_get(counts, COUNT_ROUNDS));
	}
}

void
copy_clear(struct copy_outcome *outcome)
{
	error_set(&outcome->error, ERROR_NO_STEP, 0);
	outcome->cut = outcome->rounded = -1;
	outcome->removed = outcome->undone = outcome->sparse = false;
	outcome->backup[0] = '\0';
	outcome->remarks.count = 0;
	outcome->remarks.failed = false;
	counts_clear(&outcome->copied.counts);
	outcome->copied.in_motion = false;
	outcome->plan = (struct plan) { .method = METHOD_STREAM };
}

/* Move the bytes, and follow the source if it changes meanwhile.  */
static int
copy_content(struct copying *copying, int made_err)
{
	const struct copy_policy *const policy = copying->policy;
	struct copy_outcome *const outcome = copying->outcome;
	struct source *const source = copying->source;
	struct dest *const dest = &copying->dest;
	const dev_t device = dest->exists ? dest->file.st.st_dev : copying->order->dest_device;
	struct counts *const counts = &outcome->copied.counts;

	if (error_is_final(made_err))
		return error_set_at(&outcome->error, ERROR_COPY, made_err, 0);
	struct plan_policy wanted = policy->plan;
	if (copying->plain)
		wanted.engine = ENGINE_STREAM;
	if (transfer_bytes(&wanted, &outcome->plan, source, &dest->file, device,
			   policy->dest.fsync, counts, &outcome->shares,
			   &outcome->error) < 0)
		return -1;
	if (outcome->plan.method == METHOD_CLONE)	/* of one instant */
		return 0;
	if (follow_source(&policy->plan, &outcome->plan, source, dest, counts,
			  &copying->followed, &outcome->error) < 0)
		return -1;
	copying->meta.st = source->st;
	counts_set(counts, COUNT_FOLLOWED, copying->followed.rounds > 0);
	counts_set(counts, COUNT_ROUNDS, copying->followed.rounds);
	outcome->copied.in_motion = copying->followed.in_motion;
	if (copying->followed.rounds > 0)
		counts_trim(counts, (uint64_t) source->st.st_size);
	return 0;
}

/* The copy of a source that kept changing may be a mixture.  Report that, and keep the
   copy as cp does; with --atomic, fail.  */
static int
decide_motion(struct copying *copying)
{
	struct remarks *const remarks = &copying->outcome->remarks;

	if (!copying->followed.in_motion)
		return 0;
	if (copying->policy->dest.atomic)
		return error_set(&copying->outcome->error, ERROR_KEPT_CHANGING, 0);
	remarks->failed = true;
	remarks_add(remarks, ERROR_SOURCE_CHANGED, 0);
	return 0;
}

/* Make the backup now, and the new file under its own name, for which fewer descriptors
   will do.  */
static int
open_after_backup(struct copying *copying)
{
	dest_close(&copying->dest);
	copying->visible = true;
	return back_up(copying) < 0 ? -1 : open_dest(copying);
}

/* Whether no hidden file could be opened, for a reason that another kind doesn't
   share.  */
static bool
hiding_failed(const struct error *error)
{
	return (error->step == ERROR_CREATE || error->step == ERROR_BACKUP)
		&& error->err != EEXIST && !error_is_full(error->err);
}

/* Open the destination of what is backed up FIRST, or later.  */
static int
open_any(struct copying *copying, bool first)
{
	if (first && back_up(copying) < 0)
		return -1;
	if (open_dest(copying) == 0)
		return 0;
	return copying->order->backup && !first && !copying->visible
		&& !copying->policy->dest.atomic
		&& hiding_failed(&copying->outcome->error)
		? open_after_backup(copying) : -1;
}

/* The same; and it is labelled as the copy before any byte is written.  */
static int
open_labelled(struct copying *copying, bool first)
{
	const struct copy_order *const order = copying->order;
	const struct dest *const dest = &copying->dest;
	const bool is_new = order->dest == NULL || order->backup
		|| order->remove_destination
		|| copying->outcome->removed;

	if (prepare_context(copying, is_new) < 0 || open_any(copying, first) < 0)
		return -1;
	return dest_is_old(dest) ? give_context(copying) : 0;
}

/* Look whose the new file is.  That costs a call and, on FUSE and networks, saves the
   request that would change its owner; just after the file was made, it is no request
   itself.  */
static void
look_at_new(struct copying *copying)
{
	const struct dest *const dest = &copying->dest;

	copying->looked = !dest_is_old(dest) && dest->old < 0
		&& copying->policy->meta.owner
		&& fs_trust(dest->file.fd, ".", dest->file.device) == FS_UNKNOWN
		&& fstat(dest->file.fd, &copying->made) == 0;
}

/* Carry one file from an open source to its final name; of a new one that is MADE, from
   there.  */
static int
carry(struct copying *copying, struct copy_made made)
{
	const struct copy_policy *const policy = copying->policy;
	const struct copy_order *const order = copying->order;
	struct copy_outcome *const outcome = copying->outcome;
	struct error *const error = &outcome->error;
	struct dest *const dest = &copying->dest;
	/* A journal with the name may reach the device before the data would.  */
	const bool durable = policy->dest.fsync || policy->dest.atomic;
	const bool first = made.fd < 0 && outcome->backup[0] == '\0'
		&& backs_up_first(copying);

	hiddenfile_spare(&copying->source->st);
	if (made.fd < 0 && open_labelled(copying, first) < 0)
		return -1;
	look_at_new(copying);
	if (!policy->attributes_only && copy_content(copying, made.err) < 0)
		return -1;
	if (decide_motion(copying) < 0 || dest_adopt(dest, error) < 0
	    || (dest->old >= 0 && give_context(copying) < 0))
		return -1;
	keep_meta(copying);
	if (durable && dest_flush(dest, policy->dest.fsync, error) < 0)
		return -1;
	outcome->rounded = rounded_size(copying->source, dest);
	if (order->backup && !first && !copying->visible
	    && (dest_try_close(dest, error) < 0 || back_up(copying) < 0))
		return -1;
	/* As with cp, a copy that lacks what it was to keep doesn't take the old file's
	   name.  */
	if (order->backup && outcome->remarks.failed)
		return error_set(error, ERROR_NOT_KEPT, 0);
	const bool supersedes = dest->supersedes;
	if (dest_commit(dest, policy->dest.fsync && order->sync_directory, error) < 0)
		return -1;
	outcome->removed = outcome->removed || supersedes;
	return 0;
}

/* Whether the first change of an old file was refused, and cp, which empties it at
   once, would have heard of that when it opened it: a swap file, a sealed one.  The
   error is what cp says then.  */
static bool
is_immutable(struct copying *copying)
{
	struct dest *const dest = &copying->dest;
	struct error *const error = &copying->outcome->error;
	const bool first = dest->file.form == DEST_IN_PLACE && !dest->file.emptied
		&& dest->file.whole == 0
		&& (error->err == ETXTBSY || error->err == EPERM);

	if (!first || (error->step != ERROR_WRITE && error->step != ERROR_RESIZE
		       && error->step != ERROR_COPY && error->step != ERROR_CLONE)
	    || dest_empty(dest) == 0)
		return false;
	dest->file.touched = false;
	error_set(error, ERROR_CREATE, errno);
	return true;
}

/* Carry once more: nothing of what has been done counts.  */
static int
carry_again(struct copying *copying)
{
	struct copy_outcome *const outcome = copying->outcome;

	error_set(&outcome->error, ERROR_NO_STEP, 0);
	outcome->remarks.count = 0;
	outcome->remarks.failed = false;
	totals_add(COUNT_MOVED, -bytes_there(&outcome->copied.counts));
	counts_clear(&outcome->copied.counts);
	if (!is_stream(copying)
	    && source_rewind(copying->source, &copying->order->pair, &outcome->error) < 0)
		return -1;
	return carry(copying, COPY_NOT_MADE);
}

/* There was no room for the new file beside the old one, which is to go anyway; or that
   can't be changed: remove it, and begin again, as cp would have done at once.  */
static int
carry_in_its_place(struct copying *copying)
{
	struct copy_outcome *const outcome = copying->outcome;
	const struct pathpair *const pair = &copying->order->pair;
	struct dest *const dest = &copying->dest;
	const struct stat old = dest->file.st;
	struct stat there;

	dest_close(dest);
	if (fstatat(pair->dest_at, pair->dest, &there, AT_SYMLINK_NOFOLLOW) == 0
	    && !inode_is_same(&there, &old))
		return error_set(&outcome->error, ERROR_DEST_REPLACED, 0);
	if (dest_remove(dest, pair, &outcome->error) < 0)
		return -1;
	outcome->removed = true;
	return carry_again(copying);
}

/* Whether there was no room only because an old file is written over and, other than by
   cp, not emptied first: it has blocks where the source has none, or the file system
   writes elsewhere.  */
static bool
fits_if_emptied(const struct copying *copying)
{
	const struct dest *const dest = &copying->dest;
	const enum error_step step = copying->outcome->error.step;
	struct statvfs fs;
	struct stat now;

	if (dest->file.form != DEST_IN_PLACE || dest->file.emptied
	    || (step != ERROR_WRITE && step != ERROR_RESIZE && step != ERROR_PUNCH
		&& step != ERROR_COPY && step != ERROR_CLONE)
	    || fstat(dest->file.fd, &now) < 0 || fstatvfs(dest->file.fd, &fs) < 0)
		return false;
	const uint64_t expected = copy_expects(copying->policy, &copying->source->st);
	const uint64_t unused = (uint64_t) fs.f_bavail * fs.f_frsize;
	return unused < expected && unused + (uint64_t) now.st_blocks * 512 >= expected;
}

/* Whether what failed is nothing that cp would have asked for, and so no reason to
   fail.  */
static bool
was_our_wish(const struct copying *copying)
{
	const struct plan_policy *const plan = &copying->policy->plan;
	const struct error *const error = &copying->outcome->error;
	const enum dest_form form = copying->dest.file.form;

	if (copying->plain || copying->policy->dest.atomic || is_stream(copying)
	    || plan->engine != ENGINE_AUTO || plan->reflink == REFLINK_ALWAYS
	    || error->err == EFBIG)
		return false;
	if (error_is_full(error->err))
		return fits_if_emptied(copying);
	return error->step == ERROR_RESIZE || error->step == ERROR_PUNCH
		|| (error->step == ERROR_CREATE && error->err != EEXIST
		    && (form == DEST_NAMELESS || form == DEST_HIDDEN));
}

/* Begin again, with cp's calls alone.  */
static int
carry_plainly(struct copying *copying)
{
	dest_close(&copying->dest);
	copying->plain = copying->visible = true;
	return carry_again(copying);
}

/* Close what is open.  What is left of the copy if RET isn't 0 is in the outcome
   then.  */
static void
finish(struct copying *copying, int ret)
{
	struct copy_outcome *const outcome = copying->outcome;
	struct dest *const dest = &copying->dest;
	const bool linked = dest->takes_place, emptied = dest->file.emptied && !copying->plain;
	/* Where only a clone or another engine would do, nothing has come.  */
	const bool stays = dest->streams = dest->streams
		&& outcome->error.step != ERROR_ENGINE
		&& outcome->error.step != ERROR_CLONE;

	if (ret < 0)
		trim_whole(copying->source, dest);
	const off_t left = dest_close(dest);
	/* A cut is told only if bytes are missing, and cp would not have emptied the
	   file.  */
	outcome->cut = emptied || left == copying->source->st.st_size ? CUT_NONE : left;
	if (ret < 0 && outcome->removed)
		outcome->cut = CUT_GONE;
	if (ret < 0 && outcome->backup[0] != '\0' && !stays)
		undo_backup(copying->order, linked, outcome);
	source_close(copying->source);
}

int
copy_opened(const struct copy_policy *policy, const struct copy_order *order,
	struct source *source, struct copy_made made, struct copy_outcome *outcome)
{
	struct copying copying = { .policy = policy, .order = order, .source = source,
				   .dest = DEST_CLOSED, .outcome = outcome };
	const struct error *const error = &outcome->error;
	uint64_t announced = 0;
	int ret = -1;			/* Assume that something goes wrong.  */

	copy_clear(outcome);
	const uint64_t began = policy->json ? clock_now() : 0;
	if (made.fd >= 0)
		dest_take(&copying.dest, &order->pair, made.fd, order->dest_device);
	if (to_be_looked_at(policy, order, &source->st)) {
		error_set(&outcome->error, ERROR_GIVEN_BACK, 0);
		goto out;
	}
	outcome->sparse = extent_lacks_blocks(&source->st);
	announced = copy_expects(policy, &source->st);
	totals_add(COUNT_OPENED, 1);
	totals_add(COUNT_EXPECTED, announced);
	copying.meta = metadata_read(&policy->meta, &OPENFILE(source->fd),
				     &source->st);
	ret = carry(&copying, made);
	if (ret < 0 && copying.dest.supersedes
	    && (error_is_full(error->err) || error->step == ERROR_REMOVE))
		ret = carry_in_its_place(&copying);
	if (ret < 0 && was_our_wish(&copying))
		ret = carry_plainly(&copying);
	if (ret < 0 && is_immutable(&copying) && policy->dest.force)
		ret = carry_in_its_place(&copying);
out:
	if (error->step != ERROR_GIVEN_BACK)
		count(policy, outcome, ret, source, announced);
	outcome->copied.nanoseconds = policy->json ? clock_now() - began : 0;
	finish(&copying, ret);
	return ret;
}

int
copy_file(const struct copy_policy *policy, const struct copy_order *order,
	struct copy_outcome *outcome)
{
	struct source source = SOURCE_CLOSED;
	struct error error;

	if (source_open(&source, &order->pair, order->source, &error) == 0)
		return copy_opened(policy, order, &source, COPY_NOT_MADE, outcome);
	copy_clear(outcome);
	outcome->error = error;
	if (error.step != ERROR_GIVEN_BACK)
		count(policy, outcome, -1, &source, 0);
	source_close(&source);
	return -1;
}
