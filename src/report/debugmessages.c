/* SPDX-License-Identifier: GPL-3.0-or-later */
/* debugmessages.c: the lines of --debug, which are in English in any locale: programs
   read them, too.  */
#include "config.h"

#include "report/debugmessages.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/locale.h"
#include "base/units.h"
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
	const uint64_t part[] = { written, counts_moved(counts) - written };
	unsigned percent[2];
	char share[8];

	if (!explanation->past_cache || written == 0)
		return explanation->engine;
	if (counts_get(counts, COUNT_DIRECT) == 0)
		return count_info[COUNT_READ_WRITE].label;
	units_percents(part, 2, percent);
	snprintf(buf, size, "%s (%s by %s)", explanation->engine,
		 units_format_percent(percent[0], written, counts_moved(counts), share,
				      sizeof share),
		 count_info[COUNT_READ_WRITE].label);
	return buf;
}

/* Return whether one of the first N workers did more than to map.  */
static bool
is_mixed(const struct shares *shares, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if ((shares->kinds[i] & ~counts_kind(COUNT_MAPPED)) != 0)
			return true;
	return false;
}

/* Write how a process moved its bytes, KINDS, into BUF.  Return its end.  */
static char *
format_kinds(char *buf, unsigned kinds)
{
	static const struct { enum count count; const char *word; } words[] = {
		{ COUNT_KERNEL, "copy_file_range" }, { COUNT_MAPPED, "mmap" },
		{ COUNT_READ_WRITE, "write" },
	};
	const char *before = " (";

	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (kinds & counts_kind(words[i].count)) {
			buf += sprintf(buf, "%s%s", before, words[i].word);
			before = ", ";
		}
	return buf + sprintf(buf, "%s", *before == ',' ? ")" : "");
}

/* Write the shares of the workers into BUF, which has room.  */
static void
format_shares(char *buf, const struct explanation *explanation,
	const struct counts *counts, const struct shares *shares)
{
	const uint64_t workers = counts_get(counts, COUNT_WORKERS);
	const unsigned shown = workers < SHARES_SHOWN ? (unsigned) workers : SHARES_SHOWN;
	const bool kinds = !explanation->past_cache && is_mixed(shares, shown);
	uint64_t part[SHARES_SHOWN + 1], others = counts_moved(counts);
	unsigned percent[SHARES_SHOWN + 1];

	for (unsigned i = 0; i < shown; i++) {
		part[i] = shares->moved[i];
		others -= part[i] < others ? part[i] : others;
	}
	part[shown] = others;
	units_percents(part, shown + 1, percent);
	*buf = '\0';
	for (unsigned i = 0; i < shown; i++) {
		buf += sprintf(buf, "%s %u%%", i > 0 ? "," : "", percent[i]);
		if (kinds)
			buf = format_kinds(buf, shares->kinds[i]);
	}
	if (workers > SHARES_SHOWN)
		strcpy(buf, " ...");
}

/* Return whether TIMES are of ways to store into a mapping.  */
static bool
is_storing(const struct way_times *times)
{
	return times->chosen == WAY_HUGE || times->chosen == WAY_GROWING;
}

/* Print what a trial measured, if there was one.  */
static void
print_trial(const struct way_times *times)
{
	static const char *const words[] = {
		[WAY_KERNEL] = "copy_file_range", [WAY_WRITE] = "write",
		[WAY_WRITE_SMALL] = "write by 16 KiB", [WAY_READ_WRITE] = "buffer",
		[WAY_HUGE] = "huge folios", [WAY_GROWING] = "growing folios",
	};
	static_assert(sizeof words / sizeof *words == WAYS, "a word each");
	char text[WAYS * 40] = "";
	char *end = text;

	if (!way_was_tried(times))
		return;
	for (unsigned i = 0; i < WAYS; i++)
		if (times->pace[i] != 0)
			end += sprintf(end, "%s %s %.1f GB/s", end > text ? "," : "",
				       words[i], 1048576.0 / (double) times->pace[i]);
	message_print("trial of %s:%s; chosen: %s", is_storing(times) ? "storing"
		      : "writing", text, words[times->chosen]);
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
			 err != 0 ? locale_english_reason(err) : "");
}

