/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_SHARE_H
#define MMCP_TREE_SHARE_H

#include "tree/walkstate.h"

/* What walkers do for each other.  */

/* If other walkers are idle, give one of them half of what WALK still has to do: of the
   subdirectories of the highest directory that has any, else of the names of the lowest.
   Called for each name, it reads one word unless somebody is idle.  */
void
share_if_wanted(struct walk *walk);

/* Give the operands FROM to TO, without TO itself, to the other walkers.  Return 0; or -1
   if the queue is full.  */
int
share_operands(struct queue *queue, uint32_t from, uint32_t to);

/* Go down to what TASK says.  Return 0; or -1 if its directory can't be opened, or too
   many walkers died of that, which is reported.  */
int
share_begin(struct walk *walk, struct task *task);

/* A part of DIR was given away: have it finished when everything is copied.  */
void
share_finish_later(const struct dirpair *dir);

/* Wait while another walker makes LINK's copy.  */
void
share_wait(struct walk *walk, struct link *link);

#endif
