/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_NAMELIST_H
#define MMCP_BASE_NAMELIST_H

#include <stdbool.h>
#include <stddef.h>

/* The names, or patterns, in a file, each ended by one byte, which the last one may
   lack.  */
struct namelist {
	const char **item;
	size_t count;
	char *text;		/* the file's content; items point into it */
	bool has_nul;		/* it has a NUL */
};

#define NAMELIST_NONE ((struct namelist) { .item = NULL })

/* Read FILE ("-": standard input), in which END follows each name.  Return 0, or -1 with
   errno.  The caller frees NAMES by namelist_free.  */
int
namelist_read(struct namelist *names, const char *file, char end);

/* Free the names and their text.  */
void
namelist_free(struct namelist *names);

/* In a list of sources, "/./" marks where the copy's path below the directory begins.
   Return the part of NAME after it, or NULL if NAME has no such mark.  */
const char *
namelist_marked(const char *name);

/* Return whether that path has a component "..".  */
bool
namelist_lead_out(const char *name);

#endif
