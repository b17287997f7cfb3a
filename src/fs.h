/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FS_H
#define MMCP_FS_H

#include <stdbool.h>
#include <sys/stat.h>

/* What a file system and its device are fit for, as far as it matters how bytes are
   moved.  */

/* Whether files on FD's file system are better not written through mappings, or read
   so: the server's or the daemon's pages are not ours, or a store costs more than a
   write.  */
bool
fs_shuns_mapping(int fd);

/* Whether bytes that are in memory go into a file on FD's file system faster by read and write
   than by copy_file_range, which takes them page by page.  */
bool
fs_writes_well(int fd);

/* Whether to reserve blocks of FD before they are written: a gain where it saves an
   allocation at each page fault (ext4, xfs), a loss on tmpfs, where it zeroes every page
   first, and no promise on file systems that write elsewhere each time.  */
bool
fs_reserves(int fd);

/* Whether a write to FD that makes it longer may allocate more than it writes, which
   stays where a hole is left behind it (XFS).  */
bool
fs_allocates_ahead(int fd);

/* The unit, in nanoseconds, that times of NAME in directory AT are kept in: by its file
   system's type, and by ST, which has a whole second three times where there is no
   more.  */
long
fs_time_unit(int at, const char *name, const struct stat *st);

/* Whether block device DEVICE, or the disk that it is a part of, says that it rotates.
   Looked up below ROOT ("/sys/dev/block").  False where nobody can tell.  */
bool
fs_rotates(dev_t device, const char *root);

#endif
