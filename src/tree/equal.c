/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equal.c: whether what stands there is what would be made.  Attributes don't count.  */
#include "config.h"

#include "tree/equal.h"

#include <stdlib.h>
#include <string.h>

#include "base/inode.h"
#include "base/totals.h"
#include "file/node.h"
#include "file/outcome.h"
#include "file/samecontent.h"
#include "report/copymessages.h"
#include "report/progressfacts.h"
#include "report/stats.h"
#include "tree/hardlink.h"

/* Return whether ENTRY's destination, a symlink, has the target TARGET.  */
static bool
leads_to(const struct entry *entry, const char *target)
{
	char *const there = node_read_symlink(entry->pair.dest_at, entry->pair.dest);
	const bool does = there != NULL && target != NULL && strcmp(there, target) == 0;

	free(there);
	return does;
}

/* The same of the target that ENTRY's source has.  */
static bool
leads_to_the_same(const struct entry *entry)
{
	char *const target = node_read_symlink(entry->pair.source_at, entry->pair.source);
	const bool does = leads_to(entry, target);

	free(target);
	return does;
}

/* A file is found, and EXPECTED bytes of it are to be compared or copied; or, N is -1,
   they aren't.  */
static void
count_found(uint64_t n, uint64_t expected)
{
	totals_add(COUNT_FOUND, n);
	totals_add(COUNT_OPENED, n);
	totals_add(COUNT_EXPECTED, expected);
}

/* COMPARED bytes of a file of which EXPECTED were to be compared were, and it STAYS.  If
   not, it will be found again, and there was more to do.  */
static void
count_compared(uint64_t compared, uint64_t expected, bool stays)
{
	count_found(stays ? 0 : (uint64_t) -1, compared - expected);
	totals_add(COUNT_AMENDED, stays ? compared - expected : compared);
	totals_add(COUNT_PASSED, stays);
}

/* The same of regular files.  */
static int
has_same_bytes(const struct session *session, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	struct samecontent found;
	struct error error;
	const uint64_t expected = outcome_expect(session->copy, &entry->source);

	count_found(1, expected);
	progressfacts_here(pair->source_name, (uint64_t) entry->source.st_size);
	const int ret = samecontent_compare(&session->copy->plan, pair, &entry->source,
					    &entry->dest, entry->dest_is_link, &found,
					    &error);
	progressfacts_here(NULL, 0);
	entry->same = found.same;
	count_compared(found.compared, expected, ret > 0);
	if (ret < 0)
		report_error(pair, &error, CUT_NONE);
	return ret;
}

int
equal_is(const struct session *session, struct entry *entry)
{
	const struct entry_policy *const policy = session->policy;
	const mode_t mode = entry->source.st_mode, there = entry->dest.st_mode;

	if (policy->symbolic_link)
		return S_ISLNK(there) && leads_to(entry, entry->pair.source_name);
	/* What a pipe or device delivers is known only when it is read.  */
	if (((mode ^ there) & S_IFMT) != 0
	    || (policy->copy_contents && !S_ISREG(mode) && !S_ISLNK(mode)))
		return 0;
	if (inode_is_same(&entry->source, &entry->dest)
	    || hardlink_stands(session, entry))
		return 1;
	if (S_ISREG(mode))
		return has_same_bytes(session, entry);
	if (S_ISLNK(mode))
		return leads_to_the_same(entry);
	return !(S_ISBLK(mode) || S_ISCHR(mode))
		|| entry->source.st_rdev == entry->dest.st_rdev;
}

void
equal_is_of_another_kind(const struct entry *entry)
{
	report_other_kind(entry->pair.source_name, entry->pair.dest_name);
	stats_differs(entry->source.st_mode, entry->pair.source_name,
		      entry->pair.dest_name);
}
