/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_TEAM_H
#define MMCP_TREE_TEAM_H

#include <stdbool.h>

#include "report/progressfacts.h"
#include "tree/walkstate.h"

/* The walkers, each in a process of its own, and their parent, which speaks for them,
   replaces those that die, and finishes the directories that several of them had.  */

struct team;

/* Fork walkers, WALK->most of them.  The first goes on from where WALK is, and WALK is at
   its beginning again.  Return the team; NULL if no process could be forked: then WALK
   is as it was.  */
struct team *
team_begin(struct walk *walk);

/* Have the operands FROM to TO copied, without TO itself.  */
void
team_give(struct team *team, uint32_t from, uint32_t to);

/* Return whether somebody waits for work.  */
bool
team_is_hungry(const struct team *team);

/* Print what the walkers have said so far.  */
void
team_listen(struct team *team);

/* The same, when a walker has sent all that it had to: it is in the pipe by now, though
   another look may have found that empty.  */
void
team_listen_again(struct team *team);

/* In another rank than the first: copy what others give us, until everything is copied,
   or a signal asks us to end.  */
void
team_serve(struct team *team);

/* Wait until everything is copied, or a signal asks us to end; end the walkers, and free
   TEAM.  */
void
team_finish(struct team *team);

/* If SIGTSTP came, stop the walkers and this process; continue them afterwards.  */
void
team_stop_if_asked(const struct team *team);

/* Return what the process that counts in set NUMBER (totals.h) does, and the name of the
   directory that it copies, to be freed; or NULL.  */
enum progressfacts_worker
team_worker(const struct team *team, unsigned number, char **name);

/* Return the name of a directory that is being copied, to be freed; or NULL.  */
char *
team_where(const struct team *team);

#endif
