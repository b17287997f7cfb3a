/* SPDX-License-Identifier: GPL-3.0-or-later */
/* finish.c: the order in which a file gets what it has besides its bytes.  The owner
   comes first, since a change of owner clears set-ID bits and capabilities.  Attributes
   come before the mode, which may forbid to write them; times come last, since all else
   changes them.  */
#include "config.h"

#include "file/finish.h"

#include <errno.h>

#include "file/mode.h"
#include "file/owner.h"
#include "file/xattr.h"

static int
give_times(const struct metadata *meta, const struct metadata_target *target)
{
	const struct timespec times[2] = { meta->st.st_atim, meta->st.st_mtim };

	return openfile_change_times(&target->file, times);
}

/* If the times could not be kept, cp reports only that, and so do we.  */
static void
report_as_cp(struct remarks *remarks)
{
	for (unsigned i = 0; i < remarks->count; i++)
		if (remarks->errors[i].step == ERROR_TIMES) {
			remarks->errors[0] = remarks->errors[i];
			remarks->count = 1;
		}
}

void
finish_file(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, struct remarks *remarks)
{
	const bool is_link = S_ISLNK(meta->st.st_mode);
	const enum owner_result owner = policy->owner
		? owner_give(policy, meta, target, remarks) : OWNER_GIVEN;

	if (is_link && owner == OWNER_NOT_GIVEN && remarks->failed)
		return;		/* cp stops there, too */
	/* FUSE may write what it holds back only now; and a write clears
	   capabilities.  */
	if (meta->attributes && S_ISREG(meta->st.st_mode) && policy->times)
		give_times(meta, target);
	if (meta->attributes && owner != OWNER_UNTOUCHABLE)
		xattr_give(policy, meta, target, remarks);
	if (!is_link && owner != OWNER_UNTOUCHABLE)
		mode_give(policy, meta, target, owner == OWNER_GIVEN, remarks);
	if (policy->times && give_times(meta, target) < 0)
		remarks_fail(remarks, ERROR_TIMES, errno);
	report_as_cp(remarks);
}

int
finish_successor(int to, int from, struct error *error)
{
	struct stat old, now;

	if (fstat(from, &old) < 0 || fstat(to, &now) < 0)
		return error_set(error, ERROR_STAT_DEST, errno);
	if (owner_copy(to, &now, &old) < 0)
		return error_set(error, ERROR_KEEP_OWNER, errno);
	if (xattr_copy_lasting(to, from) < 0)
		return error_set(error, ERROR_KEEP_ATTRIBUTES, errno);
	if (mode_copy(to, from, &old) < 0)
		return error_set(error, ERROR_KEEP_MODE, errno);
	return 0;
}
