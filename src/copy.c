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

#include "cache.h"
#include "cpus.h"
#include "extent.h"
#include "fs.h"
#include "mapcopy.h"
#include "meter.h"
#include "pace.h"
#include "path.h"
#include "signals.h"
#include "source.h"
#include "space.h"
#include "speech.h"
#include "stream.h"
#include "sys.h"
#include "tick.h"

/* ---- what is moved ---- */

/* Why SOURCE, on file system FROM, and a file on TO are better not mapped; NULL if they may
   be.  */
static const char *
unfit(const struct source *source, const struct fs *from, const struct fs *to, bool cold)
{
	if (from->shuns_mapping || to->shuns_mapping)
		return "a mapping is no gain on this file system";
	if (cold && fs_rotates(source->st.st_dev, "/sys/dev/block"))
		return "the disk rotates, and the source is not in memory";
	return NULL;
}

/* Whether a good part of SOURCE has still to be read from its device.  */
static bool
is_cold(const struct source *source)
{
	const off_t size = source->st.st_size;
	const int64_t cached = cache_bytes(source->fd, 0, size);

	/* Blocks, because what is a hole is never in memory.  */
	const int64_t data = extent_lacks_blocks(&source->st) ? source->st.st_blocks * 512 : size;
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
		known.unshared = !fs_shares_blocks(source->fd);
	}
	return known.unshared;
}

/* Ask the kernel what plan_choose wants to know; of what only matters when bytes move, only
   if they have to: to see which pages of 2 GiB are in memory takes 35 ms, and a clone 1.  */
