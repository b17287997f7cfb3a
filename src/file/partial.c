/* SPDX-License-Identifier: GPL-3.0-or-later */
/* partial.c: a copy that failed, kept as far as it goes.  Behind what can't be read it
   goes on (salvage.c); where nothing more can be written, or a signal asks us to end, it
   is cut.  It is older than any source, so that nobody takes it for whole.  */
#include "config.h"

#include "file/partial.h"

#include <errno.h>
#include <unistd.h>

#include "engine/salvage.h"
#include "file/copystate.h"
#include "file/opening.h"
#include "file/verification.h"

/* What is missing of the copy that was kept last.  */
static struct missing missing;

/* ---- whether ---- */

/* Return whether what is there is what was copied, and more may be copied, although the
   copy failed with the ERROR.  */
static bool
leaves_bytes(const struct copy *copy, const struct error *error)
{
	const bool full = error_is_final(error->err) || error->err == EFBIG;

	switch (error->step) {
	case ERROR_READ:
		return true;
	case ERROR_WRITE:
	case ERROR_COPY:
	case ERROR_RESIZE:
	case ERROR_PUNCH:
		return full;
	case ERROR_CLONE:
		return full && copy->policy->plan.reflink != REFLINK_ALWAYS;
	case ERROR_INTERRUPTED:		/* Then nothing can be verified.  */
		return copy->policy->plan.verify == VERIFY_NEVER;
	default:
		return false;
	}
}

/* Return whether COPY can be kept: its source has offsets, and no old file that is whole
   would have to make way for it.  What comes by a pipe is kept in any case.  */
static bool
may_be_kept(const struct copy *copy)
{
	const struct dest *const dest = &copy->dest;
	const mode_t mode = copy->source->st.st_mode;

	return dest->file.fd >= 0 && dest->file.huge_page == 0 && dest->old < 0
		&& !dest->takes_place && copy->source->fd >= 0
		&& (S_ISREG(mode) || S_ISBLK(mode))
		&& leaves_bytes(copy, &copy->outcome->error);
}

/* Return the size of SOURCE; 0 if it can't be read from any offset.  */
static off_t
size_of(const struct source *source)
{
	if (S_ISREG(source->st.st_mode))
		return lseek(source->fd, 0, SEEK_CUR) < 0 ? 0 : source->st.st_size;
	const off_t size = lseek(source->fd, 0, SEEK_END);
	return size < 0 ? 0 : size;
}

/* ---- how ---- */

/* Copy what else can be read, and note what is missing.  */
static void
gather(struct copy *copy)
{
	struct copy_outcome *const outcome = copy->outcome;
	const struct transfer transfer = {
		.policy = &copy->policy->plan, .plan = &outcome->plan,
		.source = copy->source, .dest = &copy->dest.file,
		.counts = &outcome->copied.counts,
	};
	struct error error = ERROR_NONE;

	if (outcome->error.step != ERROR_INTERRUPTED
	    && salvage_copy(&transfer, &missing, &error) < 0
	    && error.step != ERROR_INTERRUPTED)
		outcome->error = error;
	missing_add(&missing, copy->dest.file.whole, missing.size);
}

/* Bring the copy to its size, and to the device if that is wanted.  Return 0, or -1 with
   an ERROR.  */
static int
settle(struct copy *copy, struct error *error)
{
	struct dest *const dest = &copy->dest;

	if (dest->file.form != DEST_SPECIAL
	    && ftruncate(dest->file.fd, dest->file.whole) < 0)
		return error_set(error, ERROR_RESIZE, errno);
	if (verification_run_partial(copy, &missing, error) < 0)
		return -1;
	if (dest_mark_unfinished(dest, copy->source->st.st_mtim.tv_sec) < 0)
		remarks_add(&copy->outcome->remarks, ERROR_PARTIAL_TIME, errno);
	return copy->policy->dest.fsync ? dest_flush(dest, true, error) : 0;
}

/* Give the copy its name.  Return 0, or -1 with an ERROR.  */
static int
name(struct copy *copy, struct error *error)
{
	const struct copy_order *const order = copy->order;
	struct dest *const dest = &copy->dest;
	const bool sync = copy->policy->dest.fsync && order->sync_directory;

	if (order->backup && copy->outcome->backup[0] == '\0' && !copy->unhidden
	    && (dest_try_close(dest, error) < 0 || opening_back_up(copy) < 0))
		return -1;
	return dest_commit(dest, sync, error);
}

void
partial_keep(struct copy *copy)
{
	struct error error = ERROR_NONE;

	if (!copy->policy->partial || !may_be_kept(copy))
		return;
	missing_clear(&missing, size_of(copy->source));
	gather(copy);
	if (missing.bytes < (uint64_t) missing.size && settle(copy, &error) == 0
	    && name(copy, &error) == 0) {
		copy->outcome->missing = &missing;
		return;
	}
	if (missing.count > 0 && missing.range[0].from < copy->dest.file.whole)
		copy->dest.file.whole = missing.range[0].from;
	if (error.step == ERROR_VERIFY)
		copy->outcome->error = error;
}
