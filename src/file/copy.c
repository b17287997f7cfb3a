/* SPDX-License-Identifier: GPL-3.0-or-later */
/* copy.c: copy one file, from open to its final name.  Only this file knows the order.
   Whatever can fail fails before dest_commit, and then nothing new has the final
   name.  */
#include "config.h"

#include "file/copy.h"

#include "base/clock.h"
#include "base/fs.h"
#include "base/totals.h"
#include "engine/extent.h"
#include "file/amend.h"
#include "file/copystate.h"
#include "file/finish.h"
#include "file/follow.h"
#include "file/held.h"
#include "file/hiddenfile.h"
#include "file/opening.h"
#include "file/partial.h"
#include "file/resumption.h"
#include "file/retry.h"
#include "file/transfer.h"
#include "file/verification.h"

/* ---- the bytes ---- */

/* Transfer the bytes.  ERR is as in struct copy_begun.  */
static int
transfer_content(struct copy *copy, int err)
{
	const struct copy_policy *const policy = copy->policy;
	struct copy_outcome *const outcome = copy->outcome;
	struct dest *const dest = &copy->dest;
	const dev_t device = dest->exists ? dest->file.st.st_dev
		: copy->order->dest_device;
	struct plan_policy wanted = policy->plan;
	struct transfer transfer = {
		.policy = &wanted, .plan = &outcome->plan, .source = copy->source,
		.dest = &dest->file, .counts = &outcome->copied.counts,
		.shares = &outcome->shares, .sync = policy->dest.fsync,
		.hashes = copy->resumption.marks != NULL ? &copy->resumption.hashes
			: copy->verification.hashes.of != NULL
			? &copy->verification.hashes : NULL,
	};

	if (error_is_final(err))
		return error_set_at(&outcome->error, ERROR_COPY, err, 0);
	wanted.journal = copy->resumption.marks != NULL;
	if (copy->as_cp)
		wanted.engine = &engines[ENGINE_STREAM];
	amend_begin(copy, &transfer);
	const int ret = transfer_bytes(&transfer, device, &outcome->error);
	amend_end(copy, &transfer);
	return ret;
}

/* Follow the source if it changed meanwhile.  */
static int
follow(struct copy *copy)
{
	struct copy_outcome *const outcome = copy->outcome;
	struct counts *const counts = &outcome->copied.counts;
	struct followed followed;

	if (plan_is(&outcome->plan, ENGINE_REFLINK))	/* of one instant */
		return 0;
	if (follow_source(&copy->policy->plan, &outcome->plan, copy->source, &copy->dest,
			  counts, &followed, &outcome->error) < 0)
		return -1;
	copy->meta.st = copy->source->st;
	outcome->copied.in_motion = followed.in_motion;
	counts_set(counts, COUNT_FOLLOWED, followed.rounds > 0);
	counts_set(counts, COUNT_ROUNDS, followed.rounds);
	if (followed.rounds > 0)
		counts_trim(counts, (uint64_t) copy->source->st.st_size);
	return 0;
}

/* The copy of a source that kept changing may be a mixture.  Report that, and keep the
   copy as cp does; with --atomic or --resume, fail: such a copy must not seem whole.  */
static int
decide_motion(struct copy *copy)
{
	struct copy_outcome *const outcome = copy->outcome;

	if (!outcome->copied.in_motion)
		return 0;
	if (copy->policy->dest.atomic || copy->policy->dest.resume)
		return error_set(&outcome->error, ERROR_KEPT_CHANGING, 0);
	remarks_fail(&outcome->remarks, ERROR_SOURCE_CHANGED, 0);
	return 0;
}

/* Copy the content, and find it right.  ERR is as in struct copy_begun.  */
static int
copy_content(struct copy *copy, int err)
{
	resumption_begin(copy);
	return resumption_stop(copy, transfer_content(copy, err) < 0 || follow(copy) < 0
			       || verification_run(copy) < 0 ? -1 : 0);
}

/* With --resume, the times of a file say that it is whole.  So one that has its name
   already is on the device before it gets them.  */
static int
settle_named(struct copy *copy)
{
	struct dest *const dest = &copy->dest;
	const bool named = dest->file.form == DEST_NEW || dest_is_old(dest);

	return copy->policy->dest.resume && named
		? dest_flush(dest, false, &copy->outcome->error) : 0;
}

/* ---- what the copy has besides ---- */

/* Look at the new file.  That costs a call; on FUSE and networks it saves the request
   that would change its owner, and just after the file was made it is no request
   itself.  */
