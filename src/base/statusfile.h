/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_STATUSFILE_H
#define MMCP_BASE_STATUSFILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The file by which other processes see how far a copy is.  doc/formats.md has its bytes.
   One process writes it, through a shared mapping, and holds a lock on it as long as it
   lives.  */

#define STATUSFILE_MAGIC "MMCPSTAT"

enum { STATUSFILE_VERSION = 1, STATUSFILE_ORDER = 0x01020304 };
enum { STATUSFILE_PATH = 4096, STATUSFILE_SOURCES = 8048, STATUSFILE_WHERE = 240,
       STATUSFILE_WORKERS = 64 };

/* What is unknown.  */
#define STATUSFILE_UNKNOWN UINT64_MAX

enum statusfile_state { STATUSFILE_COPYING, STATUSFILE_FLUSHING, STATUSFILE_VERIFYING,
			STATUSFILE_STATES };

enum statusfile_doing { STATUSFILE_WORKS, STATUSFILE_WAITS, STATUSFILE_DOINGS };

struct statusfile_worker {
	uint64_t moved;			/* bytes, by it and those before it */
	uint32_t number;
	uint32_t doing;			/* an enum statusfile_doing */
	char where[STATUSFILE_WHERE];	/* the file or directory; "": unknown */
};

struct statusfile {
	char magic[8];
	uint32_t order;
	uint32_t version;
	uint32_t size;			/* of the file */
	uint32_t reserved;
	_Atomic uint64_t sequence;	/* an odd number while what follows changes */
	uint64_t began, updated;	/* nanoseconds since 1970 */
	uint64_t elapsed;		/* nanoseconds */
	uint64_t moved, total;		/* bytes; a total of 0 is unknown, or nothing */
	uint64_t rate;			/* bytes a second, or unknown */
	uint64_t left;			/* nanoseconds, or unknown */
	uint64_t done, found;		/* files */
	uint64_t to_go;			/* bytes, when flushing or verifying */
	uint32_t state;			/* an enum statusfile_state */
	uint32_t whole;			/* 1: TOTAL and FOUND are all there is; else 0 */
	uint32_t pid;			/* in its own namespace */
	uint32_t processes;		/* that copy */
	uint32_t workers;		/* of these, so many have a row below */
	uint32_t sources;		/* operands */
	uint32_t sources_len;		/* bytes of those that are named below */
	uint32_t reserved2;
	char dest[STATUSFILE_PATH];
	char source[STATUSFILE_SOURCES];	/* names, a NUL behind each */
	struct statusfile_worker worker[STATUSFILE_WORKERS];
};

/* ---- the process that copies ---- */

/* Make a file with the contents of STATUS, whose head is filled in here, in the first
   directory that serves.  Return whether there is one.  */
bool
statusfile_open(struct statusfile *status);

/* Change its contents to those of STATUS.  Where that can't be done, the file is
   closed.  */
void
statusfile_update(const struct statusfile *status);

/* In a worker: the lock is the parent's alone.  */
void
statusfile_is_worker(void);

/* Remove the file, if there is one.  */
void
statusfile_close(void);

/* ---- readers ---- */

enum statusfile_error {
	STATUSFILE_OK,
	STATUSFILE_GONE,	/* nobody writes it any more, or it has gone */
	STATUSFILE_REFUSED,	/* with errno */
	STATUSFILE_FOREIGN,	/* no status file, or one of another kind of machine */
	STATUSFILE_OTHER,	/* of another version */
	STATUSFILE_DAMAGED,
	STATUSFILE_BUSY		/* never found at rest */
};

/* Read the file NAME in directory DIR into *STATUS.  A file that nobody writes any more
   is removed, if it is ours.  What is STATUSFILE_OK has passed statusfile_check.  */
enum statusfile_error
statusfile_read(int dir, const char *name, struct statusfile *status);

/* Return whether STATUS, LEN bytes from anywhere, is one: all texts end, all numbers that
   count something here are in bounds.  */
enum statusfile_error
statusfile_check(const struct statusfile *status, size_t len);

/* Return the source behind SOURCE of STATUS, the first one for NULL; NULL behind the
   last.  */
const char *
statusfile_source(const struct statusfile *status, const char *source);

#endif
