/* SPDX-License-Identifier: GPL-3.0-or-later */
/* copy.c: carry one file from open to its final name.  Whatever can fail fails before
   dest_commit, and then nothing new has the final name.  The only file that knows the
   order.  */
#include "config.h"

#include "copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "extent.h"
#include "meter.h"
#include "move.h"
#include "path.h"
#include "source.h"
#include "sys.h"

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

/* Open the destination; with -f, what can't be opened is removed first.  */
static int
open_dest(const struct copy_policy *policy, const struct copy_order *order,
	const struct meta *meta, struct dest *dest, struct copy_outcome *outcome)
{
	const bool atomic = policy->dest.atomic;
	const bool hide = atomic || order->back_up || (plan_hides(S_ISREG(meta->st.st_mode), meta->st.st_size,
						&policy->plan) && !policy->no_content);
	const mode_t mode = meta_first_mode(&policy->meta, meta);
	struct fault *const fault = &outcome->fault;

	if (order->dangling && policy->dest.through_dangling)
		return dest_open_through(dest, &order->job, mode, fault);
	if (order->dangling)
		return fault_set(fault, FAULT_DANGLING, 0);
	if (order->dest != NULL) {
		dest->exists = true;
		dest->st = *order->dest;
		dest->follow = order->follow_dest;
		dest->breaks_links = order->breaks_links;
	}
	if (dest->exists && order->remove_dest) {
		if (dest_remove(dest, &order->job, fault) < 0)
			return -1;
		outcome->removed = true;
	}
	if (dest_open(dest, &order->job, mode, hide, atomic, fault) == 0)
		return 0;
	/* Where nothing can be made, nothing could be renamed: cp comes upon that
	   first.  */
	if (order->back_up && fault->step == FAULT_CREATE
	    && (fault->err == EACCES || fault->err == EPERM || fault->err == EROFS))
		return fault_set(fault, FAULT_BACKUP, fault->err);
	if (!policy->dest.force || atomic || !dest->exists || fault->step != FAULT_CREATE)
		return -1;
	if (dest_remove(dest, &order->job, fault) < 0)
		return -1;
	outcome->removed = true;
	return dest_open(dest, &order->job, mode, hide, atomic, fault);
}

/* The new file is whole, and now takes its name from what is to be kept.  */
static int
back_up(const struct copy_policy *policy, const struct copy_order *order,
	struct dest *dest, struct copy_outcome *outcome)
{
	const struct job *const job = &order->job;
	char *path = NULL;

	/* With --atomic there is no moment without the name, where a file can have two.  */
	if (policy->dest.atomic
	    && fstatat(job->dest_at, job->dest, &dest->st, AT_SYMLINK_NOFOLLOW) == 0)
		path = backup_link(&policy->backup, job->dest_at, job->dest);
	dest->takes_over = path != NULL;
	if (path == NULL)
		path = backup_make(&policy->backup, job->dest_at, job->dest);

	if (path != NULL)
		snprintf(outcome->backup, sizeof outcome->backup, "%s", path_last(path));
	else if (errno != ENOENT)
		return fault_set(&outcome->fault, FAULT_BACKUP, errno);
	free(path);
	return 0;
}

/* It could not take the name: then what had it has it again, or still if it was LINKED.  */
static void
undo_backup(const struct copy_order *order, bool linked, struct copy_outcome *outcome)
{
	const struct job *const job = &order->job;
	char *const path = path_beside(job->dest, outcome->backup);

	outcome->undone = path != NULL
		&& (linked ? unlinkat(job->dest_at, path, 0)
		    : backup_undo(job->dest_at, path, job->dest)) == 0;
	outcome->undo_err = errno;
	free(path);
}

/* Give the copy what it is to have besides its bytes.  */
static void
keep_meta(const struct copy_policy *policy, const struct copy_order *order,
	const struct meta *meta, const struct dest *dest, struct remarks *remarks)
{
	const bool is_old = dest->form == DEST_IN_PLACE || dest->form == DEST_SPECIAL;
	const struct meta_target target = {
		.fd = dest->fd, .old = is_old ? &dest->st : NULL,
		.inherits = is_old || dest->old >= 0 || order->inherits,
	};

	meta_apply(&policy->meta, meta, &target, 0, remarks);
}

/* A mapped page of a file that was truncated reads as zeros after the file's end, and so
   no more is whole than the source still has.  */
static void
trim_whole(const struct source *source, struct dest *dest)
{
	struct stat now;

	if (source->fd >= 0 && S_ISREG(source->st.st_mode) && source->st.st_size > 0
	    && fstat(source->fd, &now) == 0 && now.st_size < dest->whole)
		dest->whole = now.st_size;
}

/* The size of what was rounded up to whole huge pages, or -1.  */
static off_t
rounded_size(const struct source *source, const struct dest *dest)
{
	struct stat st;

	return dest->huge_page != 0 && fstat(dest->fd, &st) == 0
		&& st.st_size != source->st.st_size ? st.st_size : -1;
}

/* ---- what is counted ---- */

uint64_t
copy_expects(const struct copy_policy *policy, const struct stat *st)
{
	if (!S_ISREG(st->st_mode) || policy->no_content)
		return 0;
	return policy->plan.sparse != SPARSE_NEVER && extent_lacks_blocks(st)
		? (uint64_t) st->st_blocks * 512 : (uint64_t) st->st_size;
}

