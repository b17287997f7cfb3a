/* SPDX-License-Identifier: GPL-3.0-or-later */
/* overwrite.c: decide whether an existing file is replaced, overwritten or kept, by cp's
   rules.  Nothing is changed here.  */
#include "config.h"

#include "tree/overwrite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/path.h"
#include "base/permission.h"
#include "base/signals.h"
#include "file/resumption.h"
#include "report/copymessages.h"
#include "report/entrymessages.h"
#include "report/prompt.h"
#include "report/stats.h"
#include "tree/equal.h"
#include "tree/samefile.h"
#include "tree/timestamps.h"

/* Return true if ENTRY is written through a symlink that stands there.  Everything but
   bytes takes the symlink's place.  */
static bool
writes_through(const struct session *session, const struct entry *entry)
{
	const struct entry_policy *const policy = session->policy;
	const mode_t mode = entry->source.st_mode;

	if (policy->link || policy->symbolic_link || policy->remove_destination
	    || session->copy->backup.kind != BACKUP_NONE)
		return false;
	if (S_ISDIR(mode))
		return policy->keep_directory_symlink;
	return S_ISREG(mode) || (policy->copy_contents && !S_ISLNK(mode));
}

int
overwrite_look(const struct session *session, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	struct stat target;

	entry->exists = entry->dest_is_link = false;
	if (entry->dest_is_free)
		return 0;
	if (fstatat(pair->dest_at, pair->dest, &entry->dest, AT_SYMLINK_NOFOLLOW) == 0)
		entry->exists = true;
	else if (errno != ENOENT)
		goto cannot;
	if (!entry->exists || !S_ISLNK(entry->dest.st_mode)
	    || !writes_through(session, entry))
		return 0;
	entry->dest_is_link = true;
	if (fstatat(pair->dest_at, pair->dest, &target, 0) == 0) {
		if (S_ISDIR(entry->source.st_mode) && !S_ISDIR(target.st_mode))
			return 0;
		entry->dest = target;
	} else if (errno == ENOENT) {
		entry->exists = S_ISDIR(entry->source.st_mode);
	} else if (errno != ELOOP || !session->copy->dest.force) {
		goto cannot;
	}
	return 0;
cannot:
	report_cannot_stat(pair->dest_name, errno);
	return -1;
}

/* Decide by whether source and destination are one file.  */
static enum same
overwrite_same(const struct session *session, const struct entry *entry)
{
	const struct samefile_policy policy = {
		.no_dereference = entry_keeps_symlink(session, entry),
		.link = session->policy->link,
		.symbolic_link = session->policy->symbolic_link,
		.remove_destination = session->policy->remove_destination,
		.backup = session->copy->backup.kind != BACKUP_NONE,
	};

	return samefile_decide(&policy, &entry->pair, &entry->source, &entry->dest);
}

/* Return true if the destination is a symlink that leads to itself.  */
static bool
is_loop(const struct entry *entry)
{
	return entry->dest_is_link && S_ISLNK(entry->dest.st_mode);
}

/* Return true if DEST, under the destination's name, was made for an earlier operand.  */
static bool
just_created(const struct session *session, const struct entry *entry,
	const struct stat *dest)
{
	return entry_is_operand(entry) && session->created != NULL
		&& fileset_has(session->created, dest, entry->pair.dest);
}

/* Decide by the types: only a directory is copied onto a directory, unless the old one is
   renamed to a backup.  */
static enum entry_next
overwrite_kinds(const struct session *session, const struct entry *entry)
{
	const char *const source = entry->pair.source_name;
	const char *const dest = entry->pair.dest_name;

	const enum backup_kind backup = session->copy->backup.kind;
	const bool source_is_dir = S_ISDIR(entry->source.st_mode);
	const bool dest_is_dir = S_ISDIR(entry->dest.st_mode);

	if (source_is_dir != dest_is_dir && policy_compares(session->policy)) {
		equal_is_of_another_kind(entry);
		return ENTRY_DONE;
	}
	if (source_is_dir && !dest_is_dir && backup == BACKUP_NONE) {
		report_directory_over_other(source, dest);
		return ENTRY_FAILED;
	}
	/* A symlink to itself is left to overwrite_link_in_the_way.  */
	if (!dest_is_dir && !is_loop(entry) && backup != BACKUP_NUMBERED
	    && just_created(session, entry, &entry->dest)) {
		report_just_created(source, dest);
		return ENTRY_FAILED;
	}
	if (!source_is_dir && dest_is_dir && backup == BACKUP_NONE) {
		report_other_over_directory(source, dest);
		return ENTRY_FAILED;
	}
	return ENTRY_CONTENT;
}

