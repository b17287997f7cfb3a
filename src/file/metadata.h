/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_METADATA_H
#define MMCP_FILE_METADATA_H

#include <stdbool.h>
#include <sys/stat.h>

#include "file/context.h"
#include "file/openfile.h"

/* What a file has besides its bytes: owner, extended attributes, ACL, mode and times.
   metadata_read reads it from a source; finish_file (finish.h) gives it to the copy, by
   owner.h, xattr.h, posixacl.h and mode.h.  */

struct metadata_policy {
	bool owner;
	bool mode;		/* with the ACL */
	bool times;
	bool attributes;	/* extended attributes */
	/* What happens if an attribute can't be kept; if none is set, it is reported
	   unless that was to be expected.  */
	bool attributes_needed;		/* the copy fails */
	bool attributes_reported;	/* it is reported */
	bool attributes_quiet;		/* it is ignored */
	bool default_mode;	/* as if the user had created it: not the source's */
	mode_t umask;
	struct context_policy context;
};

/* What a source has.  */
struct metadata {
	struct openfile file;
	struct stat st;
	bool acl;		/* has more than the permission bits say */
	bool attributes;	/* has extended attributes besides */
};

/* A file, directory, symlink or special file that was made, or that existed and was
   overwritten.  */
struct metadata_target {
	struct openfile file;
	const struct stat *old;	/* its status before this run; NULL: we have made it */
	const struct stat *made;	/* its status when made; NULL: unknown */
	mode_t made_mode;	/* a directory's mode when we had made it, else 0 */
	bool inherits;		/* may have an ACL from its directory, or of its own */
};

/* Read what SOURCE, of status ST, has of what POLICY keeps.  */
struct metadata
metadata_read(const struct metadata_policy *policy, const struct openfile *source,
	const struct stat *st);

/* Return the file that META was read from, as the source of a context.  */
struct context_source
metadata_context_source(const struct metadata *meta);

#endif