/* Print the engine, the workers that shared the file, and why it was not a faster
   engine.  */
static void
print_engine(const struct explanation *explanation, const struct counts *counts,
	const struct shares *shares)
{
	char moved[SHARES_SHOWN * 40 + 8], why[256], size[32], text[64];
	const char *const engine = engine_text(explanation, counts, text, sizeof text);

	format_why(why, sizeof why, explanation);
	if (explanation->chunk_size == 0) {
		const unsigned kinds = counts_kinds(counts);
		*moved = '\0';
		if ((kinds & (kinds - 1)) != 0)
			format_kinds(moved, kinds);
		message_print("engine: %s%s%s", engine, moved, why);
		return;
	}
	format_shares(moved, explanation, counts, shares);
	message_print("engine: %s, workers: %u, chunk size: %s, moved:%s%s", engine,
		      (unsigned) counts_get(counts, COUNT_WORKERS),
		      units_format_size(explanation->chunk_size, size, sizeof size),
		      moved, why);
}

/* Print how the copy was verified, if it was.  */
static void
print_verified(const struct explanation *explanation)
{
	static const char *const texts[] = {
		[VERIFIED_SHARED] = "it shares the source's blocks",
		[VERIFIED_DIRECT] = "read back past the page cache (O_DIRECT)",
		[VERIFIED_DROPPED] = "read back after it was dropped from the page cache",
		[VERIFIED_CACHED] = "read back through the page cache",
	};
	static_assert(sizeof texts / sizeof *texts == VERIFIED_WAYS, "a text each");

	if (explanation->verified == VERIFIED_NOT)
		return;
	message_print("verified: %s%s", texts[explanation->verified],
		      explanation->verified == VERIFIED_SHARED ? ""
		      : explanation->hashed ? ", by hashes of what was copied"
		      : ", by reading the source again");
}

/* Print what cp doesn't, of a copy that succeeded.  */
static void
print_ours(const struct explanation *explanation, const struct counts *counts,
	const struct shares *shares)
{
	const uint64_t rounds = counts_get(counts, COUNT_ROUNDS);

	print_engine(explanation, counts, shares);
	print_trial(&shares->first);
	if (is_storing(&shares->first) != is_storing(&shares->second))
		print_trial(&shares->second);
	if (rounds > 0)
		message_print("followed: the source changed while being copied, rounds: %"
			      PRIu64, rounds);
	print_verified(explanation);
}

void
report_debug(const struct explanation *explanation, const struct counts *counts,
	const struct shares *shares)
{
	message_print("copy offload: %s, reflink: %s, sparse detection: %s",
		      used_texts[explanation->offload], used_texts[explanation->reflink],
		      sparse_text(explanation));
	if (explanation->engine == NULL)
		return;
	locale_english_numbers(true);
	print_ours(explanation, counts, shares);
	locale_english_numbers(false);
}

/* ---- walkers ---- */

void
report_walkers(unsigned n, enum walkers_why why, unsigned waited)
{
	static const char *const texts[] = {
		[WALKERS_PROCESSORS] = "there are that many processors for it",
		[WALKERS_JOBS] = "-j says so",
		[WALKERS_WAIT] = "they wait",
		[WALKERS_COMPUTE] = "they wait",
		[WALKERS_ROTATES] = "the source is read from a rotating disk",
		[WALKERS_DRY_RUN] = "nothing is copied",
		[WALKERS_SYMLINKS] = "two names may be one directory",
		[WALKERS_DESCRIPTORS] = "few descriptors are permitted",
		[WALKERS_NO_PROCESS] = "no more processes can be forked",
	};
	static_assert(sizeof texts / sizeof *texts == WALKERS_WHYS, "a text each");

	if (why == WALKERS_WAIT || why == WALKERS_COMPUTE)
		message_print("walkers: %u, because: %s %u%% of the time", n, texts[why],
			      waited);
	else
		message_print("walkers: %u, because: %s", n, texts[why]);
}
