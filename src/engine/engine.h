/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_ENGINE_H
#define MMCP_ENGINE_ENGINE_H

#include <stdbool.h>

#include "base/counts.h"
#include "base/error.h"
#include "base/reason.h"
#include "engine/ends.h"

/* The table of engines, which move the bytes of a file.  */

struct facts;
struct plan;
struct plan_policy;
struct blockhashes;
struct counts;
struct shares;

/* What an engine works on.  */
struct transfer {
	const struct plan_policy *policy;
	struct plan *plan;
	const struct source *source;
	struct dest_file *dest;
	struct counts *counts;	/* what was done is added to them, */
	struct shares *shares;	/* and the share of each worker */
	struct blockhashes *hashes;	/* of the source, where the engine takes them;
					   NULL: they aren't wanted */
	bool sync;		/* wait until mapped bytes are on the device */
	bool amends;		/* of an old file, write only what differs, */
	int reader;		/* which is open for reading; its first bytes */
	off_t same;		/* are known to be the source's */
};

/* One row for each engine, in the order in which they are tried; more in engine.c and
   doc/contributing.md.  ROW's arguments: the constant ENGINE_x; the name, of --engine
   and of the functions x_why_not and x_copy; the word in --debug; the count its bytes go
   to; and whether workers share a file, which then is large whatever its size.  Stream
   serves everything and stays the last.  */
#define ENGINE_TABLE(ROW) \
	ROW(REFLINK, reflink, "clone",   COUNT_CLONED,     false) \
	ROW(DIRECT,  direct,  "direct",  COUNT_DIRECT,     true) \
	ROW(MMAP,    mmap,    "mmap",    COUNT_MAPPED,     true) \
	ROW(KERNEL,  kernel,  "kernel",  COUNT_KERNEL,     false) \
	ROW(HUGETLB, hugetlb, "hugetlb", COUNT_READ_WRITE, false) \
	ROW(STREAM,  stream,  "stream",  COUNT_READ_WRITE, false)

#define ENGINE_NUMBER(ID, id, word, moved, shared) ENGINE_##ID,
enum { ENGINE_TABLE(ENGINE_NUMBER) ENGINES };
#undef ENGINE_NUMBER

struct engine {
	const char *name;	/* --engine=NAME */
	const char *word;	/* "engine: WORD" of --debug */
	enum count moved;	/* the count its bytes go to */
	bool shared;		/* workers share a file */

	/* Return why the engine can't serve a file, or REASON_NONE.  Called if the user
	   named the engine.  */
	enum reason (*why_not)(const struct facts *facts);

	/* Move all bytes from transfer->dest->whole on.  Return 0; or -1 with an error.
	   With ERROR_REFUSED, the next engine goes on from dest->whole: all before that
	   is in place, and nothing is left behind that the next one would read.  */
	int (*copy)(struct transfer *transfer, struct error *error);
};

extern const struct engine engines[ENGINES];

#define ENGINE_FUNCTIONS(ID, id, word, moved, shared) \
	enum reason id##_why_not(const struct facts *facts); \
	int id##_copy(struct transfer *transfer, struct error *error);
ENGINE_TABLE(ENGINE_FUNCTIONS)
#undef ENGINE_FUNCTIONS

#endif
