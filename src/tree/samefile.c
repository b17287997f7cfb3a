/* SPDX-License-Identifier: GPL-3.0-or-later */
/* samefile.c: when is a file copied onto itself, and when is that a loss?  The answers
   are cp's, case by case.  If both are one name, removing the destination loses the
   source.  */
#include "config.h"

#include "tree/samefile.h"

#include <fcntl.h>

#include "base/inode.h"
#include "base/path.h"

/* Return true if both are the same entry of the same directory.  */
static bool
one_name(const struct pathpair *pair)
{
	return path_same_entry(pair->source_at, pair->source, pair->dest_at, pair->dest);
}

/* Decide for two symlinks that are not followed.  */
static enum same
decide_symlinks(const struct samefile_policy *policy, const struct pathpair *pair,
	bool one_inode)
{
	if (one_name(pair))
		return SAME_REFUSED;
	return one_inode && !policy->backup ? SAME_NOTHING_TO_DO : SAME_GO_ON;
}

/* Decide for the entries themselves if DEST is renamed, so that its content stays.  */
static enum same
decide_renamed(const struct samefile_policy *policy, const struct pathpair *pair,
	const struct stat *source, const struct stat *dest)
{
	if (inode_is_same(source, dest))
		return one_name(pair) ? SAME_REFUSED : SAME_GO_ON;
	/* A symlink as source would lead nowhere then.  */
	return !policy->no_dereference && S_ISLNK(source->st_mode)
		&& !S_ISLNK(dest->st_mode)
		? SAME_REFUSED : SAME_GO_ON;
}

/* Return true if source and destination lead to two files.  If one of them is a symlink,
   it is replaced then, and what it leads to stays.  */
static bool
lead_to_two(const struct pathpair *pair, const struct stat *source,
	const struct stat *dest)
{
	struct stat source_target = *source, dest_target = *dest;

	if (S_ISLNK(source->st_mode)
	    && fstatat(pair->source_at, pair->source, &source_target, 0) < 0)
		return true;
	if (S_ISLNK(dest->st_mode)
	    && fstatat(pair->dest_at, pair->dest, &dest_target, 0) < 0)
		return true;
	return !inode_is_same(&source_target, &dest_target);
}

/* Decide for the entries themselves, SOURCE and DEST, whatever they lead to.  */
static enum same
decide_entries(const struct samefile_policy *policy, const struct pathpair *pair,
	const struct stat *source, const struct stat *dest)
{
	const bool one_inode = inode_is_same(source, dest);

	if (policy->backup)
		return decide_renamed(policy, pair, source, dest);
	if (policy->remove_destination) {
		if (S_ISLNK(dest->st_mode))
			return one_name(pair) ? SAME_REFUSED : SAME_GO_ON;
		if (one_inode && dest->st_nlink > 1 && !one_name(pair))
			return SAME_GO_ON;
	}
	if (!S_ISLNK(source->st_mode) && !S_ISLNK(dest->st_mode)) {
		if (!one_inode)
			return SAME_GO_ON;
		if (policy->link)
			return SAME_NOTHING_TO_DO;
	}
	if (policy->symbolic_link && S_ISLNK(dest->st_mode))
		return SAME_GO_ON;
	if (!policy->no_dereference)
		return SAME_REFUSED;
	if (lead_to_two(pair, source, dest))
		return SAME_GO_ON;
	if (policy->link)
		return S_ISLNK(dest->st_mode) ? SAME_GO_ON : SAME_NOTHING_TO_DO;
	return SAME_REFUSED;
}

enum same
samefile_decide(const struct samefile_policy *policy, const struct pathpair *pair,
	const struct stat *source, const struct stat *dest)
{
	const bool one_inode = inode_is_same(source, dest);
	struct stat source_entry, dest_entry;

	if (one_inode && policy->link)
		return SAME_NOTHING_TO_DO;
	if (policy->no_dereference) {
		if (S_ISLNK(source->st_mode) && S_ISLNK(dest->st_mode))
			return decide_symlinks(policy, pair, one_inode);
		return decide_entries(policy, pair, source, dest);
	}
	/* cp removes or renames the symlink, and then can't find the source.  */
	if (!one_inode && (policy->remove_destination || policy->backup)
	    && S_ISLNK(dest->st_mode) && one_name(pair))
		return SAME_REFUSED;
	if (!one_inode)
		return SAME_GO_ON;
	if (fstatat(pair->dest_at, pair->dest, &dest_entry, AT_SYMLINK_NOFOLLOW) < 0
	    || fstatat(pair->source_at, pair->source, &source_entry,
		       AT_SYMLINK_NOFOLLOW) < 0)
		return SAME_GO_ON;
	if (S_ISLNK(source_entry.st_mode) && S_ISLNK(dest_entry.st_mode)
	    && policy->remove_destination && !policy->backup)
		return one_name(pair) ? SAME_REFUSED : SAME_GO_ON;
	return decide_entries(policy, pair, &source_entry, &dest_entry);
}
