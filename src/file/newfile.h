/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_NEWFILE_H
#define MMCP_FILE_NEWFILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/hiddenname.h"
#include "base/pathpair.h"

/* Device and inode of the file that a worker has just created under its final name, in
   memory that outlives the worker.  If it dies, its parent removes exactly that file.
   Small files are not noted, since that takes an fstat for each; they are recognized by
   their content, and overwritten.  */

struct newfile {
	_Atomic uint64_t device;
	_Atomic uint64_t inode;		/* 0: no file, or not known yet */
	char hidden[HIDDENNAME_SIZE];	/* of a link that is to replace an old one */
	_Atomic bool is_hidden;		/* it may be there */
};

/* In a worker: note in FILE what is created from now on.  */
void
newfile_share(struct newfile *file);

/* Nothing has been created for the next file yet.  */
void
newfile_begin(void);

/* The open file FD was just created.  Does nothing in the parent.  */
void
newfile_note(int fd);

/* The same for a file with status ST that is about to get its name.  */
void
newfile_note_status(const struct stat *st);

/* A link is about to be made under the name HIDDEN; NULL: it isn't there any more.  */
void
newfile_hide(const char *hidden);

/* Remove such a link, in the directory that NAME in DIR is in.  */
void
newfile_remove_hidden(struct newfile *file, int dir, const char *name);

/* Return whether a file is noted.  */
bool
newfile_is_known(const struct newfile *file);

/* Remove NAME from directory DIR if it is the noted FILE.  Return 0, or -1 with errno, as
   remove_ours.  */
int
newfile_remove(const struct newfile *file, int dir, const char *name);

/* Return whether PAIR's destination has only the beginning, 64 KiB at most, of its
   source. Then no byte is lost if it is removed, whoever created it.  */
bool
newfile_is_beginning(const struct pathpair *pair);

#endif
