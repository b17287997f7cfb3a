/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mode.c: the permission bits.  What the mode of a copy is when its source's isn't kept
   depends on its type, by cp's rules.  */
#include "config.h"

#include "file/mode.h"

#include <errno.h>
#include <unistd.h>

#include "file/posixacl.h"

enum { SET_ID = S_ISUID | S_ISGID, SPECIAL = SET_ID | S_ISVTX, ALL_BITS = 07777 };

/* ---- the mode to begin with ---- */

/* Return whether MODE is that of a FIFO, a socket or a device.  As with cp, these are
   made with all set-ID and sticky bits, and have what creation and a change of owner
   leave of them.  */
static bool
is_special(mode_t mode)
{
	return !S_ISREG(mode) && !S_ISDIR(mode) && !S_ISLNK(mode);
}

mode_t
mode_first(const struct metadata_policy *policy, const struct metadata *meta)
{
	const mode_t mode = meta->st.st_mode;
	/* Attributes can be given only to a file that can be written.  */
	const mode_t added = meta->attributes ? 0200 : 0;

	if (is_special(mode) && !policy->mode)
		return (mode & ALL_BITS & (policy->owner ? ~(mode_t) 0077 : ALL_BITS))
			| added;
	if (policy->owner || policy->mode)
		return (mode & 0600) | added;
	if (policy->default_mode)
		return 0666;
	return (mode & 0777) | added;
}

/* Return the bits of a new directory of MODE that are held back until it is filled.  */
static mode_t
held_back(const struct metadata_policy *policy, mode_t mode)
{
	return mode & (policy->owner || policy->mode ? 0077 : 0022);
}

mode_t
mode_first_directory(const struct metadata_policy *policy, mode_t mode)
{
	return ((mode & ALL_BITS) & ~held_back(policy, mode)) | 0700;
}

int
mode_let_in(const struct openfile *dir, mode_t made)
{
	return (made & 0700) == 0700 ? 0
		: openfile_change_mode(dir, (made | 0700) & ALL_BITS);
}

/* ---- the final mode, where the source's isn't kept ---- */

/* Return the bits that a copy of MODE has in the end.  */
static mode_t
final_mode(const struct metadata_policy *policy, mode_t mode)
{
	if (policy->default_mode)
		return (S_ISDIR(mode) || S_ISSOCK(mode) ? 0777 : 0666) & ~policy->umask;
	return mode & 0777 & ~policy->umask;
}

/* Return what stays of the special bits NOW of a new TARGET that gets the usual mode.  cp
   gives it an ACL, which doesn't change them; on a file system without ACLs a mode, which
   does.  */
static mode_t
special_left(const struct metadata_target *target, mode_t now)
{
	const mode_t bits = now & SPECIAL;

	return bits != 0 && posixacl_remove(&target->file) < 0
		&& posixacl_is_unsupported(errno) ? 0 : bits;
}

/* Return the mode for a new directory TARGET.  */
static mode_t
directory_mode(const struct metadata_policy *policy, const struct metadata_target *target,
	mode_t mode)
{
	const mode_t made = target->made_mode;

	if (policy->default_mode)	/* set-group-ID comes from the directory above */
		return final_mode(policy, mode)
			| special_left(target, made & (S_ISGID | S_ISVTX));
	return (made & ALL_BITS & ~0700U) | (mode & made & 0700)
		| (held_back(policy, mode) & ~policy->umask);
}

/* Return the mode for a new special file whose SOURCE had that mode, and which was made
   with FIRST.  A change of owner may have cleared bits, so the present mode counts.  */
static mode_t
special_mode(const struct metadata_policy *policy, const struct metadata_target *target,
	mode_t source, mode_t first)
{
	const mode_t added = first & ~source & 0200;
	struct stat st;

	const mode_t now = (fstat(target->file.fd, &st) == 0 ? st.st_mode : first)
		& ALL_BITS;
	if (policy->default_mode)
		return final_mode(policy, source) | special_left(target, now);
	return (now & ~added) | (policy->owner ? source & 0077 & ~policy->umask : 0);
}

/* Return the mode of a new TARGET without the permission to write that was added to
   SOURCE's, if it was; else FIRST.  An ACL of its directory may have changed the
   rest.  */
static mode_t
without_added(const struct metadata_target *target, mode_t source, mode_t first)
{
	struct stat st;

	if ((first & 0200) == 0 || (source & 0200) != 0
	    || fstat(target->file.fd, &st) < 0)
		return first;
	return st.st_mode & ALL_BITS & ~0200U;
}

