/* SPDX-License-Identifier: GPL-3.0-or-later */
/* entry.c: questions about an entry, for the other files of this room.  */
#include "config.h"

#include "tree/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "base/totals.h"
#include "report/copymessages.h"
#include "report/entrymessages.h"

bool
entry_is_operand(const struct entry *entry)
{
	return entry->dir == NULL;
}

bool
entry_keeps_symlink(const struct session *session, const struct entry *entry)
{
	const enum dereference which = session->policy->dereference;

	return which == DEREFERENCE_NEVER
		|| (which == DEREFERENCE_OPERANDS && !entry_is_operand(entry));
}

void
entry_announce(const struct session *session, struct entry *entry, const char *backup)
{
	if (session->policy->verbose && !entry->announced)
		report_copy(entry->pair.source_name, entry->pair.dest_name, backup);
	entry->announced = true;
}

void
entry_count_replaced(const struct entry *entry)
{
	if (entry->exists || entry->remove_destination || entry->backup)
		totals_add(COUNT_REPLACED, 1);
}

struct subject
entry_subject(const struct entry *entry)
{
	const char *const name = entry->pair.source_name;

	return (struct subject) { name, entry->dir == NULL ? strlen(name)
				 : dirpair_base(entry->dir) };
}

struct operand
entry_operand(const struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;

	if (entry_is_operand(entry))
		return (struct operand) { pair->source_name, pair->dest_name, pair->dest,
					 pair->dest_at };
	const struct dirpair *const root = dirpair_root(entry->dir);
	return (struct operand) { root->source_root, root->dest_root, root->dest_path,
				  root->dest_base };
}

char *
entry_dest_path(const struct entry *entry)
{
	return entry_is_operand(entry) ? strdup(entry->pair.dest)
		: dirpair_dest_path(entry->dir, path_last(entry->pair.dest));
}

char *
entry_display_name(const struct entry *entry, const char *path)
{
	const struct operand operand = entry_operand(entry);
	const size_t name = strlen(operand.dest_name), below = strlen(operand.dest_path);
	char *text;

	return asprintf(&text, "%.*s%s", (int) (name > below ? name - below : 0),
			operand.dest_name, path) < 0 ? NULL : text;
}

int
entry_remember(struct session *session, const struct entry *entry)
{
	struct stat st;

	if (!entry_is_operand(entry) || session->created == NULL)
		return 0;
	if (session->policy->dry_run)	/* its name is all there is */
		memset(&st, 0, sizeof st);
	else if (fstatat(entry->pair.dest_at, entry->pair.dest, &st,
			 AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (fileset_add(entry->linked ? session->linked : session->created, &st,
		     entry->pair.dest) == 0)
		return 0;
	report_cannot_copy(entry->pair.source_name, errno);
	return -1;
}

bool
entry_inherits(const struct session *session, const struct entry *entry)
{
	if (entry->dir != NULL)
		return entry->dir->inherits;
	return session->copy->meta.mode || session->copy->meta.default_mode;
}

struct copy_order
entry_order(const struct session *session, const struct entry *entry)
{
	return (struct copy_order) {
		.pair = entry->pair,
		.source = &entry->source,
		.dest = entry->exists ? &entry->dest : NULL,
		.follow_dest = entry->dest_is_link,
		.remove_destination = entry->remove_destination,
		.backup = entry->backup,
		.dangling = entry->dest_is_link && !entry->exists,
		.dest_device = entry->dir != NULL ? entry->dir->dest_st.st_dev : 0,
		.inherits = entry_inherits(session, entry),
		.sync_directory = entry_is_operand(entry),
		.breaks_links = session->policy->preserve_links,
		.same = entry->same,
	};
}
