/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_NODE_H
#define MMCP_FILE_NODE_H

#include <stdbool.h>
#include <sys/types.h>

/* What is made by one call, and has no bytes: symlinks, hard links, FIFOs, sockets and
   devices.  */

/* What happens to an old file that has the name.  */
enum node_replace {
	NODE_NEW,		/* nothing: it is an error, EEXIST */
	NODE_REPLACE,		/* it is replaced, by a rename */
	NODE_REMOVE		/* the same; without room for both, it is removed first */
};

/* Return whether NAME in directory AT can't be removed, as far as that is known before.
   Then errno is what unlink would set.  */
bool
node_is_undeletable(int at, const char *name);

/* Make NAME in directory AT a symlink to TARGET.  Return 0, or -1 with errno.  */
int
node_symlink(const char *target, int at, const char *name, enum node_replace how);

/* Make NAME in directory AT another name of FROM in directory FROM_AT; if that is a
   symlink, of the symlink itself or, with FOLLOW, of its target.  Return 0; 1 if an old
   file was replaced; or -1 with errno.  */
int
node_link(int from_at, const char *from, bool follow, int at, const char *name,
	enum node_replace how);

/* Sync NAME in directory AT if it is a regular file that can be read; if it is a symlink,
   with FOLLOW its target.  Return 0, or -1 with errno.  */
int
node_flush(int at, const char *name, bool follow);

/* Make NAME in directory AT a FIFO, socket or device of type and permissions MODE (less
   the umask).  Return 0, or -1 with errno.  */
int
node_special(int at, const char *name, mode_t mode, dev_t device, enum node_replace how);

/* Open NAME in directory AT by O_PATH, if it has the type of MODE; if it is a symlink,
   with FOLLOW its target.  Return a descriptor, or -1 with errno, which is ESTALE if it
   has another type.  */
int
node_open(int at, const char *name, bool follow, mode_t mode);

/* Return the target of symlink NAME in directory AT.  The caller frees it; NULL with
   errno.  */
char *
node_read_symlink(int at, const char *name);

#endif