static void
look_at_new(struct copy *copy)
{
	const struct dest *const dest = &copy->dest;

	copy->made_known = !dest_is_old(dest) && dest->old < 0 && copy->policy->meta.owner
		&& fs_trust(dest->file.fd, ".", dest->file.device) == FS_UNKNOWN
		&& fstat(dest->file.fd, &copy->made) == 0;
}

static void
finish_copy(struct copy *copy)
{
	const struct dest *const dest = &copy->dest;
	/* The new file has the owner and mode of the old one that it replaces.  */
	const bool is_old = dest_is_old(dest) || dest->old >= 0;
	const struct metadata_target target = {
		.file = OPENFILE(dest->file.fd), .old = is_old ? &dest->file.st : NULL,
		.made = copy->made_known ? &copy->made : NULL,
		.inherits = is_old || copy->order->inherits,
	};

	finish_file(&copy->policy->meta, &copy->meta, &target, &copy->outcome->remarks);
}

/* Return the size of a copy that was rounded up to whole huge pages, or -1.  */
static off_t
rounded_size(const struct source *source, const struct dest *dest)
{
	struct stat st;

	return dest->file.huge_page != 0 && fstat(dest->file.fd, &st) == 0
		&& st.st_size != source->st.st_size ? st.st_size : -1;
}

/* Make the backup of an old file that was waited with until the new one is whole.  As by
   cp, a copy that lacks what it was to keep doesn't take the old one's name.  */
static int
back_up_last(struct copy *copy, bool backup_first)
{
	struct error *const error = &copy->outcome->error;

	if (!copy->order->backup)
		return 0;
	if (!backup_first && !copy->unhidden
	    && (dest_try_close(&copy->dest, error) < 0 || opening_back_up(copy) < 0))
		return -1;
	return copy->outcome->remarks.failed ? error_set(error, ERROR_NOT_KEPT, 0) : 0;
}

/* ---- the order ---- */

/* Return whether the copy, which is whole, may wait for its name: there is nothing to
   report, nothing to undo, and nothing of it is left if the process dies.  */
static bool
may_be_held(const struct copy *copy)
{
	const struct copy_outcome *const outcome = copy->outcome;
	const struct dest *const dest = &copy->dest;

	return copy->order->hold != NULL && dest->file.form == DEST_NAMELESS
		&& dest->file.huge_page == 0 && !copy->order->backup
		&& !dest->supersedes && !outcome->removed
		&& outcome->remarks.count == 0 && !outcome->remarks.failed;
}

/* Copy an open source to its final name; to a new file that is BEGUN, from there.  */
static int
carry(struct copy *copy, struct copy_begun begun)
{
	const struct copy_policy *const policy = copy->policy;
	const struct copy_order *const order = copy->order;
	struct copy_outcome *const outcome = copy->outcome;
	struct error *const error = &outcome->error;
	struct dest *const dest = &copy->dest;
	/* A journal with the name may reach the device before the data would.  */
	const bool durable = policy->dest.fsync || policy->dest.atomic
		|| policy->dest.resume;
	const bool backup_first = begun.fd < 0 && outcome->backup[0] == '\0'
		&& opening_backs_up_first(copy);

	hiddenfile_spare(&copy->source->st);
	if (verification_admit(copy) < 0
	    || (begun.fd < 0 && opening_dest(copy, backup_first) < 0)
	    || verification_begin(copy) < 0)
		return -1;
	look_at_new(copy);
	if (!policy->attributes_only && copy_content(copy, begun.err) < 0)
		return -1;
	if (decide_motion(copy) < 0 || settle_named(copy) < 0
	    || dest_adopt(dest, error) < 0
	    || (dest->old >= 0 && opening_relabel(copy) < 0))
		return -1;
	finish_copy(copy);
	outcome->held = may_be_held(copy);
	if (outcome->held) {
		held_take(order->hold, dest);
		return 0;
	}
	if ((durable || dest->old >= 0)
	    && dest_flush(dest, policy->dest.fsync, error) < 0)
		return -1;
	outcome->rounded = rounded_size(copy->source, dest);
	if (back_up_last(copy, backup_first) < 0)
		return -1;
	const bool supersedes = dest->supersedes;
	if (dest_commit(dest, policy->dest.fsync && order->sync_directory, error) < 0)
		return -1;
	resumption_done(copy);
	outcome->removed = outcome->removed || supersedes;
	return 0;
}

/* The same once more, unless READY says that it can't begin again.  */
static int
carry_again(struct copy *copy, int ready)
{
	return ready < 0 ? -1 : carry(copy, COPY_NOT_BEGUN);
}

