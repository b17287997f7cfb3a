/* SPDX-License-Identifier: GPL-3.0-or-later */
/* independent.c: which operands may be copied side by side.  The outcome has to be that
   of one after the other, as with cp.  */
#include "config.h"

#include "tree/independent.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/inode.h"
#include "base/path.h"

/* Return what tells whether a file with status ST is changed: it can't be without this
   time.  */
static struct stat
stamp(const struct stat *st)
{
	return (struct stat) { .st_dev = (dev_t) st->st_ctim.tv_sec,
			       .st_ino = (ino_t) st->st_ctim.tv_nsec };
}

int
independent_begin(struct independent *independent, const struct session *session,
	size_t count)
{
	const struct entry_policy *const policy = session->policy;
	const bool backs_up = session->copy->backup.kind != BACKUP_NONE;

	*independent = (struct independent) {
		.policy = policy, .created = session->created,
		.queued = fileset_new(), .old = fileset_new(),
		.overwrites = policy->update == UPDATE_ALL && !policy->interactive
			&& !policy->link && !policy->symbolic_link && !backs_up
			&& !session->copy->attributes_only,
		.room = 2 * count,
	};
	clock_gettime(CLOCK_REALTIME, &independent->began);
	return independent->queued != NULL && independent->old != NULL ? 0 : -1;
}

void
independent_end(struct independent *independent)
{
	fileset_free(independent->queued);
	fileset_free(independent->old);
	fileset_free(independent->listed);
	free(independent->dir);
	free(independent->beside);
}

/* Return whether operand PAIR was named in directory DIR.  */
static bool
is_named_in(const struct pathpair *pair, const char *dir)
{
	const size_t len = (size_t) (path_last(pair->source) - pair->source);

	return dir != NULL && strlen(dir) == len && strncmp(dir, pair->source, len) == 0;
}

/* Store in *DIR the directory that operand PAIR was named in.  */
static void
note_directory(char **dir, const struct pathpair *pair)
{
	free(*dir);
	*dir = strndup(pair->source, (size_t) (path_last(pair->source) - pair->source));
}

/* Return whether operand PAIR is in a directory below the target.  */
static bool
is_in_dest(struct independent *independent, const struct pathpair *pair)
{
	struct stat target;

	if (is_named_in(pair, independent->dir))
		return independent->dir_in_dest;
	note_directory(&independent->dir, pair);
	const int fd = path_open_real_parent(pair->source_at, pair->source);
	independent->dir_in_dest = fd < 0 || fstat(pair->dest_at, &target) < 0
		|| inode_is_below(fd, &target);
	path_close_parent(fd, pair->source_at);
	return independent->dir_in_dest;
}

/* Return whether operand PAIR, with status ST, has no part in what other operands make:
   none of them makes its source, and no other name of that is an operand.  */
static bool
stands_alone(struct independent *independent, const struct pathpair *pair,
	struct stat *st)
{
	const struct entry_policy *const policy = independent->policy;

	return pair->dest_at != AT_FDCWD
		&& strcmp(path_last(pair->source), pair->dest) == 0
		&& !(policy->recursive && policy->dereference == DEREFERENCE_ALWAYS)
		&& !is_in_dest(independent, pair)
		&& fstatat(pair->source_at, pair->source, st, AT_SYMLINK_NOFOLLOW) == 0
		&& !S_ISLNK(st->st_mode)
		/* Of two that aren't side by side, one may be below the other.  */
		&& !(S_ISDIR(st->st_mode) && (!is_named_in(pair, independent->beside)
					      || inode_is_below(pair->dest_at, st)))
		&& !(policy->preserve_links && !S_ISDIR(st->st_mode)
		     && (st->st_nlink > 1 || policy->dereference != DEREFERENCE_NEVER));
}

/* Return whether PAIR's destination is known not to be the copy of another operand: none
   is remembered there, and it was last changed before the first one was made.  A file
   system may keep seconds only: then another change would look like this one.  */
static bool
is_old(const struct independent *independent, const struct pathpair *pair)
{
	const struct stat *const dest = &independent->dest;

	return !inode_changed_since(dest, &independent->began)
		&& (independent->created == NULL
		    || !fileset_has(independent->created, dest, pair->dest));
}

/* Return whether PAIR's destination is known to have no name, without a look at it.  The
   names in the target are read at once, if there aren't many more than operands: a look
   at each took a quarter of the time (doc/measurements.md#trees).  Where a name has
   other spellings, or others make it, its walker finds it.  */
static bool
is_free(struct independent *independent, const struct pathpair *pair)
{
	if (independent->listed == NULL && independent->room > 0) {
		independent->listed = fileset_read(pair->dest_at, &independent->room);
		if (independent->listed == NULL)
			independent->room = 0;
	}
	return independent->listed != NULL
		&& !fileset_has(independent->listed, &fileset_unknown, pair->dest);
}

/* Return whether PAIR's destination has no name yet, or is an old file with a single one
   which a copy of a file with status ST overwrites in any case.  */
static bool
has_place(struct independent *independent, const struct pathpair *pair,
	const struct stat *st)
{
	struct stat *const dest = &independent->dest;

	if (is_free(independent, pair)
	    || fstatat(pair->dest_at, pair->dest, dest, AT_SYMLINK_NOFOLLOW) < 0) {
		*dest = fileset_unknown;
		return true;
	}
	/* A copy that has no bytes, onto a file without any, may leave its times.  */
	return independent->overwrites && S_ISREG(st->st_mode) && S_ISREG(dest->st_mode)
		&& (st->st_size > 0 || dest->st_size > 0)
		&& dest->st_nlink == 1 && is_old(independent, pair);
}

bool
independent_is(struct independent *independent, const struct pathpair *pair,
	struct stat *st)
{
	return stands_alone(independent, pair, st) && has_place(independent, pair, st)
		&& !fileset_has(independent->queued, &fileset_unknown, pair->dest);
}

int
independent_queue(struct independent *independent, const struct pathpair *pair)
{
	const struct stat changed = stamp(&independent->dest);

	if (independent->dest.st_mode != 0
	    && fileset_add(independent->old, &changed, pair->dest) < 0)
		return -1;
	return fileset_add(independent->queued, &fileset_unknown, pair->dest);
}

bool
independent_was_copied(const struct independent *independent,
	const struct pathpair *pair)
{
	struct stat st;

	if (!fileset_has(independent->queued, &fileset_unknown, pair->dest))
		return false;
	if (fstatat(pair->dest_at, pair->dest, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return true;
	st = stamp(&st);
	return !fileset_has(independent->old, &st, pair->dest);
}

void
independent_begins(struct independent *independent, const struct pathpair *pair)
{
	note_directory(&independent->beside, pair);
	free(independent->dir);
	independent->dir = NULL;
	/* It may make any name in the target.  */
	fileset_free(independent->listed);
	independent->listed = NULL;
}

bool
independent_lets_others(struct independent *independent, const struct pathpair *pair)
{
	struct stat st;

	return stands_alone(independent, pair, &st);
}
