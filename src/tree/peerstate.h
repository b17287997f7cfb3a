/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_PEERSTATE_H
#define MMCP_TREE_PEERSTATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/ranks.h"
#include "tree/peers.h"

/* What the files about peers share.  */

/* A file system's number here, and at rank 0.  */
struct peerdevice {
	dev_t here, there;
};

enum { PEERS_DEVICES = 64 };

struct peers {
	struct team *team;	/* NULL: there are no walkers now */
	int base;		/* the directory of the operands' copies, or AT_FDCWD */
	struct peerdevice device[PEERS_DEVICES];
	unsigned devices;
	bool ended;		/* rank 0 says so */
	unsigned leaving;	/* in rank 0: others that have left */
};

extern struct peers peers;

/* Deal with MESSAGE: one file for each kind.  */
void
peertasks_receive(const struct ranks_message *message);

void
peercalls_receive(const struct ranks_message *message);

/* There are walkers, whom others may have asked already.  */
void
peertasks_join(void);

/* See to what is wanted by others and by us.  */
void
peertasks_look(void);

/* Return SIZE bytes of zeros.  Without memory, this rank ends, and so do the others.  */
void *
peers_allocate(size_t size);

/* Say to rank 0 what we have counted.  */
void
peers_send_counts(void);

/* What links of ours have been copied, or not, is for their homes to know.  */
void
peercalls_look(void);

/* Return the number that file system DEVICE has at rank 0; or here, if it has that number
   there.  */
dev_t
peers_device_out(dev_t device);

dev_t
peers_device_in(dev_t device);

#endif
