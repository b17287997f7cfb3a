/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_BATCH_H
#define MMCP_TREE_BATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "file/smallfile.h"

/* A batch of names, as it is sent to a worker in one message with the descriptors of
   their directories, and the copying of each name.  */

enum {
	BATCH_ITEMS = 64,			/* names */
	BATCH_DIRS = 16,			/* directories they are in */
	BATCH_NAMES = BATCH_ITEMS * 256		/* bytes of names */
};

enum pool_flags {
	POOL_LOOKED = 1,	/* the walk has looked at it: other names don't matter */
	POOL_FRESH = 2,		/* its directory was made by us */
	POOL_OLD = 4,		/* overwrite the regular file that is there */
	POOL_REMOVE = 8,	/* or remove it first */
	POOL_FOLLOW = 16	/* the source is what a symlink leads to */
};

/* What a worker reports of one file.  */
struct pool_word {
	enum pool_kind { POOL_ERROR, POOL_REMARK, POOL_REMOVED, POOL_ROUNDED,
			POOL_COPIED } kind;
	bool failed;		/* a remark that makes the exit status 1 */
	struct error error;
	off_t bytes;		/* as cut or rounded in copy_outcome */
	struct copied copied;	/* if the policy has copies reported */
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

/* The message; it is sent up to the end of the last name.  */
struct batch {
	uint32_t number;
	uint16_t items;
	uint16_t dirs;
	uint32_t used;		/* bytes of names */
	bool answered;		/* the worker reports at once that it is done */
	struct batch_dir dir[BATCH_DIRS];
	struct batch_item item[BATCH_ITEMS];
	char names[BATCH_NAMES];
};

/* Return the name of item I.  */
const char *
batch_name(const struct batch *batch, unsigned i);

/* Return true if there is room for NAME in directory number DIR, which may be a new
   one.  */
bool
batch_has_room(const struct batch *batch, const char *name, unsigned dir);

/* Append NAME in directory number DIR; there is room.  */
void
batch_add(struct batch *batch, const char *name, unsigned dir, unsigned flags);

/* Send BATCH by socket FD, without waiting, with the directories FDS, source and
   destination in turn.  Return 0, or -1 with errno.  */
int
batch_send(int fd, const struct batch *batch, const int fds[2 * BATCH_DIRS]);

/* Receive a batch.  Return its bytes; 0 if there are no more; or -1 with errno, which is
   EAGAIN without WAIT if there is none yet.  It is an error, too, if descriptors were
   lost on the way.  */
ssize_t
batch_receive(int fd, struct batch *batch, int fds[2 * BATCH_DIRS], bool wait);

/* Copy item I from directory SOURCE to directory DEST.  Return as smallfile_copy.  */
int
batch_copy(const struct batch *batch, unsigned i, int source, int dest,
	struct smallfile *smallfile, bool links_matter, struct copy_outcome *outcome);

/* Call REPORT with CONTEXT for each word that reports OUTCOME, of a batch_copy that
   returned RET.  With COPIED, a success is reported, too.  */
void
batch_report(int ret, const struct copy_outcome *outcome, bool copied,
	void (*report)(void *context, const struct pool_word *word), void *context);

#endif
