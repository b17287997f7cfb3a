/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_CREATED_H
#define MMCP_FILE_CREATED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* Device and inode of the file that a worker has just created under its final name, in
   memory that outlives the worker.  If it dies, its parent removes exactly that file.
   Small files are not noted, because an fstat for each takes 6 % of a tree's time
   (doc/measurements.md#small-files); they are recognized by content, and overwritten.  */

struct created {
	_Atomic uint64_t device;
	_Atomic uint64_t inode;		/* 0: none, or it is not known yet */
};

/* In a worker: note in MADE what is made from now on.  */
void
created_share(struct created *made);

/* Nothing has been made for the next file yet.  */
void
created_begin(void);

/* The open file FD was just created.  Does nothing in the parent.  */
void
created_note(int fd);

/* Whether NAME in directory TO holds nothing but the beginning, 64 KiB at most, of what
   has that name in FROM (a symlink is followed there if FOLLOW).  Whoever made it loses
   no byte if the rest is written to it.  */
bool
created_is_beginning(int from, int to, const char *name, bool follow);

/* Whether ST is the file that MADE has.  */
static inline bool
created_is(const struct created *made, const struct stat *st)
{
	return made->inode != 0 && made->inode == st->st_ino
		&& made->device == st->st_dev;
}

#endif
