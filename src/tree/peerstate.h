/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_PEERSTATE_H
#define MMCP_TREE_PEERSTATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/ranks.h"
#include "tree/queue.h"

/* What the files about peers share.  */

struct team;

struct peers {
	struct queue *queue;	/* of our walkers; NULL: there are none now */
	void (*listen)(struct team *team);	/* to them */
	struct team *team;
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

/* Wait for messages, and deal with them.  */
void
peers_wait(void);

/* Say to rank 0 what we have counted.  */
void
peers_send_counts(void);

/* What links of ours have been copied, or not, is for their homes to know.  */
void
peercalls_look(void);

#endif
