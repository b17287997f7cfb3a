/* SPDX-License-Identifier: GPL-3.0-or-later */
/* teamwhere.c: what walkers do, for those who ask meanwhile.  */
#include "config.h"

#include "tree/team.h"

#include <stdatomic.h>

#include "tree/position.h"
#include "tree/queue.h"
#include "tree/teamfork.h"

char *
team_where(const struct team *team)
{
	char *name = NULL;

	for (unsigned i = 0; i < team->size && name == NULL; i++)
		if (team->positions[i] != NULL
		    && atomic_load(&team->queue->seats[i].state) == SEAT_BUSY)
			name = position_where(team->positions[i]);
	return name;
}

enum progressfacts_worker
team_worker(const struct team *team, unsigned number, char **name)
{
	unsigned seat = 0;

	while (seat < team->size && (team->crew.pids[seat] == 0
				     || team->crew.counts[seat] != number))
		seat++;
	if (seat == team->size)		/* a walker's, for a large file */
		return PROGRESSFACTS_COPIES;
	if (atomic_load(&team->queue->seats[seat].state) != SEAT_BUSY)
		return PROGRESSFACTS_WAITS;
	*name = position_where(team->positions[seat]);
	return PROGRESSFACTS_COPIES;
}
