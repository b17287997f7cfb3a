/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content.c: have a file's bytes copied here or by a worker, and report the result.  */
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

/* ---- results of workers ---- */

/* Return true if the worker's ERROR, for a name that was added with FLAGS, means that the
   name has to be visited again: something stands in its way that wasn't there a moment
   ago, or it can't be copied without a stat.  */
static bool
is_returned(const struct error *error, unsigned flags)
{
	if (error->step == ERROR_GIVEN_BACK)
		return true;
	return (flags & POOL_FRESH) == 0
		&& ((error->step == ERROR_CREATE && error->err == EEXIST)
		    || error->step == ERROR_DANGLING);
}

/* Have NAME in DIR visited again after the worker's ERROR.  */
static void
take_back(struct walk *walk, struct dirpair *dir, const char *name, unsigned flags,
	const struct error *error)
{
	if (error->step != ERROR_GIVEN_BACK)	/* It will be opened once more.  */
		totals_add(COUNT_OPENED, (uint64_t) -1);
	if (waitlist_add(&walk->returned, dir, name, (flags & POOL_LOOKED) != 0,
			 NULL) < 0)
		report_cannot_copy(name, errno);
}

/* Report a worker's WORD about PAIR.  */
static void
report_result(const struct walk *walk, const struct pathpair *pair,
	const struct pool_word *word)
{
	struct remarks remarks = { .count = 1, .failed = word->failed };

	switch (word->kind) {
	case POOL_ERROR:
		report_error(pair, &word->error, word->bytes);
		break;
	case POOL_REMARK:
		remarks.errors[0] = word->error;
		report_remarks(pair, &remarks);
		break;
	case POOL_REMOVED:
		if (walk->session->policy->verbose)
			report_removed(pair->dest_name);
		break;
	case POOL_ROUNDED:
		report_rounded(pair, word->bytes);
		break;
	case POOL_COPIED:
		stats_copied(pair->source_name, pair->dest_name, &word->copied);
		break;
	}
}

void
content_result(void *context, struct dirpair *dir, const char *name, unsigned flags,
	const struct pool_word *word)
{
	struct walk *const walk = context;

	if (word->kind == POOL_ERROR && is_returned(&word->error, flags)) {
		take_back(walk, dir, name, flags, &word->error);
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
	report_result(walk, &pair, word);
	failures_about(before);
	free(source_name);
	free(dest_name);
}

/* LINK's copy is THERE, so that other names can be linked to it; or it failed.  */
static void
settle_link(struct session *session, struct link *link, bool there)
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
	settle_link(walk->session, tag, there);
}

/* ---- copying ---- */

/* Return true if PAIR's copy could have its name: the directory exists, and the name
   isn't one of a directory.  If not, errno says why.  */
static bool
has_place(const struct pathpair *pair)
{
	if (pair->dest[path_trimmed(pair->dest)] == '/') {
		errno = ENOTDIR;
		return false;
	}
	/* --parents would make the directory.  */
	if (pair->lead > 0
	    || (pair->dest_at != AT_FDCWD && strchr(pair->dest, '/') != NULL))
		return true;
	const int parent = path_open_parent(pair->dest_at, pair->dest, O_PATH);

	path_close_parent(parent, pair->dest_at);
	return parent >= 0 || parent == AT_FDCWD;
}

/* In a dry run, report what would become of ENTRY, which has content.  Return 0; or -1 if
   it could not be copied, which is reported.  */
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

/* Report what came of copying ENTRY here: OUTCOME, of a copy_file that returned RET.  */
static void
report_outcome(const struct session *session, struct entry *entry, int ret,
	const struct copy_outcome *outcome)
{
	const struct pathpair *const pair = &entry->pair;
	const bool verbose = session->policy->verbose;
	const char *const backup = outcome->backup[0] != '\0' ? outcome->backup : NULL;

	if (outcome->removed && verbose && outcome->error.step != ERROR_OPEN_SOURCE)
		report_removed(pair->dest_name);
	if (ret == 0 || outcome->removed || backup != NULL)
		entry_announce(session, entry, backup);
	report_remarks(pair, &outcome->remarks);
	if (ret < 0)
		report_error(pair, &outcome->error, outcome->cut);
	if (ret == 0 && outcome->rounded >= 0)
		report_rounded(pair, outcome->rounded);
	if (ret < 0 && backup != NULL)
		report_unbackup(pair->dest_name, backup,
				outcome->undone ? 0 : outcome->undo_err, verbose);
	if (ret == 0)
		stats_copied(pair->source_name, pair->dest_name, &outcome->copied);
	struct explanation explanation;
	if (session->policy->debug
	    && outcome_explain(session->copy, ret, outcome, &explanation))
		report_debug(&explanation, &outcome->copied.counts, &outcome->shares);
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
	pool_allow_stop(walk->pool, true);
	progress_here(entry->pair.source_name, (uint64_t) entry->source.st_size);
	const int ret = copy_file(session->copy, &order, &outcome);
	progress_here(NULL, 0);
	pool_allow_stop(walk->pool, false);
	report_outcome(session, entry, ret, &outcome);
	if (entry->link != NULL)
		settle_link(session, entry->link, ret == 0);
	return ret;
}

/* Note that a worker overwrites ENTRY's destination.  Return false if one does already,
   by any name, or if too many are noted.  */
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

/* Return the flags to add ENTRY to the pool with, or 0 if the parent copies it.  */
static unsigned
queue_flags(struct walk *walk, const struct entry *entry)
{
	const struct entry_policy *const policy = walk->session->policy;
	const unsigned flags = POOL_LOOKED | (entry->pair.follow ? POOL_FOLLOW : 0);

	/* A backup may take the name of another copy.  */
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
		return 0;		/* a worker may write to another name of it */
	if (!claim_overwrite(walk, entry)) {
		if (pool_drain(walk->pool) < 0)
			return 0;
		walk->overwriting_count = 0;
		claim_overwrite(walk, entry);
	}
	return flags | POOL_OLD;
}

int
content_copy(struct walk *walk, struct entry *entry, struct dirpair *dir, bool by_parent)
{
	const unsigned flags = by_parent || walk->by_path ? 0 : queue_flags(walk, entry);

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
