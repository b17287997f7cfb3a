/* SPDX-License-Identifier: GPL-3.0-or-later */
/* entry.c: one name of a tree or of the command line, and cp's answer to it.  entry_do,
   at the end, has the order of the questions.  */
#include "config.h"

#include "tree/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/inode.h"
#include "base/path.h"
#include "base/permission.h"
#include "file/node.h"
#include "file/remove.h"
#include "report/message.h"
#include "report/quote.h"
#include "report/copymessages.h"
#include "report/stats.h"
#include "tree/overwrite.h"
#include "tree/special.h"

bool
entry_is_operand(const struct entry *entry)
{
	return entry->dir == NULL;
}

bool
entry_as_is(const struct run *run, const struct entry *entry)
{
	const enum dereference which = run->policy->dereference;

	return which == DEREFERENCE_NEVER
		|| (which == DEREFERENCE_OPERANDS && !entry_is_operand(entry));
}

void
entry_announce(const struct run *run, struct entry *entry, const char *backup)
{
	if (run->policy->verbose && !entry->announced)
		report_copy(entry->pair.source_name, entry->pair.dest_name, backup);
	entry->announced = true;
}

struct subject
entry_subject(const struct entry *entry)
{
	const char *const name = entry->pair.source_name;

	return (struct subject) { name, entry->dir == NULL ? strlen(name)
				 : dirpair_base(entry->dir) };
}

/* ---- the source ---- */

static enum entry_next
look_at_source(const struct run *run, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	const int flags = pair->follow ? 0 : AT_SYMLINK_NOFOLLOW;

	if (fstatat(pair->source_at, pair->source, &entry->source, flags) < 0) {
		message_error(errno, "cannot stat %s", quote(pair->source_name));
		return ENTRY_FAILED;
	}
	if (S_ISDIR(entry->source.st_mode) && !run->policy->recursive) {
		message_error(0, "-r not specified; omitting directory %s",
			      quote(pair->source_name));
		return ENTRY_FAILED;
	}
	return ENTRY_CONTENT;
}

/* Copied into one directory, one source after the other: a source given twice is
   copied once.  */
static bool
given_twice(const struct run *run, const struct entry *entry)
{
	const char *const name = entry->pair.source_name;

	if (!entry_is_operand(entry) || entry->known || run->sources == NULL)
		return false;
	if (!S_ISDIR(entry->source.st_mode) && run->copy->backup.kind == BACKUP_NONE
	    && seen_has_entry(run->sources, &entry->source, name)) {
		message_warning("source file %s specified more than once", quote(name));
		return true;
	}
	/* Without memory for it a second copy is refused as just created, and so
	   safe.  */
	seen_add(run->sources, &entry->source, name);
	return false;
}

/* ---- what stands there, and has to make room ---- */

/* Take away what has to go, now.  */
static enum entry_next
remove_dest(const struct run *run, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;

	if (!entry->remove_destination)
		return ENTRY_CONTENT;
	if (!run->policy->dry_run && remove_any(pair->dest_at, pair->dest) < 0) {
		message_error(errno, "cannot remove %s", quote(pair->dest_name));
		return ENTRY_FAILED;
	}
	entry->remove_destination = false;
	if (run->policy->verbose)
		report_removed(pair->dest_name);
	return ENTRY_CONTENT;
}

/* What has to go stays until what takes its place is made, by a rename; where that is
   not known to be safe, it goes first, as with cp.  */
static enum entry_next
make_room(const struct run *run, struct entry *entry)
{
	const dev_t device = entry->dir != NULL ? entry->dir->dest_st.st_dev : 0;
	const struct pathpair *const pair = &entry->pair;

	if (!entry->remove_destination)
		return ENTRY_CONTENT;
	if (run->policy->dry_run || !dest_may_hide(pair, device))
		return remove_dest(run, entry);
	if (!node_stays(pair->dest_at, pair->dest))
		return ENTRY_CONTENT;
	message_error(errno, "cannot remove %s", quote(pair->dest_name));
	return ENTRY_FAILED;
}

/* What stood there has gone by now, and ENTRY is there.  */
static void
announce_instead(const struct run *run, struct entry *entry)
{
	if (run->policy->verbose)
		report_removed(entry->pair.dest_name);
	entry_announce(run, entry, NULL);
}

