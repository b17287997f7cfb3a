/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.c: what was done, for people.  */
#include "config.h"

#include "report/summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/crew.h"
#include "base/locale.h"
#include "base/ranks.h"
#include "base/units.h"
#include "report/columns.h"
#include "report/message.h"

/* ---- the sentence ---- */

/* Write how many files there are, of BYTES, in how many directories, into BUF of SIZE.
   "Files" are those with content, as on the closing line and beside the bar.  */
static void
format_files(const struct counts *counts, uint64_t bytes, char *buf, size_t size)
{
	const uint64_t directories = counts_get(counts, COUNT_DIRECTORIES);
	const uint64_t n = counts_get(counts, COUNT_REGULAR);
	char sum[32], files[128];

	/* TRANSLATORS: "303 files (600 MiB)".  */
	snprintf(files, sizeof files, locale_plural("%ju file (%s)", "%ju files (%s)", n),
		 (uintmax_t) n, units_format_size(bytes, sum, sizeof sum));
	if (directories == 0)
		snprintf(buf, size, "%s", files);
	else
		/* TRANSLATORS: "303 files (600 MiB) in 4 directories".  */
		snprintf(buf, size, locale_plural("%s in %ju directory",
						  "%s in %ju directories", directories),
			 files, (uintmax_t) directories);
}

static void
say_sentence(const struct run_summary *summary)
{
	const double seconds = (double) summary->time / 1e9;
	const uint64_t there = summary->dry ? counts_get(summary->counts, COUNT_BYTES)
		: counts_copied(summary->counts);
	char files[256], time[32], rate[32];

	format_files(summary->counts, there, files, sizeof files);
	snprintf(time, sizeof time, _("%.*f s"), seconds < 1 ? 3 : 1, seconds);
	if (summary->dry) {
		message_print(N_("Would copy %s."), files);
	} else if (there > 0 && seconds >= 0.1) {	/* else it is no rate */
		units_format_size((uint64_t) ((double) there / seconds), rate,
				  sizeof rate);
		/* TRANSLATORS: "Copied 303 files (600 MiB) in 1.2 s, 500 MiB/s."  */
		message_print(N_("Copied %s in %s, %s/s."), files, time, rate);
	} else {
		message_print(N_("Copied %s in %s."), files, time);
	}
}

/* ---- the table ---- */

/* Columns of a label.  */
enum { LABEL = 20 };

/* The heading of the group that comes next, until a row of it is printed.  */
static const char *heading;

/* Print a row: NAME, which is translated here, the number that VALUE begins with, its
   unit, and what there is to ADD.  */
static void
say_row(const char *name, const char *value, const char *add)
{
	const char *const label = _(name);
	const int digits = (int) strcspn(value, " ");
	const unsigned width = columns_of(label);
	const int pad = width < LABEL ? (int) (LABEL - width) : 0;

	if (heading != NULL)
		message_print("%s", _(heading));
	heading = NULL;
	if (*add == '\0')
		message_print("  %s%*s %9.*s%s", label, pad, "", digits, value,
			      value + digits);
	else
		message_print("  %s%*s %9.*s%-4s %5s", label, pad, "", digits, value,
			      value + digits, add);
}

static void
say_number(const char *label, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRIu64, n);
	if (n > 0)
		say_row(label, text, "");
}

static void
say_group(const struct counts *counts, enum count_group group)
{
	for (unsigned i = 0; i < COUNTS; i++)
		if (count_info[i].group == group)
			say_number(count_info[i].label, counts_get(counts, i));
}

static void
say_seconds(const char *label, uint64_t nanoseconds)
{
	char text[32];

	snprintf(text, sizeof text, _("%.*f s"), 3, (double) nanoseconds / 1e9);
	say_row(label, text, "");
}

/* Print so many bytes as COUNTS has of WHAT, if there are any.  */
static void
say_size(const struct counts *counts, enum count what)
{
	const uint64_t bytes = counts_get(counts, what);
	char size[32];

	if (bytes > 0)
		say_row(count_info[what].label,
			units_format_size(bytes, size, sizeof size), "");
}

/* Print how the bytes came to be in the copies, with their shares.  */
static void
say_bytes(const struct counts *counts)
{
	const uint64_t all = counts_there(counts);
	uint64_t part[COUNTS];
	unsigned percent[COUNTS];
	char size[32], share[8];

	for (unsigned i = 0; i < COUNTS; i++)
		part[i] = count_info[i].group == COUNT_GROUP_ENGINE && i != COUNT_HOLES
			? counts_get(counts, i) : 0;
	units_percents(part, COUNTS, percent);
	for (unsigned i = 0; i < COUNTS; i++)
		if (part[i] > 0)
			say_row(count_info[i].label,
				units_format_size(part[i], size, sizeof size),
				units_format_percent(percent[i], part[i], all, share,
						     sizeof share));
	say_size(counts, COUNT_HOLES);
	say_size(counts, COUNT_COMPARED);
}

void
summary_print(const struct run_summary *summary)
{
	const struct counts *const counts = summary->counts;

	say_sentence(summary);
	heading = summary->dry ? N_("To be copied:") : N_("Copied:");
	say_group(counts, COUNT_GROUP_MADE);
	heading = N_("Not copied:");
	say_group(counts, COUNT_GROUP_SKIPPED);
	say_number(N_("failed"), summary->failed);
	say_number(count_info[COUNT_ONLY_IN_DEST].label,
		   counts_get(counts, COUNT_ONLY_IN_DEST));
	heading = N_("Bytes:");
	say_bytes(counts);
	heading = N_("Changed meanwhile:");
	say_group(counts, COUNT_GROUP_FOLLOWED);
	heading = N_("Compared with sources:");
	say_size(counts, COUNT_VERIFIED);
	heading = N_("For the manifest:");
	say_size(counts, COUNT_HASHED);
	heading = N_("Time:");
	say_seconds(N_("passed"), summary->time);
	say_seconds(N_("of processors"), summary->cpu);
	if (counts_get(counts, COUNT_VERIFYING) > 0)
		say_seconds(N_("comparing"), counts_get(counts, COUNT_VERIFYING));
	if (counts_get(counts, COUNT_HASHING) > 0)
		say_seconds(N_("hashing"), counts_get(counts, COUNT_HASHING));
	if (crew_most() > 0)
		say_seconds(N_("workers waited"), counts_get(counts, COUNT_WAITED));
	heading = N_("Processes:");
	say_number(N_("ranks"), ranks_are_many() ? ranks_count() : 0);
	say_number(N_("walkers"), summary->walkers > 1 ? summary->walkers : 0);
	say_number(N_("workers"), crew_most());
}
