/* SPDX-License-Identifier: GPL-3.0-or-later */
/* copymessages.c: messages about the copy of one file.  */
#include "config.h"

#include "report/copymessages.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/locale.h"
#include "base/path.h"
#include "base/result.h"
#include "base/units.h"
#include "report/errortext.h"
#include "report/message.h"
#include "report/quote.h"

enum { RANGES = 4 };		/* no more are printed */

/* ---- what was done ---- */

void
report_copy(const char *source, const char *dest, const char *backup)
{
	char *const path = backup != NULL ? path_beside(dest, backup) : NULL;

	if (path == NULL)
		message_print("%s -> %s", quote(source), quote(dest));
	else
		message_print(N_("%s -> %s (backup: %s)"), quote(source), quote(dest),
			      quote(path));
	free(path);
}

void
report_parent(const char *source, const char *dest)
{
	message_print("%s -> %s", quote_if_unprintable(source),
		      quote_if_unprintable(dest));
}

void
report_unbackup(const char *dest, const char *backup, int err, bool verbose)
{
	char *const path = path_beside(dest, backup);

	if (err != 0)
		message_failure("restore", dest, err, N_("cannot un-backup %s"),
				quote(dest));
	else if (verbose)
		message_print(N_("%s -> %s (unbackup)"),
			      quote(path != NULL ? path : backup), quote(dest));
	free(path);
}

void
report_other_kind(const char *source, const char *dest)
{
	message_print(N_("%s -> %s (of another kind)"), quote(source), quote(dest));
}

void
report_only_in_dest(const char *name)
{
	message_print(N_("only in the destination: %s"), quote(name));
}

void
report_skipped(const char *name)
{
	message_print(N_("skipped %s"), quote(name));
}

void
report_removed(const char *name)
{
	message_print(N_("removed %s"), quote(name));
}

void
report_rounded(const struct pathpair *pair, off_t bytes)
{
	message_note(0, N_("warning: the size of %s is rounded up to whole huge pages, "
			   "%jd bytes"), quote(pair->dest_name), (intmax_t) bytes);
}

/* ---- what went wrong ---- */

static bool details;

void
report_little_room(const char *dest, uint64_t bytes, uint64_t room)
{
	char size[2][32];

	message_note(0, N_("warning: %s are to be copied, and %s has room for %s"),
		     units_format_size(bytes, size[0], sizeof size[0]), quote(dest),
		     units_format_size(room, size[1], sizeof size[1]));
}

void
report_details(void)
{
	details = true;
}

/* Have FAILURE say at its end what is left of an old file that was CUT, as in
   report_error.  */
static void
add_cut(struct failure *failure, off_t cut)
{
	static const char mixed[] = N_(
		" (and the part that is whole can't be cut off from the old rest)");
	static const char gone[] = N_(" (and the old one is gone)");
	static const char *const whole[] = {
		NN_(" (cut to the %jd byte that is whole)",
		    " (cut to the %jd bytes that are whole)") };

	if (cut == CUT_NONE || (!details && !isatty(STDERR_FILENO)))
		return;
	failure->after.one = cut == CUT_MIXED ? mixed : cut == CUT_GONE ? gone : whole[0];
	failure->after.many = cut < 0 ? failure->after.one : whole[1];
	failure->after.n = cut;
}

void
report_error(const struct pathpair *pair, const struct error *error, off_t cut)
{
	if (errortext_about(error->step) == ABOUT_NOTHING)
		return;
	struct failure failure = errortext_failure(error, pair);
	const char *name[ERROR_NAMES];
	errortext_names(error, pair, name);
	add_cut(&failure, cut);
	message_explain(&failure, errortext_format(error->step), name[0], name[1],
			name[2], name[3]);
}

/* Write the first ranges of MISSING into BUF of SIZE, each by its first byte and its
   last.  Return how many there are more.  */
static size_t
format_ranges(const struct missing *missing, char *buf, size_t size)
{
	size_t used = 0, i;

	for (i = 0; i < missing->count && i < RANGES; i++)
		used += (size_t) snprintf(buf + used, size - used, "%s%jd-%jd",
					  i > 0 ? ", " : "",
					  (intmax_t) missing->range[i].from,
					  (intmax_t) missing->range[i].end - 1);
	return missing->count - i;
}

/* Say that DEST was kept, and what is MISSING.  */
static void
note_kept(const char *dest, const struct missing *missing)
{
	char ranges[RANGES * 48] = "";
	const size_t more = format_ranges(missing, ranges, sizeof ranges);
	const uintmax_t bytes = missing->bytes, size = (uintmax_t) missing->size;

	if (bytes == 0)
		message_note(0, N_("kept %s, which lacks no byte"), quote(dest));
	else if (more == 0)
		message_note(0, N_("kept %s without its bytes %s (%ju of %ju)"),
			     quote(dest), ranges, bytes, size);
	else
		message_note(0, locale_plural(
			"kept %s without its bytes %s and %zu more range (%ju of %ju)",
			"kept %s without its bytes %s and %zu more ranges (%ju of %ju)",
			more), quote(dest), ranges, more, bytes, size);
}

void
report_partial(const struct pathpair *pair, const struct error *error,
	const struct missing *missing)
{
	const char *format = errortext_format(error->step);
	const char *name[ERROR_NAMES];
	struct failure failure = errortext_failure(error, pair);

	failure.missing = missing;
	errortext_names(error, pair, name);
	if (errortext_about(error->step) == ABOUT_NOTHING) {	/* a signal came */
		failure.operation = "copy";
		failure.err = 0;
		format = N_("copying %s to %s was interrupted");
		name[0] = quote(pair->source_name);
		name[1] = quote(pair->dest_name);
	}
	message_explain(&failure, format, name[0], name[1], name[2], name[3]);
	note_kept(pair->dest_name, missing);
}

void
report_no_answer(const char *name, unsigned more)
{
	if (isatty(STDERR_FILENO))
		message_put(true, "\n", 1);
	if (name == NULL)
		message_note(0, N_("a file system does not answer; "
				   "what it was asked last may still be done"));
	else if (more == 0)
		message_note(0, N_("a file system does not answer; "
				   "%s may be half written"), quote(name));
	else
		message_note(0, locale_plural("a file system does not answer; "
					      "%s and %u more may be half written",
					      "a file system does not answer; "
					      "%s and %u more may be half written",
					      more), quote(name), more);
}

void
report_remarks(const struct pathpair *pair, const struct remarks *remarks)
{
	for (unsigned i = 0; i < remarks->count; i++) {
		const struct error *const error = &remarks->errors[i];
		const struct failure failure = errortext_failure(error, pair);
		const char *const format = errortext_format(error->step);
		const char *name[ERROR_NAMES];
		errortext_names(error, pair, name);
		if (remarks->failed)
			message_explain(&failure, format, name[0], name[1], name[2],
					name[3]);
		else
			message_note(error->err, format, name[0], name[1], name[2]);
	}
	if (remarks->failed)
		message_fail();
}
