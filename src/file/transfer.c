/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transfer.c: the bytes of one file, by the best way there is; where that is refused,
   by the next.  It asks the kernel what plan.c wants to know.  */
#include "config.h"

#include "file/transfer.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cpus.h"
#include "base/fs.h"
#include "base/fstype.h"
#include "base/memory.h"
#include "engine/extent.h"
#include "engine/mmap.h"
#include "engine/pagecache.h"
#include "engine/reflink.h"
#include "engine/stream.h"
#include "report/locale.h"

/* Why SOURCE, on file system FROM, and a file on TO are better not mapped; NULL if they
   may be.  */
static const char *
unfit(const struct source *source, const struct fs *from, const struct fs *to, bool cold)
{
	if (!from->trusted || !to->trusted)
		return "a mapping is not known to be safe on this file system";
	if (cold && fs_rotates(source->st.st_dev, "/sys/dev/block"))
		return "the disk rotates, and the source is not in memory";
	return NULL;
}

/* Whether a good part of SOURCE has still to be read from its device.  */
static bool
is_cold(const struct source *source)
{
	const off_t size = source->st.st_size;
	const int64_t cached = pagecache_bytes(source->fd, 0, size);

	/* Blocks, because what is a hole is never in memory.  */
	const int64_t data = extent_lacks_blocks(&source->st)
		? source->st.st_blocks * 512 : size;
	return cached >= 0 && cached < data / 16 * 15;
}

/* Whether no block of SOURCE can be shared; asked once a device.  */
static bool
is_unshared(const struct source *source)
{
	static struct { bool asked, unshared; dev_t device; } known;

	if (!known.asked || known.device != source->st.st_dev) {
		known.asked = true;
		known.device = source->st.st_dev;
		known.unshared = !fs_shares_blocks(source->fd, source->st.st_dev);
	}
	return known.unshared;
}

/* Where holes of SOURCE will be looked for, have them be known.  */
static void
settle_holes(const struct source *source)
{
	const struct stat *const st = &source->st;

	if (S_ISREG(st->st_mode)
	    && (st->st_size >= EXTENT_LOOK_FROM || extent_lacks_blocks(st))
	    && fs_hides_delayed(source->fd, st->st_dev))
		fsync(source->fd);	/* What fails is heard of when it is read.  */
}

/* Whether SOURCE has holes and its file system knows of none, as many on FUSE don't.
   On those that are trusted, fewer blocks than bytes for a file without holes are
   compressed.  */
static bool
hides_holes(const struct source *source)
{
	const struct stat *const st = &source->st;

	return extent_lacks_blocks(st) && st->st_size > 0
		&& extent_is_one(source->fd, st->st_size)
		&& !fs_is_trusted(source->fd, st->st_dev);
}

/* Whether SOURCE has blocks for all its bytes, also for those that SEEK_DATA takes for
   a hole.  */
static bool
is_complete(const struct source *source)
{
	const struct stat *const st = &source->st;

	return S_ISREG(st->st_mode) && st->st_size >= EXTENT_LOOK_FROM
		&& !extent_lacks_blocks(st);
}

/* Ask the kernel what plan_choose wants to know; of what only matters when bytes move,
   only if they have to: to see which pages of 2 GiB are in memory takes 35 ms, and a
   clone 1.  */
static struct plan
make_plan(const struct plan_policy *policy, const struct source *source,
	struct dest_file *dest,
	bool moves)
{
	const bool cpus = moves && plan_wants_cpus(source->st.st_size, policy);
	const bool between_files = moves && S_ISREG(source->st.st_mode)
		&& dest->form != DEST_SPECIAL;
	const bool large = between_files && plan_is_large(source->st.st_size, policy);
	const bool hides = plan_hides(true, source->st.st_size, policy);
	const bool matters = large
		|| (between_files && plan_wants_speed(source->st.st_size));
	const struct fs none = { .reserves = false };
	const struct fs from = matters ? fs_of(source->fd, source->st.st_dev) : none;
	/* Where it isn't read from a device, the kernel's own read-ahead makes the
	   larger requests.  */
	const bool cold = matters && from.trusted && is_cold(source);
	const struct fs to = matters ? fs_of(dest->fd, dest->device) : none;

	if (moves && (large || hides) && dest->form != DEST_SPECIAL)
		dest->huge_page = fstype_huge_page(dest->fd, dest->device);
	const struct plan_facts facts = {
		.source_regular = S_ISREG(source->st.st_mode),
		.dest_regular = dest->form != DEST_SPECIAL,
		.dest_readable = dest->readable,
		.in_place = dest->form == DEST_IN_PLACE,
		.holes = extent_lacks_blocks(&source->st)
			|| (matters && policy->sparse == SPARSE_NEVER
			    && !extent_is_one(source->fd, source->st.st_size)),
		.complete = dest->huge_page == 0 && is_complete(source),
		.filled = from.trusted && to.trusted,
		.hidden_holes = between_files && hides_holes(source),
		.unshared = policy->reflink == REFLINK_NEVER && is_unshared(source),
		.size = source->st.st_size,
		.page = dest->huge_page != 0 ? dest->huge_page : memory_page_size(),
		.only_mapped = dest->huge_page != 0,
		.cold = cold,
		.writes_well = to.writes_well,
		.unsafe = matters && !to.trusted,
		.unfit = matters ? unfit(source, &from, &to, cold) : NULL,
		.reserves = large && dest->huge_page == 0 && to.reserves,
		.huge_fault = large && !to.takes_pages ? memory_huge_page() : 0,
		.takes_pages = to.takes_pages,
		.cpus = cpus && !to.serial ? cpus_usable() : 1,
	};
	return plan_choose(&facts, policy);
}

