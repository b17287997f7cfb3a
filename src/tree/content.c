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
#include "base/totals.h"
#include "file/held.h"
#include "file/posixacl.h"
#include "report/progressfacts.h"
#include "tree/dryrun.h"
#include "tree/manifest.h"
#include "tree/peers.h"
#include "tree/verdict.h"
#include "tree/visit.h"

static struct copy_outcome outcome;	/* too large for a stack that is deep already */

/* ---- copying ---- */

/* Return whether ENTRY's old file may be written to by another walker at the same time,
   by another name or through a symlink.  */
static bool
has_rivals(const struct walk *walk, const struct entry *entry)
{
	return walk->locks != NULL && entry->exists && !entry->remove_destination
		&& S_ISREG(entry->dest.st_mode);
}

/* Take LOCK, for the old file of status ST.  Other ranks may write to it if it has other
   names, or IS_LINK: it was reached through a symlink.  */
static void
take_lock(struct robustlock *lock, const struct stat *st, bool is_link)
{
	robustlock_take(lock);
	if (st->st_nlink > 1 || is_link)
		peers_lock(st->st_ino);
}

static void
release_lock(struct robustlock *lock, const struct stat *st)
{
	peers_unlock(st->st_ino);
	robustlock_release(lock);
}

/* Return where the copy of WALK's next name may be held; or NULL.  */
static struct held *
place_for_next(struct walk *walk)
{
	const struct session *const session = walk->session;

	const bool grouped = session->copy->dest.atomic || session->copy->dest.resume;

	return grouped && !session->policy->debug
		&& !walk->keeps_names && walk->holds && !walk->by_path
		? group_place(&walk->group, walk_level(walk), walk->budget) : NULL;
}

/* The same for ENTRY, which was visited.  */
static struct held *
place_for(struct walk *walk, const struct entry *entry)
{
	return S_ISREG(entry->source.st_mode) && entry->link == NULL
		&& !entry->dest_is_link && !entry->remove_destination && !entry->backup
		&& !policy_is_large(entry->source.st_size, &walk->session->copy->plan)
		? place_for_next(walk) : NULL;
}

/* The outcome is of a copy that is held: it belongs to WALK's group.  */
static void
hold(struct walk *walk)
{
	group_add(&walk->group, walk_level(walk),
		  counts_get(&outcome.copied.counts, COUNT_BYTES));
}

/* A file that was opened is to be visited again: it will be found, and opened, once
   more.  */
static void
count_back(void)
{
	totals_add(COUNT_FOUND, (uint64_t) -1);
	if (outcome.error.step != ERROR_GIVEN_BACK)
		totals_add(COUNT_OPENED, (uint64_t) -1);
	outcome_count_back(&outcome);
}

/* Return whether a copy failed for want of what copies that are held would leave to it: a
   descriptor, or the blocks of files that they replace.  */
static bool
lacks_room(const struct walk *walk)
{
	const int err = outcome.error.err;

	return group_is_pending(&walk->group)
		&& (err == EMFILE || err == ENFILE || error_is_full(err));
}

/* Copy ENTRY's content, by all workers if it is large.  Return 0; 1 if it is to be
   visited again; or -1.  */
static int
copy_by_any_means(struct walk *walk, struct entry *entry)
{
	const struct session *const session = walk->session;
	struct copy_order order = entry_order(session, entry);
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
	progressfacts_here(entry->pair.source_name, (uint64_t) entry->source.st_size);
	order.hold = place_for(walk, entry);
	if (lock != NULL)
		take_lock(lock, &entry->dest, entry->dest_is_link);
	const int ret = copy_file(policy, &order, &outcome);
	if (lock != NULL)
		release_lock(lock, &entry->dest);
	progressfacts_here(NULL, 0);
	if (ret < 0 && lacks_room(walk)) {
		count_back();
		return 1;
	}
	if (outcome.held)
		hold(walk);
	else
		verdict_tell(session, entry, &outcome, ret);
	return ret;
}

bool
content_commit(struct walk *walk, struct entry *entry, struct held *held)
{
	const bool replaces = held->dest.takes_place;
	struct robustlock *const lock = walk->locks != NULL && replaces
		? queue_lock_of(walk->locks, held->dest.file.st.st_ino) : NULL;

	position_begins(walk->position, replaces ? BEGUN_OLD : BEGUN_FILE);
	if (lock != NULL)
		take_lock(lock, &held->dest.file.st, false);
	const int ret = held_commit(held, &outcome);
	if (lock != NULL)
		release_lock(lock, &held->dest.file.st);
	const int err = outcome.error.err;
	if (ret < 0 && (err == EEXIST || err == ENOENT || error_is_full(err))) {
		count_back();
		position_forgets(walk->position);
		return false;
	}
	verdict_tell(walk->session, entry, &outcome, ret);
	return true;
}

/* ---- small files ---- */

/* Return whether the failure of a short copy means that the name is to be visited again:
   something stands in its way that wasn't there a moment ago, unless the directory is
   FRESH, or it can't be copied without a stat.  */
static bool
is_returned(const struct walk *walk, bool fresh)
{
	const struct error *const error = &outcome.error;

	if (error->step == ERROR_GIVEN_BACK || lacks_room(walk))
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
	if (*ret < 0 && is_returned(walk, fresh)) {
		count_back();
		return 1;
	}
	if (!outcome.held)
		return -1;
	hold(walk);
	return 0;
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
		.hold = place_for_next(walk),
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
	verdict_tell(walk->session, &entry, &outcome, ret);
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
	/* cp looks at both names first, and says which one it can't.  */
	if (outcome.error.step == ERROR_OPEN_SOURCE
	    || outcome.error.step == ERROR_CREATE) {
		count_back();
		return 1;
	}
	verdict_tell(walk->session, &entry, &outcome, ret);
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
		.hold = place_for(walk, entry),
	};
	const int done = copy_small(walk, &order, entry->dest_is_free, ret);

	if (done < 0)
		verdict_tell(walk->session, entry, &outcome, *ret);
	else if (*ret > 0)
		manifest_list(walk->session, entry);
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

	if (!entry->visited_again)
		entry_count_replaced(entry);
	if (session->policy->dry_run) {
		ret = dryrun_content(session, entry);
	} else if (!entry->visited_again && may_be_short(walk, entry)) {
		done = copy_short(walk, entry, &ret);
	} else {
		totals_add(COUNT_FOUND, 1);
		ret = done = copy_by_any_means(walk, entry);
	}
	if (done > 0)
		return 1;
	if (link != NULL)
		linktable_settle(session->links, link, ret >= 0);
	entry->link = NULL;
	return ret < 0 ? -1 : 0;
}

/* Have ENTRY visited again when no copy is held any more.  Until then, any other name of
   the source may be copied.  */
static enum entry_next
put_off(const struct walk *walk, struct entry *entry)
{
	if (entry->link != NULL)
		linktable_settle(walk->session->links, entry->link, false);
	entry->link = NULL;
	return ENTRY_AGAIN;
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
		if (next == ENTRY_DONE && S_ISREG(entry->source.st_mode))
			manifest_list(walk->session, entry);
		if (next != ENTRY_CONTENT)
			return next;
		/* It may lead to a file that will be replaced.  */
		if (entry->dest_is_link && group_is_pending(&walk->group))
			return put_off(walk, entry);
		const int ret = copy_content(walk, entry);
		if (ret <= 0)
			return ret == 0 ? ENTRY_CONTENT : ENTRY_FAILED;
		if (lacks_room(walk))
			return put_off(walk, entry);
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
