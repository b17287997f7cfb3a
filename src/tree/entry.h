/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_ENTRY_H
#define MMCP_TREE_ENTRY_H

#include <stdbool.h>
#include <sys/stat.h>

#include "file/copy.h"
#include "base/pathpair.h"
#include "report/failures.h"
#include "tree/dirpair.h"
#include "tree/session.h"

/* One name of a tree or of the command line: what stands under it in the source and in
   the destination, and what becomes of it.  visit.c fills it in.  */
struct entry {
	/* Set by the caller of visit_entry.  */
	struct pathpair pair;
	char *path;		/* storage of pair.dest, to be freed; or NULL */
	const struct dirpair *dir;	/* the directory it is in; NULL for an operand */
	bool revisited;		/* an operand that is visited for the second time */
	bool visited_again;	/* since something changed after the first visit */
	bool dest_is_free;	/* the destination's name is known to be unused */
	bool led;		/* if it is a directory, a symlink leads to it */
	bool redone;		/* a worker died while it overwrote what stands there */

	/* What was found.  */
	struct stat source;
	bool exists;		/* something stands under the destination's name */
	bool dest_is_link;	/* a symlink, and DEST is what it leads to */
	struct stat dest;	/* valid if EXISTS */

	/* What was decided.  */
	bool remove_destination;	/* what stands there is removed before the copy */
	bool backup;		/* or renamed, and then EXISTS is false */
	bool dest_stays;	/* it is kept, because of --update */
	off_t same;		/* bytes at its start that are the source's, of one
				   that isn't kept */
	struct link *link;	/* the copy that other names of the source share */

	/* What was done.  */
	bool made;		/* made by one system call, and no link to a copy */
	bool incomplete;	/* made, but some of its metadata could not be set */
	bool linked;		/* made a link to the copy of another name */
	bool announced;		/* reported for --verbose */
};

/* What remains to be done for an entry.  */
enum entry_next {
	ENTRY_DONE,		/* nothing */
	ENTRY_FAILED,		/* nothing; the error was reported */
	ENTRY_DIRECTORY,	/* enter this directory */
	ENTRY_CONTENT,		/* copy the bytes */
	ENTRY_WAIT,		/* visit it again when entry->link has been copied */
	ENTRY_AGAIN		/* visit it again when no copy is held any more */
};

/* The operand that an entry is, or is below: its names as displayed, and the path of its
   copy below directory BASE.  The strings belong to the entry and its directories.  */
struct operand {
	const char *source_name;
	const char *dest_name;
	const char *dest_path;
	int base;
};

struct operand
entry_operand(const struct entry *entry);

/* Return the path of ENTRY's copy below the operand's base.  The caller frees it; NULL
   with errno if memory is short.  */
char *
entry_dest_path(const struct entry *entry);

/* Return the name to display for PATH, another copy below the operand's base: as ENTRY's
   own is displayed.  The caller frees it; NULL with errno if memory is short.  */
char *
entry_display_name(const struct entry *entry, const char *path);

/* With --verbose, report once that ENTRY is copied.  BACKUP is the new name of what stood
   there, or NULL.  */
void
entry_announce(const struct session *session, struct entry *entry, const char *backup);

/* Count ENTRY, if something is to be replaced by its copy.  */
void
entry_count_replaced(const struct entry *entry);

/* Return ENTRY's source as the list of failures wants it.  It points into ENTRY.  */
struct subject
entry_subject(const struct entry *entry);

/* Return true if ENTRY was named on the command line or in a list.  */
bool
entry_is_operand(const struct entry *entry);

/* Return true if a symlink as ENTRY's source is copied as a symlink.  */
bool
entry_keeps_symlink(const struct session *session, const struct entry *entry);

/* Remember ENTRY's destination, if it is an operand, so that no later operand replaces it
   or, if it is a link to a copy, writes through it.  Return 0; or -1 if memory is short,
   which is reported.  */
int
entry_remember(struct session *session, const struct entry *entry);

/* Return true if a new file for ENTRY may inherit an ACL from its directory.  */
bool
entry_inherits(const struct session *session, const struct entry *entry);

/* Return the order to copy ENTRY's content.  It points into ENTRY.  */
struct copy_order
entry_order(const struct session *session, const struct entry *entry);

#endif