/* Where a way was refused for any two files of these file systems, it need not be tried
   for the next two: in a tree, that is a call for each file.  */
struct refusal {
	dev_t source, dest;
	bool is;
};

static struct refusal no_clone, no_kernel;

static bool
refused_before(const struct refusal *refusal, const struct source *source, dev_t dest)
{
	return refusal->is && dest != 0 && refusal->source == source->st.st_dev
		&& refusal->dest == dest;
}

static void
remember_refusal(struct refusal *refusal, const struct source *source, dev_t dest,
	int err)
{
	if (dest != 0 && (err == EOPNOTSUPP || err == EXDEV || err == ENOTTY
			  || err == ENOSYS))
		*refusal = (struct refusal) { source->st.st_dev, dest, true };
}

bool
transfer_is_by_kernel(const struct plan_policy *policy, const struct source *source,
	dev_t device)
{
	const bool unshared = policy->reflink == REFLINK_NEVER ? is_unshared(source)
		: policy->reflink == REFLINK_AUTO
		&& refused_before(&no_clone, source, device);

	return unshared && !refused_before(&no_kernel, source, device)
		&& policy->engine == ENGINE_AUTO && policy->sparse == SPARSE_AUTO
		&& !policy->direct && !policy->nocache;
}

static int
move_one_way(const struct plan *plan, const struct source *source, struct dest_file *dest,
	bool sync, struct counts *counts, struct shares *shares, struct error *error)
{
	switch (plan->method) {
	case METHOD_CLONE:
		return reflink_copy(plan, source, dest, counts, error);
	case METHOD_MAP:
		return mmap_copy(plan, source, dest, sync, counts, shares, error);
	case METHOD_KERNEL:
	case METHOD_STREAM:
	case METHODS:
		break;
	}
	return stream_copy(plan, source, dest, counts, error);
}

/* Set ERROR: the ENGINE asked for by name can't serve, and WHY.  Return -1.  */
static int
engine_error(struct error *error, enum engine engine, const char *why)
{
	char name[sizeof error->name];

	error_set(error, ERROR_ENGINE, 0);
	snprintf(name, sizeof name, "%s: %s", plan_engine_name(engine), why);
	error_set_name(error, name);
	return -1;
}

/* Bytes have to move: plan how.  */
static struct plan
plan_moving(const struct plan_policy *policy, const struct source *source,
	struct dest_file *dest)
{
	struct plan plan = make_plan(policy, source, dest, true);

	settle_holes(source);
	if (plan.method == METHOD_CLONE)
		plan_fall_back(&plan, "cloning is not supported");
	return plan;
}

/* Plan a clone; if there is none to be had, bytes have to move.  */
static struct plan
plan_first(const struct plan_policy *policy, const struct source *source,
	struct dest_file *dest)
{
	const struct plan plan = make_plan(policy, source, dest, false);

	return plan.method == METHOD_CLONE ? plan : plan_moving(policy, source, dest);
}

int
transfer_bytes(const struct plan_policy *policy, struct plan *plan,
	const struct source *source,
	struct dest_file *dest, dev_t device, bool sync, struct counts *counts,
	struct shares *shares,
	struct error *error)
{
	int ret;

	if (policy->reflink != REFLINK_ALWAYS
	    && refused_before(&no_clone, source, device))
		*plan = plan_moving(policy, source, dest);
	else
		*plan = plan_first(policy, source, dest);
	if (plan->impossible != NULL)
		return engine_error(error, policy->engine, plan->impossible);
	if (plan->method == METHOD_KERNEL && !plan->exact
	    && refused_before(&no_kernel, source, device))
		plan_fall_back(plan, "copy_file_range is not supported");
	while ((ret = move_one_way(plan, source, dest, sync, counts, shares, error)) < 0
	       && error->step == ERROR_REFUSED) {
		if (plan->exact)
			return engine_error(error, policy->engine, locale_reason(error->err));
		if (plan->method == METHOD_CLONE) {
			remember_refusal(&no_clone, source, device, error->err);
			*plan = plan_moving(policy, source, dest);
			continue;
		}
		const char *const why = plan->method == METHOD_KERNEL ? "copy_file_range"
			: plan->direct ? "O_DIRECT" : "mapping by workers";
		const int err = error->err;
		if (plan->method == METHOD_KERNEL && dest->whole == 0)
			remember_refusal(&no_kernel, source, device, err);
		plan_fall_back(plan, why);
		plan->why_err = err;	/* in words when somebody wants to know: they take a locale */
	}
	if (ret == 0 && plan->empty && counts_moved(counts) > 0)
		return engine_error(error, policy->engine,
				    "the source has content but no size");
	return ret;
}
