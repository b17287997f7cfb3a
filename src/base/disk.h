/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_DISK_H
#define MMCP_BASE_DISK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Return whether block device DEVICE, or the disk that it is a partition of, rotates,
   according to ROOT ("/sys/dev/block").  A volume (LVM, dm-crypt, RAID) does if one of
   its disks does.  A virtual disk doesn't, whatever it reports.  False if unknown.  */
bool
disk_rotates(dev_t device, const char *root);

/* Return whether DEVICE, or the disk that it is a partition of, or one that the volume
   consists of, is a card, on USB, or calls itself removable, according to ROOT.  False if
   unknown.  */
bool
disk_is_removable(dev_t device, const char *root);

/* Return whether A and B are one disk, or partitions of one, according to ROOT.  */
bool
disk_is_same(dev_t a, dev_t b, const char *root);

/* Return the bytes that were ever written to DEVICE, according to ROOT; 0 if unknown.  */
uint64_t
disk_written(dev_t device, const char *root);

#endif