/* Carry, and try again where another way may succeed.  */
static int
carry_somehow(struct copy *copy, struct copy_begun begun)
{
	int ret = carry(copy, begun);

	if (ret < 0 && retry_wants_room(copy))
		ret = carry_again(copy, retry_remove_old(copy));
	if (ret < 0 && retry_may_work_as_cp(copy))
		ret = carry_again(copy, retry_as_cp(copy));
	if (ret < 0 && retry_finds_immutable(copy) && copy->policy->dest.force)
		ret = carry_again(copy, retry_remove_old(copy));
	return ret;
}

/* ---- the end ---- */

/* A mapped page of a file that was truncated reads as zeros after the file's end.  So no
   more of the copy is whole than the source still has.  */
static void
trim_whole(const struct source *source, struct dest *dest)
{
	struct stat now;

	if (source->fd >= 0 && S_ISREG(source->st.st_mode) && source->st.st_size > 0
	    && fstat(source->fd, &now) == 0 && now.st_size < dest->file.whole)
		dest->file.whole = now.st_size;
}

/* Close what is open.  If RET isn't 0, the outcome says what is left.  */
static void
close_both(struct copy *copy, int ret)
{
	struct copy_outcome *const outcome = copy->outcome;
	const enum error_step step = outcome->error.step;
	struct dest *const dest = &copy->dest;
	const bool linked = dest->takes_place;
	const bool emptied = dest->file.emptied && !copy->as_cp;
	/* Where only a clone or another engine would do, nothing has come.  */
	const bool streams = dest->streams = dest->streams
		&& step != ERROR_ENGINE && step != ERROR_CLONE;
	const bool stays = streams || outcome->missing != NULL;

	verification_end(copy);
	resumption_end(copy);
	const off_t left = dest_close(dest);
	/* A cut is reported if bytes are missing that cp would not have removed
	   before.  */
	outcome->cut = emptied || left == copy->source->st.st_size ? CUT_NONE : left;
	if (ret < 0 && outcome->removed && outcome->missing == NULL)
		outcome->cut = CUT_GONE;
	if (ret < 0 && outcome->backup[0] != '\0' && !stays)
		opening_undo_backup(copy, linked);
	source_close(copy->source);
}

/* Return whether a source of unknown status can't be copied without one: a large one is
   for all workers together, and one with other names may have been copied already.  */
static bool
wants_status(const struct copy_policy *policy, const struct copy_order *order,
	const struct stat *st)
{
	return order->source == NULL
		&& (policy_is_large(st->st_size, &policy->plan)
		    || (order->links_matter && st->st_nlink > 1));
}

int
copy_opened(const struct copy_policy *policy, const struct copy_order *order,
	struct source *source, struct copy_begun begun, struct copy_outcome *outcome)
{
	struct copy copy = { .policy = policy, .order = order, .source = source,
			     .dest = DEST_CLOSED, .outcome = outcome,
			     .verification = VERIFICATION_NONE,
			     .resumption = RESUMPTION_NONE };
	uint64_t expected = 0;
	int ret = -1;			/* Assume that something goes wrong.  */

	outcome_clear(outcome);
	const uint64_t start = policy->reported ? clock_now() : 0;
	if (begun.fd >= 0)
		dest_take(&copy.dest, &order->pair, begun.fd, order->dest_device);
	if (wants_status(policy, order, &source->st)) {
		error_set(&outcome->error, ERROR_GIVEN_BACK, 0);
		goto out;
	}
	outcome->sparse = extent_lacks_blocks(&source->st);
	expected = outcome_expect(policy, &source->st);
	totals_add(COUNT_OPENED, 1);
	totals_add(COUNT_EXPECTED, expected);
	copy.meta = metadata_read(&policy->meta, &OPENFILE(source->fd), &source->st);
	ret = carry_somehow(&copy, begun);
	if (ret < 0) {
		trim_whole(source, &copy.dest);
		partial_keep(&copy);
	}
out:
	if (outcome->error.step != ERROR_GIVEN_BACK)
		outcome_count(policy, outcome, ret, source, expected);
	if (policy->reported) {
		outcome->copied.nanoseconds = clock_now() - start;
		outcome_note_engine(outcome);
	}
	if (outcome->held)
		order->hold->copied = outcome->copied;
	close_both(&copy, ret);
	return ret;
}

int
copy_file(const struct copy_policy *policy, const struct copy_order *order,
	struct copy_outcome *outcome)
{
	struct source source = SOURCE_CLOSED;
	struct error error;

	if (source_open(&source, &order->pair, order->source, &error) == 0)
		return copy_opened(policy, order, &source, COPY_NOT_BEGUN, outcome);
	outcome_clear(outcome);
	outcome->error = error;
	if (error.step != ERROR_GIVEN_BACK)
		outcome_count(policy, outcome, -1, &source, 0);
	source_close(&source);
	return -1;
}
