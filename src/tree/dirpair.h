/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_DIRPAIR_H
#define MMCP_TREE_DIRPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* A directory that is being copied, open on both sides.  It lives as long as anybody uses
   it: the walk, the directories below, the batches of names that workers have.  Below the
   operand everything is found by descriptors and single names, so that depth has no limit
   and nobody can swap a component under us.  */
struct dirpair {
	struct dirpair *above;		/* NULL for an operand */
	unsigned depth;			/* directories above */
	int source;			/* open; -1 while put away */
	int dest;
	bool source_path_only;		/* it can't be read; open by O_PATH */
	bool dest_path_only;
	bool followed;			/* a symlink led here, in the source or the destination */
	struct stat source_st;		/* as it was when we came */
	struct stat dest_st;		/* before this run; or as we have made it */
	bool fresh;			/* we have made dest: what is in it is ours */
	bool planned;			/* in a dry run: dest would have been made, and is not
					   there */
	mode_t made;			/* its mode then; 0 if it was there before */
	bool inherits;			/* new files in dest get an ACL from it */
	bool borrowed;			/* not copied itself: operands are in it */
	unsigned uses;

	/* For an operand: its names for people, and what dest is relative to.  */
	const char *source_root;
	const char *dest_root;
	const char *dest_path;
	int dest_base;
	char name[];			/* else: its name in the one above; storage */
};

/* A directory called NAME in ABOVE, not open yet, used once; ABOVE is used once more.
   NULL with errno.  */
struct dirpair *
dirpair_new(struct dirpair *above, const char *name);

/* The directory of an operand: called SOURCE (its first SOURCE_LEN bytes) and DEST
   (likewise), DEST_PATH below BASE.  Its names are copies.  NULL with errno.  */
struct dirpair *
dirpair_new_root(const char *source, size_t source_len, const char *dest, size_t dest_len,
	const char *dest_path, int base);

void
dirpair_use(struct dirpair *dir);

/* One use less.  Whether that was the last one: then it is to be finished and freed.  */
bool
dirpair_unuse(struct dirpair *dir);

/* Close and free.  The one above, which has still to be unused, or NULL.  */
struct dirpair *
dirpair_free(struct dirpair *dir);

/* Close both sides for now.  */
void
dirpair_put_away(struct dirpair *dir);

/* Have both sides open, if it was put away.  BELOW is open and directly below, or NULL.
   0; or -1 with errno, also if what is found there is not what it was.  */
int
dirpair_take_out(struct dirpair *dir, const struct dirpair *below);

/* Have one side open by its whole path, if it was put away: where there are no
   descriptors for the directories above.  0, or -1 as above.  */
int
dirpair_take_source(struct dirpair *dir);

int
dirpair_take_dest(struct dirpair *dir);

/* How many descriptors directories hold now.  */
unsigned
dirpair_open_count(void);

/* Account for N more (or fewer) of them.  */
void
dirpair_count(int n);

/* The names for people of NAME in DIR, source and destination.  To be freed; NULL where
   there is no memory.  */
char *
dirpair_source_name(const struct dirpair *dir, const char *name);

/* The name for people of DIR's source itself; likewise.  */
char *
dirpair_own_source_name(const struct dirpair *dir);

char *
dirpair_dest_name(const struct dirpair *dir, const char *name);

/* The path of NAME's copy below the operand's directory (dest_base).  To be freed; NULL
   where there is no memory.  */
char *
dirpair_dest_path(const struct dirpair *dir, const char *name);

/* Of the names for people of what is below DIR in the source, the bytes before what its
   copy's path below the operands' directory begins with.  */
size_t
dirpair_base(const struct dirpair *dir);

/* The same of DIR itself.  */
size_t
dirpair_own_base(const struct dirpair *dir);

/* The operand that DIR is below, or is.  */
const struct dirpair *
dirpair_root(const struct dirpair *dir);

/* Whether ST is DIR's source, or one above it.  */
bool
dirpair_has_ancestor(const struct dirpair *dir, const struct stat *st);

#endif
