/* SPDX-License-Identifier: GPL-3.0-or-later */
/* errortext.c: a text for each step at which the copy of a file can fail, in one table.
   Where cp has a message for the same case, it is cp's.  */
#include "config.h"

#include "report/errortext.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/message.h"
#include "report/quote.h"

/* Texts that serve two steps.  */
static const char cannot_stat[] = "cannot stat %s";
static const char no_usual_context[] =
	"failed to set default file creation context for %s";
static const char no_permissions[] = "preserving permissions for %s";

static const struct {
	enum error_about about;
	const char *format;
} texts[] = {
	[ERROR_NO_STEP] = { ABOUT_NOTHING, "nothing is wrong" },
	[ERROR_STAT_SOURCE] = { ABOUT_SOURCE, cannot_stat },
	[ERROR_OPEN_SOURCE] = { ABOUT_SOURCE, "cannot open %s for reading" },
	[ERROR_SOURCE_REPLACED] = { ABOUT_SOURCE,
		"skipping file %s, as it was replaced while being copied" },
	[ERROR_READ] = { ABOUT_SOURCE, "error reading %s" },
	[ERROR_SOURCE_CHANGED] =
		{ ABOUT_SOURCE, "source file %s changed while being copied" },
	[ERROR_KEPT_CHANGING] = { ABOUT_BOTH,
		"cannot copy %s to %s atomically: the source kept changing" },
	[ERROR_STAT_DEST] = { ABOUT_DEST, cannot_stat },
	[ERROR_DANGLING] = { ABOUT_DEST, "not writing through dangling symlink %s" },
	[ERROR_CREATE] = { ABOUT_DEST, "cannot create regular file %s" },
	[ERROR_DEST_REPLACED] =
		{ ABOUT_DEST, "cannot write %s, as it was replaced while being opened" },
	[ERROR_REMOVE] = { ABOUT_DEST, "cannot remove %s" },
	[ERROR_BACKUP] = { ABOUT_DEST, "cannot backup %s" },
	[ERROR_RESIZE] = { ABOUT_DEST, "failed to extend %s" },
	[ERROR_PUNCH] = { ABOUT_DEST, "error deallocating %s" },
	[ERROR_CLONE] = { ABOUT_BOTH, "failed to clone %2$s from %1$s" },
	[ERROR_WRITE] = { ABOUT_DEST, "error writing %s" },
	[ERROR_COPY] = { ABOUT_BOTH, "error copying %s to %s" },
	[ERROR_FLUSH] = { ABOUT_DEST, "cannot flush %s to its device" },
	[ERROR_ATOMIC] = { ABOUT_DEST, "cannot replace %s atomically" },
	[ERROR_ATOMIC_KIND] =
		{ ABOUT_DEST, "cannot replace %s atomically: not a regular file" },
	[ERROR_ATOMIC_LINKS] =
		{ ABOUT_DEST, "cannot replace %s atomically: it has other hard links" },
	[ERROR_KEEP_OWNER] = { ABOUT_DEST, "cannot keep the owner of %s" },
	[ERROR_KEEP_ATTRIBUTES] = { ABOUT_DEST, "cannot keep the attributes of %s" },
	[ERROR_KEEP_MODE] = { ABOUT_DEST, "cannot keep the permissions of %s" },
	[ERROR_GET_CONTEXT] = { ABOUT_SOURCE, "failed to get security context of %s" },
	[ERROR_NEW_CONTEXT] =
		{ ABOUT_NAME, "failed to set default file creation context to %s" },
	[ERROR_USUAL_CONTEXT] = { ABOUT_DEST, no_usual_context },
	[ERROR_SET_CONTEXT] = { ABOUT_DEST, "failed to set the security context of %s" },
	[ERROR_OWNER] = { ABOUT_DEST, "failed to preserve ownership for %s" },
	[ERROR_CLEAR_MODE] = { ABOUT_DEST, "clearing permissions for %s" },
	[ERROR_ATTRIBUTE_RULES] = { ABOUT_OTHER_FILE, "%s" },
	[ERROR_LIST_ATTRIBUTES] = { ABOUT_SOURCE, "listing attributes of %s" },
	[ERROR_GET_ATTRIBUTE] = { ABOUT_NAME_AND_SOURCE, "getting attribute %s of %s" },
	[ERROR_SET_ATTRIBUTE] = { ABOUT_NAME_AND_DEST, "setting attribute %s for %s" },
	[ERROR_ATTRIBUTES] = { ABOUT_DEST, "setting attributes for %s" },
	[ERROR_READ_ACL] = { ABOUT_SOURCE_WORD, "%s" },
	[ERROR_MODE] = { ABOUT_DEST_WORD, no_permissions },
	[ERROR_NEW_MODE] = { ABOUT_DEST, no_permissions },
	[ERROR_DEFAULT_MODE] = { ABOUT_DEST_WORD, "setting permissions for %s" },
	[ERROR_TIMES] = { ABOUT_DEST, "preserving times for %s" },
	[ERROR_CLOSE] = { ABOUT_DEST, "failed to close %s" },
	[ERROR_SYNC_DIRECTORY] = { ABOUT_DEST, "cannot flush the directory of %s" },
	[ERROR_WORKER] = { ABOUT_BOTH, "cannot copy %s to %s: workers died" },
	[ERROR_MEMORY] = { ABOUT_SOURCE, "cannot copy %s" },
	[ERROR_ENGINE] = { ABOUT_ENGINE, "cannot copy %s to %s with --engine=%s" },
	[ERROR_REFUSED] = { ABOUT_BOTH, "cannot copy %s to %s this way" },
	[ERROR_NOT_KEPT] = { ABOUT_NOTHING, "not all of it is kept" },
	[ERROR_GIVEN_BACK] = { ABOUT_NOTHING, "to be looked at again" },
	[ERROR_INTERRUPTED] = { ABOUT_NOTHING, "interrupted" },
};

static_assert(sizeof texts / sizeof texts[0] == ERROR_STEPS,
	"every step of enum error_step has its text");

const char *
errortext_format(enum error_step step)
{
	return texts[step].format;
}

enum error_about
errortext_about(enum error_step step)
{
	return texts[step].about;
}

char *
errortext_compose(const struct error *error, const struct pathpair *pair)
{
	const char *const source = pair->source_name, *const dest = pair->dest_name;
	const char *first = "", *second = "", *third = "";
	char *text;

	switch (texts[error->step].about) {
	case ABOUT_NOTHING:
		break;
	case ABOUT_SOURCE:
		first = quote(source);
		break;
	case ABOUT_DEST:
		first = quote(dest);
		break;
	case ABOUT_SOURCE_WORD:
		first = quote_word(source);
		break;
	case ABOUT_DEST_WORD:
		first = quote_word(dest);
		break;
	case ABOUT_BOTH:
	case ABOUT_ENGINE:
		first = quote(source);
		second = quote(dest);
		third = error->name;
		break;
	case ABOUT_NAME:
		first = quote_word(error->name);
		break;
	case ABOUT_OTHER_FILE:
		first = quote(error->name);
		break;
	case ABOUT_NAME_AND_SOURCE:
		first = quote(error->name);
		second = quote(source);
		break;
	case ABOUT_NAME_AND_DEST:
		first = quote(error->name);
		second = quote(dest);
		break;
	}
	return asprintf(&text, texts[error->step].format, first, second, third) < 0
		? NULL : text;
}

void
errortext_print(enum error_step step, const char *name, int err)
{
	message_error(err, texts[step].format, texts[step].about == ABOUT_NAME
		      ? quote_word(name) : quote(name));
}
