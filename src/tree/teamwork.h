/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_TEAMWORK_H
#define MMCP_TREE_TEAMWORK_H

#include "tree/walkstate.h"

/* What a walker does in its process.  */

/* Be the walker in SEAT of QUEUE from fork to exit, and speak through pipe FD.  WALK has
   the arena and the position that are the walker's; if ADOPTED, those of one that
   died.  */
void
teamwork(struct walk *walk, struct queue *queue, unsigned seat, int fd, bool adopted);

/* Go on from WALK's position, where the walker in SEAT died, before anything is taken
   from the queue.  */
void
teamwork_adopt(struct walk *walk, struct queue *queue, unsigned seat);

#endif
