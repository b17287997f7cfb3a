/* SPDX-License-Identifier: GPL-3.0-or-later */
/* teamwork.c: a walker walks, and takes what others give it.  */
#include "config.h"

#include "tree/teamwork.h"

#include <errno.h>

#include "base/signals.h"
#include "base/writebehind.h"
#include "report/entrymessages.h"
#include "report/relay.h"
#include "tree/peers.h"
#include "tree/redo.h"
#include "tree/share.h"
#include "tree/walk.h"

/* Return whether a level was made for the task that is in SEAT.  */
static bool
has_begun(struct walk *walk, const struct seat *seat)
{
	struct level *level = walk_level(walk);

	while (level != NULL && level->above != NULL)
		level = level->above;
	if (level != NULL && level->task == seat->task.number)
		walk->position->task = level->task;
	return walk->position->task == seat->task.number;
}

void
teamwork_adopt(struct walk *walk, struct queue *queue, unsigned number)
{
	struct seat *const seat = &queue->seats[number];
	const bool again = position_adopt(walk->position,
					  queue_has_given(queue, number));

	atomic_store(&seat->giving, 0);
	redo_lose(walk);
	walk->position->redo = again;
	if (!again) {
		redo_give_up(walk);
		linktable_give_up(walk->session->links);
	}
	if (queue_has_taken(queue, number) && !has_begun(walk, seat))
		share_begin(walk, &seat->task);
}

void
teamwork(struct walk *walk, struct queue *queue, unsigned seat, int fd, bool adopted)
{
	/* So that a signal lets us abandon a half-copied file, as the parent would.  */
	signals_catch();
	walk->queue = walk->locks = queue;
	walk->smallfile = smallfile_begin(walk->session->copy, walk->holds);
	walk->seat = &queue->seats[seat];
	walk->session->position = walk->position;
	session_forget_operands(walk->session);
	newfile_share(&walk->position->made);
	relay_begin(&queue->seats[seat].relay, fd, &queue->blocks, queue->bells[seat]);
	linktable_is_walker(walk->session->links, seat + 1, queue->bells[seat]);
	peers_are_of(queue, seat);
	if (adopted)
		teamwork_adopt(walk, queue, seat);
	do {
		walk_on(walk);
		smallfile_end(&walk->smallfile);
		relay_flush();
		if (writebehind_drain() < 0) {
			report_cannot_flush_all(errno);
			relay_flush();
		}
	} while (queue_take(queue, seat)
		 && (share_begin(walk, &queue->seats[seat].task), true));
}
