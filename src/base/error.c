/* SPDX-License-Identifier: GPL-3.0-or-later */
/* error.c: the words for everything that can go wrong, in one table.
   Where cp has a message for the same case, it is cp's.  */
#include "config.h"

#include "base/error.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>

static const struct words {
	enum fault_about about;
	const char *text;
} words[] = {
	[FAULT_NO_STEP] = { ABOUT_NOTHING, "nothing is wrong" },
	[FAULT_STAT_SOURCE] = { ABOUT_SOURCE, "cannot stat %s" },
	[FAULT_OPEN_SOURCE] = { ABOUT_SOURCE, "cannot open %s for reading" },
	[FAULT_SOURCE_REPLACED] =
		{ ABOUT_SOURCE, "skipping file %s, as it was replaced while being copied" },
	[FAULT_READ] = { ABOUT_SOURCE, "error reading %s" },
	[FAULT_SOURCE_CHANGED] = { ABOUT_SOURCE, "source file %s changed while being copied" },
	[FAULT_KEPT_CHANGING] =
		{ ABOUT_BOTH, "cannot copy %s to %s atomically: the source kept changing" },
	[FAULT_STAT_DEST] = { ABOUT_DEST, "cannot stat %s" },
	[FAULT_DANGLING] = { ABOUT_DEST, "not writing through dangling symlink %s" },
	[FAULT_CREATE] = { ABOUT_DEST, "cannot create regular file %s" },
	[FAULT_DEST_REPLACED] =
		{ ABOUT_DEST, "cannot write %s, as it was replaced while being opened" },
	[FAULT_REMOVE] = { ABOUT_DEST, "cannot remove %s" },
	[FAULT_BACKUP] = { ABOUT_DEST, "cannot backup %s" },
	[FAULT_RESIZE] = { ABOUT_DEST, "failed to extend %s" },
	[FAULT_PUNCH] = { ABOUT_DEST, "error deallocating %s" },
	[FAULT_CLONE] = { ABOUT_BOTH, "failed to clone %2$s from %1$s" },
	[FAULT_WRITE] = { ABOUT_DEST, "error writing %s" },
	[FAULT_COPY] = { ABOUT_BOTH, "error copying %s to %s" },
	[FAULT_FLUSH] = { ABOUT_DEST, "cannot flush %s to its device" },
	[FAULT_ATOMIC] = { ABOUT_DEST, "cannot replace %s atomically" },
	[FAULT_ATOMIC_KIND] =
		{ ABOUT_DEST, "cannot replace %s atomically: not a regular file" },
	[FAULT_ATOMIC_LINKS] =
		{ ABOUT_DEST, "cannot replace %s atomically: it has other hard links" },
	[FAULT_KEEP_OWNER] = { ABOUT_DEST, "cannot keep the owner of %s" },
	[FAULT_KEEP_ATTRIBUTES] = { ABOUT_DEST, "cannot keep the attributes of %s" },
	[FAULT_KEEP_MODE] = { ABOUT_DEST, "cannot keep the permissions of %s" },
	[FAULT_GET_CONTEXT] = { ABOUT_SOURCE, "failed to get security context of %s" },
	[FAULT_NEW_CONTEXT] =
		{ ABOUT_DEST, "failed to set default file creation context for %s" },
	[FAULT_USUAL_CONTEXT] =
		{ ABOUT_DEST, "failed to set default file creation context for %s" },
	[FAULT_SET_CONTEXT] = { ABOUT_DEST, "failed to set the security context of %s" },
	[FAULT_OWNER] = { ABOUT_DEST, "failed to preserve ownership for %s" },
	[FAULT_CLEAR_MODE] = { ABOUT_DEST, "clearing permissions for %s" },
	[FAULT_ATTRIBUTES] = { ABOUT_DEST, "setting attributes for %s" },
	[FAULT_READ_ACL] = { ABOUT_SOURCE_WORD, "%s" },
	[FAULT_MODE] = { ABOUT_DEST_WORD, "preserving permissions for %s" },
	[FAULT_NEW_MODE] = { ABOUT_DEST, "preserving permissions for %s" },
	[FAULT_DEFAULT_MODE] = { ABOUT_DEST_WORD, "setting permissions for %s" },
	[FAULT_TIMES] = { ABOUT_DEST, "preserving times for %s" },
	[FAULT_CLOSE] = { ABOUT_DEST, "failed to close %s" },
	[FAULT_SYNC_DIRECTORY] = { ABOUT_DEST, "cannot flush the directory of %s" },
	[FAULT_WORKER] = { ABOUT_BOTH, "cannot copy %s to %s: workers died" },
	[FAULT_MEMORY] = { ABOUT_SOURCE, "cannot copy %s" },
	[FAULT_ENGINE] = { ABOUT_BOTH, "cannot copy %s to %s with the engine asked for" },
	[FAULT_REFUSED] = { ABOUT_BOTH, "cannot copy %s to %s this way" },
	[FAULT_NOT_KEPT] = { ABOUT_NOTHING, "not all of it is kept" },
	[FAULT_GIVEN_BACK] = { ABOUT_NOTHING, "to be looked at again" },
	[FAULT_INTERRUPTED] = { ABOUT_NOTHING, "interrupted" },
};

static_assert(sizeof words / sizeof words[0] == FAULT_STEPS,
	"every step of enum fault_step has its words");

int
fault_set(struct fault *fault, enum fault_step step, int err)
{
	return fault_set_at(fault, step, err, -1);
}

int
fault_set_at(struct fault *fault, enum fault_step step, int err, off_t at)
{
	fault->step = step;
	fault->err = err;
	fault->at = at;
	fault->detail[0] = '\0';
	return -1;
}

struct fault *
remarks_add(struct remarks *remarks, enum fault_step step, int err)
{
	const unsigned max = sizeof remarks->faults / sizeof remarks->faults[0];

	if (remarks->count >= max)
		return NULL;
	fault_set(&remarks->faults[remarks->count], step, err);
	return &remarks->faults[remarks->count++];
}

const char *
fault_words(enum fault_step step)
{
	return words[step].text;
}

enum fault_about
fault_about(enum fault_step step)
{
	return words[step].about;
}

bool
fault_is_final(int err)
{
	return err == EIO || fault_is_full(err);
}

bool
fault_is_full(int err)
{
	return err == ENOSPC || err == EDQUOT;
}
