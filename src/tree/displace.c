/* SPDX-License-Identifier: GPL-3.0-or-later */
/* displace.c: remove what stands under a destination's name, or rename it to its
   backup.  */
#include "config.h"

#include "tree/displace.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/path.h"
#include "file/node.h"
#include "file/remove.h"
#include "report/copymessages.h"
#include "report/entrymessages.h"

enum entry_next
displace_remove(const struct session *session, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;

	if (!entry->remove_destination)
		return ENTRY_CONTENT;
	if (!session->policy->dry_run && remove_any(pair->dest_at, pair->dest) < 0) {
		report_cannot_remove(pair->dest_name, errno);
		return ENTRY_FAILED;
	}
	entry->remove_destination = false;
	if (session->policy->verbose && !policy_compares(session->policy))
		report_removed(pair->dest_name);
	return ENTRY_CONTENT;
}

enum entry_next
displace_prepare(const struct session *session, struct entry *entry)
{
	const dev_t device = entry->dir != NULL ? entry->dir->dest_st.st_dev : 0;
	const struct pathpair *const pair = &entry->pair;

	if (!entry->remove_destination)
		return ENTRY_CONTENT;
	if (session->policy->dry_run || !dest_may_hide(pair, device))
		return displace_remove(session, entry);
	if (!node_is_undeletable(pair->dest_at, pair->dest))
		return ENTRY_CONTENT;
	report_cannot_remove(pair->dest_name, errno);
	return ENTRY_FAILED;
}

void
displace_announce(const struct session *session, struct entry *entry)
{
	if (session->policy->verbose)
		report_removed(entry->pair.dest_name);
	entry_announce(session, entry, NULL);
}

int
displace_back_up(const struct session *session, const struct entry *entry, char **backup)
{
	const struct pathpair *const pair = &entry->pair;

	*backup = NULL;
	if (!entry->backup)
		return 0;
	*backup = (session->policy->dry_run ? backup_path
		   : backup_make)(&session->copy->backup,
								 pair->dest_at,
								 pair->dest);
	if (*backup != NULL || errno == ENOENT)
		return 0;
	report_cannot_backup(pair->dest_name, errno);
	return -1;
}

void
displace_settle_backup(const struct session *session, const struct entry *entry,
	char *backup,
	bool there)
{
	const struct pathpair *const pair = &entry->pair;

	if (backup != NULL && !there) {
		const int err = backup_undo(pair->dest_at, backup, pair->dest) < 0 ? errno
			: 0;
		report_unbackup(pair->dest_name, path_last(backup), err,
				session->policy->verbose);
	}
	free(backup);
}
