/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rank.c: another rank than the first has walkers, and nothing to say, or to decide.  */
#include "config.h"

#include "cli/rank.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/signals.h"
#include "base/writebehind.h"
#include "cli/copies.h"
#include "engine/hash.h"
#include "report/entrymessages.h"
#include "report/logfile.h"
#include "report/message.h"
#include "report/stats.h"
#include "tree/manifest.h"
#include "tree/peermeet.h"
#include "tree/peers.h"

/* Prepare what walkers need.  */
static void
prepare(const struct options *options, struct session *session)
{
	if (copies_limit_rate(options) < 0)
		peers_give_up();
	if (options->log_file != NULL)
		logfile_open_far();
	if (options->manifest == NULL || options->entry.dry_run)
		return;
	session->manifest = hash_open(options->manifest_algorithm) != HASH_OPENED ? NULL
		: manifest_new(NULL, options->manifest_algorithm,
			       options->copy.plan.nocache);
	if (session->manifest == NULL)
		peers_give_up();
}

/* Copy what other ranks have for us, of OPERANDS, until everything is copied; with rank
   0's MASK, since what starts ranks on other nodes has a umask of its own.  */
static void
serve(const struct options *options, struct operands *operands, mode_t mask)
{
	struct copy_policy copy = options->copy;
	struct session session = { .policy = &options->entry, .copy = &copy };
	struct copies copies = { .session = &session, .operands = operands };

	umask(mask);
	copy.meta.umask = mask;
	prepare(options, &session);
	if (copies_open(&copies, &options->tree) < 0
	    || (tree_serve(copies.tree) < 0 && signals_fatal() == 0))
		peers_give_up();
	if (writebehind_drain() < 0)
		report_cannot_flush_all(errno);
	tree_sync(copies.tree, operands->count);
	tree_free(copies.tree);
	manifest_free(session.manifest);
	copies_close(&session);
	if (signals_fatal() == 0)
		peers_leave();
}

void
rank_serve(const struct options *options)
{
	struct namelist list = NAMELIST_NONE;
	struct operands operands = OPERANDS_NONE;
	static const struct message_hooks hooks = { .told = stats_failed };
	mode_t mask = options->copy.meta.umask;

	stats_start(&options->stats);
	message_hooks(&hooks);
	message_hush();		/* The first rank finds the same.  */
	if (copies_find(options, &list, &operands) <= 0)
		peermeet_follow(NULL);
	else if (copies_meet(options, &(struct session) { .policy = &options->entry },
			     &operands, &mask) == 0) {
		peers_speak_far();
		serve(options, &operands, mask);
	}
	operands_free(&operands);
	namelist_free(&list);
}
