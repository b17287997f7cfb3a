/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_BATCH_H
#define MMCP_TREE_BATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "file/smallfile.h"

/* A batch of names, as it goes to a worker in one message with the descriptors of their
   directories, and what is done with each.  */

enum {
	BATCH_ITEMS = 64,			/* names */
	BATCH_DIRS = 16,			/* directories they are in */
	BATCH_NAMES = BATCH_ITEMS * 256		/* bytes of names */
};

enum pool_flags {
	POOL_LOOKED = 1,	/* the walk has looked at it: other names don't matter */
	POOL_FRESH = 2,		/* its directory was made by us */
	POOL_OLD = 4,		/* a regular file is there to be written over */
	POOL_REMOVE = 8,	/* or to be removed first */
	POOL_FOLLOW = 16	/* the source is what a symlink leads to */
};

/* What comes back of one file.  */
struct pool_word {
	enum pool_kind { POOL_ERROR, POOL_REMARK, POOL_REMOVED, POOL_ROUNDED,
			POOL_COPIED } kind;
	bool failed;		/* a remark that makes the exit status 1 */
	struct error error;
	off_t bytes;		/* as cut or rounded in copy_outcome */
	struct copied copied;	/* if the policy has it told */
};

struct batch_item {
	uint16_t name;		/* where it begins in names */
	uint8_t dir;
	uint8_t flags;		/* enum pool_flags */
};

struct batch_dir {
	dev_t device;		/* of the destination */
	bool inherits;		/* as in copy_order */
};

/* As it is sent, up to the end of the last name.  */
struct batch {
	uint32_t number;
	uint16_t items;
	uint16_t dirs;
	uint32_t used;		/* bytes of names */
	bool answered;		/* the parent is to be told as soon as it is done */
	struct batch_dir dir[BATCH_DIRS];
	struct batch_item item[BATCH_ITEMS];
	char names[BATCH_NAMES];
};

/* The name of item I.  */
const char *
batch_name(const struct batch *batch, unsigned i);

/* Whether there is room for NAME in directory number DIR, which may be a new one.  */
bool
batch_has_room(const struct batch *batch, const char *name, unsigned dir);

/* Append NAME in directory number DIR; there is room.  */
void
batch_add(struct batch *batch, const char *name, unsigned dir, unsigned flags);

/* Send it by socket FD, without waiting, with the directories FDS, source and
   destination in turn.  0, or -1 with errno.  */
int
batch_send(int fd, const struct batch *batch, const int fds[2 * BATCH_DIRS]);

/* Receive one.  Bytes; 0 if there are no more; -1 also if descriptors didn't get
   through, and with EAGAIN if there is none yet and we don't WAIT.  */
ssize_t
batch_receive(int fd, struct batch *batch, int fds[2 * BATCH_DIRS], bool wait);

/* Copy item I between directories SOURCE and DEST.  As smallfile_copy.  */
int
batch_copy(const struct batch *batch, unsigned i, int source, int dest,
	struct smallfile *smallfile,
	bool links_matter, struct copy_outcome *outcome);

/* Hand to SAY, word by word, what is to be told of OUTCOME, of a batch_copy that returned
   RET; and, if it is to be TOLD, that it was copied.  */
void
batch_tell(int ret, const struct copy_outcome *outcome, bool told,
	void (*say)(void *context, const struct pool_word *word), void *context);

#endif
