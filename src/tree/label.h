/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_LABEL_H
#define MMCP_TREE_LABEL_H

#include <stdbool.h>

#include "base/pathpair.h"
#include "file/context.h"
#include "tree/session.h"

/* SELinux contexts of copies that have no bytes: directories, links, special files.  Each
   function returns 0, also where no context is wanted; or -1 if there must be no copy.
   What goes wrong is reported here.  */

/* Have the next file that is made labelled as a copy of SOURCE, called PAIR->dest below
   PAIR->dest_at.  IS_NEW: nothing stands under that name.  */
int
label_next(const struct session *session, const struct pathpair *pair,
	const struct context_source *source, bool is_new);

/* Label the existing file FD, opened with O_PATH if PATH_ONLY, as a copy of SOURCE.  */
int
label_existing(const struct session *session, const struct pathpair *pair,
	const struct context_source *source, int fd, bool path_only);

/* Label the directory DEST, or if it is -1 the one that is made next, as a copy of
   SOURCE.  */
int
label_directory(const struct session *session, const struct pathpair *pair,
	const struct context_source *source, int dest, bool path_only);

#endif
