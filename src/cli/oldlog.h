/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_OLDLOG_H
#define MMCP_CLI_OLDLOG_H

/* What stands under the name of a log before it is opened.  */
enum oldlog {
	OLDLOG_NOTHING,
	OLDLOG_OURS,		/* its first line is one of ours */
	OLDLOG_TEXT,		/* something else, or a pipe or terminal */
	OLDLOG_BINARY		/* its beginning holds a NUL: a disk, an image */
};

/* Look at the first 4 KiB of the file NAME.  What can't be read is taken for text.  */
enum oldlog
oldlog_look(const char *name);

#endif
