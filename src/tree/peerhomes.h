/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_PEERHOMES_H
#define MMCP_TREE_PEERHOMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/counts.h"
#include "base/error.h"

/* Calls to the homes of links and locks, and what the homes return.  */

enum peercall_what {
	/* To a home.  */
	PEERCALL_CLAIM,		/* another name is about to be copied to a path */
	PEERCALL_LOOK,		/* has any been? */
	PEERCALL_SETTLE,	/* it has, or it has failed */
	PEERCALL_LOCK,		/* also what is returned when the caller has it */
	PEERCALL_UNLOCK,
	PEERCALL_BEGIN,		/* to the rank of a range: may it be copied? */
	PEERCALL_FINISH,	/* it was, or not */

	/* From there.  */
	PEERCALL_OURS,		/* the caller copies it */
	PEERCALL_COMING,	/* somebody else does; another message will come */
	PEERCALL_THERE,		/* this is the path of the copy */
	PEERCALL_FAILED,	/* there is no copy, and nobody makes one */
	PEERCALL_KNOWN,		/* another walker of the caller's rank does */
	PEERCALL_YES,		/* PEERCALL_BEGIN: it may */
	PEERCALL_NO
};

struct peercall {
	enum peercall_what what;
	unsigned seat;		/* of the walker that calls, from 1; 0: its parent */
	unsigned number;	/* its calls so far */
	unsigned owner;		/* what links it makes belong to (linktable.h) */
	dev_t dev;		/* as at rank 0 */
	ino_t ino;		/* or the number of a lock */
	bool below;		/* the path is below the directory of operands' copies */
	size_t len;		/* bytes that follow: a path with its NUL, or hashes */
	bool there;		/* PEERCALL_SETTLE: the copy is complete */
	bool in_all;		/* PEERCALL_CLAIM: all ranks hear of the path */
	bool returns;		/* from a home: the caller waits for this */
	size_t trusted;	/* bytes of the path that are from the user */

	/* A range of a file.  */
	unsigned home;		/* the rank whose file it is */
	unsigned slot, turn;	/* there: the slot, and its number */
	enum count engine;
	off_t reached;
	struct error error;
};

/* Return the home that CALL is for.  */
unsigned
peerhomes_of(const struct peercall *call);

/* Send CALL, with call->len bytes of DATA, to its home, and wait until the parent has the
   answer, and has done what it says; call->there is true if that is PEERCALL_YES.  Return
   false if a signal asks us to end.  */
bool
peercalls_call(struct peercall *call, const void *data);

/* We are that: do what CALL, with DATA, of rank FROM asks for.  What it returns goes
   there, or to peercalls_return.  */
void
peerhomes_serve(unsigned from, const struct peercall *call, const void *data);

/* For a rank whose range is called for: do what CALL asks for; DATA has the hashes of a
   range that was copied.  Return whether a range may be copied.  */
bool
peerranges_serve(const struct peercall *call, const void *data);

void
peercalls_return(const struct peercall *call, const char *path);

#endif