int
entry_back_up(const struct run *run, const struct entry *entry, char **backup)
{
	const struct pathpair *const pair = &entry->pair;

	*backup = NULL;
	if (!entry->backup)
		return 0;
	*backup = (run->policy->dry_run ? backup_path : backup_make)(&run->copy->backup,
								     pair->dest_at,
								     pair->dest);
	if (*backup != NULL || errno == ENOENT)
		return 0;
	message_error(errno, "cannot backup %s", quote(pair->dest_name));
	return -1;
}

void
entry_settle_backup(const struct run *run, const struct entry *entry, char *backup,
	bool there)
{
	const struct pathpair *const pair = &entry->pair;

	if (backup != NULL && !there) {
		const int err = backup_undo(pair->dest_at, backup, pair->dest) < 0 ? errno
			: 0;
		report_unbackup(pair->dest_name, path_last(backup), err,
				run->policy->verbose);
	}
	free(backup);
}

/* ---- links to what was copied before ---- */

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

/* What LINK's copy is called, for people: as its path is below the operand's base,
   ENTRY's is, too.  To be freed; NULL where there is no memory.  */
static char *
link_name(const struct entry *entry, const struct link *link)
{
	const struct operand operand = entry_operand(entry);
	const size_t name = strlen(operand.dest_name), path = strlen(operand.dest_path);
	char *text;

	return asprintf(&text, "%.*s%s", (int) (name > path ? name - path : 0),
			operand.dest_name, link->path) < 0 ? NULL : text;
}

static void
say_no_link(const struct entry *entry, const struct link *link, int err)
{
	char *const name = link_name(entry, link);

	message_error(err, "cannot create hard link %s to %s",
		      quote(entry->pair.dest_name),
		      quote(name != NULL ? name : link->path));
	free(name);
}

/* Whether what stays in ENTRY's place is the file NAME in AT already.  cp would make
   the link again.  */
static bool
is_linked(const struct entry *entry, int at, const char *name)
{
	struct stat st;

	return entry->stays && !entry->dest_is_link
		&& fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0
		&& inode_is_same(&st, &entry->dest);
}

static int
link_to_copy(const struct run *run, struct entry *entry, const struct link *link)
{
	const struct pathpair *const pair = &entry->pair;
	const char *name;
	const int at = linktable_open_parent(link, run->policy->keep_directory_symlink,
					     &name);
	int ret = -1;

	if ((at >= 0 || at == AT_FDCWD) && is_linked(entry, at, name))
		ret = 0;
	else if (at >= 0 || at == AT_FDCWD)
		ret = node_link(at, name, false, pair->dest_at, pair->dest,
				entry->remove_destination ? NODE_REMOVE : NODE_REPLACE);
	const int err = errno;
	if (ret >= 0 && entry->remove_destination)
		announce_instead(run, entry);
	else if (ret > 0 && run->policy->verbose)
		report_removed(pair->dest_name);
	if (ret < 0)
		say_no_link(entry, link, err);
	path_close_parent(at, link->base);
	return ret;
}

/* Whether other names of the source are to become names of one copy.  */
static bool
has_other_names(const struct run *run, const struct entry *entry)
{
	const struct entry_policy *const policy = run->policy;
	const enum dereference which = policy->dereference;

	return policy->preserve_links && !policy->link
		&& (entry->source.st_nlink > 1 || which == DEREFERENCE_ALWAYS
		    || (which == DEREFERENCE_OPERANDS && entry_is_operand(entry)));
}

/* Remember ENTRY's copy for other names of the source.  */
static enum entry_next
remember_link(struct run *run, struct entry *entry)
{
	char *const path = entry_dest_path(entry);
	const struct operand operand = entry_operand(entry);
	if (path != NULL)
		entry->link = linktable_add(run->links, entry->source.st_dev,
					    entry->source.st_ino,
					    operand.base, path,
					    strlen(operand.dest_path));
	free(path);
	if (entry->link != NULL)
		return ENTRY_CONTENT;
	message_error(errno, "cannot copy %s", quote(entry->pair.source_name));
	return ENTRY_FAILED;
}

