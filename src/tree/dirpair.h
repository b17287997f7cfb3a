/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_DIRPAIR_H
#define MMCP_TREE_DIRPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/arena.h"

/* A directory that is being copied, open in the source and in the destination.  It lies
   in a walker's arena, on top of those above it, where another walker finds it if that
   one dies.  Below an operand everything is opened by descriptor and single name, so
   paths may have any length, and nobody can lead us elsewhere by replacing a
   component.  */
struct dirpair {
	struct dirpair *above;	/* NULL for an operand */
	unsigned depth;		/* number of directories above */
	size_t packed;		/* as dirpair_packed_size */
	int source, dest;	/* descriptors; -1 while closed */
	bool source_path_only;	/* opened with O_PATH, because it can't be read */
	bool dest_path_only;
	bool followed;		/* a symlink led here, on either side */
	struct stat source_st;	/* when it was entered */
	struct stat dest_st;	/* before the copy, or when it was made */
	bool dest_is_new;	/* made by this run: it has no other entries */
	bool planned;		/* --dry-run would make dest, which doesn't exist */
	mode_t made;		/* the mode it was made with; 0 if it existed */
	bool inherits;		/* new files in dest get an ACL from it */
	bool led;		/* a symlink leads to it, or to a directory above */
	bool bare;		/* it is opened by O_PATH: its names have been read */

	/* For an operand: its names as displayed, and dest's path below dest_base.  */
	const char *source_root;
	const char *dest_root;
	const char *dest_path;
	int dest_base;
	char name[];		/* its name in ABOVE; for an operand, storage */
};

/* Make a directory called NAME in ABOVE, not open yet, on top of ARENA.  NULL with
   errno.  */
struct dirpair *
dirpair_new(struct arena *arena, struct dirpair *above, const char *name);

/* Make the directory of an operand: displayed as SOURCE and DEST, with path DEST_PATH
   below directory BASE.  The strings are copied.  NULL with errno.  */
struct dirpair *
dirpair_new_root(struct arena *arena, const char *source, const char *dest,
	const char *dest_path, int base);

/* Return the bytes that dirpair_pack needs for DIR.  */
size_t
dirpair_packed_size(const struct dirpair *dir);

/* Write DIR and the directories above it to TO, such that dirpair_unpack makes them again
   in another process or arena.  */
void
dirpair_pack(const struct dirpair *dir, char *to);

/* What is packed in PACKED is for another rank, or from there: translate all numbers of
   file systems by DEVICE; and BASE is what descriptor dest_base is there, or here.  */
void
dirpair_translate(char *packed, dev_t (*device)(dev_t), int base);

/* Make the directories again that were packed in FROM, all closed, on top of ARENA.
   Return the lowest; NULL with errno.  */
struct dirpair *
dirpair_unpack(struct arena *arena, const char *from);

/* This process has none of DIR's descriptors: another one had.  */
void
dirpair_forget_open(struct dirpair *dir);

/* Close both descriptors, to be opened again when needed.  */
void
dirpair_close(struct dirpair *dir);

/* Open both sides, if they are closed.  BELOW is open and directly below DIR, or NULL.
   Return 0; or -1 with errno: ESTALE if another directory is found there.  */
int
dirpair_reopen(struct dirpair *dir, const struct dirpair *below);

/* Open one side by its whole path, if it is closed: for where too few descriptors are
   available to hold the directories above.  Return 0, or -1 with errno as above.  */
int
dirpair_reopen_source(struct dirpair *dir);

int
dirpair_reopen_dest(struct dirpair *dir);

/* Return the number of descriptors that all directories hold.  */
unsigned
dirpair_open_count(void);

/* Add N, which may be negative, to that number.  */
void
dirpair_count(int n);

/* Return the name that is displayed for NAME in DIR, in the source or in the destination;
   for DIR itself; and the path of NAME's copy below the operand's dest_base.  The caller
   frees them; NULL with errno if memory is short.  */
char *
dirpair_source_name(const struct dirpair *dir, const char *name);

char *
dirpair_dest_name(const struct dirpair *dir, const char *name);

char *
dirpair_own_source_name(const struct dirpair *dir);

char *
dirpair_own_dest_name(const struct dirpair *dir);

char *
dirpair_dest_path(const struct dirpair *dir, const char *name);

/* Return how many bytes at the beginning of a displayed source name are not part of its
   copy's path below dest_base: for names in DIR, and for DIR itself.  */
size_t
dirpair_base(const struct dirpair *dir);

size_t
dirpair_own_base(const struct dirpair *dir);

/* Return the operand that DIR is, or is below.  */
const struct dirpair *
dirpair_root(const struct dirpair *dir);

/* Return true if ST is the source of DIR or of a directory above it.  */
bool
dirpair_has_ancestor(const struct dirpair *dir, const struct stat *st);

#endif
