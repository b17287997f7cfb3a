/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_FACTS_H
#define MMCP_ENGINE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/reason.h"
#include "engine/ends.h"

/* What the choice of an engine depends on.  The kernel is asked here, so that plan.c
   needn't ask it.  */

struct plan_policy;

struct facts {
	bool source_regular;
	bool dest_regular;
	bool dest_readable;	/* a shared writable mapping needs reading too */
	bool in_place;		/* the destination exists */
	bool holes;		/* the source has holes */
	bool hidden_holes;	/* the source has holes that can't be located */
	bool complete;		/* the source has blocks for all of its bytes */
	bool limited;		/* by a rate: a trial would time the waiting */
	bool one_piece;		/* and is known to have no hole, or so it is taken */
	bool filled;		/* the copy can have blocks without writing them */
	bool unshared;		/* no other file can share the source's blocks */
	off_t size;		/* of the source, bytes */
	size_t block;		/* bytes that one rank has to write; 0: any number */
	size_t page;		/* bytes; a huge one where the destination has such */
	bool only_mapped;	/* the destination is on hugetlbfs */
	bool unsafe;		/* mapped writes to the destination may lose errors */
	enum reason unfit;	/* why mapping both doesn't pay */
	bool cold;		/* the source is not in memory */
	uint64_t memory;	/* bytes that a container permits, if cold; 0: no limit */
	bool writes_well;	/* read and write are faster than copy_file_range there */
	bool reserves;		/* reserving blocks for the destination pays */
	size_t huge_fault;	/* bytes that a page fault may bring in; 0: one page */
	bool takes_pages;	/* pages can be supplied to the destination's mapping */
	unsigned cpus;		/* that we may use; asked for only if policy_wants_cpus */
};

/* Return the facts about SOURCE and DEST, both open, that plan_choose needs.  Those that
   matter only when bytes move are asked only if they do (MOVES).  Sets
   dest->huge_page.  */
struct facts
facts_ask(const struct plan_policy *policy, const struct source *source,
	struct dest_file *dest, bool moves);

/* Return what hinders an engine that needs two regular files, or REASON_NONE.  */
enum reason
facts_why_no_files(const struct facts *facts);

/* Return whether no block of SOURCE can be shared.  Asked once a device.  */
bool
facts_is_unshared(const struct source *source);

#endif
