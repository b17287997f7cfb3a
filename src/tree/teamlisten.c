/* SPDX-License-Identifier: GPL-3.0-or-later */
/* teamlisten.c: hear what walkers say.  */
#include "config.h"

#include "tree/team.h"

#include "report/prompt.h"
#include "tree/peers.h"
#include "tree/teamfork.h"

void
team_listen(struct team *team)
{
	const uint64_t sent = atomic_load(&team->queue->blocks);
	int asks;

	/* What was sent is in the pipes only a moment later; then the poll says so.  */
	if (sent == team->heard && !team->is_readable)
		return;
	team->heard = sent;
	team->is_readable = false;
	while ((asks = relay_receive(&team->readers)) >= 0)
		if (!peers_ask((unsigned) asks))
			relay_answer(&team->queue->seats[asks].relay,
				     prompt_answer(), team->queue->bells[asks]);
}

void
team_listen_again(struct team *team)
{
	team->is_readable = true;
	team_listen(team);
}
