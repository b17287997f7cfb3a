/* SPDX-License-Identifier: GPL-3.0-or-later */
/* debugmessages.c: the lines of --debug.  */
#include "config.h"

#include "report/debugmessages.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "report/locale.h"
#include "report/message.h"
#include "report/enginereasons.h"

/* ---- cp's line ---- */

static const char *const used_texts[] = {
	[USED_UNKNOWN] = "unknown", [USED_NO] = "no", [USED_YES] = "yes",
	[USED_AVOIDED] = "avoided", [USED_UNSUPPORTED] = "unsupported",
};
static_assert(sizeof used_texts / sizeof *used_texts == USED_VALUES, "a text each");

/* Return cp's text for how holes were found.  */
static const char *
sparse_text(const struct explanation *explanation)
{
	if (!explanation->moved)
		return used_texts[USED_UNKNOWN];
	if (explanation->zeros_sought)
		return explanation->holes_sought ? "SEEK_HOLE + zeros" : "zeros";
	return explanation->holes_sought ? "SEEK_HOLE" : used_texts[USED_NO];
}

/* ---- ours ---- */

/* Return the text for the engine of workers, of which a part may be in BUF (of SIZE).  */
static const char *
engine_text(const struct explanation *explanation, const struct counts *counts, char *buf,
	size_t size)
{
	const uint64_t written = counts_get(counts, COUNT_READ_WRITE);
	char share[8];

	if (!explanation->past_cache || written == 0)
		return explanation->engine;
	if (counts_get(counts, COUNT_DIRECT) == 0)
		return count_info[COUNT_READ_WRITE].label;
	snprintf(buf, size, "%s (%s by %s)", explanation->engine,
		 units_format_share(written, counts_moved(counts), share, sizeof share),
		 count_info[COUNT_READ_WRITE].label);
	return buf;
}

/* Return how worker 0 moved its bytes, where that differs from the others' way.  */
static const char *
first_text(const struct explanation *explanation, const struct counts *counts)
{
	return explanation->first_writes ? " (write)"
		: counts_get(counts, COUNT_KERNEL) > 0 ? " (kernel)" : "";
}

/* Return how the other workers moved theirs then.  */
static const char *
others_text(const struct explanation *explanation, const struct counts *counts,
	const struct shares *shares)
{
	const uint64_t written = counts_get(counts, COUNT_READ_WRITE)
		- (explanation->first_writes ? shares->moved[0] : 0);
	const bool stored = counts_get(counts, COUNT_MAPPED)
		+ counts_get(counts, COUNT_DIRECT) > 0;

	return written == 0 ? " (mmap)" : stored ? " (mmap, write)" : " (write)";
}

/* Write the shares of the workers into BUF, which has room.  */
static void
format_shares(char *buf, const struct explanation *explanation,
	const struct counts *counts, const struct shares *shares)
{
	const uint64_t workers = counts_get(counts, COUNT_WORKERS);
	const uint64_t bytes = counts_moved(counts);
	const char *const first = first_text(explanation, counts);
	const char *const others = *first == '\0' ? ""
		: others_text(explanation, counts, shares);

	*buf = '\0';
	for (unsigned i = 0; i < workers && i < SHARES_SHOWN; i++)
		buf += sprintf(buf, "%s %.0f%%%s", i > 0 ? "," : "",
			       100.0 * (double) shares->moved[i]
			       / (double) (bytes != 0 ? bytes : 1),
			       i == 0 ? first : others);
	if (workers > SHARES_SHOWN)
		strcpy(buf, " ...");
}

/* Write ", because: REASON" into BUF, or "" if there is none.  */
static void
format_why(char *buf, size_t size, const struct explanation *explanation)
{
	const char *const text = reason_text(explanation->why);
	const int err = explanation->why_err;

	*buf = '\0';
	if (text != NULL)
		snprintf(buf, size, ", because: %s%s%s", text, err != 0 ? ": " : "",
			 err != 0 ? locale_reason(err) : "");
}

/* Print the engine, the workers that shared the file, and why it was not a faster
   engine.  */
static void
print_engine(const struct explanation *explanation, const struct counts *counts,
	const struct shares *shares)
{
	char moved[SHARES_SHOWN * 24 + 8], why[256], size[32], text[64];
	const char *const engine = engine_text(explanation, counts, text, sizeof text);

	format_why(why, sizeof why, explanation);
	if (explanation->chunk_size == 0) {
		message_print("engine: %s%s", engine, why);
		return;
	}
	format_shares(moved, explanation, counts, shares);
	message_print("engine: %s, workers: %u, chunk size: %s, moved:%s%s", engine,
		      (unsigned) counts_get(counts, COUNT_WORKERS),
		      units_format_size(explanation->chunk_size, size, sizeof size),
		      moved, why);
}

void
report_debug(const struct explanation *explanation, const struct counts *counts,
	const struct shares *shares)
{
	const uint64_t rounds = counts_get(counts, COUNT_ROUNDS);

	message_print("copy offload: %s, reflink: %s, sparse detection: %s",
		      used_texts[explanation->offload], used_texts[explanation->reflink],
		      sparse_text(explanation));
	if (explanation->engine == NULL)
		return;
	print_engine(explanation, counts, shares);
	if (rounds > 0)
		message_print("followed: the source changed while being copied, rounds: %"
			      PRIu64, rounds);
}