/* Return the mode for a new TARGET that was made with FIRST.  */
static mode_t
new_mode(const struct metadata_policy *policy, const struct metadata_target *target,
	mode_t source, mode_t first)
{
	if (S_ISDIR(source))
		return directory_mode(policy, target, source);
	if (is_special(source))
		return special_mode(policy, target, source, first);
	/* It has what its creation gave it, but for what was added or held back.  */
	return policy->owner || policy->default_mode ? final_mode(policy, source)
		: without_added(target, source, first);
}

/* ---- giving it ---- */

/* Report that a mode could not be set, with errno.  Without privileges, the times of a
   file of another user can't be set either; if they are kept, only they are reported.  */
static void
add_remark(const struct metadata_policy *policy, struct remarks *remarks)
{
	const enum error_step step = policy->mode ? ERROR_MODE
		: policy->default_mode ? ERROR_DEFAULT_MODE : ERROR_NEW_MODE;

	if (errno == EPERM && geteuid() != 0 && policy->times)
		remarks->failed = true;
	else
		remarks_fail(remarks, step, errno);
}

/* The source's ACL can't be read, for the reason ERR, and without it the mode may permit
   too much.  A new TARGET keeps the mode that it was made with, as with cp.  */
static void
do_without_mode(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, int err, struct remarks *remarks)
{
	const mode_t mode = meta->st.st_mode & 0777 & ~policy->umask;

	remarks_fail(remarks, ERROR_READ_ACL, err);
	if (target->old == NULL && !policy->owner)
		openfile_change_mode(&target->file, S_ISDIR(meta->st.st_mode)
				     ? mode & ~(mode_t) 0022 : mode);
}

/* Return those bits of the SOURCE's mode that TARGET, of another owner, may have.  A
   directory that everybody may write to keeps its sticky bit.  */
static mode_t
not_owned_mode(const struct metadata_target *target, mode_t source)
{
	const bool sticky = S_ISDIR(source)
		&& (target->old == NULL || (target->old->st_mode & S_ISVTX) != 0);

	return source & ALL_BITS & ~(mode_t) (sticky ? SET_ID : SPECIAL);
}

/* Give TARGET the ACL and the mode of the source.  */
static void
give_sources(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, bool owned, struct remarks *remarks)
{
	const mode_t source = meta->st.st_mode;
	const mode_t mode = owned ? source & ALL_BITS : not_owned_mode(target, source);
	const struct posixacl_source acl = { .file = &meta->file, .has_acl = meta->acl,
					     .mode = source };
	const enum posixacl_result result = meta->acl || target->inherits
		? posixacl_give(&acl, &target->file) : POSIXACL_GIVEN;
	int err = result == POSIXACL_GIVEN ? 0 : errno;

	if (result == POSIXACL_UNREAD) {
		do_without_mode(policy, meta, target, err, remarks);
		return;
	}
	if (openfile_change_mode(&target->file, mode) < 0 && err == 0)
		err = errno;
	if (err == 0)
		return;
	errno = err;
	add_remark(policy, remarks);
}

/* Give a new TARGET its mode, unless it was made with that.  */
static void
give_new(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, struct remarks *remarks)
{
	const mode_t source = meta->st.st_mode;
	const mode_t first = S_ISDIR(source) ? (target->made_mode & ALL_BITS) | 0700
		: mode_first(policy, meta) & ~policy->umask;
	const bool had_acl = policy->default_mode && target->inherits;

	if (had_acl)
		posixacl_remove(&target->file);
	const mode_t mode = new_mode(policy, target, source, first);
	if ((mode != first || had_acl) && openfile_change_mode(&target->file, mode) < 0)
		add_remark(policy, remarks);
}

void
mode_give(const struct metadata_policy *policy, const struct metadata *meta,
	const struct metadata_target *target, bool owned, struct remarks *remarks)
{
	if (policy->mode)
		give_sources(policy, meta, target, owned, remarks);
	else if (target->old == NULL)
		give_new(policy, meta, target, remarks);
}

int
mode_copy(int to, int from, const struct stat *old)
{
	const mode_t mode = old->st_mode & ALL_BITS;

	if (posixacl_copy(to, from, mode) < 0)
		return -1;
	/* An ACL says nothing of the special bits.  */
	return (mode & SPECIAL) == 0 ? 0
		: fchmod(to, geteuid() == 0 ? mode : mode & ~(mode_t) SET_ID);
}
