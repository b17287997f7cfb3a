/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_NEWFILE_H
#define MMCP_FILE_NEWFILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* Device and inode of the file that a worker has just created under its final name, in
   memory that outlives the worker.  If it dies, its parent removes exactly that file.
   Small files are not noted, because an fstat for each takes 6 % of a tree's time
   (doc/measurements.md#small-files); they are recognized by content, and overwritten.  */

struct newfile {
	_Atomic uint64_t device;
	_Atomic uint64_t inode;		/* 0: none, or it is not known yet */
};

/* In a worker: note in MADE what is made from now on.  */
void
newfile_share(struct newfile *made);

/* Nothing has been made for the next file yet.  */
void
newfile_begin(void);

/* The open file FD was just created.  Does nothing in the parent.  */
void
newfile_note(int fd);

/* Whether NAME in directory TO holds nothing but the beginning, 64 KiB at most, of what
   has that name in FROM (a symlink is followed there if FOLLOW).  Whoever made it loses
   no byte if the rest is written to it.  */
bool
newfile_is_beginning(int from, int to, const char *name, bool follow);

/* Whether ST is the file that MADE has.  */
static inline bool
newfile_is(const struct newfile *made, const struct stat *st)
{
	return made->inode != 0 && made->inode == st->st_ino
		&& made->device == st->st_dev;
}

#endif
