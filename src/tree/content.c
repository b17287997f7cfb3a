/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content.c: a file's bytes, copied here or by a worker, and what comes back of it.  */
#include "config.h"

#include "tree/content.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "base/permission.h"
#include "base/signals.h"
#include "base/totals.h"
#include "report/copymessages.h"
#include "report/debugmessages.h"
#include "report/entrymessages.h"
#include "report/progress.h"
#include "report/stats.h"
#include "tree/displace.h"

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
		if (waitlist_add(&walk->returned, dir, name, (flags & POOL_LOOKED) != 0,
				 NULL) < 0)
			report_cannot_copy(name, errno);
		return;
	}
	char *const source_name = dirpair_source_name(dir, name);
	char *const dest_name = dirpair_dest_name(dir, name);
	const struct pathpair pair = {
		.source_name = source_name != NULL ? source_name : name,
		.dest_name = dest_name != NULL ? dest_name : name,
	};
	const struct subject before = failures_about((struct subject) {
		pair.source_name, dir->holds_operands ? strlen(pair.source_name)
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
		if (walk->session->policy->verbose)
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
settle(struct session *session, struct link *link, bool there)
{
	if (there)
		link->state = LINK_THERE;
	else
		linktable_forget(session->links, link->dev, link->ino);
}

void
content_done(void *context, void *tag, bool there)
{
	struct walk *const walk = context;

	waitlist_move(&walk->link_waiters, tag, &walk->returned);
	settle(walk->session, tag, there);
}

/* ---- copying ---- */

/* Whether PAIR's copy could have its name: in a directory that is there, and as no
   directory.  */
static bool
has_place(const struct pathpair *pair)
{
	if (pair->dest[path_trimmed(pair->dest)] == '/') {
		errno = ENOTDIR;
		return false;
	}
	/* What --parents would make isn't there.  */
	if (pair->lead > 0
	    || (pair->dest_at != AT_FDCWD && strchr(pair->dest, '/') != NULL))
		return true;
	const int parent = path_open_parent(pair->dest_at, pair->dest, O_PATH);

	path_close_parent(parent, pair->dest_at);
	return parent >= 0 || parent == AT_FDCWD;
}

/* In a dry run, report what would become of ENTRY, which has content.  0; or -1 if it
   could not be copied, which is reported.  */
static int
plan_content(const struct session *session, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	char *backup;

	if (entry->dest_is_link && !entry->exists
	    && !session->copy->dest.through_dangling) {
		report_dangling_symlink(pair->dest_name);
		return -1;
	}
	if (!entry->exists && !entry->dest_is_free && !has_place(pair)) {
		report_cannot_create_file(pair->dest_name, errno);
		return -1;
	}
	if (S_ISREG(entry->source.st_mode)
	    && permission_check(pair->source_at, pair->source, R_OK) < 0) {
		report_cannot_open(pair->source_name, errno);
		return -1;
	}
	if (displace_remove(session, entry) != ENTRY_CONTENT
	    || displace_back_up(session, entry, &backup) < 0)
		return -1;
	entry_announce(session, entry, backup != NULL ? path_last(backup) : NULL);
	free(backup);
	stats_planned(pair->source_name, pair->dest_name,
		      (uint64_t) entry->source.st_size);
	return 0;
}

int
content_copy_here(struct walk *walk, struct entry *entry)
{
	static struct copy_outcome outcome;
	struct session *const session = walk->session;
	const struct copy_order order = entry_order(session, entry);
	if (session->policy->dry_run)
		return plan_content(session, entry);
	totals_add(COUNT_FOUND, 1);
	pool_rest(walk->pool, true);
	progress_here(entry->pair.source_name, (uint64_t) entry->source.st_size);
	const int ret = copy_file(session->copy, &order, &outcome);
	progress_here(NULL, 0);
	pool_rest(walk->pool, false);

	if (outcome.removed && session->policy->verbose
	    && outcome.error.step != ERROR_OPEN_SOURCE)
		report_removed(entry->pair.dest_name);
	const char *const backup = outcome.backup[0] != '\0' ? outcome.backup : NULL;
	if (ret == 0 || outcome.removed || backup != NULL)
		entry_announce(session, entry, backup);
	report_remarks(&entry->pair, &outcome.remarks);
	if (ret < 0)
		report_error(&entry->pair, &outcome.error, outcome.cut);
	if (ret == 0 && outcome.rounded >= 0)
		report_rounded(&entry->pair, outcome.rounded);
	if (ret < 0 && backup != NULL)
		report_unbackup(entry->pair.dest_name, backup,
				outcome.undone ? 0 : outcome.undo_err,
				session->policy->verbose);
	if (ret == 0)
		stats_copied(entry->pair.source_name, entry->pair.dest_name,
			     &outcome.copied);
	if (session->policy->debug)
		report_way(session->copy, ret, &outcome);
	if (entry->link != NULL)
		settle(session, entry->link, ret == 0);
	return ret;
}

/* Whether nothing that is on its way writes over ENTRY's destination already.  */
static bool
claim_overwrite(struct walk *walk, const struct entry *entry)
{
	const unsigned max = sizeof walk->overwriting / sizeof *walk->overwriting;

	for (unsigned i = 0; i < walk->overwriting_count; i++)
		if (walk->overwriting[i] == entry->dest.st_ino)
			return false;
	if (walk->overwriting_count == max)
		return false;
	walk->overwriting[walk->overwriting_count++] = entry->dest.st_ino;
	return true;
}

/* The flags to deal ENTRY out with; 0 if it is for us.  */
static unsigned
queue_flags(struct walk *walk, const struct entry *entry)
{
	const struct entry_policy *const policy = walk->session->policy;
	const unsigned flags = POOL_LOOKED | (entry->pair.follow ? POOL_FOLLOW : 0);

	/* Where something may stand, its backup may take the name that another is to
	   have.  */
	if (walk->session->copy->backup.kind != BACKUP_NONE && !entry->dest_is_free)
		return 0;
	if (!S_ISREG(entry->source.st_mode) || policy->debug || entry->dest_is_link
	    || policy_is_large(entry->source.st_size, &walk->session->copy->plan))
		return 0;
	if (entry->dest_is_free)
		return flags | POOL_FRESH;
	if (!entry->exists)
		return flags;
	if (entry->remove_destination)
		return policy->verbose ? 0 : flags | POOL_REMOVE;
	if (!S_ISREG(entry->dest.st_mode) || entry->dest.st_nlink > 1)
		return 0;		/* other names of it may be on their way, too */
	if (!claim_overwrite(walk, entry)) {
		if (pool_drain(walk->pool) < 0)
			return 0;
		walk->overwriting_count = 0;
		claim_overwrite(walk, entry);
	}
	return flags | POOL_OLD;
}

int
content_copy(struct walk *walk, struct entry *entry, struct dirpair *dir, bool here)
{
	const unsigned flags = here || walk->by_path ? 0 : queue_flags(walk, entry);

	if (flags == 0 || walk->session->policy->dry_run)
		return pool_drain(walk->pool) < 0 ? -1 : content_copy_here(walk, entry);
	if (entry->link != NULL)
		entry->link->state = LINK_COMING;
	totals_add(COUNT_FOUND, 1);
	if (pool_add(walk->pool, dir, path_last(entry->pair.source), flags,
		     entry->link) == 0)
		return 1;
	if (signals_fatal() == 0)
		report_cannot_copy(entry->pair.source_name, errno);
	return -1;
}