/* The source was copied under another name: make a link to that copy.  */
static enum entry_next
keep_link(const struct run *run, struct entry *entry, const struct link *there)
{
	const enum entry_next next = make_room(run, entry);
	char *backup;
	int ret = 0;

	if (next != ENTRY_CONTENT)
		return next;
	if (entry_back_up(run, entry, &backup) < 0)
		return ENTRY_FAILED;
	if (!entry->remove_destination)
		entry_announce(run, entry, backup != NULL ? path_last(backup) : NULL);
	if (!run->policy->dry_run)
		ret = link_to_copy(run, entry, there);
	entry_settle_backup(run, entry, backup, ret >= 0);
	if (ret < 0)
		return ENTRY_FAILED;
	entry->linked = true;
	stats_made(COUNT_HARD_LINKS, entry->pair.source_name, entry->pair.dest_name,
		   run->policy->dry_run);
	return ENTRY_DONE;
}

/* Whether another name of ENTRY's source is on its way; then that is ENTRY's link.  */
static bool
waits_for_link(const struct run *run, struct entry *entry)
{
	if (S_ISDIR(entry->source.st_mode) || !has_other_names(run, entry))
		return false;
	struct link *const there = linktable_find(run->links, entry->source.st_dev,
						  entry->source.st_ino);
	if (there == NULL || there->state != LINK_COMING)
		return false;
	entry->link = there;
	return true;
}

/* What to do if ENTRY's source has other names: find the copy of one, or remember
   this.  */
static enum entry_next
look_for_link(struct run *run, struct entry *entry)
{
	if (!has_other_names(run, entry))
		return ENTRY_CONTENT;
	struct link *const there = linktable_find(run->links, entry->source.st_dev,
						  entry->source.st_ino);
	if (waits_for_link(run, entry))
		return ENTRY_LATER;
	return there == NULL ? remember_link(run, entry) : keep_link(run, entry, there);
}

/* The source has other names, and what stands there stays, because it is not older: it
   is as good as a copy, and they become names of it; or it becomes one of the copy that
   is there.  */
static enum entry_next
link_what_stays(struct run *run, struct entry *entry)
{
	struct link *const there = linktable_find(run->links, entry->source.st_dev,
						  entry->source.st_ino);

	if (there == NULL)
		return remember_link(run, entry) == ENTRY_FAILED ? ENTRY_FAILED
			: ENTRY_DONE;
	if (run->policy->dry_run)
		return ENTRY_DONE;
	if (link_to_copy(run, entry, there) < 0)
		return ENTRY_FAILED;
	stats_made(COUNT_HARD_LINKS, entry->pair.source_name, entry->pair.dest_name,
		   false);
	return ENTRY_DONE;
}

/* What stands there stays.  */
static enum entry_next
stay(struct run *run, struct entry *entry)
{
	if (waits_for_link(run, entry))
		return ENTRY_LATER;
	const enum entry_next next = has_other_names(run, entry)
		? link_what_stays(run, entry)
		: ENTRY_DONE;
	if (next == ENTRY_DONE && run->policy->debug)
		report_skipped(entry->pair.dest_name);
	return next;
}

/* ---- the order of it ---- */

static bool
is_content(const struct run *run, const struct entry *entry)
{
	const struct entry_policy *const policy = run->policy;
	const mode_t mode = entry->source.st_mode;

	return !policy->link && !policy->symbolic_link
		&& (S_ISREG(mode) || (policy->copy_contents && !S_ISLNK(mode)));
}

/* Make what is made by one call.  */
static enum entry_next
do_small(const struct run *run, struct entry *entry)
{
	const bool dry = run->policy->dry_run;
	char *backup;

	if (entry_back_up(run, entry, &backup) < 0)
		return ENTRY_FAILED;
	if (!entry->remove_destination)
		entry_announce(run, entry, backup != NULL ? path_last(backup) : NULL);
	const enum entry_next next = dry ? ENTRY_DONE : special_make(run, entry);
	entry_settle_backup(run, entry, backup, next != ENTRY_FAILED || entry->lacks);
	if (next == ENTRY_DONE && entry->remove_destination)
		announce_instead(run, entry);
	entry->made = next == ENTRY_DONE;
	if (next == ENTRY_DONE)
		stats_made(run->policy->symbolic_link ? COUNT_SYMLINKS
			   : run->policy->link ? COUNT_HARD_LINKS
			   : stats_kind(entry->source.st_mode),
			   entry->pair.source_name, entry->pair.dest_name, dry);
	return next;
}

/* Whether PAIR's copy could have its name: in a directory that is there, and as no
   directory.  */
