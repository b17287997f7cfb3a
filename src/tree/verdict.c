/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdict.c: what is said of a copy when it is made, or could not be.  */
#include "config.h"

#include "tree/verdict.h"

#include "report/copymessages.h"
#include "report/debugmessages.h"
#include "report/relay.h"
#include "report/stats.h"
#include "tree/manifest.h"

/* Say with --debug how ENTRY was copied.  */
static void
explain(const struct session *session, const struct copy_outcome *outcome, int ret)
{
	struct explanation explanation;

	if (outcome_explain(session->copy, ret, outcome, &explanation))
		report_debug(&explanation, &outcome->copied.counts, &outcome->shares);
	relay_flush();		/* What is said of a file stays together.  */
}

void
verdict_tell(const struct session *session, struct entry *entry,
	const struct copy_outcome *outcome, int ret)
{
	const struct pathpair *const pair = &entry->pair;
	const bool verbose = session->policy->verbose;
	const char *const backup = outcome->backup[0] != '\0' ? outcome->backup : NULL;

	if (outcome->removed && verbose && outcome->error.step != ERROR_OPEN_SOURCE)
		report_removed(pair->dest_name);
	if (ret == 0 || outcome->removed || backup != NULL)
		entry_announce(session, entry, backup);
	report_remarks(pair, &outcome->remarks);
	if (outcome->missing != NULL)
		report_partial(pair, &outcome->error, outcome->missing);
	else if (ret < 0)
		report_error(pair, &outcome->error, outcome->cut);
	if (ret == 0 && outcome->rounded >= 0)
		report_rounded(pair, outcome->rounded);
	if (ret < 0 && backup != NULL && outcome->missing == NULL)
		report_unbackup(pair->dest_name, backup,
				outcome->undone ? 0 : outcome->undo_err, verbose);
	if (ret == 0)
		stats_copied(pair->source_name, pair->dest_name, &outcome->copied);
	if (session->policy->debug)
		explain(session, outcome, ret);
	if (ret < 0 || outcome->copied.in_motion)
		manifest_forget(session, entry);
	else
		manifest_list(session, entry);
}
