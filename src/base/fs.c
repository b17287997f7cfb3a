/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fs.c: the types of file systems and their traits.  */
#include "config.h"

#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Types, as statfs(2) returns them.  */
enum {
	TMPFS = 0x01021994, BTRFS = (int) 0x9123683e, ZFS = 0x2fc12fc1, FUSE = 0x65735546,
	CIFS = (int) 0xff534d42, SMB = 0x517b, SMB2 = (int) 0xfe534d42,
	BCACHEFS = (int) 0xca451a4e, XFS = 0x58465342, EXT4 = 0xef53,
	OVERLAY = 0x794c7630,
	HUGETLBFS = (int) 0x958458f6, NFS = 0x6969, F2FS = (int) 0xf2f52010,
};

/* ---- types ---- */

/* A file system's type and block size, in bytes, as in statfs(2); zeros if unknown.  */
struct fs_type {
	unsigned type;
	size_t block;
};

/* As statfs(2) of PATH below AT; "." is AT itself, even if open by O_PATH.  */
static int
statfs_at(int at, const char *path, struct statfs *fs)
{
	if (at == AT_FDCWD || *path == '/')
		return statfs(path, fs);
	if (strcmp(path, ".") == 0)
		return fstatfs(at, fs);
	const int fd = openat(at, path, O_PATH | O_CLOEXEC);
	const int ret = fd < 0 ? -1 : fstatfs(fd, fs);

	if (fd >= 0)
		close(fd);
	return ret;
}

/* Return the type of the file system that PATH below AT is on, asked once for each DEVICE
   that is known.  errno is kept.  */
static struct fs_type
type_at(int at, const char *path, dev_t device)
{
	enum { KNOWN = 4 };
	static struct { dev_t device; struct fs_type type; } known[KNOWN];
	static unsigned next;
	const int saved = errno;
	struct statfs fs;

	for (unsigned i = 0; i < KNOWN && device != 0; i++)
		if (known[i].device == device)
			return known[i].type;
	const int ret = statfs_at(at, path, &fs);
	errno = saved;
	if (ret < 0)
		return (struct fs_type) { .type = 0 };
	const struct fs_type found = { (unsigned) fs.f_type, (size_t) fs.f_bsize };
	if (device != 0) {
		known[next].device = device;
		known[next].type = found;
		next = (next + 1) % KNOWN;
	}
	return found;
}

size_t
fs_huge_page(int fd, dev_t device)
{
	const struct fs_type type = type_at(fd, ".", device);

	return (int) type.type == HUGETLBFS ? type.block : 0;
}

/* ---- traits ---- */

/* Return the type of FD's file system, on DEVICE (0: not known), or 0.  */
static int
type_of(int fd, dev_t device)
{
	return (int) type_at(fd, ".", device).type;
}

static enum fs_trust
trust_of_type(int type)
{
	switch (type) {
	case EXT4: case XFS: case BTRFS: case TMPFS:
		return FS_TRUSTED;
	case HUGETLBFS:
		return FS_MAPPED;
	case OVERLAY:
		return FS_LAYERED;
	default:
		return FS_UNKNOWN;
	}
}

enum fs_trust
fs_trust(int at, const char *path, dev_t device)
{
	return trust_of_type((int) type_at(at, path, device).type);
}

bool
fs_is_trusted(int fd, dev_t device)
{
	struct fiemap map = { .fm_length = 1 };
	const enum fs_trust trust = trust_of_type(type_of(fd, device));

	/* FIEMAP works only on local file systems, and not on FUSE.  */
	return trust >= FS_TRUSTED
		|| (trust == FS_LAYERED && ioctl(fd, FS_IOC_FIEMAP, &map) == 0);
}

struct fs
fs_of(int fd, dev_t device)
{
	const int type = type_of(fd, device);

	return (struct fs) {
		.trusted = fs_is_trusted(fd, device),
		/* A write takes 67 ms and copy_file_range 83 (ext4, 256 MiB;
		   doc/measurements.md#one-process).  */
		.writes_well = type == EXT4 || type == XFS,
		.reserves = type != 0 && type != TMPFS && type != BTRFS
			&& type != BCACHEFS && type != ZFS,
		.takes_pages = type == TMPFS,
		/* Over an old file, one process is 6.3 times as fast as cp, two 5.1
		   (doc/measurements.md#btrfs).  */
		.serial = type == BTRFS,
	};
}

bool
fs_shares_blocks(int fd, dev_t device)
{
	const int type = type_of(fd, device);

	return type != TMPFS && type != EXT4;
}

bool
fs_hides_delayed(int fd, dev_t device)
{
	int flags;

	return type_of(fd, device) == EXT4 && ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0
		&& (flags & (FS_EXTENT_FL | FS_INLINE_DATA_FL)) == 0;
}

bool
fs_allocates_ahead(int fd, dev_t device)
{
	return type_of(fd, device) == XFS;
}

bool
fs_appends_names(int fd, dev_t device)
{
	const int type = type_of(fd, device);

	/* ext4 sorts by hashes; st_size on overlay is that of one layer.  */
	return type == XFS || type == BTRFS || type == TMPFS;
}

bool
fs_keeps_inodes(int fd, dev_t device)
{
	/* FAT and exFAT count, FUSE is up to the daemon, CIFS may count; an overlay does
	   if its layers are on several file systems (overlayfs.rst, Linux 6.18).  */
	switch (type_of(fd, device)) {
	case EXT4: case XFS: case BTRFS: case TMPFS: case HUGETLBFS: case ZFS:
	case BCACHEFS: case F2FS: case NFS:
		return true;
	default:
		return false;
	}
}

bool
fs_closes_silently(int fd, dev_t device)
{
	switch (type_of(fd, device)) {
	case TMPFS: case EXT4: case XFS: case BTRFS:	/* have no flush operation */
		return true;
	default:
		return false;
	}
}

long
fs_time_unit(int at, const char *name, const struct stat *st)
{
	enum { FAT = 0x4d44, EXFAT = 0x2011bab0, NTFS = 0x5346544e, NTFS3 = 0x7366746e,
	       UDF = 0x15013346 };

	switch ((int) type_at(at, name, st->st_dev).type) {
	case FAT:
		return 2000000000;
	case EXFAT:
		return 10000000;
	case UDF:
		return 1000;
	case NTFS: case NTFS3: case CIFS: case SMB: case SMB2: case FUSE:
		return 100;
	default:
		return st->st_atim.tv_nsec == 0 && st->st_mtim.tv_nsec == 0
			&& st->st_ctim.tv_nsec == 0 ? 1000000000 : 1;
	}
}
