/* SPDX-License-Identifier: GPL-3.0-or-later */
/* facts.c: what the kernel says about two files.  A question costs a call or more, so
   only what plan.c uses is asked.  */
#include "config.h"

#include "engine/facts.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/cpus.h"
#include "base/disk.h"
#include "base/fs.h"
#include "base/memory.h"
#include "base/ratelimit.h"
#include "base/stripe.h"
#include "engine/extent.h"
#include "engine/far.h"
#include "engine/pagecache.h"
#include "engine/policy.h"

enum reason
facts_why_no_files(const struct facts *facts)
{
	if (!facts->source_regular)
		return REASON_SOURCE_KIND;
	return facts->dest_regular ? REASON_NONE : REASON_DEST_KIND;
}

/* Return why SOURCE, on file system FROM, and a file on TO should not be mapped.  */
static enum reason
unfit(const struct source *source, const struct fs *from, const struct fs *to, bool cold)
{
	if (!from->trusted || !to->trusted)
		return REASON_UNTRUSTED;
	if (cold && disk_rotates(source->st.st_dev, "/sys/dev/block"))
		return REASON_ROTATES;
	return REASON_NONE;
}

/* Return whether more than a sixteenth of SOURCE's data is not in memory.  */
static bool
is_cold(const struct source *source)
{
	const off_t size = source->st.st_size;
	const int64_t cached = pagecache_bytes(source->fd, 0, size);

	/* Blocks, because a hole is never in memory.  */
	const int64_t data = extent_lacks_blocks(&source->st)
		? source->st.st_blocks * 512 : size;
	return cached >= 0 && cached < data / 16 * 15;
}

bool
facts_is_unshared(const struct source *source)
{
	static struct { bool asked, unshared; dev_t device; } known;

	if (!known.asked || known.device != source->st.st_dev) {
		known.asked = true;
		known.device = source->st.st_dev;
		known.unshared = !fs_shares_blocks(source->fd, source->st.st_dev);
	}
	return known.unshared;
}

/* Where holes of SOURCE will be looked for, have data that has no blocks yet written
   back: it would seem to be a hole.  */
static void
settle_holes(const struct source *source)
{
	const struct stat *const st = &source->st;

	if (S_ISREG(st->st_mode)
	    && (st->st_size >= EXTENT_LOOK_FROM || extent_lacks_blocks(st))
	    && fs_hides_delayed(source->fd, st->st_dev))
		fsync(source->fd);	/* An error is reported when the data is read.  */
}

/* Return whether SOURCE has holes that its file system doesn't show, as many on FUSE.
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

/* Return whether SOURCE has blocks for all its bytes, also for those that SEEK_DATA
   takes for a hole.  */
static bool
is_complete(const struct source *source)
{
	const struct stat *const st = &source->st;

	return S_ISREG(st->st_mode) && st->st_size >= EXTENT_LOOK_FROM
		&& !extent_lacks_blocks(st);
}

/* Return whether holes aren't worth looking for in SOURCE on FS, which has all its
   blocks. SEEK_HOLE goes through all folios on tmpfs, 3 ms for 256 MiB, and through all
   extents elsewhere, 13 ms for 98 000: once is enough.  What was reserved on tmpfs and
   never written is in memory already, and is read as zeros.  */
static bool
is_one_piece(const struct source *source, const struct fs *fs)
{
	return fs->takes_pages || extent_is_one(source->fd, source->st.st_size);
}

/* Learn whether DEST is on hugetlbfs, if that matters for SOURCE.  */
static void
ask_for_huge_page(const struct plan_policy *policy, const struct source *source,
	struct dest_file *dest)
{
	const off_t size = source->st.st_size;

	if (dest->form != DEST_SPECIAL
	    && (policy_hides(true, size, policy) || policy_names(policy, ENGINE_HUGETLB)
		|| (S_ISREG(source->st.st_mode) && policy_is_large(size, policy))))
		dest->huge_page = fs_huge_page(dest->fd, dest->device);
}

/* Return the larger of both files' block sizes, or a stripe of DEST: ranks are not to
   write to one of either.  */
static size_t
block_size(const struct source *source, const struct dest_file *dest)
{
	struct stat st;
	const size_t there = fstat(dest->fd, &st) == 0 ? (size_t) st.st_blksize : 0;
	const size_t here = (size_t) source->st.st_blksize;
	const size_t block = there > here ? there : here;
	const size_t stripe = stripe_size(dest->fd);

	/* Both are powers of two, nearly always.  */
	if (stripe <= block || block == 0)
		return block;
	return (stripe + block - 1) / block * block;
}

/* Add the facts that matter only if speed does, for a copy between regular files.  */
static void
ask_for_speed(struct facts *facts, const struct plan_policy *policy,
	const struct source *source, const struct dest_file *dest)
{
	const bool large = policy_is_large(facts->size, policy);
	const struct fs from = fs_of(source->fd, source->st.st_dev);
	/* What isn't read from a device needs no read-ahead of ours: the kernel's makes
	   the larger requests.  */
	facts->cold = from.trusted && !from.takes_pages && is_cold(source);
	const struct fs to = fs_of(dest->fd, dest->device);

	facts->filled = from.trusted && to.trusted;
	facts->one_piece = facts->complete && facts->filled
		&& policy->sparse == SPARSE_AUTO && is_one_piece(source, &from);
	facts->writes_well = to.writes_well;
	facts->unsafe = !to.trusted;
	facts->limited = ratelimit_is_set();
	if (facts->cold) {
		const uint64_t limit = memory_limit();
		facts->memory = limit != UINT64_MAX ? limit : 0;
	}
	facts->unfit = unfit(source, &from, &to, facts->cold);
	facts->takes_pages = to.takes_pages;
	facts->reserves = large && dest->huge_page == 0 && to.reserves;
	facts->huge_fault = large && !to.takes_pages ? memory_huge_page() : 0;
	facts->cpus = policy_wants_cpus(facts->size, policy)
		&& (!to.serial || policy->jobs != 0) ? cpus_usable() : 1;
	facts->block = far_may_help(facts->size) ? block_size(source, dest) : 0;
	facts->holes = facts->holes
		|| (policy->sparse == SPARSE_NEVER
		    && !extent_is_one(source->fd, facts->size));
}

struct facts
facts_ask(const struct plan_policy *policy, const struct source *source,
	struct dest_file *dest, bool moves)
{
	const off_t size = source->st.st_size;
	const bool regular = S_ISREG(source->st.st_mode);
	const bool between_files = moves && regular && dest->form != DEST_SPECIAL;

	if (moves) {
		settle_holes(source);
		ask_for_huge_page(policy, source, dest);
	}
	struct facts facts = {
		.source_regular = regular,
		.dest_regular = dest->form != DEST_SPECIAL,
		.dest_readable = dest->readable,
		.in_place = dest->form == DEST_IN_PLACE,
		.holes = extent_lacks_blocks(&source->st),
		.complete = dest->huge_page == 0 && is_complete(source),
		.hidden_holes = between_files && hides_holes(source),
		.unshared = policy->reflink == REFLINK_NEVER && facts_is_unshared(source),
		.size = size,
		.page = dest->huge_page != 0 ? dest->huge_page : memory_page_size(),
		.only_mapped = dest->huge_page != 0,
		.cpus = 1,
	};
	if (between_files && (policy_is_large(size, policy) || policy_wants_speed(size)))
		ask_for_speed(&facts, policy, source, dest);
	return facts;
}
