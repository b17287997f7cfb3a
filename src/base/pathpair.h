/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_PATHPAIR_H
#define MMCP_BASE_PATHPAIR_H

#include <stdbool.h>
#include <stddef.h>

/* The two paths of one copy, each as it is looked up and as messages have it.  The
   descriptors (or AT_FDCWD) and the strings belong to the code that made the pair, and
   outlive it.  */
struct pathpair {
	int source_at;		/* directory that source is relative to */
	const char *source;
	const char *source_name;	/* in messages */
	size_t lead;		/* with --parents: bytes of source_name before the
				   part that becomes the path below dest_at */
	bool follow;		/* if source is a symlink, its target is copied */
	int dest_at;
	const char *dest;
	const char *dest_name;
};

#endif
