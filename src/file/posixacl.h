/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_POSIXACL_H
#define MMCP_FILE_POSIXACL_H

#include <stdbool.h>
#include <sys/types.h>

#include "file/openfile.h"

/* POSIX access control lists.  libacl knows where each file system keeps them; for files
   that are open by O_PATH, which it has no calls for, they are attributes.  */

/* Return whether attribute NAME is an ACL.  */
bool
posixacl_is_attribute(const char *name);

/* Return whether errno ERR means that a file system has no ACLs, by cp's rules.  */
bool
posixacl_is_unsupported(int err);

/* Return whether directory FD gives an ACL to what is made in it.  */
bool
posixacl_is_inherited(int fd);

enum posixacl_result {
	POSIXACL_GIVEN,		/* or none is needed */
	POSIXACL_REFUSED,	/* errno is set */
	POSIXACL_UNREAD		/* the source's can't be read; errno is set */
};

/* A file whose ACL is given to a copy.  */
struct posixacl_source {
	const struct openfile *file;
	bool has_acl;
	mode_t mode;
};

/* Give TO the ACLs of SOURCE, or remove its own if SOURCE has none.  On a file system
   without ACLs, only one that says more than a mode is missed.  */
enum posixacl_result
posixacl_give(const struct posixacl_source *source, const struct openfile *to);

/* Remove the ACL that a new FILE may have from its directory.  Return 0, or -1 with
   errno.  */
int
posixacl_remove(const struct openfile *file);

/* Give the open file TO the ACL and the permissions MODE of the open file FROM.  Return
   0, or -1 with errno.  */
int
posixacl_copy(int to, int from, mode_t mode);

#endif