/* Return true if the old file is removed first: by option, because its other names must
   not change with it, or because it can't be overwritten.  */
static bool
must_remove(const struct session *session, const struct entry *entry)
{
	if (S_ISDIR(entry->dest.st_mode))
		return false;
	if (session->policy->remove_destination)
		return true;
	/* With --atomic, the new file is renamed over it instead.  */
	if (session->copy->dest.atomic && (S_ISREG(entry->source.st_mode)
				       || S_ISLNK(entry->source.st_mode)))
		return false;
	return !session->copy->attributes_only
		&& ((session->policy->preserve_links && entry->dest.st_nlink > 1)
		    || (entry_keeps_symlink(session, entry)
			&& !S_ISREG(entry->source.st_mode)));
}

/* ---- options and answers ---- */

/* Ask the user whether to replace the old file.  */
static bool
may_replace(const struct session *session, const struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	const mode_t mode = entry->dest.st_mode;
	const char *const dest = pair->dest_name;
	const bool replaces = session->policy->remove_destination
		|| session->copy->dest.force;

	if (S_ISLNK(mode) || geteuid() == 0
	    || permission_check(pair->dest_at, pair->dest, W_OK) == 0)
		return prompt_overwrite(dest);
	return replaces ? prompt_replace(dest, mode) : prompt_try_anyway(dest, mode);
}

static bool
keeps_existing(const struct entry_policy *policy)
{
	return policy->update == UPDATE_NONE || policy->update == UPDATE_NONE_FAIL;
}

/* The old file stays.  Report that if it is an error, or with --debug.  */
static enum entry_next
skip(const struct session *session, const struct entry *entry, bool failed)
{
	if (failed)
		report_not_replacing(entry->pair.dest_name);
	else if (session->policy->debug)
		report_skipped(entry->pair.dest_name);
	if (!failed)
		stats_skipped(COUNT_KEPT, entry->source.st_mode,
			      entry->pair.source_name, entry->pair.dest_name);
	return failed ? ENTRY_FAILED : ENTRY_DONE;
}

static bool
is_older(const struct session *session, const struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	const bool may_be_cut = session->copy->meta.times
		&& timestamps_is_near(&entry->dest, &entry->source);

	return timestamps_is_older(&entry->dest, &entry->source, may_be_cut
				   ? fs_time_unit(pair->dest_at, pair->dest, &entry->dest)
				   : 1);
}

/* Return true if the source isn't what DEST is a copy of, by size and time; or by its
   size alone, where no times are held.  */
static bool
has_changed(const struct session *session, const struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	const struct stat *const source = &entry->source, *const dest = &entry->dest;
	const struct timekeeping *const timekeeping = &session->timekeeping;
	const bool may_be_cut = session->copy->meta.times
		&& timestamps_is_near(dest, source);

	if ((S_ISREG(source->st_mode) && source->st_size != dest->st_size)
	    || ((source->st_mode ^ dest->st_mode) & S_IFMT) != 0)
		return true;
	if (timekeeping->timeless && dest->st_dev == timekeeping->device)
		return !S_ISREG(source->st_mode);
	return timestamps_differ(dest, source, may_be_cut
				     ? fs_time_unit(pair->dest_at, pair->dest, dest) : 1);
}

bool
overwrite_stays(const struct session *session, const struct entry *entry)
{
	switch (session->policy->update) {
	case UPDATE_OLDER:
		return !is_older(session, entry);
	case UPDATE_CHANGED:
		return !has_changed(session, entry);
	case UPDATE_NONE: case UPDATE_NONE_FAIL:
		return true;
	case UPDATE_ALL: case UPDATE_CONTENT:
		break;
	}
	return false;
}

/* Decide by options, and by asking the user.  */
static enum entry_next
overwrite_update(const struct session *session, struct entry *entry)
{
	const struct entry_policy *const policy = session->policy;

	if (S_ISDIR(entry->source.st_mode) || entry->redone)
		return ENTRY_CONTENT;
	/* A symlink to itself, which -f removes, has no more to compare.  */
	if (is_loop(entry))
		return ENTRY_CONTENT;
	if (keeps_existing(policy))
		return skip(session, entry, policy->update == UPDATE_NONE_FAIL);
	const int equal = policy->update == UPDATE_CONTENT ? equal_is(session, entry)
		: overwrite_stays(session, entry);
	if (equal < 0)
		return ENTRY_FAILED;
	if (equal > 0) {
		entry->dest_stays = true;
		if (!policy->dry_run)
			resumption_forget(session->copy, &entry->source, &entry->pair);
		return ENTRY_DONE;
	}
	if (!policy->interactive || policy->dry_run || may_replace(session, entry))
		return ENTRY_CONTENT;
	/* The user's own no isn't in the list of failures.  */
	const struct subject before = failures_about(SUBJECT_NONE);
	if (signals_fatal() == 0) {
		skip(session, entry, true);
		stats_skipped(COUNT_DECLINED, entry->source.st_mode,
			      entry->pair.source_name, entry->pair.dest_name);
	}
	failures_about(before);
	return ENTRY_FAILED;
}

