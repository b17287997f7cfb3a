/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_SOURCE_H
#define MMCP_SOURCE_H

#include <sys/stat.h>

#include "fault.h"
#include "job.h"

/* The life of a source: opened, and held to what it was.  */
struct source {
	int fd;			/* -1 while not open */
	struct stat st;		/* as it was when opened */
};

#define SOURCE_CLOSED ((struct source) { .fd = -1 })

/* Open what JOB names for reading: what was LOOKED at, and nothing that took its name
   since; or, if nobody has looked (NULL), a regular file, and anything else is
   FAULT_GIVEN_BACK.  0, or -1 with a fault.  */
int
source_open(struct source *source, const struct job *job, const struct stat *looked,
	struct fault *fault);

/* 0 if a regular source still has the size, the mtime and the ctime it was opened
   with, or has only lost a name; -1 with a fault if it changed.  */
int
source_unchanged(const struct source *source, struct fault *fault);

/* Close if open.  */
void
source_close(struct source *source);

#endif
