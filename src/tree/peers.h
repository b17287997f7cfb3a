/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_PEERS_H
#define MMCP_TREE_PEERS_H

#include <stdbool.h>

#include "tree/linktable.h"
#include "tree/queue.h"

/* The other ranks of a copy on many machines (base/ranks.h), as the parent of this one
   sees them: tasks go to those who have nothing to do, and everything comes together at
   rank 0, which alone speaks and knows when all is done.  Without other ranks, nothing
   here does anything.  */

/* In another rank than the first: what is reported from now on is said there.  */
void
peers_speak_far(void);

struct team;

/* There are walkers, with QUEUE, which may get tasks from other ranks, and give them.
   Before one is given, and before it is said that there are none left, what walkers have
   said is heard by LISTEN to TEAM.  */
void
peers_join(struct queue *queue, void (*listen)(struct team *team), struct team *team);

/* It has them no more.  */
void
peers_quit(void);

/* See to what other ranks have sent, and to what is wanted by them and by us.  */
void
peers_attend(void);

/* In rank 0: return whether no other rank has anything to do.  */
bool
peers_are_done(void);

/* In another rank: return whether rank 0 has said that everything is copied.  */
bool
peers_have_ended(void);

/* In rank 0: everything is copied.  The others do what is to be done in the end, while we
   do.  */
void
peers_end(void);

/* In rank 0, wait until they have.  In another rank: we have.  */
void
peers_leave(void);

/* What this rank can't do without can't be had, for the reason in errno: say so here, and
   end it.  The others wait for it, so its agent ends them.  */
__attribute__((noreturn)) void
peers_give_up(void);

/* A walker of ours wants an answer to a question, in SEAT.  Return false if it is for us
   to find.  */
bool
peers_ask(unsigned seat);

/* The walker in SEAT has died: what it had locked is free.  */
void
peers_bury(unsigned seat);

/* ---- for all processes of this rank ---- */

/* Have LINKS ask the other ranks, in whose source another name may have been met.  */
void
peers_share_links(struct linktable *links);

/* This process is the walker in SEAT of QUEUE.  */
void
peers_are_of(struct queue *queue, unsigned seat);

/* Wait until no other rank may write to an old file with inode number INO, by another of
   its names; and let others.  */
void
peers_lock(uint64_t ino);

void
peers_unlock(uint64_t ino);

/* Large files of this rank are copied by walkers of others, too, and by idle ones of
   ours; through QUEUE, while there is one.  */
void
peers_share_files(void);

void
peers_share_files_by(struct queue *queue);

/* TASK is a range of such a file: copy it, or let its worker do that.  */
void
peers_serve_range(struct task *task);

#endif