/* ---- backups ---- */

/* Return true if the last component of PATH is "." or "..".  */
static bool
ends_in_dots(const char *path)
{
	const size_t base = path_base(path), len = path_trimmed(path) - base;

	return (len == 1 || len == 2) && strspn(path + base, ".") >= len;
}

/* Decide whether the old file is renamed to a backup.  */
static enum entry_next
overwrite_backup(const struct session *session, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	const struct backup_policy *const policy = &session->copy->backup;

	if (policy->kind == BACKUP_NONE || S_ISDIR(entry->dest.st_mode)
	    || ends_in_dots(pair->source))
		return ENTRY_CONTENT;
	if (backup_destroys(policy, pair->dest_at, pair->dest, &entry->source,
			    pair->source)) {
		report_backup_destroys_source(pair->source_name, pair->dest_name);
		return ENTRY_FAILED;
	}
	entry->backup = true;
	entry->exists = false;
	return ENTRY_CONTENT;
}

/* ---- all together ---- */

/* Decide about ENTRY, whose destination exists.  */
static enum entry_next
overwrite_dest(const struct session *session, struct entry *entry)
{
	enum same same = SAME_GO_ON;

	if (!keeps_existing(session->policy))
		same = overwrite_same(session, entry);
	if (same == SAME_REFUSED && policy_compares(session->policy))
		same = SAME_NOTHING_TO_DO;
	if (same == SAME_REFUSED) {
		report_same_file(entry->pair.source_name, entry->pair.dest_name);
		return ENTRY_FAILED;
	}
	enum entry_next next = overwrite_update(session, entry);
	if (next == ENTRY_CONTENT && same == SAME_NOTHING_TO_DO) {
		stats_skipped(COUNT_SAME_FILE, entry->source.st_mode,
			      entry->pair.source_name, entry->pair.dest_name);
		return ENTRY_DONE;
	}
	if (next == ENTRY_CONTENT)
		next = overwrite_kinds(session, entry);
	if (next == ENTRY_CONTENT)
		next = overwrite_backup(session, entry);
	if (next == ENTRY_CONTENT && !entry->backup)
		entry->remove_destination = must_remove(session, entry);
	return next;
}

/* Refuse to write through a symlink that was made for an earlier operand.  */
static enum entry_next
overwrite_link_in_the_way(const struct session *session, const struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	struct stat st;

	if (!entry_is_operand(entry) || session->created == NULL
	    || !(entry->dest_is_link || entry->exists)
	    || entry->remove_destination || entry->backup)
		return ENTRY_CONTENT;
	if (fstatat(pair->dest_at, pair->dest, &st, AT_SYMLINK_NOFOLLOW) == 0
	    && S_ISLNK(st.st_mode) && (just_created(session, entry, &st)
				       || fileset_has(session->linked, &st,
						      pair->dest))) {
		report_just_created_symlink(pair->source_name, pair->dest_name);
		return ENTRY_FAILED;
	}
	return ENTRY_CONTENT;
}

/* In a dry run, refuse to overwrite what an earlier operand would have made, which is
   known by its name.  */
static enum entry_next
overwrite_planned(const struct session *session, const struct entry *entry)
{
	if (!session->policy->dry_run || S_ISDIR(entry->source.st_mode)
	    || session->copy->backup.kind == BACKUP_NUMBERED
		    || !just_created(session, entry, &fileset_unknown))
		return ENTRY_CONTENT;
	report_just_created(entry->pair.source_name, entry->pair.dest_name);
	return ENTRY_FAILED;
}

enum entry_next
overwrite_decide(const struct session *session, struct entry *entry)
{
	if (!entry->exists && entry->dest_is_link && policy_compares(session->policy)) {
		equal_is_of_another_kind(entry);	/* It leads nowhere.  */
		return ENTRY_DONE;
	}
	const enum entry_next next = entry->exists ? overwrite_dest(session, entry)
		: overwrite_planned(session, entry);

	return next == ENTRY_CONTENT ? overwrite_link_in_the_way(session, entry) : next;
}
