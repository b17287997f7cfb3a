/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_ERRORTEXT_H
#define MMCP_REPORT_ERRORTEXT_H

#include "base/error.h"
#include "base/pathpair.h"
#include "report/message.h"

/* What a struct error says, in words: the one table of texts for enum error_step.  */

/* What the text of a step names.  */
enum error_about {
	ABOUT_NOTHING,
	ABOUT_SOURCE,
	ABOUT_DEST,
	ABOUT_SOURCE_WORD,	/* the same, but quoted as a word (quote.h), as by cp */
	ABOUT_DEST_WORD,
	ABOUT_BOTH,		/* source and destination */
	ABOUT_NAME,		/* the error's own name, as a word */
	ABOUT_OTHER_FILE,	/* a file that is called by the error's own name */
	ABOUT_NAME_AND_SOURCE,
	ABOUT_NAME_AND_DEST,
	ABOUT_ENGINE,		/* both, and the engine that its name is */
	ABOUT_BLOCK,		/* destination, source and offset */
	ABOUT_DIFFERENCE	/* the same, and the bytes that differ */
};

/* Return the text for STEP: a format with one %s for each name that it is about, to be
   translated.  Static storage.  */
const char *
errortext_format(enum error_step step);

/* The most names that a text has.  */
enum { ERROR_NAMES = 4 };

/* Return what the text for STEP names.  */
enum error_about
errortext_about(enum error_step step);

/* Set NAME to what the text for ERROR of the copy of PAIR names, quoted, as the arguments
   of its format; the rest is "".  Valid until quote has been called twice.  */
void
errortext_names(const struct error *error, const struct pathpair *pair,
	const char *name[ERROR_NAMES]);

/* Return ERROR of the copy of PAIR in its parts, which point into both.  */
struct failure
errortext_failure(const struct error *error, const struct pathpair *pair);

/* Print the text for STEP, which names one thing, NAME, with the reason ERR unless that
   is 0.  The exit status becomes 1.  */
void
errortext_print(enum error_step step, const char *name, int err);

#endif
