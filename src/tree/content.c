/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content.c: a file's bytes, copied here or by a worker, and what comes back of it.  */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/totals.h"
#include "base/path.h"
#include "base/signals.h"
#include "report/copymessages.h"
#include "report/debugmessages.h"
#include "report/message.h"
#include "report/progress.h"
#include "report/quote.h"
#include "report/stats.h"
#include "tree/walk.h"

/* ---- what comes back from workers ---- */

void
content_result(void *context, struct dirpair *dir, const char *name, unsigned flags,
	const struct pool_word *word)
{
	struct walk *const walk = context;
	const struct error *const error = &word->error;
	struct remarks remarks = { .count = 1, .failed = word->failed };

	/* A name that was free a moment ago, or nothing that can be copied without a
	   look.  */
	if (word->kind == POOL_ERROR
	    && (error->step == ERROR_GIVEN_BACK
		|| ((flags & POOL_FRESH) == 0
		    && ((error->step == ERROR_CREATE && error->err == EEXIST)
			|| error->step == ERROR_DANGLING)))) {
		if (error->step != ERROR_GIVEN_BACK)	/* and will be opened once more */
			totals_add(COUNT_OPENED, (uint64_t) -1);
		if (deferred_add(&walk->again, dir, name, (flags & POOL_LOOKED) != 0,
				 NULL) < 0)
			message_error(errno, "cannot copy %s", quote(name));
		return;
	}
	char *const source_name = dirpair_source_name(dir, name);
	char *const dest_name = dirpair_dest_name(dir, name);
	const struct pathpair pair = {
		.source_name = source_name != NULL ? source_name : name,
		.dest_name = dest_name != NULL ? dest_name : name,
	};
	const struct subject before = failures_about((struct subject) {
		pair.source_name, dir->borrowed ? strlen(pair.source_name)
			: dirpair_base(dir) });
	switch (word->kind) {
	case POOL_ERROR:
		report_error(&pair, error, word->bytes);
		break;
	case POOL_REMARK:
		remarks.errors[0] = *error;
		report_remarks(&pair, &remarks);
		break;
	case POOL_REMOVED:
		if (walk->run->policy->verbose)
			report_removed(pair.dest_name);
		break;
	case POOL_ROUNDED:
		report_rounded(&pair, word->bytes);
		break;
	case POOL_COPIED:
		stats_copied(pair.source_name, pair.dest_name, &word->copied);
		break;
	}
	failures_about(before);
	free(source_name);
	free(dest_name);
}

/* Forget LINK, which came to nothing, or let others be linked to it.  */
static void
settle(struct run *run, struct link *link, bool there)
{
	if (there)
		link->state = LINK_THERE;
	else
		linktable_forget(run->links, link->dev, link->ino);
}

void
content_landed(void *context, void *tag, bool there)
{
	struct walk *const walk = context;

	deferred_move(&walk->links, tag, &walk->again);
	settle(walk->run, tag, there);
}

/* ---- copying ---- */

int
content_copy_here(struct walk *walk, struct entry *entry)
{
	static struct copy_outcome outcome;
	struct run *const run = walk->run;
	const struct copy_order order = entry_order(run, entry);
	if (run->policy->dry_run)
		return entry_plan_content(run, entry);
	totals_add(COUNT_FOUND, 1);
	pool_rest(walk->pool, true);
	progress_here(entry->pair.source_name, (uint64_t) entry->source.st_size);
	const int ret = copy_file(run->copy, &order, &outcome);
	progress_here(NULL, 0);
	pool_rest(walk->pool, false);

	if (outcome.removed && run->policy->verbose
	    && outcome.error.step != ERROR_OPEN_SOURCE)
		report_removed(entry->pair.dest_name);
	const char *const backup = outcome.backup[0] != '\0' ? outcome.backup : NULL;
	if (ret == 0 || outcome.removed || backup != NULL)
		entry_announce(run, entry, backup);
	report_remarks(&entry->pair, &outcome.remarks);
	if (ret < 0)
		report_error(&entry->pair, &outcome.error, outcome.cut);
	if (ret == 0 && outcome.rounded >= 0)
		report_rounded(&entry->pair, outcome.rounded);
	if (ret < 0 && backup != NULL)
		report_unbackup(entry->pair.dest_name, backup,
				outcome.undone ? 0 : outcome.undo_err,
				run->policy->verbose);
	if (ret == 0)
		stats_copied(entry->pair.source_name, entry->pair.dest_name,
			     &outcome.copied);
	if (run->policy->debug)
		report_way(run->copy, ret, &outcome);
	if (entry->link != NULL)
		settle(run, entry->link, ret == 0);
	return ret;
}

/* Whether nothing that is on its way writes over ENTRY's destination already.  */
static bool
is_free_now(struct walk *walk, const struct entry *entry)
{
	const unsigned max = sizeof walk->old / sizeof *walk->old;

	for (unsigned i = 0; i < walk->old_count; i++)
		if (walk->old[i] == entry->dest.st_ino)
			return false;
	if (walk->old_count == max)
		return false;
	walk->old[walk->old_count++] = entry->dest.st_ino;
	return true;
}

/* The flags to deal ENTRY out with; 0 if it is for us.  */
static unsigned
dealing(struct walk *walk, const struct entry *entry)
{
	const struct entry_policy *const policy = walk->run->policy;
	const unsigned flags = POOL_LOOKED | (entry->pair.follow ? POOL_FOLLOW : 0);

	/* Where something may stand, its backup may take the name that another is to
	   have.  */
	if (walk->run->copy->backup.kind != BACKUP_NONE && !entry->fresh)
		return 0;
	if (!S_ISREG(entry->source.st_mode) || policy->debug || entry->dest_is_link
	    || plan_is_large(entry->source.st_size, &walk->run->copy->plan))
		return 0;
	if (entry->fresh)
		return flags | POOL_FRESH;
	if (!entry->exists)
		return flags;
	if (entry->remove_destination)
		return policy->verbose ? 0 : flags | POOL_REMOVE;
	if (!S_ISREG(entry->dest.st_mode) || entry->dest.st_nlink > 1)
		return 0;		/* other names of it may be on their way, too */
	if (!is_free_now(walk, entry)) {
		if (pool_drain(walk->pool) < 0)
			return 0;
		walk->old_count = 0;
		is_free_now(walk, entry);
	}
	return flags | POOL_OLD;
}

int
content_copy(struct walk *walk, struct entry *entry, struct dirpair *dir, bool here)
{
	const unsigned flags = here || walk->narrow ? 0 : dealing(walk, entry);

	if (flags == 0 || walk->run->policy->dry_run)
		return pool_drain(walk->pool) < 0 ? -1 : content_copy_here(walk, entry);
	if (entry->link != NULL)
		entry->link->state = LINK_COMING;
	totals_add(COUNT_FOUND, 1);
	if (pool_add(walk->pool, dir, path_last(entry->pair.source), flags,
		     entry->link) == 0)
		return 1;
	if (signals_fatal() == 0)
		message_error(errno, "cannot copy %s", quote(entry->pair.source_name));
	return -1;
}
