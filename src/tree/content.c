/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content.c: copy a file's bytes, and report the result.  */
#include "config.h"

#include "tree/content.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "base/permission.h"
#include "base/totals.h"
#include "file/posixacl.h"
#include "report/copymessages.h"
#include "report/debugmessages.h"
#include "report/entrymessages.h"
#include "report/progress.h"
#include "report/stats.h"
#include "tree/displace.h"
#include "tree/visit.h"

static struct copy_outcome outcome;	/* too large for a stack that is deep already */

/* ---- a dry run ---- */

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

/* ---- copying ---- */

/* Report what came of copying ENTRY: the outcome of a copy_file that returned RET.  */
static void
report_outcome(const struct session *session, struct entry *entry, int ret)
{
	const struct pathpair *const pair = &entry->pair;
	const bool verbose = session->policy->verbose;
	const char *const backup = outcome.backup[0] != '\0' ? outcome.backup : NULL;

	if (outcome.removed && verbose && outcome.error.step != ERROR_OPEN_SOURCE)
		report_removed(pair->dest_name);
	if (ret == 0 || outcome.removed || backup != NULL)
		entry_announce(session, entry, backup);
	report_remarks(pair, &outcome.remarks);
	if (ret < 0)
		report_error(pair, &outcome.error, outcome.cut);
	if (ret == 0 && outcome.rounded >= 0)
		report_rounded(pair, outcome.rounded);
	if (ret < 0 && backup != NULL)
		report_unbackup(pair->dest_name, backup,
				outcome.undone ? 0 : outcome.undo_err, verbose);
	if (ret == 0)
		stats_copied(pair->source_name, pair->dest_name, &outcome.copied);
	struct explanation explanation;
	if (session->policy->debug
	    && outcome_explain(session->copy, ret, &outcome, &explanation))
		report_debug(&explanation, &outcome.copied.counts, &outcome.shares);
}

/* Return whether ENTRY's old file may be written to by another walker at the same time,
   by another name or through a symlink.  */
static bool
has_rivals(const struct walk *walk, const struct entry *entry)
{
	return walk->locks != NULL && entry->exists && !entry->remove_destination
		&& S_ISREG(entry->dest.st_mode);
}

/* Copy ENTRY's content, by all workers if it is large.  Return 0, or -1.  */
static int
copy_by_any_means(struct walk *walk, struct entry *entry)
{
	const struct session *const session = walk->session;
	const struct copy_order order = entry_order(session, entry);
	/* With --fsync, an old file goes only when its successor is on the device.  */
	const struct copy_policy *const policy =
		entry->exists || entry->remove_destination || entry->backup
		? walk->durable.strict : session->copy;
	struct robustlock *const lock = has_rivals(walk, entry)
		? queue_lock_of(walk->locks, entry->dest.st_ino) : NULL;

	if (policy_is_large(entry->source.st_size, &session->copy->plan))
		smallfile_end(&walk->smallfile);
	/* An old file that is backed up is renamed, and a new one is made.  */
	position_begins(walk->position, entry->exists && !entry->remove_destination
			&& !entry->backup ? BEGUN_OLD : BEGUN_FILE);
	progress_here(entry->pair.source_name, (uint64_t) entry->source.st_size);
	if (lock != NULL)
		robustlock_take(lock);
	const int ret = copy_file(policy, &order, &outcome);
	if (lock != NULL)
		robustlock_release(lock);
	progress_here(NULL, 0);
	report_outcome(session, entry, ret);
	return ret;
}

/* ---- small files ---- */

/* Return whether the failure of a short copy means that the name is to be visited again:
   something stands in its way that wasn't there a moment ago, unless the directory is
   FRESH, or it can't be copied without a stat.  */
static bool
is_returned(bool fresh)
{
	const struct error *const error = &outcome.error;

	if (error->step == ERROR_GIVEN_BACK)
		return true;
	return !fresh && ((error->step == ERROR_CREATE && error->err == EEXIST)
			  || error->step == ERROR_DANGLING);
}

/* Copy the file that ORDER describes by the short way.  Return 0; 1 if it is to be
   visited again; or -1 with *RET as smallfile_copy.  */
static int
copy_small(struct walk *walk, const struct copy_order *order, bool fresh, int *ret)
{
	totals_add(COUNT_FOUND, 1);
	position_begins(walk->position, BEGUN_SMALL);
	*ret = smallfile_copy(&walk->smallfile, order, &outcome);
	if (*ret > 0)
		return 0;
	if (*ret < 0 && is_returned(fresh)) {
		/* It will be found, and opened, once more.  */
		totals_add(COUNT_FOUND, (uint64_t) -1);
		if (outcome.error.step != ERROR_GIVEN_BACK)
			totals_add(COUNT_OPENED, (uint64_t) -1);
		return 1;
	}
	return -1;
}

