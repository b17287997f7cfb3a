/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_ENDS_H
#define MMCP_ENGINE_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* The two ends of a transfer: open files, as plain data.  file/source.h and file/dest.h
   open and close them.  */

struct source {
	int fd;			/* -1 while not open */
	struct stat st;		/* as it was when opened */
};

enum dest_form {
	DEST_NOT_OPEN,
	DEST_NAMELESS,		/* new and large: O_TMPFILE */
	DEST_HIDDEN,		/* new and large, where there is no O_TMPFILE */
	DEST_NEW,		/* new and small: its own name from the start */
	DEST_IN_PLACE,		/* a regular file that was there: same inode */
	DEST_SPECIAL		/* pipe, terminal, device */
};

struct dest_file {
	int fd;			/* -1 while not open */
	enum dest_form form;
	struct stat st;		/* of what existed before */
	dev_t device;		/* where it is; 0: not known */
	size_t huge_page;	/* bytes, where on hugetlbfs and known to be; else 0 */
	bool readable;		/* open for reading too, as a mapping wants */
	int also;		/* the same file, opened once more with O_DIRECT; or -1 */
	bool touched;		/* in place: the old content is no longer what it was */
	bool emptied;		/* in place: it was empty before anything was written */
	off_t whole;		/* bytes at its start that are the source's */
};

#define DEST_FILE_CLOSED ((struct dest_file) { .fd = -1, .also = -1 })

#endif
