/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hardlink.c: further names of a source become further names of its copy.  */
#include "config.h"

#include "tree/hardlink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/inode.h"
#include "base/path.h"
#include "file/node.h"
#include "report/copymessages.h"
#include "report/entrymessages.h"
#include "report/stats.h"
#include "tree/displace.h"

/* Report that ENTRY could not become a link to LINK's copy, for the reason ERR.  */
static void
report_no_link(const struct entry *entry, const struct link *link, int err)
{
	char *const name = entry_display_name(entry, link->path);

	report_cannot_create_hard_link(entry->pair.dest_name,
				       name != NULL ? name : link->path, err);
	free(name);
}

/* Return true if what stays in ENTRY's place is the file NAME in AT already.  cp would
   make the link again.  */
static bool
is_linked(const struct entry *entry, int at, const char *name)
{
	struct stat st;

	return entry->dest_stays && !entry->dest_is_link
		&& fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0
		&& inode_is_same(&st, &entry->dest);
}

/* Make ENTRY a link to LINK's copy.  Return 0 or more; or -1, which is reported.  */
static int
link_to_copy(const struct session *session, struct entry *entry, const struct link *link)
{
	const struct pathpair *const pair = &entry->pair;
	const char *name;
	const int at = linktable_parent(session->links, link,
					session->policy->keep_directory_symlink, &name);
	int ret = -1;

	if ((at >= 0 || at == AT_FDCWD) && is_linked(entry, at, name))
		ret = 0;
	else if (at >= 0 || at == AT_FDCWD)
		ret = node_link(at, name, false, pair->dest_at, pair->dest,
				entry->remove_destination ? NODE_REMOVE : NODE_REPLACE);
	const int err = errno;
	if (ret >= 0 && entry->remove_destination)
		displace_announce(session, entry);
	else if (ret > 0 && session->policy->verbose)
		report_removed(pair->dest_name);
	if (ret < 0)
		report_no_link(entry, link, err);
	linktable_done(session->links);
	return ret;
}

/* Return true if other names of ENTRY's source become names of one copy.  */
static bool
has_other_names(const struct session *session, const struct entry *entry)
{
	const struct entry_policy *const policy = session->policy;
	const enum dereference which = policy->dereference;

	return policy->preserve_links && !policy->link
		&& (entry->source.st_nlink > 1 || which == DEREFERENCE_ALWAYS
		    || (which == DEREFERENCE_OPERANDS && entry_is_operand(entry)));
}

/* Return the link of ENTRY's source, which is ours if this is its first name; NULL if
   there is no memory, which is reported.  */
static struct link *
claim_link(struct session *session, const struct entry *entry)
{
	const struct operand operand = entry_operand(entry);
	struct link *link = linktable_find(session->links, entry->source.st_dev,
					   entry->source.st_ino);

	if (link != NULL)
		return link;
	char *const path = entry_dest_path(entry);
	if (path != NULL)
		link = linktable_claim(session->links, entry->source.st_dev,
				       entry->source.st_ino, operand.base, path,
				       strlen(operand.dest_path));
	free(path);
	if (link == NULL)
		report_cannot_copy(entry->pair.source_name, errno);
	return link;
}

/* Make ENTRY a link to the copy THERE, of another name.  Return ENTRY_DONE or
   ENTRY_FAILED.  */
static enum entry_next
keep_link(const struct session *session, struct entry *entry, const struct link *there)
{
	const enum entry_next next = displace_prepare(session, entry);
	char *backup;
	int ret = 0;

	if (next != ENTRY_CONTENT)
		return next;
	if (displace_back_up(session, entry, &backup) < 0)
		return ENTRY_FAILED;
	if (!entry->remove_destination)
		entry_announce(session, entry, backup != NULL ? path_last(backup) : NULL);
	if (session->position != NULL && !session->policy->dry_run)
		position_begins(session->position, entry->exists ? BEGUN_OLD
				: BEGUN_NODE);
	if (!session->policy->dry_run)
		ret = link_to_copy(session, entry, there);
	displace_settle_backup(session, entry, backup, ret >= 0);
	if (ret < 0)
		return ENTRY_FAILED;
	entry->linked = true;
	stats_made(COUNT_HARD_LINKS, entry->pair.source_name, entry->pair.dest_name,
		   session->policy->dry_run);
	return ENTRY_DONE;
}

/* Return true if another walker copies LINK.  */
static bool
is_coming(const struct session *session, const struct link *link)
{
	return link->state == LINK_COMING && !linktable_is_ours(session->links, link);
}

bool
hardlink_is_coming(const struct session *session, struct entry *entry)
{
	if (S_ISDIR(entry->source.st_mode) || !has_other_names(session, entry))
		return false;
	struct link *const there = linktable_find(session->links, entry->source.st_dev,
						  entry->source.st_ino);
	if (there == NULL || !is_coming(session, there))
		return false;
	entry->link = there;
	return true;
}

bool
hardlink_is_there(const struct session *session, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;

	if (fstatat(pair->source_at, pair->source, &entry->source,
		    pair->follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0
	    || S_ISDIR(entry->source.st_mode) || !has_other_names(session, entry))
		return false;
	const struct link *const link = linktable_look(session->links,
						       entry->source.st_dev,
						       entry->source.st_ino);
	char *const path = link == NULL || link->state != LINK_THERE ? NULL
		: entry_dest_path(entry);
	const bool is = path != NULL && strcmp(path, link->path) == 0
		&& link->base == entry_operand(entry).base;
	free(path);
	return is;
}

bool
hardlink_stands(const struct session *session, const struct entry *entry)
{
	const char *name;
	struct stat st;

	if (session->policy->dry_run || !has_other_names(session, entry))
		return false;
	const struct link *const link = linktable_look(session->links,
						       entry->source.st_dev,
						       entry->source.st_ino);
	if (link == NULL || link->state != LINK_THERE)
		return false;
	const int at = linktable_parent(session->links, link,
					session->policy->keep_directory_symlink, &name);
	const bool stands = (at >= 0 || at == AT_FDCWD)
		&& fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0
		&& inode_is_same(&st, &entry->dest);
	linktable_done(session->links);
	return stands;
}

enum entry_next
hardlink_make(struct session *session, struct entry *entry)
{
	if (!has_other_names(session, entry))
		return ENTRY_CONTENT;
	struct link *const link = claim_link(session, entry);
	if (link == NULL)
		return ENTRY_FAILED;
	if (link->state == LINK_THERE)
		return keep_link(session, entry, link);
	entry->link = link;
	return linktable_is_ours(session->links, link) ? ENTRY_CONTENT : ENTRY_WAIT;
}

enum entry_next
hardlink_keep(struct session *session, struct entry *entry)
{
	if (!has_other_names(session, entry))
		return ENTRY_DONE;
	struct link *const link = claim_link(session, entry);
	if (link == NULL)
		return ENTRY_FAILED;
	if (linktable_is_ours(session->links, link)) {
		linktable_settle(session->links, link, true);
		return ENTRY_DONE;
	}
	if (link->state != LINK_THERE) {
		entry->link = link;
		return ENTRY_WAIT;
	}
	if (session->policy->dry_run)
		return ENTRY_DONE;
	if (link_to_copy(session, entry, link) < 0)
		return ENTRY_FAILED;
	entry->dest_stays = false;
	stats_made(COUNT_HARD_LINKS, entry->pair.source_name, entry->pair.dest_name,
		   false);
	return ENTRY_DONE;
}
