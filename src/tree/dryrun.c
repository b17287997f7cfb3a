/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dryrun.c: what would become of a file's content.  */
#include "config.h"

#include "tree/dryrun.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/permission.h"
#include "base/totals.h"
#include "file/outcome.h"
#include "report/copymessages.h"
#include "report/entrymessages.h"
#include "report/stats.h"
#include "tree/displace.h"

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

int
dryrun_content(const struct session *session, struct entry *entry)
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
	totals_add(COUNT_PLANNED, outcome_expect(session->copy, &entry->source));
	entry_announce(session, entry, backup != NULL ? path_last(backup) : NULL);
	free(backup);
	stats_planned(pair->source_name, pair->dest_name,
		      (uint64_t) entry->source.st_size);
	return 0;
}