int
content_copy_fresh(struct walk *walk, struct dirpair *dir, const char *name)
{
	const struct copy_order order = {
		.pair = { .source_at = dir->source, .source = name, .source_name = name,
			  .dest_at = dir->dest, .dest = name, .dest_name = name },
		.dest_device = dir->dest_st.st_dev,
		.inherits = dir->inherits,
		.links_matter = walk->session->policy->preserve_links,
	};
	int ret;
	const int done = copy_small(walk, &order, true, &ret);

	if (done >= 0)
		return done;
	char *const source_name = dirpair_source_name(dir, name);
	char *const dest_name = dirpair_dest_name(dir, name);
	struct entry entry = {
		.dir = dir, .announced = true,
		.pair = { .source_name = source_name != NULL ? source_name : name,
			  .dest_name = dest_name != NULL ? dest_name : name },
	};
	const struct subject before = failures_about(entry_subject(&entry));
	report_outcome(walk->session, &entry, ret);
	failures_about(before);
	free(source_name);
	free(dest_name);
	return 0;
}

/* Learn about the directory that operand PAIR is copied into.  */
static const struct target *
target_of(struct walk *walk, const struct pathpair *pair)
{
	const struct metadata_policy *const meta = &walk->session->copy->meta;
	struct target *const target = &walk->target;
	struct stat st;

	if (target->known && target->at == pair->dest_at)
		return target;
	if (pair->dest_at == AT_FDCWD || strchr(pair->dest, '/') != NULL
	    || fstat(pair->dest_at, &st) < 0)
		return NULL;
	*target = (struct target) {
		.known = true, .at = pair->dest_at, .device = st.st_dev,
		.inherits = (meta->mode || meta->default_mode)
			&& posixacl_is_inherited(pair->dest_at),
	};
	return target;
}

int
content_copy_operand(struct walk *walk, const struct pathpair *pair)
{
	struct entry entry = { .pair = *pair, .announced = true };
	int ret;

	if (target_of(walk, pair) == NULL)
		return 1;
	const struct copy_order order = {
		.pair = *pair,
		.dest_device = walk->target.device,
		.inherits = walk->target.inherits,
		.sync_directory = true,
		.links_matter = walk->session->policy->preserve_links,
	};
	const int done = copy_small(walk, &order, false, &ret);
	if (done >= 0)
		return done;
	/* cp looks at it first, and says so.  */
	if (outcome.error.step == ERROR_OPEN_SOURCE)
		return 1;
	report_outcome(walk->session, &entry, ret);
	return 0;
}

/* Return whether ENTRY is a new file that the short way may serve.  */
static bool
may_be_short(struct walk *walk, const struct entry *entry)
{
	return S_ISREG(entry->source.st_mode) && !entry->exists && !entry->dest_is_link
		&& !entry->backup && !entry->remove_destination
		&& !walk->session->policy->debug && !walk->by_path
		&& !policy_is_large(entry->source.st_size, &walk->session->copy->plan)
		&& (entry->dir != NULL || target_of(walk, &entry->pair) != NULL);
}

/* Copy ENTRY by the short way, if it serves.  Return as copy_small.  */
static int
copy_short(struct walk *walk, struct entry *entry, int *ret)
{
	struct copy_order order = {
		.pair = entry->pair,
		.dest_device = entry->dir != NULL ? entry->dir->dest_st.st_dev
			: walk->target.device,
		.inherits = entry->dir != NULL ? entry->dir->inherits
			: walk->target.inherits,
		.sync_directory = entry_is_operand(entry),
	};
	const int done = copy_small(walk, &order, entry->dest_is_free, ret);

	if (done < 0)
		report_outcome(walk->session, entry, *ret);
	return done;
}

/* Copy the content of ENTRY, which was visited.  Return 0; 1 if it is to be visited
   again, since something has changed; or -1.  */
static int
copy_content(struct walk *walk, struct entry *entry)
{
	struct session *const session = walk->session;
	struct link *const link = entry->link;
	int ret = 0, done = -1;

	if (session->policy->dry_run) {
		ret = plan_content(session, entry);
	} else if (!entry->visited_again && may_be_short(walk, entry)) {
		done = copy_short(walk, entry, &ret);
		if (done > 0)
			return 1;
	} else {
		totals_add(COUNT_FOUND, 1);
		ret = copy_by_any_means(walk, entry);
	}
	if (link != NULL)
		linktable_settle(session->links, link, ret >= 0);
	entry->link = NULL;
	return ret < 0 ? -1 : 0;
}

enum entry_next
content_visit(struct walk *walk, struct entry *entry)
{
	for (;;) {
		const struct link *const link = entry->link;
		const enum entry_next next = visit_entry(walk->session, entry);
		/* It was visited again, and nothing came of it.  */
		if (link != NULL && link != entry->link)
			linktable_give_up(walk->session->links);
		if (next != ENTRY_CONTENT)
			return next;
		const int ret = copy_content(walk, entry);
		if (ret <= 0)
			return ret == 0 ? ENTRY_CONTENT : ENTRY_FAILED;
		entry->visited_again = entry->announced = entry->revisited = true;
	}
}

void
content_use_policy(struct walk *walk, dev_t device)
{
	struct session *const session = walk->session;
	const struct copy_policy *const policy = durable_policy(&walk->durable, device);

	if (policy == session->copy)
		return;
	smallfile_end(&walk->smallfile);
	walk->smallfile = smallfile_begin(policy, walk->holds);
	session->copy = policy;
}
