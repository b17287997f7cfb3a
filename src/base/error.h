/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_ERROR_H
#define MMCP_BASE_ERROR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/reason.h"

/* One thing that went wrong: at which step, why, and where in the file.  It is plain data
   without a word of text, so that a worker can send one; report/errortext.h has the
   words.  */

enum error_step {
	ERROR_NO_STEP,
	ERROR_STAT_SOURCE,
	ERROR_OPEN_SOURCE,
	ERROR_SOURCE_REPLACED,
	ERROR_READ,
	ERROR_SOURCE_CHANGED,
	ERROR_KEPT_CHANGING,	/* with --atomic: there is no copy */
	ERROR_STAT_DEST,
	ERROR_DANGLING,
	ERROR_CREATE,
	ERROR_DEST_REPLACED,
	ERROR_REMOVE,
	ERROR_BACKUP,
	ERROR_RESIZE,
	ERROR_PUNCH,
	ERROR_CLONE,
	ERROR_WRITE,
	ERROR_COPY,		/* reading or writing, the kernel did both */
	ERROR_FLUSH,
	ERROR_ATOMIC,		/* can't be replaced in one step */
	ERROR_ATOMIC_KIND,
	ERROR_ATOMIC_LINKS,
	ERROR_KEEP_OWNER,
	ERROR_KEEP_ATTRIBUTES,
	ERROR_KEEP_MODE,
	ERROR_GET_CONTEXT,
	ERROR_NEW_CONTEXT,	/* its name is the context */
	ERROR_USUAL_CONTEXT,
	ERROR_SET_CONTEXT,
	ERROR_OWNER,
	ERROR_CLEAR_MODE,
	ERROR_ATTRIBUTE_RULES,	/* reading the rules of libattr; its name is the file's */
	ERROR_LIST_ATTRIBUTES,
	ERROR_GET_ATTRIBUTE,	/* its name is the attribute's */
	ERROR_SET_ATTRIBUTE,	/* likewise */
	ERROR_ATTRIBUTES,	/* any of them, or there is no memory for them */
	ERROR_READ_ACL,		/* so it is unknown what the source's mode means */
	ERROR_MODE,		/* the source's */
	ERROR_NEW_MODE,		/* that of a new file, by the umask */
	ERROR_DEFAULT_MODE,	/* the same, with --no-preserve=mode */
	ERROR_TIMES,
	ERROR_CLOSE,
	ERROR_SYNC_DIRECTORY,
	ERROR_VERIFY,		/* the copy differs, from at on, by so many bytes */
	ERROR_VERIFY_BLOCK,	/* somewhere in a block, which begins at at */
	ERROR_VERIFY_CHANGED,	/* the source is no longer what was copied */
	ERROR_VERIFY_READ,	/* the copy can't be read */
	ERROR_VERIFY_KIND,	/* nor any pipe */
	ERROR_RESUME_BUSY,	/* another process makes the same copy */
	ERROR_RESUME_STAYS,	/* what was copied can't be read now */
	ERROR_RESUME_JOURNAL,	/* none can be kept; as the next, not an error */
	ERROR_RESUME_CHANGED,	/* why a copy begins afresh: the source */
	ERROR_RESUME_OPTIONS,
	ERROR_RESUME_VERSION,
	ERROR_RESUME_ORDER,
	ERROR_RESUME_DAMAGED,	/* the journal */
	ERROR_RESUME_DATA,	/* is gone, or isn't what the journal says */
	ERROR_RESUME_KEEPER,	/* not all of it is noted */
	ERROR_PARTIAL_TIME,	/* a copy that isn't whole seems to be new */
	ERROR_WORKER,
	ERROR_MEMORY,
	ERROR_ENGINE,		/* the engine that was named can't serve this file */
	ERROR_REFUSED,		/* not an error: try the next engine */
	ERROR_NOT_KEPT,		/* not told: the remarks say what */
	ERROR_GIVEN_BACK,	/* not told: another is to look at it again */
	ERROR_INTERRUPTED,	/* not told: the signal will be raised again */
	ERROR_STEPS
};

struct error {
	enum error_step step;
	int err;		/* errno, or 0 where the step says it all */
	off_t at;		/* offset in bytes, or -1 */
	uint64_t bytes;		/* that differ, of ERROR_VERIFY */
	enum reason reason;	/* why, where err doesn't say that; or REASON_NONE */
	char name[256];		/* of what it is about, as said above; or "" */
};

#define ERROR_NONE ((struct error) { .step = ERROR_NO_STEP, .at = -1 })

/* What a copy could not keep, though its bytes are whole.  */
struct remarks {
	unsigned count;
	bool failed;		/* the exit status is 1 */
	struct error errors[6];	/* no more than these are reported */
};

/* Set *ERROR to STEP and ERR.  Return -1, so that a caller can return it.  */
int
error_set(struct error *error, enum error_step step, int err);

/* error_set, with the offset AT (bytes) at which it happened.  */
int
error_set_at(struct error *error, enum error_step step, int err, off_t at);

/* Say that ERROR is about NAME, which is cut to the room that there is.  */
void
error_set_name(struct error *error, const char *name);

/* Say that ENGINE, asked for by name, can't serve, because of REASON or the errno ERR.
   Return -1.  */
int
error_set_engine(struct error *error, const char *engine, enum reason reason, int err);

/* Add STEP and ERR to REMARKS.  Return the new error, or NULL if there is no room.  */
struct error *
remarks_add(struct remarks *remarks, enum error_step step, int err);

/* The same, and have the exit status be 1.  */
void
remarks_fail(struct remarks *remarks, enum error_step step, int err);

/* Return whether ERR, from a faster way of moving bytes, is an error at once (a medium
   failed, a disk or quota is full) rather than a reason to take the next way.  */
bool
error_is_final(int err);

/* Return whether ERR means that there is no room: a disk or quota is full.  */
bool
error_is_full(int err);

#endif
