/* SPDX-License-Identifier: GPL-3.0-or-later */
/* visit.c: decide what becomes of one name, as cp does, and make what one call makes.
   visit_entry, at the end, has the order of the questions.  */
#include "config.h"

#include "tree/visit.h"

#include <errno.h>
#include <fcntl.h>

#include "base/path.h"
#include "report/copymessages.h"
#include "report/entrymessages.h"
#include "report/stats.h"
#include "tree/displace.h"
#include "tree/hardlink.h"
#include "tree/overwrite.h"
#include "tree/special.h"

/* Look at ENTRY's source.  Return ENTRY_CONTENT if it may be copied, or ENTRY_FAILED.  */
static enum entry_next
look_at_source(const struct session *session, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	const int flags = pair->follow ? 0 : AT_SYMLINK_NOFOLLOW;

	if (fstatat(pair->source_at, pair->source, &entry->source, flags) < 0) {
		report_cannot_stat(pair->source_name, errno);
		return ENTRY_FAILED;
	}
	if (S_ISDIR(entry->source.st_mode) && !session->policy->recursive) {
		report_omitting_directory(pair->source_name);
		return ENTRY_FAILED;
	}
	return ENTRY_CONTENT;
}

/* Return true if ENTRY was given as an operand before; a file is copied only once into a
   directory.  */
static bool
given_twice(const struct session *session, const struct entry *entry)
{
	const char *const name = entry->pair.source_name;

	if (!entry_is_operand(entry) || entry->revisited || session->sources == NULL)
		return false;
	if (!S_ISDIR(entry->source.st_mode) && session->copy->backup.kind == BACKUP_NONE
	    && fileset_has_entry(session->sources, &entry->source, name)) {
		report_source_file_again(name);
		return true;
	}
	/* Without memory for this, a second copy is refused as just created.  */
	fileset_add(session->sources, &entry->source, name);
	return false;
}

/* Return the count of what stays by UPDATE.  */
static enum count
why_kept(enum update update)
{
	return update == UPDATE_CHANGED ? COUNT_UNCHANGED
		: update == UPDATE_CONTENT ? COUNT_SAME_CONTENT : COUNT_NOT_OLDER;
}

/* The file under ENTRY's destination stays.  */
static enum entry_next
stay(struct session *session, struct entry *entry)
{
	if (hardlink_is_coming(session, entry))
		return ENTRY_WAIT;
	const enum entry_next next = hardlink_keep(session, entry);
	if (next == ENTRY_DONE && session->policy->debug)
		report_skipped(entry->pair.dest_name);
	if (next == ENTRY_DONE && entry->dest_stays)
		stats_skipped(why_kept(session->policy->update), entry->source.st_mode,
			      entry->pair.source_name, entry->pair.dest_name);
	return next;
}

/* Return true if bytes are copied for ENTRY.  */
static bool
is_content(const struct session *session, const struct entry *entry)
{
	const struct entry_policy *const policy = session->policy;
	const mode_t mode = entry->source.st_mode;

	return !policy->link && !policy->symbolic_link
		&& (S_ISREG(mode) || (policy->copy_contents && !S_ISLNK(mode)));
}

/* Make ENTRY's copy by one system call.  */
static enum entry_next
make(const struct session *session, struct entry *entry)
{
	const bool dry = session->policy->dry_run;
	char *backup;

	entry_count_replaced(entry);
	if (displace_back_up(session, entry, &backup) < 0)
		return ENTRY_FAILED;
	if (!entry->remove_destination)
		entry_announce(session, entry, backup != NULL ? path_last(backup) : NULL);
	if (session->position != NULL && !dry)
		position_begins(session->position, entry->exists ? BEGUN_OLD
				: BEGUN_NODE);
	const enum entry_next next = dry ? ENTRY_DONE : special_make(session, entry);
	displace_settle_backup(session, entry, backup, next != ENTRY_FAILED
			       || entry->incomplete);
	if (next == ENTRY_DONE && entry->remove_destination)
		displace_announce(session, entry);
	entry->made = next == ENTRY_DONE;
	if (next == ENTRY_DONE)
		stats_made(session->policy->symbolic_link ? COUNT_SYMLINKS
			   : session->policy->link ? COUNT_HARD_LINKS
			   : stats_kind(entry->source.st_mode),
			   entry->pair.source_name, entry->pair.dest_name, dry);
	return next;
}

/* Go on with ENTRY, which isn't a directory and is to be copied.  */
static enum entry_next
visit_file(struct session *session, struct entry *entry)
{
	const bool content = is_content(session, entry);
	enum entry_next next = content ? ENTRY_CONTENT : displace_prepare(session, entry);

	if (next == ENTRY_CONTENT)
		next = hardlink_make(session, entry);
	/* If something is removed or renamed first, or the name comes last, the copy is
	   reported after that.  */
	if (next == ENTRY_CONTENT && content && !entry->remove_destination
	    && !entry->backup && !session->copy->dest.atomic)
		entry_announce(session, entry, NULL);
	if (next == ENTRY_CONTENT && !content)
		next = make(session, entry);
	if (entry->link != NULL && (next == ENTRY_FAILED || next == ENTRY_DONE)) {
		linktable_settle(session->links, entry->link, next == ENTRY_DONE);
		entry->link = NULL;
	}
	return next;
}

enum entry_next
visit_entry(struct session *session, struct entry *entry)
{
	enum entry_next next = look_at_source(session, entry);

	entry->link = NULL;
	entry->remove_destination = entry->backup = entry->dest_stays = false;
	entry->same = 0;
	entry->made = entry->incomplete = entry->linked = false;
	if (next != ENTRY_CONTENT)
		return next;
	if (given_twice(session, entry)) {
		stats_skipped(COUNT_REPEATED, entry->source.st_mode,
			      entry->pair.source_name, NULL);
		return ENTRY_DONE;
	}
	/* The user is asked when the copy of another name is there, not before, too; and
	   no content is compared twice.  */
	if ((session->policy->interactive || session->policy->update == UPDATE_CONTENT)
	    && hardlink_is_coming(session, entry))
		return ENTRY_WAIT;
	if (overwrite_look(session, entry) < 0)
		return ENTRY_FAILED;
	next = overwrite_decide(session, entry);
	if (entry->dest_stays)
		return stay(session, entry);
	if (next != ENTRY_CONTENT)
		return next;
	return S_ISDIR(entry->source.st_mode) ? ENTRY_DIRECTORY
		: visit_file(session, entry);
}
