/* SPDX-License-Identifier: GPL-3.0-or-later */
/* error.c: the words for everything that can go wrong, in one table.
   Where cp has a message for the same case, it is cp's.  */
#include "config.h"

#include "base/error.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>

static const struct words {
	enum error_about about;
	const char *text;
} words[] = {
	[ERROR_NO_STEP] = { ABOUT_NOTHING, "nothing is wrong" },
	[ERROR_STAT_SOURCE] = { ABOUT_SOURCE, "cannot stat %s" },
	[ERROR_OPEN_SOURCE] = { ABOUT_SOURCE, "cannot open %s for reading" },
	[ERROR_SOURCE_REPLACED] =
		{ ABOUT_SOURCE,
		  "skipping file %s, as it was replaced while being copied" },
	[ERROR_READ] = { ABOUT_SOURCE, "error reading %s" },
	[ERROR_SOURCE_CHANGED] = { ABOUT_SOURCE,
				  "source file %s changed while being copied" },
	[ERROR_KEPT_CHANGING] =
		{ ABOUT_BOTH,
		  "cannot copy %s to %s atomically: the source kept changing" },
	[ERROR_STAT_DEST] = { ABOUT_DEST, "cannot stat %s" },
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
		{ ABOUT_DEST, "failed to set default file creation context for %s" },
	[ERROR_USUAL_CONTEXT] =
		{ ABOUT_DEST, "failed to set default file creation context for %s" },
	[ERROR_SET_CONTEXT] = { ABOUT_DEST, "failed to set the security context of %s" },
	[ERROR_OWNER] = { ABOUT_DEST, "failed to preserve ownership for %s" },
	[ERROR_CLEAR_MODE] = { ABOUT_DEST, "clearing permissions for %s" },
	[ERROR_ATTRIBUTES] = { ABOUT_DEST, "setting attributes for %s" },
	[ERROR_READ_ACL] = { ABOUT_SOURCE_WORD, "%s" },
	[ERROR_MODE] = { ABOUT_DEST_WORD, "preserving permissions for %s" },
	[ERROR_NEW_MODE] = { ABOUT_DEST, "preserving permissions for %s" },
	[ERROR_DEFAULT_MODE] = { ABOUT_DEST_WORD, "setting permissions for %s" },
	[ERROR_TIMES] = { ABOUT_DEST, "preserving times for %s" },
	[ERROR_CLOSE] = { ABOUT_DEST, "failed to close %s" },
	[ERROR_SYNC_DIRECTORY] = { ABOUT_DEST, "cannot flush the directory of %s" },
	[ERROR_WORKER] = { ABOUT_BOTH, "cannot copy %s to %s: workers died" },
	[ERROR_MEMORY] = { ABOUT_SOURCE, "cannot copy %s" },
	[ERROR_ENGINE] = { ABOUT_BOTH, "cannot copy %s to %s with the engine asked for" },
	[ERROR_REFUSED] = { ABOUT_BOTH, "cannot copy %s to %s this way" },
	[ERROR_NOT_KEPT] = { ABOUT_NOTHING, "not all of it is kept" },
	[ERROR_GIVEN_BACK] = { ABOUT_NOTHING, "to be looked at again" },
	[ERROR_INTERRUPTED] = { ABOUT_NOTHING, "interrupted" },
};

static_assert(sizeof words / sizeof words[0] == ERROR_STEPS,
	"every step of enum error_step has its words");

int
error_set(struct error *error, enum error_step step, int err)
{
	return error_set_at(error, step, err, -1);
}

int
error_set_at(struct error *error, enum error_step step, int err, off_t at)
{
	error->step = step;
	error->err = err;
	error->at = at;
	error->detail[0] = '\0';
	return -1;
}

struct error *
remarks_add(struct remarks *remarks, enum error_step step, int err)
{
	const unsigned max = sizeof remarks->errors / sizeof remarks->errors[0];

	if (remarks->count >= max)
		return NULL;
	error_set(&remarks->errors[remarks->count], step, err);
	return &remarks->errors[remarks->count++];
}

const char *
error_words(enum error_step step)
{
	return words[step].text;
}

enum error_about
error_about(enum error_step step)
{
	return words[step].about;
}

bool
error_is_final(int err)
{
	return err == EIO || error_is_full(err);
}

bool
error_is_full(int err)
{
	return err == ENOSPC || err == EDQUOT;
}
