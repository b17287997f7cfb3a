/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_FS_H
#define MMCP_BASE_FS_H

#include <stdbool.h>
#include <sys/stat.h>

/* What a file system and its device are fit for, as far as it matters how bytes are
   moved.  DEVICE is where the file is, or 0 if that isn't known; then the kernel is
   asked each time.  */

struct fs {
	bool trusted;		/* as fs_is_trusted */
	bool writes_well;	/* what is in memory goes into a file faster by read and write
				   than by copy_file_range, which takes it page by page */
	bool reserves;		/* to reserve blocks before they are written is a gain: it saves
				   an allocation at each page fault (ext4, xfs).  On tmpfs it is a
				   loss, since it zeroes every page first, and no promise on file
				   systems that write elsewhere each time */
	bool takes_pages;	/* a mapped new file can be supplied with pages (userfault.h) */
	bool serial;		/* two processes that fill a file wait for each other: one is as
				   fast, at half the processor time */
};

/* What FD's file system is fit for, by its type.  */
struct fs
fs_of(int fd, dev_t device);

/* Trusted is what was measured to be safe: to overwrite a file without emptying it
   first, to make a new one without a name, and to have errors of a mapping reported.
   Everywhere else (FUSE, network, unknown) files are opened and written as cp does.  */
enum fs_trust {
	FS_UNKNOWN,
	FS_LAYERED,	/* overlay: as what it lies on, which only an open file tells */
	FS_TRUSTED,	/* ext4, xfs, btrfs, tmpfs */
	FS_MAPPED	/* so is hugetlbfs, which can be written only by mappings */
};

/* What PATH below AT is on, symlinks followed; "." is AT itself, even if open by
   O_PATH.  */
enum fs_trust
fs_trust(int at, const char *path, dev_t device);

/* Whether the file system of the regular file FD, open for writing, is trusted; an
   overlay above one that has extents is.  */
bool
fs_is_trusted(int fd, dev_t device);

/* Whether a file of FD's file system may come to share blocks with another one: false
   where no kernel can do that (tmpfs, ext4 and what was before it).  */
bool
fs_shares_blocks(int fd, dev_t device);

/* Whether SEEK_DATA takes data of FD, on DEVICE, that have no blocks yet for a hole,
   until they are synced: ext4 without extents (mkfs.ext4 -O ^extent; 6.18).  */
bool
fs_hides_delayed(int fd, dev_t device);

/* Whether a write to FD that makes it longer may allocate more than it writes, which
   stays where a hole is left behind it (XFS).  */
bool
fs_allocates_ahead(int fd, dev_t device);

/* Return whether, on FD's file system, new names of a directory are read after the old
   ones or fill gaps, and st_size grows with the names.  Old names can't be missed
   there.  */
bool
fs_appends_names(int fd, dev_t device);

/* Whether close(2) of a file of FD's file system has nothing to say, so that it need
   not be asked before the copy counts as whole.  False where a server or a daemon hears
   of it, and where nothing is known.  */
bool
fs_closes_silently(int fd, dev_t device);

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
