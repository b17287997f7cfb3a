/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_SELECTION_H
#define MMCP_TREE_SELECTION_H

#include <stdbool.h>

#include "tree/dirpair.h"
#include "tree/walkstate.h"

/* Which names the patterns of --exclude and --include leave out.  */

/* Return true if NAME in DIR, whose source is open, is left out.  TYPE is DT_..., if the
   file system reports it.  */
bool
selection_omits(const struct walk *walk, const struct dirpair *dir, const char *name,
	unsigned char type);

/* Return true if operand PAIR is left out: by its name, since it has no path below a
   source; one from a list also by the directories in its path.  */
bool
selection_omits_operand(const struct walk *walk, const struct pathpair *pair);

/* The same without counting and reporting it: return true if POLICY leaves out operand
   PAIR; or PATH, below the operand ROOT, which is a directory if IS_DIR.  */
bool
selection_excludes_operand(const struct tree_policy *policy, const struct pathpair *pair);

bool
selection_excludes(const struct tree_policy *policy, const char *path, const char *root,
	bool is_dir);

#endif