static bool
has_place(const struct pathpair *pair)
{
	if (pair->dest[path_trimmed(pair->dest)] == '/') {
		errno = ENOTDIR;
		return false;
	}
	/* What --parents would make isn't there.  */
	if (pair->lead > 0
	    || (pair->dest_at != AT_FDCWD && strchr(pair->dest, '/') != NULL))
		return true;
	const int parent = path_open_parent(pair->dest_at, pair->dest, O_PATH);

	path_close_parent(parent, pair->dest_at);
	return parent >= 0 || parent == AT_FDCWD;
}

int
entry_plan_content(struct run *run, struct entry *entry)
{
	const struct pathpair *const pair = &entry->pair;
	char *backup;

	if (entry->dest_is_link && !entry->exists && !run->copy->dest.through_dangling) {
		message_error(0, "not writing through dangling symlink %s",
			      quote(pair->dest_name));
		return -1;
	}
	if (!entry->exists && !entry->fresh && !has_place(pair)) {
		message_error(errno, "cannot create regular file %s",
			      quote(pair->dest_name));
		return -1;
	}
	if (S_ISREG(entry->source.st_mode)
	    && permission_check(pair->source_at, pair->source, R_OK) < 0) {
		message_error(errno, "cannot open %s for reading",
			      quote(pair->source_name));
		return -1;
	}
	if (remove_dest(run, entry) != ENTRY_CONTENT
	    || entry_back_up(run, entry, &backup) < 0)
		return -1;
	entry_announce(run, entry, backup != NULL ? path_last(backup) : NULL);
	free(backup);
	stats_planned(pair->source_name, pair->dest_name,
		      (uint64_t) entry->source.st_size);
	return 0;
}

/* What is left to do with what isn't a directory.  */
static enum entry_next
do_file(struct run *run, struct entry *entry)
{
	const bool content = is_content(run, entry);
	enum entry_next next = content ? ENTRY_CONTENT : make_room(run, entry);

	if (next == ENTRY_CONTENT)
		next = look_for_link(run, entry);
	/* If something has to go first, whoever copies the bytes tells.  */
	if (next == ENTRY_CONTENT && content && !entry->remove_destination
	    && !entry->backup)
		entry_announce(run, entry, NULL);
	if (next == ENTRY_CONTENT && !content)
		next = do_small(run, entry);
	if (next == ENTRY_FAILED && entry->link != NULL) {
		linktable_forget(run->links, entry->source.st_dev, entry->source.st_ino);
		entry->link = NULL;
	}
	return next;
}

enum entry_next
entry_do(struct run *run, struct entry *entry)
{
	enum entry_next next = look_at_source(run, entry);

	entry->link = NULL;
	entry->remove_destination = entry->backup = entry->stays = false;
	entry->made = entry->lacks = entry->linked = false;
	if (next != ENTRY_CONTENT)
		return next;
	if (given_twice(run, entry))
		return ENTRY_DONE;
	/* Who is asked when the copy of another name is there isn't asked before.  */
	if (run->policy->interactive && waits_for_link(run, entry))
		return ENTRY_LATER;
	if (overwrite_look(run, entry) < 0)
		return ENTRY_FAILED;
	next = overwrite_decide(run, entry);
	if (entry->stays)
		return stay(run, entry);
	if (next != ENTRY_CONTENT)
		return next;
	return S_ISDIR(entry->source.st_mode) ? ENTRY_DIRECTORY : do_file(run, entry);
}

int
entry_remember(struct run *run, const struct entry *entry)
{
	struct stat st;

	if (!entry_is_operand(entry) || run->created == NULL)
		return 0;
	if (run->policy->dry_run)	/* There is only its name.  */
		memset(&st, 0, sizeof st);
	else if (fstatat(entry->pair.dest_at, entry->pair.dest, &st,
			 AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (seen_add(entry->linked ? run->linked : run->created, &st,
		     entry->pair.dest) == 0)
		return 0;
	message_error(errno, "cannot copy %s", quote(entry->pair.source_name));
	return -1;
}

bool
entry_inherits(const struct run *run, const struct entry *entry)
{
	if (entry->dir != NULL)
		return entry->dir->inherits;
	return run->copy->meta.mode || run->copy->meta.default_mode;
}

struct copy_order
entry_order(const struct run *run, const struct entry *entry)
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
		.inherits = entry_inherits(run, entry),
		.sync_directory = entry_is_operand(entry),
		.breaks_links = run->policy->preserve_links,
	};
}
