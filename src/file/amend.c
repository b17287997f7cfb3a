/* SPDX-License-Identifier: GPL-3.0-or-later */
/* amend.c: of an old file that is written over in place, write only the blocks that
   differ.  */
#include "config.h"

#include "file/amend.h"

#include <errno.h>
#include <unistd.h>

#include "base/totals.h"
#include "engine/compare.h"
#include "engine/extent.h"
#include "engine/plan.h"
#include "file/samecontent.h"

/* Return whether COPY's old file is worth comparing, and no option says how its bytes are
   to be copied.  Of one that is less than half of the source, little can be kept.  */
static bool
is_wanted(const struct copy *copy)
{
	const struct plan_policy *const plan = &copy->policy->plan;
	const struct dest_file *const dest = &copy->dest.file;
	const off_t size = copy->source->st.st_size;

	return copy->policy->amends && !copy->as_cp && !copy_is_stream(copy)
		&& copy->order->dest != NULL && dest->form == DEST_IN_PLACE
		&& !dest->emptied && size > 0 && dest->st.st_size >= size / 2
		&& plan->engine == NULL && !plan->direct && !plan->nocache
		&& plan->sparse != SPARSE_NEVER;
}

void
amend_begin(const struct copy *copy, struct transfer *transfer)
{
	const struct copy_order *const order = copy->order;

	transfer->reader = is_wanted(copy) ? dest_open_reader(&copy->dest) : -1;
	transfer->amends = transfer->reader >= 0;
	if (transfer->amends && source_is_same(order->source, &copy->source->st)
	    && source_is_same(order->dest, &copy->dest.file.st))
		transfer->same = order->same;
}

void
amend_end(const struct copy *copy, const struct transfer *transfer)
{
	if (transfer->reader >= 0 && transfer->reader != copy->dest.file.fd)
		close(transfer->reader);
}

/* Add to the counts of TRANSFER what COMPARE did.  */
static void
count(const struct transfer *transfer, const struct compare *compare)
{
	const uint64_t written = compare_differing(compare);
	const uint64_t whole = (uint64_t) transfer->dest->whole;
	const uint64_t read = compare->start + compare_compared(compare);
	const uint64_t there = read < whole ? read : whole;	/* the rest is holes */

	counts_add(transfer->counts, COUNT_READ_WRITE, written);
	counts_add(transfer->counts, COUNT_SAME, there > written ? there - written : 0);
	totals_add(COUNT_EXPECTED, -compare->start);	/* compared before */
	totals_add(COUNT_AMENDED, -compare->start);
}

int
amend_beginning(struct transfer *transfer, struct error *error)
{
	const struct source *const source = transfer->source;
	struct dest_file *const dest = transfer->dest;
	const struct sparse_plan *const sparse = &transfer->plan->sparse;
	const off_t size = source->st.st_size, old = dest->st.st_size;
	struct compare compare = {
		.source = source->fd, .reader = transfer->reader, .writer = dest->fd,
		.sparse = sparse->holes == HOLES_KEPT
			&& (sparse->zeros || extent_lacks_blocks(&source->st)),
		.holes = samecontent_has_holes(source->fd, &source->st)
			&& samecontent_has_holes(dest->fd, &dest->st),
		.mends = true, .counted = true,
		.jobs = compare_jobs(transfer->policy, size),
	};

	if (compare_open(&compare, (uint64_t) size) < 0)
		return error_set(error, ERROR_MEMORY, errno);
	compare.start = (uint64_t) transfer->same;
	compare.start -= compare.start % compare.chunk;
	compare_begin(&compare, 1, (uint64_t) (size < old ? size : old));
	const int ret = compare_pass(&compare, COMPARE_OTHERS, error);
	dest->touched = dest->touched || compare_wrote(&compare);
	dest->whole = (off_t) (ret < 0 ? compare_whole(&compare)
			       : compare_end(&compare));
	count(transfer, &compare);
	compare_close(&compare);
	return ret;
}
