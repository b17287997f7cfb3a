/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_DISK_H
#define MMCP_BASE_DISK_H

#include <stdbool.h>
#include <sys/types.h>

/* Return whether block device DEVICE, or the disk that it is a partition of, rotates,
   according to ROOT ("/sys/dev/block").  A volume (LVM, dm-crypt, RAID) does if one of
   its disks does.  A virtual disk doesn't, whatever it reports.  False if unknown.  */
bool
disk_rotates(dev_t device, const char *root);

#endif
