/* SPDX-License-Identifier: GPL-3.0-or-later */
/* disk.c: what sysfs knows of disks.  The kernel calls each disk a rotating one that
   doesn't say otherwise, and most virtual ones don't; so only those are believed that
   have the name of a real one, and the make.  */
#include "config.h"

#include "base/disk.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/sysfs.h"

/* How many volumes may lie above each other: LVM on dm-crypt on a RAID are three.  */
#define MOST_LEVELS 4

/* Return whether DISK's vendor and model are those of a virtual disk.  Only disks named
   sd and hd matter: those of Xen, Amazon and most of KVM are xvd, vd and nvme.  */
static bool
is_virtual(const char *disk)
{
	static const char *const marks[] = {
		"QEMU",			/* QEMU HARDDISK: its IDE, SATA and SCSI disks */
		"Virtual",		/* VMware, Hyper-V, Azure: Virtual Disk */
		"VBOX",			/* VBOX HARDDISK: VirtualBox */
		"BHYVE",		/* BHYVE SATA DISK: FreeBSD's hypervisor */
		"Nutanix",		/* NUTANIX VDISK */
		"Google",		/* Google PersistentDisk, EphemeralDisk */
		"BlockVolume",		/* ORACLE BlockVolume */
		"DO Volume",		/* DigitalOcean */
		"HC Volume",		/* Hetzner */
		"Linode Volume",	/* Akamai */
	};
	char vendor[32], model[64], both[sizeof vendor + sizeof model];

	sysfs_read_line(disk, "device/vendor", vendor, sizeof vendor);
	sysfs_read_line(disk, "device/model", model, sizeof model);
	snprintf(both, sizeof both, "%s %s", vendor, model);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strcasestr(both, marks[i]) != NULL)
			return true;
	return false;
}

/* Write the directory of the disk that the device in directory DIR is, or is a partition
   of, to DISK, of PATH_MAX bytes.  Return its name, or NULL if there is none.  */
static const char *
find_disk(const char *dir, char *disk)
{
	long long number, unused;

	if (realpath(dir, disk) == NULL)
		return NULL;
	/* A partition is a directory in its disk's.  */
	if (sysfs_read_numbers(disk, "partition", &number, &unused) > 0)
		*strrchr(disk, '/') = '\0';
	const char *const slash = strrchr(disk, '/');
	return slash != NULL ? slash + 1 : NULL;
}

static bool
begins_with(const char *name, const char *beginning)
{
	return strncmp(name, beginning, strlen(beginning)) == 0;
}

/* Return whether something is true of the disk called NAME, in directory DISK.  */
typedef bool disk_trait(const char *disk, const char *name);

static bool
has_trait(disk_trait *trait, const char *dir, unsigned levels);

/* Return whether a device that the volume in directory DISK consists of has TRAIT, as far
   as LEVELS below.  */
static bool
has_part(disk_trait *trait, const char *disk, unsigned levels)
{
	char path[PATH_MAX];
	bool found = false;

	if (snprintf(path, sizeof path, "%s/slaves", disk) >= (int) sizeof path)
		return false;
	DIR *const dir = opendir(path);
	if (dir == NULL)
		return false;
	for (const struct dirent *e; !found && (e = readdir(dir)) != NULL; )
		found = e->d_name[0] != '.'
			&& snprintf(path, sizeof path, "%s/slaves/%s", disk, e->d_name)
			< (int) sizeof path
			&& has_trait(trait, path, levels);
	closedir(dir);
	return found;
}

/* Return whether the device in directory DIR has TRAIT, or what it consists of, as far as
   LEVELS below.  */
static bool
has_trait(disk_trait *trait, const char *dir, unsigned levels)
{
	char disk[PATH_MAX];
	const char *const name = find_disk(dir, disk);

	if (name == NULL)
		return false;
	if (begins_with(name, "dm-") || begins_with(name, "md"))
		return levels > 0 && has_part(trait, disk, levels - 1);
	return trait(disk, name);
}

/* Write the directory of DEVICE below ROOT to DIR, of PATH_MAX bytes.  Return whether it
   has room.  */
static bool
directory_of(char *dir, dev_t device, const char *root)
{
	return snprintf(dir, PATH_MAX, "%s/%u:%u", root, major(device), minor(device))
		< PATH_MAX;
}

/* Return whether DEVICE has TRAIT.  */
static bool
device_has(disk_trait *trait, dev_t device, const char *root)
{
	char dir[PATH_MAX];

	return directory_of(dir, device, root) && has_trait(trait, dir, MOST_LEVELS);
}

bool
disk_is_same(dev_t a, dev_t b, const char *root)
{
	char dir[PATH_MAX], disk[PATH_MAX], other[PATH_MAX];

	return a == b
		|| (directory_of(dir, a, root) && find_disk(dir, disk) != NULL
		    && directory_of(dir, b, root) && find_disk(dir, other) != NULL
		    && strcmp(disk, other) == 0);
}

/* ---- traits ---- */

static bool
rotates(const char *disk, const char *name)
{
	long long says_so, unused;

	return (begins_with(name, "sd") || begins_with(name, "hd"))
		&& sysfs_read_numbers(disk, "queue/rotational", &says_so, &unused) > 0
		&& says_so == 1 && !is_virtual(disk);
}

bool
disk_rotates(dev_t device, const char *root)
{
	return device_has(rotates, device, root);
}

static bool
is_removable(const char *disk, const char *name)
{
	long long says_so, unused;
	char type[8];

	if (begins_with(name, "mmcblk")) {	/* Of type MMC, it is soldered in.  */
		sysfs_read_line(disk, "device/type", type, sizeof type);
		return strcmp(type, "SD") == 0;
	}
	return strstr(disk, "/usb") != NULL
		|| (sysfs_read_numbers(disk, "removable", &says_so, &unused) > 0
		    && says_so == 1);
}

bool
disk_is_removable(dev_t device, const char *root)
{
	return device_has(is_removable, device, root);
}

uint64_t
disk_written(dev_t device, const char *root)
{
	enum { SECTOR = 512 };
	char dir[PATH_MAX], line[256];
	unsigned long long sectors;

	if (!directory_of(dir, device, root))
		return 0;
	sysfs_read_line(dir, "stat", line, sizeof line);
	return sscanf(line, "%*u %*u %*u %*u %*u %*u %llu", &sectors) == 1
		? sectors * SECTOR : 0;
}
