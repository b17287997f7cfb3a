/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_PLAN_H
#define MMCP_ENGINE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The choice of a method, from what is known of a file.  It asks the kernel nothing and
   changes nothing.  */

enum method {
	METHOD_CLONE,		/* FICLONE: no byte moves */
	METHOD_MAP,		/* mapcopy: workers between two mappings */
	METHOD_KERNEL,		/* copy_file_range, here */
	METHOD_STREAM,		/* read and write, here */
	METHODS
};

/* What becomes of holes, and of blocks that are zeros.  */
enum sparse {
	SPARSE_AUTO,		/* holes stay holes */
	SPARSE_ALWAYS,		/* and zeros become holes */
	SPARSE_NEVER,		/* there are none */
	SPARSES
};

/* How a hole that SEEK_DATA finds is copied.  */
enum holes {
	HOLES_KEPT,		/* as a hole */
	HOLES_FILLED,		/* as zeros that have blocks, but are not written */
	HOLES_READ		/* as data: holes are not looked for */
};

/* Whether the copy may share blocks with its source.  */
enum reflink { REFLINK_AUTO, REFLINK_ALWAYS, REFLINK_NEVER, REFLINKS };

enum engine { ENGINE_AUTO, ENGINE_MMAP, ENGINE_KERNEL, ENGINE_STREAM, ENGINES };

struct plan_policy {
	enum engine engine;
	enum sparse sparse;
	enum reflink reflink;
	bool direct;		/* past the page cache, where that can be */
	bool nocache;		/* leave memory as it was */
	bool alone;		/* there is no other file to copy meanwhile */
	unsigned jobs;		/* 0: as many as there are processors to use */
	uint64_t chunk_size;	/* bytes; 0: our choice */
};

struct plan_facts {
	bool source_regular;
	bool dest_regular;
	bool dest_readable;	/* a shared writable mapping needs reading too */
	bool in_place;		/* the destination exists */
	bool holes;		/* the source has some */
	bool hidden_holes;	/* the source has some that can't be located */
	bool complete;		/* the source has blocks for all of its bytes */
	bool filled;		/* the copy can have blocks without writing them */
	bool unshared;		/* no other file can share its blocks */
	off_t size;		/* of the source, bytes */
	size_t page;		/* bytes in a page; a huge one where the destination has such */
	bool only_mapped;	/* the destination is on hugetlbfs */
	bool unsafe;		/* nobody may hear of errors of stores into its mapping */
	const char *unfit;	/* why a mapping is no gain there; NULL: it may be */
	bool cold;		/* the source is not in memory */
	bool writes_well;	/* and that is faster than copy_file_range there */
	bool reserves;		/* its file system reserves blocks to our advantage */
	size_t huge_fault;	/* bytes that a page fault of its mapping may bring in; 0: one page */
	bool takes_pages;	/* it can be supplied with pages, in a mapping */
	unsigned cpus;		/* that we may use; asked for only if plan_wants_cpus */
};

struct plan {
	enum method method;
	bool exact;		/* asked for by name: no other way will do */
	bool must_clone;	/* or what is not shared is not to be copied at all */
	bool no_kernel;		/* copy_file_range would share blocks, or keep holes */
	bool by_hand;		/* or is slower than read and write */
	bool lent;		/* and what is written is the source's mapping, not a buffer */
	uint64_t read_below;	/* data of fewer bytes is read, and not mapped at the source */
	uint64_t write_below;	/* and of fewer than this any worker writes, as the one writer
				   does; no blocks are reserved for it in a new file */
	bool clone_refused;	/* that was tried, */
	bool kernel_refused;	/* or this */
	enum sparse sparse;
	enum holes holes;
	bool cold;		/* have the source read ahead */
	bool nocache;
	const char *why;	/* why not the faster one; NULL if there is none */
	int why_err;		/* the errno that goes with it, or 0 */
	const char *impossible;	/* why the one asked for can't be; NULL if it can */
	bool empty;		/* the one asked for can copy nothing, and no more */
	/* For METHOD_MAP:  */
	unsigned workers;
	bool writer;		/* worker 0 writes its chunks, or has the kernel do it */
	bool direct;		/* or all go past the page cache: then nothing is mapped */
	bool reserve;
	bool huge;		/* page faults bring in folios of 2 MiB or what is huge there */
	bool supply;		/* mappers supply pages, and don't have them cleared first */
	uint64_t chunk;		/* bytes that a worker claims, whole pages */
	uint64_t window;	/* bytes populated and copied at a time */
};

/* The method for a file.  FACTS must be true only for what is opened.  */
struct plan
plan_choose(const struct plan_facts *facts, const struct plan_policy *policy);

/* The next way, after PLAN's method was refused; WHY says by what (static storage).
   The last way is METHOD_STREAM, which serves everything.  */
void
plan_fall_back(struct plan *plan, const char *why);

/* Whether a new file of SIZE bytes is kept without a name until it is whole.  */
bool
plan_hides(bool source_regular, off_t size, const struct plan_policy *policy);

/* Whether a file of SIZE bytes is worth several workers, if there are any to be had.  */
bool
plan_is_large(off_t size, const struct plan_policy *policy);

/* Whether plan_choose would look at how a file of SIZE bytes is best written.  */
bool
plan_wants_speed(off_t size);

/* Whether plan_choose would look at the number of processors.  */
bool
plan_wants_cpus(off_t size, const struct plan_policy *policy);

/* "mmap", "kernel" ...: the word for METHOD in --debug, and the engines' own words.  */
const char *
plan_method_name(enum method method);

const char *
plan_engine_name(enum engine engine);

#endif
