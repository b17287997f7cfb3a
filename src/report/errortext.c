/* SPDX-License-Identifier: GPL-3.0-or-later */
/* errortext.c: a text for each step at which the copy of a file can fail, in one table.
   Where cp has a message for the same case, it is cp's.  */
#include "config.h"

#include "report/errortext.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/locale.h"
#include "report/enginereasons.h"
#include "report/quote.h"

/* The table has formats of up to four strings, which no compiler compares with what is
   passed: tests do.  */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

/* Texts that serve two steps.  */
static const char cannot_stat[] = N_("cannot stat %s");
static const char no_usual_context[] =
	N_("failed to set default file creation context for %s");
static const char no_permissions[] = N_("preserving permissions for %s");

static const struct {
	enum error_about about;
	const char *operation;	/* a word of doc/json.md */
	const char *format;
} texts[] = {
	[ERROR_NO_STEP] = { ABOUT_NOTHING, NULL, "" },
	[ERROR_STAT_SOURCE] = { ABOUT_SOURCE, "stat", cannot_stat },
	[ERROR_OPEN_SOURCE] = { ABOUT_SOURCE, "open", N_("cannot open %s for reading") },
	[ERROR_SOURCE_REPLACED] = { ABOUT_SOURCE, "open",
		N_("skipping file %s, as it was replaced while being copied") },
	[ERROR_READ] = { ABOUT_SOURCE, "read", N_("error reading %s") },
	[ERROR_SOURCE_CHANGED] =
		{ ABOUT_SOURCE, "read", N_("source file %s changed while being copied") },
	[ERROR_KEPT_CHANGING] = { ABOUT_BOTH, "read",
		N_("cannot copy %s to %s atomically: the source kept changing") },
	[ERROR_STAT_DEST] = { ABOUT_DEST, "stat", cannot_stat },
	[ERROR_DANGLING] =
		{ ABOUT_DEST, "open", N_("not writing through dangling symlink %s") },
	[ERROR_CREATE] = { ABOUT_DEST, "create", N_("cannot create regular file %s") },
	[ERROR_DEST_REPLACED] = { ABOUT_DEST, "open",
		N_("cannot write %s, as it was replaced while being opened") },
	[ERROR_REMOVE] = { ABOUT_DEST, "remove", N_("cannot remove %s") },
	[ERROR_BACKUP] = { ABOUT_DEST, "backup", N_("cannot backup %s") },
	[ERROR_RESIZE] = { ABOUT_DEST, "resize", N_("failed to extend %s") },
	[ERROR_PUNCH] = { ABOUT_DEST, "punch", N_("error deallocating %s") },
	[ERROR_CLONE] = { ABOUT_BOTH, "clone", N_("failed to clone %2$s from %1$s") },
	[ERROR_WRITE] = { ABOUT_DEST, "write", N_("error writing %s") },
	[ERROR_COPY] = { ABOUT_BOTH, "copy", N_("error copying %s to %s") },
	[ERROR_FLUSH] = { ABOUT_DEST, "sync", N_("cannot flush %s to its device") },
	[ERROR_ATOMIC] = { ABOUT_DEST, "replace", N_("cannot replace %s atomically") },
	[ERROR_ATOMIC_KIND] = { ABOUT_DEST, "replace",
		N_("cannot replace %s atomically: not a regular file") },
	[ERROR_ATOMIC_LINKS] = { ABOUT_DEST, "replace",
		N_("cannot replace %s atomically: it has other hard links") },
	[ERROR_KEEP_OWNER] = { ABOUT_DEST, "chown", N_("cannot keep the owner of %s") },
	[ERROR_KEEP_ATTRIBUTES] =
		{ ABOUT_DEST, "xattr", N_("cannot keep the attributes of %s") },
	[ERROR_KEEP_MODE] = { ABOUT_DEST, "chmod",
		N_("cannot keep the permissions of %s") },
	[ERROR_GET_CONTEXT] =
		{ ABOUT_SOURCE, "context", N_("failed to get security context of %s") },
	[ERROR_NEW_CONTEXT] = { ABOUT_NAME, "context",
		N_("failed to set default file creation context to %s") },
	[ERROR_USUAL_CONTEXT] = { ABOUT_DEST, "context", no_usual_context },
	[ERROR_SET_CONTEXT] =
		{ ABOUT_DEST, "context", N_("failed to set the security context of %s") },
	[ERROR_OWNER] = { ABOUT_DEST, "chown",
		N_("failed to preserve ownership for %s") },
	[ERROR_CLEAR_MODE] = { ABOUT_DEST, "chmod", N_("clearing permissions for %s") },
	[ERROR_ATTRIBUTE_RULES] = { ABOUT_OTHER_FILE, "read", "%s" },
	[ERROR_LIST_ATTRIBUTES] = { ABOUT_SOURCE, "xattr",
		N_("listing attributes of %s") },
	[ERROR_GET_ATTRIBUTE] =
		{ ABOUT_NAME_AND_SOURCE, "xattr", N_("getting attribute %s of %s") },
	[ERROR_SET_ATTRIBUTE] =
		{ ABOUT_NAME_AND_DEST, "xattr", N_("setting attribute %s for %s") },
	[ERROR_ATTRIBUTES] = { ABOUT_DEST, "xattr", N_("setting attributes for %s") },
	[ERROR_READ_ACL] = { ABOUT_SOURCE_WORD, "acl", "%s" },
	[ERROR_MODE] = { ABOUT_DEST_WORD, "chmod", no_permissions },
	[ERROR_NEW_MODE] = { ABOUT_DEST, "chmod", no_permissions },
	[ERROR_DEFAULT_MODE] = { ABOUT_DEST_WORD, "chmod",
		N_("setting permissions for %s") },
	[ERROR_TIMES] = { ABOUT_DEST, "times", N_("preserving times for %s") },
	[ERROR_CLOSE] = { ABOUT_DEST, "close", N_("failed to close %s") },
	[ERROR_SYNC_DIRECTORY] =
		{ ABOUT_DEST, "sync", N_("cannot flush the directory of %s") },
	[ERROR_VERIFY] = { ABOUT_DIFFERENCE, "verify",
		/* TRANSLATORS: two files, an offset, and a number of bytes.  */
		N_("cannot verify %s: it differs from %s at byte %s "
		   "(bytes that differ: %s)") },
	[ERROR_VERIFY_BLOCK] = { ABOUT_BLOCK, "verify",
		N_("cannot verify %s: it isn't what was read from %s at byte %s") },
	[ERROR_VERIFY_CHANGED] = { ABOUT_BOTH, "verify",
		N_("cannot verify %2$s: %1$s changed while it was copied") },
	[ERROR_VERIFY_READ] = { ABOUT_DEST, "verify",
		N_("cannot verify %s, which can't be read back") },
	[ERROR_VERIFY_KIND] = { ABOUT_DEST, "verify",
		N_("cannot verify %s: it is of a kind that can't be read back") },
	[ERROR_RESUME_BUSY] = { ABOUT_DEST, "resume",
		N_("cannot copy to %s: another process is copying to it") },
	[ERROR_RESUME_STAYS] = { ABOUT_DEST, "resume",
		N_("cannot resume %s; what was copied of it stays") },
	[ERROR_RESUME_JOURNAL] = { ABOUT_DEST, "resume",
		N_("cannot keep a journal for %s, which can't be resumed") },
	[ERROR_RESUME_CHANGED] = { ABOUT_BOTH, "resume",
		N_("starting %2$s afresh: %1$s has changed since it was interrupted") },
	[ERROR_RESUME_OPTIONS] = { ABOUT_DEST, "resume",
		N_("starting %s afresh: it was begun with other options") },
	[ERROR_RESUME_VERSION] = { ABOUT_DEST, "resume",
		N_("starting %s afresh: its journal is of another version of mmcp") },
	[ERROR_RESUME_ORDER] = { ABOUT_DEST, "resume",
		N_("starting %s afresh: its journal has another byte order") },
	[ERROR_RESUME_DAMAGED] = { ABOUT_DEST, "resume",
		N_("starting %s afresh: its journal is damaged") },
	[ERROR_RESUME_DATA] = { ABOUT_DEST, "resume",
		N_("starting %s afresh: its data isn't what the journal says") },
	[ERROR_RESUME_KEEPER] = { ABOUT_DEST, "resume",
		N_("cannot resume all of %s: the process that kept its journal ended") },
	[ERROR_PARTIAL_TIME] = { ABOUT_DEST, "times",
		N_("cannot give %s, which is not whole, an old time, "
		   "so -u will skip it") },
	[ERROR_WORKER] = { ABOUT_BOTH, "copy", N_("cannot copy %s to %s: workers died") },
	[ERROR_MEMORY] = { ABOUT_SOURCE, "copy", N_("cannot copy %s") },
	[ERROR_ENGINE] =
		{ ABOUT_ENGINE, "copy", N_("cannot copy %s to %s with --engine=%s") },
	[ERROR_REFUSED] = { ABOUT_BOTH, "copy", N_("cannot copy %s to %s this way") },
	[ERROR_NOT_KEPT] = { ABOUT_NOTHING, NULL, "" },
	[ERROR_GIVEN_BACK] = { ABOUT_NOTHING, NULL, "" },
	[ERROR_INTERRUPTED] = { ABOUT_NOTHING, NULL, "" },
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

/* Return the name of the file that ERROR of the copy of PAIR is about.  */
static const char *
path_of(const struct error *error, const struct pathpair *pair)
{
	switch (texts[error->step].about) {
	case ABOUT_SOURCE:
	case ABOUT_SOURCE_WORD:
	case ABOUT_NAME_AND_SOURCE:
		return pair->source_name;
	case ABOUT_OTHER_FILE:
		return error->name;
	case ABOUT_NOTHING:
	case ABOUT_DEST:
	case ABOUT_DEST_WORD:
	case ABOUT_BOTH:
	case ABOUT_NAME:
	case ABOUT_NAME_AND_DEST:
	case ABOUT_ENGINE:
	case ABOUT_BLOCK:
	case ABOUT_DIFFERENCE:
		break;
	}
	return pair->dest_name;
}

struct failure
errortext_failure(const struct error *error, const struct pathpair *pair)
{
	const enum error_about about = texts[error->step].about;

	return (struct failure) {
		.operation = texts[error->step].operation,
		.differs = about == ABOUT_BLOCK || about == ABOUT_DIFFERENCE,
		.offset = error->at,
		.differing = about == ABOUT_DIFFERENCE ? error->bytes : 0,
		.path = path_of(error, pair),
		.err = error->err,
		.reason = reason_text(error->reason),
	};
}

/* Write NUMBER in digits into BUF.  Return BUF.  */
static const char *
digits(uint64_t number, char buf[static 24])
{
	snprintf(buf, 24, "%" PRIu64, number);
	return buf;
}

void
errortext_names(const struct error *error, const struct pathpair *pair,
	const char *name[ERROR_NAMES])
{
	const char *const source = pair->source_name, *const dest = pair->dest_name;
	static char at[24], bytes[24];

	name[0] = name[1] = name[2] = name[3] = "";
	switch (texts[error->step].about) {
	case ABOUT_NOTHING:
		break;
	case ABOUT_SOURCE:
		name[0] = quote(source);
		break;
	case ABOUT_DEST:
		name[0] = quote(dest);
		break;
	case ABOUT_SOURCE_WORD:
		name[0] = quote_word(source);
		break;
	case ABOUT_DEST_WORD:
		name[0] = quote_word(dest);
		break;
	case ABOUT_BOTH:
	case ABOUT_ENGINE:
		name[0] = quote(source);
		name[1] = quote(dest);
		name[2] = error->name;
		break;
	case ABOUT_BLOCK:
	case ABOUT_DIFFERENCE:
		name[0] = quote(dest);
		name[1] = quote(source);
		name[2] = digits((uint64_t) error->at, at);
		name[3] = digits(error->bytes, bytes);
		break;
	case ABOUT_NAME:
		name[0] = quote_word(error->name);
		break;
	case ABOUT_OTHER_FILE:
		name[0] = quote(error->name);
		break;
	case ABOUT_NAME_AND_SOURCE:
		name[0] = quote(error->name);
		name[1] = quote(source);
		break;
	case ABOUT_NAME_AND_DEST:
		name[0] = quote(error->name);
		name[1] = quote(dest);
		break;
	}
}

void
errortext_print(enum error_step step, const char *name, int err)
{
	message_failure(texts[step].operation, name, err, texts[step].format,
			texts[step].about == ABOUT_NAME ? quote_word(name)
			: quote(name));
}
