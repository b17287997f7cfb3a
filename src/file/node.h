/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_NODE_H
#define MMCP_FILE_NODE_H

#include <stdbool.h>
#include <sys/types.h>

/* What is made by one call: names without bytes.  Nothing here speaks.  */

/* What becomes of what has the name already.  */
enum node_replace {
	NODE_NEW,		/* it stays, and that is EEXIST */
	NODE_REPLACE,		/* it is replaced, by a rename */
	NODE_REMOVE		/* the same; but it goes first where there is no room for both */
};

/* Whether NAME in directory AT can't be removed, as far as that is known before.  errno
   is then what unlink would have.  */
bool
node_stays(int at, const char *name);

/* Make NAME in directory AT a symlink to TARGET.  0, or -1 with errno.  */
int
node_symlink(const char *target, int at, const char *name, enum node_replace how);

/* Make NAME in directory AT a second name of FROM (a symlink itself, or with FOLLOW
   what it leads to) in directory FROM_AT.  0; 1 if something was replaced; or -1 with
   errno.  */
int
node_link(int from_at, const char *from, bool follow, int at, const char *name,
	enum node_replace how);

/* Have the content of NAME in directory AT (itself, or with FOLLOW what it leads to) on
   its device, if it is a regular file that can be read.  0, or -1 with errno.  */
int
node_flush(int at, const char *name, bool follow);

/* Make NAME in directory AT a FIFO, socket or device of type and permissions MODE (less
   the umask).  0, or -1 with errno.  */
int
node_special(int at, const char *name, mode_t mode, dev_t device, enum node_replace how);

/* Open NAME in directory AT by O_PATH, itself or with FOLLOW what it leads to, if it
   has the type of MODE.  A descriptor, or -1 with errno.  */
int
node_open(int at, const char *name, bool follow, mode_t mode);

/* What symlink NAME in directory AT says.  To be freed; NULL with errno.  */
char *
node_read_symlink(int at, const char *name);

#endif
