/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_FS_H
#define MMCP_BASE_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Traits of file systems that decide how bytes are moved.  DEVICE is the file's device,
   or 0 if it isn't known; then the kernel is asked each time.  */

struct fs {
	bool trusted;		/* as fs_is_trusted */

	/* Cached data is written faster by read and write than by copy_file_range, which
	   copies it page by page.  */
	bool writes_well;

	/* Reserving blocks before they are written pays: it saves an allocation at each
	   page fault (ext4, xfs).  On tmpfs it costs, since every page is cleared first;
	   on copy-on-write file systems it guarantees nothing.  */
	bool reserves;

	bool takes_pages;	/* userfault.h can fill a mapped new file */

	/* Processes that fill one file wait for each other: one is as fast as two, with
	   half the processor time.  */
	bool serial;
};

/* Return the traits of FD's file system, by its type.  */
struct fs
fs_of(int fd, dev_t device);

/* A file system is trusted if it was measured to be safe there to overwrite a file
   without emptying it first, to create a file without a name, and to rely on errors of
   a mapping being reported.  On all others (FUSE, network, unknown) files are opened
   and written as cp does.  See doc/decisions/002-which-file-systems-are-trusted.md.  */
enum fs_trust {
	FS_UNKNOWN,
	FS_LAYERED,	/* overlay: depends on what is below, as an open file shows */
	FS_TRUSTED,	/* ext4, xfs, btrfs, tmpfs */
	FS_MAPPED	/* hugetlbfs: trusted, and written only by mappings */
};

/* Return the trust in the file system that PATH below AT is on.  Symlinks are followed;
   "." is AT itself, even if open by O_PATH.  */
enum fs_trust
fs_trust(int at, const char *path, dev_t device);

/* Return whether the file system of the regular file FD, open for writing, is trusted.
   An overlay is if the file system below it has extents.  */
bool
fs_is_trusted(int fd, dev_t device);

/* Return whether a file on FD's file system may share blocks with another one: false if
   no kernel supports that there (tmpfs, ext2 to ext4).  */
bool
fs_shares_blocks(int fd, dev_t device);

/* Return whether SEEK_DATA reports data of FD that has no blocks yet as a hole until it
   is synced: ext4 without extents (mkfs.ext4 -O ^extent; Linux 6.18).  */
bool
fs_hides_delayed(int fd, dev_t device);

/* Return whether a write that makes FD longer may allocate more than it writes, and the
   rest stays allocated if a hole follows (XFS).  */
bool
fs_allocates_ahead(int fd, dev_t device);

/* Return whether, on FD's file system, readers of a directory meet new names after the
   old ones or in gaps, and st_size grows with the names.  Then a reader can stop at
   st_size without missing an old name.  */
bool
fs_appends_names(int fd, dev_t device);

/* Return whether a directory on FD's file system has one inode number, also if it left
   memory in between.  False on unknown file systems.  */
bool
fs_keeps_inodes(int fd, dev_t device);

/* Return whether close(2) can report no error on FD's file system, so that a copy is
   whole before its file is closed.  False where close reaches a server or a daemon, and
   on unknown file systems.  */
bool
fs_closes_silently(int fd, dev_t device);

/* Return the resolution, in nanoseconds, of the times of NAME in directory AT: by its
   file system's type, and by ST, whose three times are whole seconds if nothing finer
   is kept.  */
long
fs_time_unit(int at, const char *name, const struct stat *st);

/* Return the size of a huge page in bytes if FD is on hugetlbfs, else 0.  errno is
   kept.  */
size_t
fs_huge_page(int fd, dev_t device);

#endif
