/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_PEERDEVICE_H
#define MMCP_TREE_PEERDEVICE_H

#include <sys/types.h>

/* What has another number on another node, or in another process: file systems, and the
   directory that operands are copied into.  What ranks tell each other has the numbers
   that file systems have at rank 0.  */

/* Operands are copied into BASE, or AT_FDCWD.  */
void
peerdevice_set_base(int base);

int
peerdevice_base(void);

/* The file system HERE is number THERE at rank 0.  */
void
peerdevice_note(dev_t here, dev_t there);

/* Return the number that file system DEVICE has at rank 0; or here, if it has that number
   there.  */
dev_t
peerdevice_out(dev_t device);

dev_t
peerdevice_in(dev_t device);

/* What dirpair_pack wrote to PACKED is for another rank; or it came from one.  */
void
peerdevice_pack(char *packed);

void
peerdevice_unpack(char *packed);

#endif