static struct plan
make_plan(const struct plan_policy *policy, const struct source *source, struct dest *dest,
	bool moves)
{
	const bool cpus = moves && plan_wants_cpus(source->st.st_size, policy);
	const bool between_files = moves && S_ISREG(source->st.st_mode)
		&& dest->form != DEST_SPECIAL;
	const bool large = between_files && plan_is_large(source->st.st_size, policy);
	const bool hides = plan_hides(true, source->st.st_size, policy);
	const bool matters = large || (between_files && plan_wants_speed(source->st.st_size));
	const bool cold = matters && is_cold(source);
	const struct fs none = { .reserves = false };
	const struct fs from = matters ? fs_of(source->fd) : none;
	const struct fs to = matters ? fs_of(dest->fd) : none;

	if (moves && (large || hides) && dest->form != DEST_SPECIAL)
		dest->huge_page = sys_hugetlb_page(dest->fd);
	const struct plan_facts facts = {
		.source_regular = S_ISREG(source->st.st_mode),
		.dest_regular = dest->form != DEST_SPECIAL,
		.dest_readable = dest->readable,
		.in_place = dest->form == DEST_IN_PLACE,
		.holes = extent_lacks_blocks(&source->st),
		.unshared = policy->reflink == REFLINK_NEVER && is_unshared(source),
		.size = source->st.st_size,
		.page = dest->huge_page != 0 ? dest->huge_page : sys_page_size(),
		.only_mapped = dest->huge_page != 0,
		.cold = cold,
		.writes_well = to.writes_well,
		.unfit = matters ? unfit(source, &from, &to, cold) : NULL,
		.reserves = large && dest->huge_page == 0 && to.reserves,
		.huge_fault = large && !to.takes_pages ? sys_huge_fault() : 0,
		.takes_pages = to.takes_pages,
		.cpus = cpus ? cpus_usable() : 1,
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
remember_refusal(struct refusal *refusal, const struct source *source, dev_t dest, int err)
{
	if (dest != 0 && (err == EOPNOTSUPP || err == EXDEV || err == ENOTTY || err == ENOSYS))
		*refusal = (struct refusal) { source->st.st_dev, dest, true };
}

/* So much is cloned at a time: between two steps a signal is heard, and told how far it
   is.  Where that takes less than a millisecond, twice as much goes next: 32 steps for 2 GiB
   took 3.8 ms, where cp's one took 3.5 (xfs, 6.18).  */
#define CLONE_STEP ((off_t) 64 << 20)
#define CLONE_MOST ((off_t) 1 << 40)
enum { CLONE_FAST = 1000000 };		/* nanoseconds */

/* No file system's blocks are larger.  */
enum { BLOCK_MOST = 65536 };

/* The blocks at AT could not be cloned, for the reason ERR.  If bytes are to move then, they
   all do: what was cloned before counts for nothing.  */
static int
clone_failed(const struct plan *plan, struct dest *dest, off_t at, int err, struct tally *tally,
	struct fault *fault)
{
	const bool final = fault_is_final(err) || err == EINTR;
	struct stat now;

	/* A disk that is full may be found out halfway; then the ctime has moved.  */
	if (final && at == 0 && !dest->touched)
		dest->touched = fstat(dest->fd, &now) < 0
			|| now.st_ctim.tv_sec != dest->st.st_ctim.tv_sec
			|| now.st_ctim.tv_nsec != dest->st.st_ctim.tv_nsec;
	if (!final && !plan->must_clone) {
		meter_add(METER_MOVED, -tally->cloned);
		tally->cloned = 0;
		dest->whole = 0;
	}
	if (err == EINTR)
		return fault_set(fault, FAULT_INTERRUPTED, EINTR);
	return fault_set(fault, final || plan->must_clone ? FAULT_CLONE : FAULT_REFUSED, err);
}

/* Clone [AT, AT+LEN); the end of a file that is no whole block, only where the destination
   ends there too.  LONGER: it doesn't.  */
static int
clone_step(const struct source *source, struct dest *dest, off_t at, off_t len, bool longer)
{
	const off_t size = source->st.st_size;
	int ret = at == 0 && len == size ? sys_clone(dest->fd, source->fd)
		: sys_clone_range(dest->fd, source->fd, at, at + len < size ? len : 0);

	if (ret < 0 && errno == EINVAL && longer && at + len == size
	    && ftruncate(dest->fd, size) == 0) {
		dest->touched = true;
		ret = sys_clone_range(dest->fd, source->fd, at, 0);
	}
	return ret;
}

/* Have the file system share the source's blocks.  */
static int
clone_whole(const struct plan *plan, const struct source *source, struct dest *dest, struct tally *tally,
	struct fault *fault)
{
	const off_t size = source->st.st_size;
	const bool longer = dest->form == DEST_IN_PLACE && dest->st.st_size > size;
	/* The end of it comes last, when it is known that there are clones to be had.  */
	const off_t last = longer && size > BLOCK_MOST ? size % BLOCK_MOST : 0;
	off_t at = 0, most = CLONE_STEP;

	do {
		const off_t left = at < size - last ? size - last - at : size - at;
		const off_t step = left > most ? most : left;
		const uint64_t began = sys_clock();
		int ret;
		if (signals_fatal() != 0)
			return clone_failed(plan, dest, at, EINTR, tally, fault);
		do
			ret = clone_step(source, dest, at, step, longer);
		while (signals_retry(ret));
		if (ret < 0)
			return clone_failed(plan, dest, at, errno, tally, fault);
		if (sys_clock() - began < CLONE_FAST && most < CLONE_MOST)
			most *= 2;
		at += step;
		dest->touched = true;
		dest->whole = at;
		tally->cloned += (uint64_t) step;
		meter_add(METER_MOVED, (uint64_t) step);
		tick_attend();
	} while (at < size);
	if (longer)
		return space_resize(dest, size, fault);
	return 0;
}

static int
move_one_way(const struct plan *plan, const struct source *source, struct dest *dest,
	bool sync, struct tally *tally, struct fault *fault)
{
	switch (plan->method) {
	case METHOD_CLONE:
		return clone_whole(plan, source, dest, tally, fault);
	case METHOD_MAP:
		return mapcopy(plan, source, dest, sync, tally, fault);
	case METHOD_KERNEL:
	case METHOD_STREAM:
	case METHODS:
		break;
	}
	return stream_copy(plan, source, dest, tally, fault);
}

/* The engine asked for by name can't serve, and WHY.  */
static int
engine_fault(struct fault *fault, const char *why)
{
	fault_set(fault, FAULT_ENGINE, 0);
	snprintf(fault->detail, sizeof fault->detail, "%s", why);
	return -1;
}

/* Bytes have to move: plan how.  */
static struct plan
plan_moving(const struct plan_policy *policy, const struct source *source, struct dest *dest)
{
	struct plan plan = make_plan(policy, source, dest, true);

	if (plan.method == METHOD_CLONE)
		plan_fall_back(&plan, "cloning is not supported");
	return plan;
}

/* Plan a clone; if there is none to be had, bytes have to move.  */
static struct plan
plan_first(const struct plan_policy *policy, const struct source *source, struct dest *dest)
{
	const struct plan plan = make_plan(policy, source, dest, false);

	return plan.method == METHOD_CLONE ? plan : plan_moving(policy, source, dest);
}

/* Move the bytes the best way there is; where that is refused, the next way.  */
static int
move_bytes(const struct plan_policy *policy, struct plan *plan, const struct source *source,
	struct dest *dest, dev_t device, bool sync, struct tally *tally, struct fault *fault)
{
	static char why[128];
	int ret;

	if (policy->reflink != REFLINK_ALWAYS && refused_before(&no_clone, source, device))
		*plan = plan_moving(policy, source, dest);
	else
		*plan = plan_first(policy, source, dest);
	if (plan->impossible != NULL)
		return engine_fault(fault, plan->impossible);
	if (plan->method == METHOD_KERNEL && !plan->exact
	    && refused_before(&no_kernel, source, device))
		plan_fall_back(plan, "copy_file_range is not supported");
	while ((ret = move_one_way(plan, source, dest, sync, tally, fault)) < 0
	       && fault->step == FAULT_REFUSED) {
		if (plan->exact)
			return engine_fault(fault, speech_reason(fault->err));
		if (plan->method == METHOD_CLONE) {
			remember_refusal(&no_clone, source, device, fault->err);
			*plan = plan_moving(policy, source, dest);
			continue;
		}
		snprintf(why, sizeof why, "%s: %s", plan->method == METHOD_KERNEL
			 ? "copy_file_range" : plan->direct ? "O_DIRECT"
			 : "mapping by workers", speech_reason(fault->err));
		if (plan->method == METHOD_KERNEL && dest->whole == 0)
			remember_refusal(&no_kernel, source, device, fault->err);
		plan_fall_back(plan, why);
	}
	if (ret == 0 && plan->empty && tally->copied > 0)
		return engine_fault(fault, "the source has content but no size");
	return ret;
}

/* ---- one file ---- */

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
		ways.by_hand = plan->writer && plan->by_hand ? tally->moved[0] : 0;
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

static void
clear(struct copy_outcome *outcome)
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
copy_file(const struct copy_policy *policy, const struct copy_order *order,
	struct copy_outcome *outcome)
{
	struct fault *const fault = &outcome->fault;
	struct source source = SOURCE_CLOSED;
	struct dest dest = DEST_CLOSED;
	uint64_t announced = 0;
	int ret = -1;			/* Assume that something goes wrong.  */

	clear(outcome);
	const uint64_t began = policy->told ? sys_clock() : 0;
	if (source_open(&source, &order->job, order->source, fault) < 0)
		goto out;
	if (to_be_looked_at(policy, order, &source.st)) {
		fault_set(fault, FAULT_GIVEN_BACK, 0);
		goto out;
	}
	outcome->sparse = extent_lacks_blocks(&source.st);
	announced = copy_expects(policy, &source.st);
	meter_add(METER_OPENED, 1);
	meter_add(METER_EXPECTED, announced);
	const struct meta meta = meta_read(&policy->meta, source.fd, false, &source.st);
	if (open_dest(policy, order, &meta, &dest, outcome) < 0)
		goto out;
	const dev_t device = dest.exists ? dest.st.st_dev : order->dest_device;

	if (!policy->no_content) {
		if (move_bytes(&policy->plan, &outcome->plan, &source, &dest, device, policy->dest.fsync,
			       &outcome->tally, fault) < 0)
			goto out;
	}
	if (source_unchanged(&source, fault) < 0)
		goto out;
	if (dest_adopt(&dest, fault) < 0)
		goto out;
	keep_meta(policy, order, &meta, &dest, &outcome->remarks);
	if (policy->dest.fsync && dest_flush(&dest, fault) < 0)
		goto out;
	outcome->rounded = rounded_size(&source, &dest);
	if (order->back_up
	    && (dest_try_close(&dest, fault) < 0 || back_up(policy, order, &dest, outcome) < 0))
		goto out;
	ret = dest_commit(&dest, policy->dest.fsync && order->sync_directory, fault);
out:
	if (fault->step != FAULT_GIVEN_BACK)
		count(policy, outcome, ret, &source, announced);
	outcome->copied.nanoseconds = policy->told ? sys_clock() - began : 0;
	if (ret < 0)
		trim_whole(&source, &dest);
	const bool linked = dest.takes_over;
	const off_t left = dest_close(&dest);
	outcome->cut = left == source.st.st_size ? -1 : left;	/* nothing is lost then */
	if (ret < 0 && outcome->backup[0] != '\0')
		undo_backup(order, linked, outcome);
	source_close(&source);
	return ret;
}