/* How OUTCOME's bytes came to be in a copy of what has SIZE.  */
static struct ways
ways_of(const struct copy_outcome *outcome, off_t size)
{
	const struct plan *const plan = &outcome->plan;
	const struct tally *const tally = &outcome->tally;
	const uint64_t there = tally->copied + tally->cloned;
	const uint64_t rest = tally->copied - tally->by_kernel;
	struct ways ways = { .cloned = tally->cloned, .by_kernel = tally->by_kernel };

	ways.holes = (uint64_t) size > there ? (uint64_t) size - there : 0;
	if (plan->method != METHOD_MAP)
		ways.by_hand = rest;
	else if (plan->direct)
		ways.direct = rest;
	else
		ways.by_hand = tally->by_hand;
	if (plan->method == METHOD_MAP && !plan->direct)
		ways.by_map = rest - ways.by_hand;
	return ways;
}

/* The copy of SOURCE returned RET; so many bytes were ANNOUNCED.  */
static void
count(const struct copy_policy *policy, struct copy_outcome *outcome, int ret,
	const struct source *source, uint64_t announced)
{
	const struct tally *const tally = &outcome->tally;
	struct ways *const ways = &outcome->copied.ways;

	meter_add(METER_OPENED, source->fd < 0);	/* or it was counted before */
	meter_add(METER_EXPECTED, tally->copied + tally->cloned - announced);
	if (ret < 0)
		return;
	const uint64_t there = tally->copied + tally->cloned;
	const bool sized = S_ISREG(source->st.st_mode) && source->st.st_size > 0
		&& !policy->no_content;
	outcome->copied.size = sized ? (uint64_t) source->st.st_size : there;
	*ways = ways_of(outcome, (off_t) outcome->copied.size);
	meter_add(METER_FILES, 1);
	meter_add(METER_BYTES, outcome->copied.size);
	meter_add(METER_CLONED, ways->cloned);
	meter_add(METER_HOLES, ways->holes);
	meter_add(METER_BY_KERNEL, ways->by_kernel);
	meter_add(METER_BY_MAP, ways->by_map);
	meter_add(METER_BY_HAND, ways->by_hand);
	meter_add(METER_DIRECT, ways->direct);
}

void
copy_clear(struct copy_outcome *outcome)
{
	fault_set(&outcome->fault, FAULT_NO_STEP, 0);
	outcome->cut = outcome->rounded = -1;
	outcome->removed = outcome->undone = outcome->sparse = false;
	outcome->backup[0] = '\0';
	outcome->remarks.count = 0;
	outcome->remarks.failed = false;
	outcome->plan = (struct plan) { .method = METHOD_STREAM };
	tally_clear(&outcome->tally);
}

int
copy_opened(const struct copy_policy *policy, const struct copy_order *order,
	struct source *source, struct copy_made made, struct copy_outcome *outcome)
{
	struct fault *const fault = &outcome->fault;
	struct dest dest = DEST_CLOSED;
	uint64_t announced = 0;
	int ret = -1;			/* Assume that something goes wrong.  */

	copy_clear(outcome);
	const uint64_t began = policy->told ? sys_clock() : 0;
	if (made.fd >= 0)
		dest_take(&dest, &order->job, made.fd);
	if (to_be_looked_at(policy, order, &source->st)) {
		fault_set(fault, FAULT_GIVEN_BACK, 0);
		goto out;
	}
	outcome->sparse = extent_lacks_blocks(&source->st);
	announced = copy_expects(policy, &source->st);
	meter_add(METER_OPENED, 1);
	meter_add(METER_EXPECTED, announced);
	const struct meta meta = meta_read(&policy->meta, source->fd, false, &source->st);
	if (made.fd < 0 && open_dest(policy, order, &meta, &dest, outcome) < 0)
		goto out;
	if (fault_is_final(made.err)) {
		fault_set_at(fault, FAULT_COPY, made.err, 0);
		goto out;
	}
	const dev_t device = dest.exists ? dest.st.st_dev : order->dest_device;

	if (!policy->no_content) {
		if (move_bytes(&policy->plan, &outcome->plan, source, &dest, device, policy->dest.fsync,
			       &outcome->tally, fault) < 0)
			goto out;
	}
	if (source_unchanged(source, fault) < 0)
		goto out;
	if (dest_adopt(&dest, fault) < 0)
		goto out;
	keep_meta(policy, order, &meta, &dest, &outcome->remarks);
	if (policy->dest.fsync && dest_flush(&dest, fault) < 0)
		goto out;
	outcome->rounded = rounded_size(source, &dest);
	if (order->back_up
	    && (dest_try_close(&dest, fault) < 0 || back_up(policy, order, &dest, outcome) < 0))
		goto out;
	ret = dest_commit(&dest, policy->dest.fsync && order->sync_directory, fault);
out:
	if (fault->step != FAULT_GIVEN_BACK)
		count(policy, outcome, ret, source, announced);
	outcome->copied.nanoseconds = policy->told ? sys_clock() - began : 0;
	if (ret < 0)
		trim_whole(source, &dest);
	const bool linked = dest.takes_over;
	const off_t left = dest_close(&dest);
	outcome->cut = left == source->st.st_size ? -1 : left;	/* nothing is lost then */
	if (ret < 0 && outcome->backup[0] != '\0')
		undo_backup(order, linked, outcome);
	source_close(source);
	return ret;
}

int
copy_file(const struct copy_policy *policy, const struct copy_order *order,
	struct copy_outcome *outcome)
{
	struct source source = SOURCE_CLOSED;
	struct fault fault;

	if (source_open(&source, &order->job, order->source, &fault) == 0)
		return copy_opened(policy, order, &source, COPY_NOT_MADE, outcome);
	copy_clear(outcome);
	outcome->fault = fault;
	if (fault.step != FAULT_GIVEN_BACK)
		count(policy, outcome, -1, &source, 0);
	source_close(&source);
	return -1;
}
