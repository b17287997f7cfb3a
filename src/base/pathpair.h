/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_JOB_H
#define MMCP_FILE_JOB_H

#include <stdbool.h>
#include <stddef.h>

/* One thing to copy: where it is looked up, and what it is called when we speak
   of it.  The descriptors (or AT_FDCWD) and the strings belong to whoever made
   the job and outlive it.  */
struct job {
	int source_at;			/* directory that source is relative to */
	const char *source;
	const char *source_name;	/* as the user knows it */
	size_t lead;			/* with --parents: bytes of source_name before what the
					   copy is called below dest_at */
	bool follow;			/* a symlink as source stands for what it leads to */
	int dest_at;
	const char *dest;
	const char *dest_name;
};

#endif
