/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_NAMELIST_H
#define MMCP_BASE_NAMELIST_H

#include <stdbool.h>
#include <stddef.h>

/* A file of names, or patterns, each with one byte behind it, which the last one may
   lack.  */
struct namelist {
	const char **item;
	size_t count;
	char *text;		/* what they are in */
};

#define NAMES_NONE ((struct namelist) { .item = NULL })

/* Read FILE ("-": standard input), in which END is behind each.  0, or -1 with errno.  */
int
namelist_read(struct namelist *names, const char *file, char end);

void
namelist_free(struct namelist *names);

/* In a list of sources, "/./" stands before what a copy's path below the directory is
   to be.  Where that begins in NAME; or NULL, if NAME hasn't it.  */
const char *
namelist_marked(const char *name);

/* Whether that path goes up somewhere.  */
bool
namelist_lead_out(const char *name);

#endif
