/* SPDX-License-Identifier: GPL-3.0-or-later */
/* copymessages.c: messages about the copy of one file.  */
#include "config.h"

#include "report/copymessages.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/path.h"
#include "base/result.h"
#include "report/errortext.h"
#include "report/locale.h"
#include "report/message.h"
#include "report/quote.h"
#include "report/enginereasons.h"

/* ---- what was done ---- */

void
report_copy(const char *source, const char *dest, const char *backup)
{
	char *const path = backup != NULL ? path_beside(dest, backup) : NULL;

	if (path == NULL)
		message_print("%s -> %s", quote(source), quote(dest));
	else
		message_print("%s -> %s (backup: %s)", quote(source), quote(dest),
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
		message_error(err, "cannot un-backup %s", quote(dest));
	else if (verbose)
		message_print("%s -> %s (unbackup)", quote(path != NULL ? path : backup),
			      quote(dest));
	free(path);
}

void
report_skipped(const char *name)
{
	message_print("skipped %s", quote(name));
}

void
report_removed(const char *name)
{
	message_print("removed %s", quote(name));
}

void
report_rounded(const struct pathpair *pair, off_t bytes)
{
	message_warning("the size of %s is rounded up to whole huge pages, %jd bytes",
			quote(pair->dest_name), (intmax_t) bytes);
}

/* ---- what went wrong ---- */

static bool details;

void
report_details(void)
{
	details = true;
}

/* Return what a message has to say at its end of an old file that was CUT, as in
   report_error.  */
static const char *
cut_short(off_t cut)
{
	static char text[80];

	if (cut == CUT_NONE || (!details && !isatty(STDERR_FILENO)))
		return "";
	if (cut == CUT_MIXED)
		return " (and the part that is whole can't be cut off from the old rest)";
	if (cut == CUT_GONE)
		return " (and the old one is gone)";
	snprintf(text, sizeof text, " (cut to the %jd bytes that are whole)",
		 (intmax_t) cut);
	return text;
}

void
report_error(const struct pathpair *pair, const struct error *error, off_t cut)
{
	if (errortext_about(error->step) == ABOUT_NOTHING)
		return;
	char *const text = errortext_compose(error, pair);
	const char *const why = error->reason != REASON_NONE ? reason_text(error->reason)
		: error->err != 0 ? locale_reason(error->err) : NULL;
	message_error(0, "%s%s%s%s",
		      text != NULL ? text : errortext_format(error->step),
		      why != NULL ? ": " : "", why != NULL ? why : "", cut_short(cut));
	free(text);
}

void
report_no_answer(const char *name, unsigned more)
{
	if (isatty(STDERR_FILENO))
		message_put(true, "\n", 1);
	if (name == NULL)
		message_note(0, "a file system does not answer; "
			     "what it was asked last may still be done");
	else if (more == 0)
		message_note(0, "a file system does not answer; %s may be half written",
			     quote(name));
	else
		message_note(0, "a file system does not answer; "
			     "%s and %u more may be half written", quote(name), more);
}

void
report_remarks(const struct pathpair *pair, const struct remarks *remarks)
{
	for (unsigned i = 0; i < remarks->count; i++) {
		const struct error *const error = &remarks->errors[i];
		char *const text = errortext_compose(error, pair);
		(remarks->failed ? message_error : message_note)(error->err, "%s",
			text != NULL ? text : errortext_format(error->step));
		free(text);
	}
	if (remarks->failed)
		message_fail();
}
