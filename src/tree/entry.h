/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_ENTRY_H
#define MMCP_TREE_ENTRY_H

#include <stdbool.h>
#include <sys/stat.h>

#include "file/copy.h"
#include "base/pathpair.h"
#include "report/failures.h"
#include "tree/dirpair.h"
#include "tree/linktable.h"
#include "tree/seen.h"

/* One name: what is to be done with it, by cp's rules.  What is made by one call is made
   here; directories and contents are for the caller.  This speaks, and so it is for the
   parent only.  */

/* Which symbolic links are followed: -P, -H, -L.  */
enum dereference { DEREFERENCE_NEVER, DEREFERENCE_OPERANDS, DEREFERENCE_ALWAYS };

/* What becomes of a file that exists.  */
enum update {
	UPDATE_ALL,		/* it is replaced */
	UPDATE_OLDER,		/* if it is older than the source */
	UPDATE_CHANGED,		/* if its size or its time is not the source's */
	UPDATE_NONE,		/* it stays */
	UPDATE_NONE_FAIL	/* and that is an error */
};

struct entry_policy {
	bool recursive;
	enum dereference dereference;
	bool copy_contents;	/* pipes and devices are read like files */
	bool link;		/* -l */
	bool symbolic_link;	/* -s */
	bool preserve_links;	/* names of one source become names of one copy */
	bool keep_directory_symlink;
	enum update update;
	bool interactive;	/* whether to replace what exists */
	bool remove_destination;	/* remove what exists before opening it */
	bool verbose;
	bool debug;
	bool dry_run;		/* say what would be done, and change nothing */
};

/* What one run knows.  */
struct run {
	const struct entry_policy *policy;
	const struct copy_policy *copy;
	struct seen *sources;	/* operands, to be copied once; NULL: there is but one */
	struct seen *created;	/* and what they made; NULL likewise */
	struct seen *linked;	/* and what became links to copies; NULL likewise */
	struct linktable *links;
};

struct entry {
	char *path;		/* where pair.dest is, if it is to be freed */
	struct pathpair pair;
	const struct dirpair *dir;	/* in which it was met; NULL for an operand */
	bool known;		/* an operand that was met before, and came back */
	bool fresh;		/* nothing can stand under the destination's name */
	struct stat source;
	bool exists;
	bool dest_is_link;	/* a symlink stands there, and DEST is what it leads to */
	struct stat dest;
	bool remove_destination;	/* what stands there, before the content comes */
	bool backup;		/* or gets another name, and then nothing stands there */
	bool stays;		/* it is not older than the source, and that is why it stays */
	bool made;		/* it was made here, by one call, and is no link to a copy */
	bool lacks;		/* it was made, without all that it was to keep, and failed so */
	bool linked;		/* it was made a link to the copy of another name */
	bool announced;
	struct link *link;	/* what other names of the source, or this one, will be links to */
};

enum entry_next {
	ENTRY_DONE,		/* or nothing to do */
	ENTRY_FAILED,		/* and it was said */
	ENTRY_DIRECTORY,	/* to be entered */
	ENTRY_CONTENT,		/* bytes to be copied */
	ENTRY_LATER		/* a link to a copy that a worker still has */
};

/* Look at ENTRY, of which pair, dir and fresh are set; decide; and do it if it is
   small.  */
enum entry_next
entry_do(struct run *run, struct entry *entry);

/* The operand that ENTRY is, or is below: its names for people, and what its copy is
   called below directory BASE.  All of it belongs to others.  */
struct operand {
	const char *source_name;
	const char *dest_name;
	const char *dest_path;
	int base;
};

struct operand
entry_operand(const struct entry *entry);

/* The path that ENTRY's copy has below the operand's base.  To be freed; NULL where
   there is no memory.  */
char *
entry_dest_path(const struct entry *entry);

/* Say that ENTRY is being copied, if that is wanted and was not said; and what stood
   there is called BACKUP now, if that isn't NULL.  */
void
entry_announce(const struct run *run, struct entry *entry, const char *backup);

/* Rename what stands in ENTRY's way, which is to be backed up.  0, with the path of the
   backup in *BACKUP, to be freed by entry_settle_backup, or NULL where nothing is to be
   renamed; or -1 and it was said.  */
int
entry_back_up(const struct run *run, const struct entry *entry, char **backup);

/* In a dry run, say what would become of ENTRY, which has content.  0, or -1 and it was
   said why nothing would.  */
int
entry_plan_content(struct run *run, struct entry *entry);

/* The source that ENTRY is, for what is told of failures.  */
struct subject
entry_subject(const struct entry *entry);

/* What took the place of BACKUP is there; or it isn't, and then BACKUP is renamed
   back.  */
void
entry_settle_backup(const struct run *run, const struct entry *entry, char *backup,
	bool there);

/* Whether it is from the command line.  */
bool
entry_is_operand(const struct entry *entry);

/* Whether a symlink as source is copied as such.  */
bool
entry_as_is(const struct run *run, const struct entry *entry);

/* An operand's destination is there: remember it, so that no other operand takes its
   place, or, if it is a link to a copy, goes through it.  0, or -1 and it was said.  */
int
entry_remember(struct run *run, const struct entry *entry);

/* Whether what is made anew for ENTRY may have an ACL from its directory.  */
bool
entry_inherits(const struct run *run, const struct entry *entry);

/* What ENTRY's content is copied by.  It points into ENTRY.  */
struct copy_order
entry_order(const struct run *run, const struct entry *entry);

#endif
