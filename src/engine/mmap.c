/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mmap.c: map one large file twice, and let forked workers copy it from mapping to
   mapping, beside one that writes.  chunks.c shares the file among the workers,
   mmap_worker.c has what each does.  */
#include "config.h"

#include <errno.h>

#include "base/fs.h"
#include "engine/engine.h"
#include "engine/facts.h"
#include "engine/mmap_worker.h"

enum reason
mmap_why_not(const struct facts *facts)
{
	return facts->unsafe && facts_why_no_files(facts) == REASON_NONE
		? REASON_ERRORS_LOST : direct_why_not(facts);
}

/* Map both files.  Return 0, or -1 with errno.  */
static int
map_both(struct mapped *mapped)
{
	const struct transfer *const transfer = mapped->chunks.transfer;
	const struct source *const source = transfer->source;
	const struct dest_file *const dest = transfer->dest;
	const bool holes = transfer->plan->sparse.expected;
	const struct mapping_wish wish = {
		.source = source->fd, .dest = dest->fd,
		.size = (uint64_t) source->st.st_size,
		.source_page = fs_huge_page(source->fd, source->st.st_dev),
		.dest_page = dest->huge_page,
		.folios = holes ? MAPPING_PAGES
		: mapped->plan->store.first == WAY_HUGE ? MAPPING_HUGE : MAPPING_GROWING,
		.exact = transfer->plan->nocache,
	};

	mapped->beside_holes = holes && dest->form == DEST_IN_PLACE
		&& dest->huge_page == 0;
	mapped->chunks.punches = mapped->beside_holes;
	return mapping_open(&mapped->map, &wish);
}

int
mmap_copy(struct transfer *transfer, struct error *error)
{
	const struct mmap_plan *const plan = &transfer->plan->mmap;
	struct mapped mapped = {
		.chunks = {
			.transfer = transfer, .plan = &plan->workers,
			.work = mmap_worker,
			.write_below = (off_t) plan->write_below,
		},
		.plan = plan, .map = MAPPING_PAIR_NONE,
	};

	if (map_both(&mapped) < 0) {
		/* hugetlbfs can be written only by mappings, so this means that it is
		   full.  */
		const bool full = transfer->dest->huge_page != 0 && errno == ENOMEM;
		return error_set(error, full ? ERROR_WRITE : ERROR_REFUSED, errno);
	}
	int ret = chunks_copy(&mapped.chunks, error);
	if (ret == 0 && mapping_sync(&mapped.map, transfer->sync) < 0)
		ret = chunks_flush_failed(error);
	if (mapping_close(&mapped.map) < 0 && ret == 0)
		ret = error_set(error, ERROR_WRITE, errno);
	return ret;
}
