/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_METADATA_H
#define MMCP_FILE_METADATA_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/error.h"
#include "file/context.h"
#include "file/openfile.h"

/* Owner, extended attributes, ACL, mode and times: read from a source, and given to its
   copy in that order.  */

struct metadata_policy {
	bool owner;
	bool mode;		/* with the ACL */
	bool times;
	bool attributes;	/* extended ones */
	bool attributes_needed;	/* asked for by name: what can't be kept is an error */
	bool attributes_told;	/* what can't be kept is told, but no error */
	bool attributes_quiet;	/* else: it isn't even told */
	bool default_mode;	/* as if the user had created it: not the source's */
	mode_t umask;
	struct context_policy context;
};

/* What a source is besides its bytes.  */
struct metadata {
	struct openfile file;
	struct stat st;
	bool acl;		/* has more than the permission bits say */
	bool attributes;	/* has extended attributes besides */
};

/* What it is given to.  */
struct metadata_target {
	struct openfile file;
	const struct stat *old;	/* what it was before this run; NULL: we have made it */
	const struct stat *made;	/* then, as it was made; NULL: not known */
	bool inherits;		/* may have an ACL from its directory, or of its own */
};

/* See what SOURCE, of status ST, has that POLICY wants kept.  */
struct metadata
metadata_read(const struct metadata_policy *policy, const struct openfile *source,
	const struct stat *st);

/* The permission bits to create a regular file with (before the umask): the final ones
   where the umask alone decides them, and else not more than its owner needs until
   metadata_apply has given it the others.  */
mode_t
metadata_first_mode(const struct metadata_policy *policy, const struct metadata *meta);

/* The same for a directory, which its owner has to fill: never less than 0700.  */
mode_t
metadata_first_directory_mode(const struct metadata_policy *policy, mode_t mode);

/* Give TARGET, of the source's type, what POLICY wants of META.  For a directory MADE
   is the mode it had when we had made it (else 0), and the bits that were added or held
   back meanwhile are put right.  What can't be kept is noted in REMARKS.  */
void
metadata_apply(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, mode_t made, struct remarks *remarks);

/* Whether directory FD gives what is made in it an ACL.  */
bool
metadata_bequeaths(int fd);

/* Return the file that META was read from, as the source of a context.  */
struct context_source
metadata_context_source(const struct metadata *meta);

/* Give the open file TO the owner, group, attributes, ACL and mode of the open file
   FROM, as far as overwriting FROM would have left them to it: file capabilities go, and
   set-ID bits go unless we are privileged.  0, or -1 with an error if anything can't be
   kept.  */
int
metadata_adopt(int to, int from, struct error *error);

#endif
