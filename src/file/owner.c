/* SPDX-License-Identifier: GPL-3.0-or-later */
/* owner.c: change user and group where that is needed and permitted.  */
#include "config.h"

#include "file/owner.h"

#include <errno.h>
#include <unistd.h>

enum { SPECIAL = S_ISUID | S_ISGID | S_ISVTX, ALL_BITS = 07777 };

static bool
is_same_owner(const struct stat *a, const struct stat *b)
{
	return a->st_uid == b->st_uid && a->st_gid == b->st_gid;
}

/* Return whether a new file TARGET already has the source's owner, so that a file system
   that can't change owners need not be asked to.  Looked up only where that is
   likely.  */
static bool
is_born_owned(const struct metadata *meta, const struct metadata_target *target)
{
	static uid_t user = (uid_t) -1;
	struct stat now;

	if (user == (uid_t) -1)
		user = geteuid();
	return S_ISREG(meta->st.st_mode) && meta->st.st_uid == user
		&& fstat(target->file.fd, &now) == 0 && is_same_owner(&now, &meta->st);
}

static bool
is_owned(const struct metadata *meta, const struct metadata_target *target)
{
	const struct stat *const now = target->old != NULL ? target->old : target->made;

	return now != NULL ? is_same_owner(now, &meta->st) : is_born_owned(meta, target);
}

/* Return whether the mode of an old TARGET permits its new owner, or anybody by its ACL,
   more than the copy's final mode.  */
static bool
permits_more(const struct metadata *meta, const struct metadata_target *target)
{
	const mode_t old = target->old->st_mode & ALL_BITS;

	return (old & (~meta->st.st_mode | SPECIAL)) != 0 || target->inherits;
}

/* Take from an old TARGET the permissions that its new owner must not have.  Return 0,
   or -1 if the mode can't be changed.  Without privileges, its times can't be set either
   then; if they are kept, only they are reported.  */
static int
restrict_old(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, struct remarks *remarks)
{
	const mode_t mode = target->old->st_mode & meta->st.st_mode & 0700;

	if (openfile_change_mode(&target->file, mode) == 0)
		return 0;
	remarks->failed = true;
	if ((errno != EPERM && errno != EINVAL) || geteuid() == 0 || !policy->times)
		remarks_fail(remarks, ERROR_CLEAR_MODE, errno);
	return -1;
}

enum owner_result
owner_give(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, struct remarks *remarks)
{
	if (is_owned(meta, target))
		return OWNER_GIVEN;
	if (target->old != NULL && policy->mode && permits_more(meta, target)
	    && restrict_old(policy, meta, target, remarks) < 0)
		return OWNER_UNTOUCHABLE;
	if (openfile_change_owner(&target->file, meta->st.st_uid, meta->st.st_gid) == 0)
		return OWNER_GIVEN;
	const int err = errno;
	if (err == EPERM || err == EINVAL) {	/* then perhaps the group alone */
		openfile_change_owner(&target->file, (uid_t) -1, meta->st.st_gid);
		if (geteuid() != 0)
			return OWNER_NOT_GIVEN;
	}
	remarks_fail(remarks, ERROR_OWNER, err);
	return OWNER_NOT_GIVEN;
}

int
owner_copy(int to, const struct stat *now, const struct stat *old)
{
	return is_same_owner(now, old) ? 0 : fchown(to, old->st_uid, old->st_gid);
}
