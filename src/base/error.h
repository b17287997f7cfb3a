/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_ERROR_H
#define MMCP_BASE_ERROR_H

#include <stdbool.h>
#include <sys/types.h>

/* One thing that went wrong: at which step, why, and where in the file.
   It is plain data, so that a worker can leave one in shared memory.  */

enum fault_step {
	FAULT_NO_STEP,
	FAULT_STAT_SOURCE,
	FAULT_OPEN_SOURCE,
	FAULT_SOURCE_REPLACED,
	FAULT_READ,
	FAULT_SOURCE_CHANGED,
	FAULT_KEPT_CHANGING,	/* with --atomic: there is no copy */
	FAULT_STAT_DEST,
	FAULT_DANGLING,
	FAULT_CREATE,
	FAULT_DEST_REPLACED,
	FAULT_REMOVE,
	FAULT_BACKUP,
	FAULT_RESIZE,
	FAULT_PUNCH,
	FAULT_CLONE,
	FAULT_WRITE,
	FAULT_COPY,		/* reading or writing, the kernel did both */
	FAULT_FLUSH,
	FAULT_ATOMIC,		/* can't be replaced in one step */
	FAULT_ATOMIC_KIND,
	FAULT_ATOMIC_LINKS,
	FAULT_KEEP_OWNER,
	FAULT_KEEP_ATTRIBUTES,
	FAULT_KEEP_MODE,
	FAULT_GET_CONTEXT,
	FAULT_NEW_CONTEXT,	/* detail has the context */
	FAULT_USUAL_CONTEXT,
	FAULT_SET_CONTEXT,
	FAULT_OWNER,
	FAULT_CLEAR_MODE,
	FAULT_ATTRIBUTES,	/* detail has the words */
	FAULT_READ_ACL,		/* the source's, and so it isn't known what its mode means */
	FAULT_MODE,		/* the source's */
	FAULT_NEW_MODE,		/* that of a new file, by the umask */
	FAULT_DEFAULT_MODE,	/* the same, with --no-preserve=mode */
	FAULT_TIMES,
	FAULT_CLOSE,
	FAULT_SYNC_DIRECTORY,
	FAULT_WORKER,
	FAULT_MEMORY,
	FAULT_ENGINE,		/* the way asked for by name can't serve this file */
	FAULT_REFUSED,		/* not an error: try the next way */
	FAULT_NOT_KEPT,		/* not told: the remarks say what */
	FAULT_GIVEN_BACK,	/* not told: another is to look at it again */
	FAULT_INTERRUPTED,	/* not told: the signal will be raised again */
	FAULT_STEPS
};

struct fault {
	enum fault_step step;
	int err;		/* errno, or 0 where the step says it all */
	off_t at;		/* offset in bytes, or -1 */
	char detail[256];	/* what FAULT_ENGINE, _ATTRIBUTES and _NEW_CONTEXT have to add */
};

/* In the detail of FAULT_ATTRIBUTES these stand for the names of source and dest.  */
#define FAULT_SOURCE_MARK "\001"
#define FAULT_DEST_MARK "\002"

#define FAULT_NONE ((struct fault) { .step = FAULT_NO_STEP, .at = -1 })

/* What could not be kept of a copy that is good all the same.  */
struct remarks {
	unsigned count;
	bool failed;		/* the exit status is 1 */
	struct fault faults[6];	/* no more than these are reported */
};

/* Which name the text of a step speaks of.  */
enum fault_about {
	ABOUT_SOURCE,
	ABOUT_DEST,
	ABOUT_SOURCE_WORD,	/* the same, but quoted as a word (quote.h), since cp does so */
	ABOUT_DEST_WORD,
	ABOUT_BOTH,
	ABOUT_NOTHING
};

/* Record STEP and ERR in *FAULT.  Always -1, so that a caller can return it.  */
int
fault_set(struct fault *fault, enum fault_step step, int err);

/* fault_set, with the offset AT (bytes) at which it happened.  */
int
fault_set_at(struct fault *fault, enum fault_step step, int err, off_t at);

/* Add STEP and ERR to REMARKS.  Return the new fault, or NULL if there is no room.  */
struct fault *
remarks_add(struct remarks *remarks, enum fault_step step, int err);

/* The words for STEP, a format with one %s for each name that it speaks of.
   Static storage.  */
const char *
fault_words(enum fault_step step);

/* Whose name belongs into these words.  */
enum fault_about
fault_about(enum fault_step step);

/* Whether ERR, from a faster way of moving bytes, is an error at once (a medium
   failed, a disk or quota is full) rather than a reason to take the next way.  */
bool
fault_is_final(int err);

/* Whether ERR says that there is no room: a disk or quota is full.  */
bool
fault_is_full(int err);

#endif
