/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_CLOSING_H
#define MMCP_REPORT_CLOSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The last lines on standard error of a run that somebody watches: what was done.  */

/* How a run that a signal ended goes on: by the same command with this option.  */
enum closing_resume {
	RESUME_AGAIN,		/* none */
	RESUME_UPDATE,		/* -u */
	RESUME_NUMBERED,	/* --backup=numbered */
	RESUME_CHANGED,		/* --update=changed */
	RESUME_JOURNAL		/* none, as it had --resume: nothing is removed */
};

/* Where the data of the copies are.  */
enum closing_place {
	PLACE_SYNCED,		/* on the device, and so are their names */
	PLACE_WRITTEN_BACK,	/* on the device, but for what is known to be in memory */
	PLACE_KERNEL		/* wherever the kernel has put them */
};

/* The time begins.  */
void
closing_start(void);

/* Return the bytes that are in the copies.  */
uint64_t
closing_bytes(void);

/* Say how many bytes and files were copied, in what time, and how many were skipped; that
   FAILED sources failed; and where the data are: in PLACE, but IN_MEMORY bytes, at most
   if the kernel decides, are still to be written.  */
void
closing_done(size_t failed, enum closing_place place, uint64_t in_memory);

/* What became of a file that was half copied.  */
enum closing_rest {
	REST_REMOVED,
	REST_CUT,	/* one that existed may have been cut short */
	REST_KEPT
};

/* A signal ended the run: say what is whole, what became of the REST, and how to go on,
   which is RESUME, and with -T if the destination is a DIRECTORY that the run has made:
   the same command would now copy into it.  */
void
closing_interrupted(enum closing_resume resume, bool directory, enum closing_rest rest);

/* In a dry run: say what would be copied, replaced and skipped, and that FAILED sources
   failed.  */
void
closing_planned(size_t failed);

#endif
