/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_LATER_H
#define MMCP_TREE_LATER_H

#include <stddef.h>

#include "tree/walkstate.h"

/* Directories that several walkers had: they are finished when everything is copied,
   those below first.  */
struct later {
	struct later_directory {
		unsigned depth;
		char *packed;
	} *directory;
	size_t count, size;
};

/* Note the directory that dirpair_pack wrote to PACKED, LEN bytes.  Without memory, that
   is reported.  */
void
later_add(struct later *later, const void *packed, size_t len);

/* Finish all directories.  */
void
later_finish(struct later *later, struct walk *walk);

/* Forget what is not finished.  */
void
later_free(struct later *later);

#endif
