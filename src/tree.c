/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tree.c: the walk.  A directory's entries are read to the end and dealt with: small files go
   into batches, what takes one call is made, the names of directories are kept; then these
   are entered, one after the other.  What a directory is besides its entries it gets when
   all of them are there.  Whatever can't be decided by an entry's type alone (something
   may stand in the way, a symlink is followed, there are other names) is looked at, and then
   it is entry.c that decides.  */
#include "config.h"

#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cpus.h"
#include "msg.h"
#include "pool.h"
#include "quote.h"
#include "report.h"
#include "signals.h"

enum { LEVELS_OPEN = 8 };	/* of a deep tree, when descriptors run out */

/* A directory that the walk is in, and those below that it has still to enter.  */
struct level {
	struct level *above;
	struct dir *dir;
	char *names;		/* one after the other */
	size_t size, used, at;
};

/* A name to be looked at (again), when there is time.  */
struct later {
	struct later *next;
	struct dir *dir;
	const struct link *link;	/* when this has landed; or NULL */
	bool here;			/* and not to be dealt out once more */
	char name[];
};

struct later_list {
	struct later *first, **last;
};

struct tree {
	struct run *run;
	const struct tree_policy *policy;
	struct pool *pool;
	struct level *level;
	struct later_list again;	/* what came back */
	struct later_list links;	/* links to what is not yet there */
	bool plain;			/* a file's type tells all where nothing can stand */
	bool made_first;		/* a directory for this operand; and this is it: */
	dev_t first_dev;
	ino_t first_ino;
	bool stop;			/* the operand is copied into itself without end */
	unsigned budget;		/* descriptors for directories */
	ino_t old[256];			/* files being written over: none twice at once */
	unsigned old_count;
};

/* ---- lists of names ---- */

static void
later_add(struct later_list *list, struct dir *dir, const char *name, bool here,
	const struct link *link)
{
	struct later *const later = malloc(sizeof *later + strlen(name) + 1);

	if (later == NULL) {
		msg_error(errno, "cannot copy %s", quote(name));
		return;
	}
	*later = (struct later) { .dir = dir, .link = link, .here = here };
	strcpy(later->name, name);
	dir_use(dir);
	*list->last = later;
	list->last = &later->next;
}

static struct later *
later_take(struct later_list *list)
{
	struct later *const later = list->first;

	if (later != NULL) {
		list->first = later->next;
		if (list->first == NULL)
			list->last = &list->first;
	}
	return later;
}

static int
keep_name(struct level *level, const char *name)
{
	const size_t len = strlen(name) + 1;

	if (level->used + len > level->size) {
		const size_t size = 2 * level->size + len + 256;
		char *const names = realloc(level->names, size);
		if (names == NULL)
			return -1;
		level->names = names;
		level->size = size;
	}
	memcpy(level->names + level->used, name, len);
	level->used += len;
	return 0;
}

/* ---- leaving directories ---- */

/* All that is in DIR is there: now what it is besides.  */
static void
finish(const struct tree *tree, struct dir *dir)
{
	const struct copy_policy *const policy = tree->run->copy;
	struct remarks remarks = { .count = 0 };
	char *const source_name = dir_source_name(dir, "");
	char *const dest_name = dir_dest_name(dir, "");
	struct fault fault = FAULT_NONE;

	/* The names end in a slash that nobody wrote.  */
	if (dir->above != NULL && source_name != NULL && dest_name != NULL) {
		source_name[strlen(source_name) - 1] = '\0';
		dest_name[strlen(dest_name) - 1] = '\0';
	}
	const struct job job = {
		.source_name = dir->above == NULL ? dir->source_root : source_name,
		.dest_name = dir->above == NULL ? dir->dest_root : dest_name,
	};
	if (dir_take_out(dir, NULL) < 0) {
		msg_error(errno, "cannot access %s", quote(job.dest_name));
	} else {
		const struct meta meta = meta_read(&policy->meta, dir->source,
						   dir->source_path_only, &dir->source_st);
		const struct meta_target target = {
			.fd = dir->dest, .path_only = dir->dest_path_only,
			.old = dir->made != 0 ? NULL : &dir->dest_st,
			.inherits = dir->inherits || dir->made == 0,
		};
		meta_apply(&policy->meta, &meta, &target, dir->made, &remarks);
		report_remarks(&job, &remarks);
		if (policy->dest.fsync && fsync(dir->dest) < 0) {
			fault_set(&fault, FAULT_SYNC_DIRECTORY, errno);
			report_fault(policy, &job, &fault, -1);
		}
	}
	free(source_name);
	free(dest_name);
}

/* One use of DIR less, and with the last one of it, one of that above.  */
static void
release(void *context, struct dir *dir)
{
	const struct tree *const tree = context;

	while (dir != NULL && dir_unuse(dir)) {
		if (signals_fatal() == 0)
			finish(tree, dir);
		dir = dir_free(dir);
	}
}

/* ---- what comes back from workers ---- */

static void
hear(void *context, struct dir *dir, const char *name, unsigned flags,
	const struct pool_word *word)
{
	struct tree *const tree = context;
	const struct fault *const fault = &word->fault;
	struct remarks remarks = { .count = 1, .failed = word->failed };

	/* A name that was free a moment ago, or nothing that can be copied without a look.  */
	if (word->kind == POOL_FAULT
	    && (fault->step == FAULT_GIVEN_BACK
		|| ((flags & POOL_FRESH) == 0
		    && ((fault->step == FAULT_CREATE && fault->err == EEXIST)
			|| fault->step == FAULT_DANGLING)))) {
		later_add(&tree->again, dir, name, (flags & POOL_LOOKED) != 0, NULL);
		return;
	}
	char *const source_name = dir_source_name(dir, name);
	char *const dest_name = dir_dest_name(dir, name);
	const struct job job = {
		.source_name = source_name != NULL ? source_name : name,
		.dest_name = dest_name != NULL ? dest_name : name,
	};
	switch (word->kind) {
	case POOL_FAULT:
		report_fault(tree->run->copy, &job, fault, word->bytes);
		break;
	case POOL_REMARK:
		remarks.faults[0] = *fault;
		report_remarks(&job, &remarks);
		break;
	case POOL_REMOVED:
		if (tree->run->policy->verbose)
			report_removed(job.dest_name);
		break;
	case POOL_ROUNDED:
		report_rounded(&job, word->bytes);
		break;
	}
	free(source_name);
	free(dest_name);
}

/* Forget LINK, which came to nothing, or let others be linked to it.  */
static void
settle(struct run *run, struct link *link, bool there)
{
	if (there)
		link->state = LINK_THERE;
	else
		links_forget(run->links, link->dev, link->ino);
}

static void
landed(void *context, void *tag, bool there)
{
	struct tree *const tree = context;
	struct later_list waiting = tree->links;
	struct later *later;

	if (waiting.first == NULL)
		waiting.last = &waiting.first;
	tree->links = (struct later_list) { NULL, NULL };
	tree->links.last = &tree->links.first;
	while ((later = later_take(&waiting)) != NULL) {
		struct later_list *const list = later->link == tag ? &tree->again : &tree->links;
		later->next = NULL;
		*list->last = later;
		list->last = &later->next;
	}
	settle(tree->run, tag, there);
}

/* ---- copying ---- */

/* Copy ENTRY's content here, and by all workers if it is large.  */
static int
copy_here(struct tree *tree, struct entry *entry)
{
	static struct copy_outcome outcome;
	struct run *const run = tree->run;
	const struct copy_order order = entry_order(run, entry);
	const int ret = copy_file(run->copy, &order, &outcome);

	if (outcome.removed && run->policy->verbose && outcome.fault.step != FAULT_OPEN_SOURCE)
		report_removed(entry->job.dest_name);
	if (ret == 0 || outcome.removed)
		entry_announce(run, entry);
	report_remarks(&entry->job, &outcome.remarks);
	if (ret < 0)
		report_fault(run->copy, &entry->job, &outcome.fault, outcome.cut);
	if (ret == 0 && outcome.rounded >= 0)
		report_rounded(&entry->job, outcome.rounded);
	if (ret == 0 && run->policy->debug)
		report_way(&outcome.plan, &outcome.tally);
	if (entry->link != NULL)
		settle(run, entry->link, ret == 0);
	return ret;
}

/* Whether nothing that is on its way writes over ENTRY's destination already.  */
static bool
is_free_now(struct tree *tree, const struct entry *entry)
{
	const unsigned max = sizeof tree->old / sizeof *tree->old;

	for (unsigned i = 0; i < tree->old_count; i++)
		if (tree->old[i] == entry->dest.st_ino)
			return false;
	if (tree->old_count == max)
		return false;
	tree->old[tree->old_count++] = entry->dest.st_ino;
	return true;
}

/* The flags to deal ENTRY out with; 0 if it is for us.  */
static unsigned
dealing(struct tree *tree, const struct entry *entry)
{
	const struct entry_policy *const policy = tree->run->policy;
	const unsigned flags = POOL_LOOKED | (entry->job.follow ? POOL_FOLLOW : 0);

	if (!S_ISREG(entry->source.st_mode) || policy->debug || entry->dest_is_link
	    || plan_is_large(entry->source.st_size, &tree->run->copy->plan))
		return 0;
	if (entry->fresh)
		return flags | POOL_FRESH;
	if (!entry->exists)
		return flags;
	if (entry->remove)
		return policy->verbose ? 0 : flags | POOL_REMOVE;
	if (!S_ISREG(entry->dest.st_mode) || entry->dest.st_nlink > 1)
		return 0;
	if (!is_free_now(tree, entry)) {
		if (pool_drain(tree->pool) < 0)
			return 0;
		tree->old_count = 0;
		is_free_now(tree, entry);
	}
	return flags | POOL_OLD;
}

/* Copy ENTRY's content, by a worker unless HERE.  */
static void
copy_content(struct tree *tree, struct entry *entry, bool here)
{
	const unsigned flags = here ? 0 : dealing(tree, entry);

	if (flags == 0) {
		if (pool_drain(tree->pool) == 0)
			copy_here(tree, entry);
		return;
	}
	if (entry->link != NULL)
		entry->link->state = LINK_COMING;
	if (pool_add(tree->pool, (struct dir *) entry->dir, entry->job.source, flags,
		     entry->link) < 0 && signals_fatal() == 0)
		msg_error(errno, "cannot copy %s", quote(entry->job.source_name));
}

/* ---- entering directories ---- */

/* Close what can be opened again: the directories between the operand and the lowest
   ones.  */
static void
make_room(struct tree *tree)
{
	struct level *level = tree->level;

	pool_drain(tree->pool);
	for (unsigned i = 0; level != NULL && i < LEVELS_OPEN; i++)
		level = level->above;
	for (; level != NULL && level->above != NULL; level = level->above)
		if (level->dir->above != NULL)
			dir_put_away(level->dir);
}

/* Open directory NAME below AT; for the path only if it can't be read, and then *PATH_ONLY
   is why not.  */
static int
open_directory(struct tree *tree, int at, const char *name, bool follow, int *path_only)
{
	const int flags = O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW);
	int fd = openat(at, name, O_RDONLY | flags);

	if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
		make_room(tree);
		fd = openat(at, name, O_RDONLY | flags);
	}
	*path_only = 0;
	if (fd < 0 && errno == EACCES) {
		*path_only = errno;
		fd = openat(at, name, O_PATH | flags);
	}
	if (fd >= 0)
		dir_count(1);
	return fd;
}

/* The name that is displayed for PATH below the directory that ENTRY's path is relative
   to.  To be freed.  */
static char *
displayed(const struct entry *entry, const char *path)
{
	const struct dir *const root = entry->dir != NULL ? dir_root(entry->dir) : NULL;
	const char *const name = root != NULL ? root->dest_root : entry->job.dest_name;
	const char *const tail = root != NULL ? root->dest_path : entry->job.dest;
	const char *const at = strcmp(tail, ".") == 0 ? NULL : strstr(name, tail);
	const size_t len = at != NULL ? strlen(name) - strlen(tail) : strlen(name);
	char *const text = malloc(len + strlen(path) + 1);

	if (text != NULL)
		strcpy(mempcpy(text, name, len), path);
	return text;
}

/* The names of the operand that ENTRY is, or is below.  */
static const char *
operand_name(const struct entry *entry, bool dest)
{
	const struct dir *const root = entry->dir != NULL ? dir_root(entry->dir) : NULL;

	if (dest)
		return root != NULL ? root->dest_root : entry->job.dest_name;
	return root != NULL ? root->source_root : entry->job.source_name;
}

/* A directory that was copied before, as an operand.  Whether to go on all the same.  */
static bool
judge_copied(struct tree *tree, const struct entry *entry, const struct link *link)
{
	const bool operand = entry->dir == NULL;
	const enum deref deref = tree->run->policy->deref;

	if (operand && link->base == entry->job.dest_at && strcmp(link->path, entry->job.dest) == 0) {
		msg_warning("source directory %s specified more than once",
			    quote(entry->job.source_name));
		return false;
	}
	if (deref == DEREF_ALWAYS || (operand && deref == DEREF_OPERANDS))
		return true;
	char *const there = displayed(entry, link->path);
	msg_error(0, "will not create hard link %s to directory %s",
		  quote(entry->job.dest_name), quote(there != NULL ? there : link->path));
	free(there);
	return false;
}

/* Whether ST, the directory ENTRY, can be copied without end or harm.  */
static bool
may_enter(struct tree *tree, const struct entry *entry, const struct stat *st)
{
	struct links *const links = tree->run->links;
	const bool operand = entry->dir == NULL;

	if (tree->made_first && st->st_dev == tree->first_dev && st->st_ino == tree->first_ino) {
		/* Where the operand's destination was there before, what we make is not all
		   below the directory that we know of, and it would go on without end.  */
		tree->stop = !operand && !dir_root(entry->dir)->fresh;
		msg_error(0, "cannot copy a directory, %s, into itself, %s",
			  quote(operand_name(entry, false)), quote(operand_name(entry, true)));
		return false;
	}
	const struct link *const link = links_find(links, st->st_dev, st->st_ino);
	if (link != NULL && !judge_copied(tree, entry, link))
		return false;
	if (operand && link == NULL
	    && links_add(links, st->st_dev, st->st_ino, entry->job.dest_at, entry->job.dest,
			 strlen(entry->job.dest)) == NULL) {
		msg_error(errno, "cannot copy %s", quote(entry->job.source_name));
		return false;
	}
	if (dir_has_ancestor(entry->dir, st)) {
		msg_error(0, "cannot copy cyclic symbolic link %s",
			  quote(entry->job.source_name));
		return false;
	}
	return true;
}

/* Make and open DIR's destination, or open the one that is there.  */
static int
open_dest(struct tree *tree, const struct entry *entry, struct dir *dir)
{
	const struct job *const job = &entry->job;
	const struct meta_policy *const meta = &tree->run->copy->meta;
	const bool make = !entry->exists;
	const mode_t mode = meta_first_directory_mode(meta, dir->source_st.st_mode);
	int path_only;

	if (make && mkdirat(job->dest_at, job->dest, mode) < 0) {
		msg_error(errno, "cannot create directory %s", quote(job->dest_name));
		return -1;
	}
	dir->dest = open_directory(tree, job->dest_at, job->dest, entry->dest_is_link, &path_only);
	if (dir->dest < 0 || fstat(dir->dest, &dir->dest_st) < 0) {
		msg_error(errno, "cannot stat %s", quote(job->dest_name));
		return -1;
	}
	dir->dest_path_only = path_only != 0;
	dir->fresh = make;
	dir->made = make ? dir->dest_st.st_mode : 0;
	if (!make)
		return 0;
	/* An odd umask may keep us out of what we have made.  */
	if ((dir->made & 0700) != 0700
	    && fchmodat(job->dest_at, job->dest, (dir->made | 0700) & 07777, 0) < 0) {
		msg_error(errno, "setting permissions for %s", quote(job->dest_name));
		return -1;
	}
	if (!tree->made_first) {
		tree->made_first = true;
		tree->first_dev = dir->dest_st.st_dev;
		tree->first_ino = dir->dest_st.st_ino;
	}
	return 0;
}

/* Have LEVEL for DIR, which is used by it.  0, or -1 and it was said.  */
static int
push(struct tree *tree, struct dir *dir)
{
	struct level *const level = calloc(1, sizeof *level);

	if (level == NULL) {
		msg_error(errno, "cannot copy %s", quote(dir->name));
		release(tree, dir);
		return -1;
	}
	level->dir = dir;
	level->above = tree->level;
	tree->level = level;
	return 0;
}

static struct dir *
new_dir(const struct entry *entry)
{
	struct dir *const dir = dir_new((struct dir *) entry->dir,
					entry->dir != NULL ? entry->job.source : "");

	if (dir == NULL || entry->dir != NULL)
		return dir;
	dir->source_root = entry->job.source_name;
	dir->dest_root = entry->job.dest_name;
	dir->dest_path = entry->job.dest;
	dir->dest_base = entry->job.dest_at;
	return dir;
}

static void read_all(struct tree *tree, struct level *level);

/* Enter directory ENTRY, that was LOOKED at, or that can't have anything in its way.  0, or
   -1: then, unless it was LOOKED at, somebody has to.  */
static int
enter(struct tree *tree, struct entry *entry, bool looked)
{
	const struct job *const job = &entry->job;
	struct run *const run = tree->run;
	int unreadable;

	if (dir_open_count() + 2 > tree->budget)
		make_room(tree);
	struct dir *const dir = new_dir(entry);
	if (dir == NULL) {
		msg_error(errno, "cannot copy %s", quote(job->source_name));
		return 0;
	}
	dir->followed = job->follow || entry->dest_is_link;
	dir->source = open_directory(tree, job->source_at, job->source, job->follow, &unreadable);
	if (dir->source < 0 || fstat(dir->source, &dir->source_st) < 0) {
		if (looked)
			msg_error(errno, "cannot access %s", quote(job->source_name));
		goto undo;
	}
	if (!may_enter(tree, entry, &dir->source_st)) {
		looked = true;
		goto undo;
	}
	dir->source_path_only = unreadable != 0;
	looked = true;
	if (open_dest(tree, entry, dir) < 0)
		goto undo;
	if (dir->made != 0)
		entry_announce(run, entry);
	const bool may_inherit = dir->above == NULL || !dir->above->fresh || dir->above->inherits;
	dir->inherits = (run->copy->meta.mode || run->copy->meta.default_mode) && may_inherit
		&& (dir->dest_path_only || meta_bequeaths(dir->dest));

	const bool foreign = tree->policy->one_file_system && dir->above != NULL
		&& dir->above->source_st.st_dev != dir->source_st.st_dev;
	if (unreadable != 0)
		msg_error(unreadable, "cannot access %s", quote(job->source_name));
	if (unreadable != 0 || foreign)
		release(tree, dir);
	else if (push(tree, dir) == 0)
		read_all(tree, tree->level);
	return 0;
undo:
	if (dir->above != NULL)
		dir_unuse(dir->above);
	dir_free(dir);
	return looked ? 0 : -1;
}

/* ---- names in directories ---- */

/* The entry NAME of DIR, with all its names.  0, or -1 and it was said.  */
static int
entry_open(const struct tree *tree, struct entry *entry, struct dir *dir, const char *name)
{
	*entry = (struct entry) { .dir = dir, .fresh = dir->fresh };
	entry->job = (struct job) {
		.source_at = dir->source, .source = name,
		.source_name = dir_source_name(dir, name),
		.follow = tree->run->policy->deref == DEREF_ALWAYS,
		.dest_at = dir->dest, .dest = name, .dest_name = dir_dest_name(dir, name),
	};
	if (entry->job.source_name != NULL && entry->job.dest_name != NULL)
		return 0;
	msg_error(ENOMEM, "cannot copy %s", quote(name));
	return -1;
}

static void
entry_close(struct entry *entry)
{
	free((char *) entry->job.source_name);
	free((char *) entry->job.dest_name);
}

/* Look at NAME in DIR, and do with it what has to be done; HERE, not by a worker.  A
   directory is entered; or, with a LEVEL, kept for later.  */
static void
look_at(struct tree *tree, struct dir *dir, const char *name, bool here, struct level *level)
{
	struct entry entry;

	if (entry_open(tree, &entry, dir, name) == 0)
		switch (entry_do(tree->run, &entry)) {
		case ENTRY_DONE:
		case ENTRY_FAILED:
			break;
		case ENTRY_CONTENT:
			copy_content(tree, &entry, here);
			break;
		case ENTRY_LATER:
			later_add(&tree->links, dir, name, here,
				  links_find(tree->run->links, entry.source.st_dev,
					     entry.source.st_ino));
			break;
		case ENTRY_DIRECTORY:
			if (level == NULL)
				enter(tree, &entry, true);
			else if (keep_name(level, name) < 0)
				msg_error(errno, "cannot copy %s", quote(entry.job.source_name));
			break;
		}
	entry_close(&entry);
}

/* An entry that is known by its TYPE, as far as the file system told it.  */
static void
take(struct tree *tree, struct level *level, const char *name, unsigned char type)
{
	struct dir *const dir = level->dir;
	int ret = 0;

	if (type == DT_REG && dir->fresh && tree->plain)
		ret = pool_add(tree->pool, dir, name, POOL_FRESH, NULL);
	else if (type == DT_DIR)
		ret = keep_name(level, name);
	else
		look_at(tree, dir, name, false, level);
	if (ret < 0 && signals_fatal() == 0)
		msg_error(errno, "cannot copy %s", quote(name));
}

/* Take all entries of LEVEL's directory, in the order the file system has them.  */
static void
read_all(struct tree *tree, struct level *level)
{
	static char buffer[65536];
	struct dir *const dir = level->dir;
	ssize_t n;

	while (signals_fatal() == 0
	       && (n = sys_read_directory(dir->source, buffer, sizeof buffer)) != 0) {
		if (n < 0) {
			char *const name = dir_source_name(dir, "");
			msg_error(errno, "cannot access %s", quote(name != NULL ? name : dir->name));
			free(name);
			return;
		}
		for (ssize_t at = 0; at < n && signals_fatal() == 0; ) {
			const struct dirent64 *const d = (const void *) (buffer + at);
			at += d->d_reclen;
			if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
				take(tree, level, d->d_name, d->d_type);
		}
	}
}

/* Enter the next directory below LEVEL's.  */
static void
enter_next(struct tree *tree, struct level *level)
{
	struct dir *const dir = level->dir;
	/* The list may move while it is read from.  */
	char *const name = strdup(level->names + level->at);
	struct entry entry;

	level->at += strlen(level->names + level->at) + 1;
	if (name == NULL || dir_take_out(dir, NULL) < 0) {
		msg_error(errno, "cannot copy %s", quote(name != NULL ? name : dir->name));
	} else if (dir->fresh && tree->plain) {
		const bool opened = entry_open(tree, &entry, dir, name) == 0;
		const bool again = opened && enter(tree, &entry, false) < 0;
		entry_close(&entry);
		if (again)
			look_at(tree, dir, name, false, NULL);
	} else {
		look_at(tree, dir, name, false, NULL);
	}
	free(name);
}

/* Leave the lowest level.  */
static void
pop(struct tree *tree)
{
	struct level *const level = tree->level;
	struct dir *const above = level->dir->above;

	/* The way up is open as long as this is.  */
	if (above != NULL && signals_fatal() == 0 && dir_take_out(level->dir, NULL) == 0)
		dir_take_out(above, level->dir);
	tree->level = level->above;
	release(tree, level->dir);
	free(level->names);
	free(level);
}

/* Look at one that came back.  */
static void
look_again(struct tree *tree, struct later *later)
{
	if (signals_fatal() == 0 && dir_take_out(later->dir, NULL) == 0)
		look_at(tree, later->dir, later->name, later->here, NULL);
	else if (signals_fatal() == 0)
		msg_error(errno, "cannot copy %s", quote(later->name));
	release(tree, later->dir);
	free(later);
}

/* Walk until LEVEL is the lowest one again, and nothing that came back is left.  */
static void
walk(struct tree *tree, const struct level *level)
{
	while (tree->level != level || tree->again.first != NULL) {
		struct level *const lowest = tree->level;
		struct later *const later = later_take(&tree->again);
		if (later != NULL)
			look_again(tree, later);
		else if (lowest->at < lowest->used && signals_fatal() == 0 && !tree->stop)
			enter_next(tree, lowest);
		else
			pop(tree);
	}
}

void
tree_finish(struct tree *tree)
{
	do {
		walk(tree, NULL);
		if (pool_drain(tree->pool) < 0)
			return;
	} while (tree->again.first != NULL);
	tree->old_count = 0;
}

/* ---- operands ---- */

void
tree_copy(struct tree *tree, const struct job *job)
{
	struct run *const run = tree->run;
	struct entry entry = { .job = *job };

	tree->made_first = tree->stop = false;
	switch (entry_do(run, &entry)) {
	case ENTRY_FAILED:
	case ENTRY_LATER:
		return;
	case ENTRY_DONE:
		break;
	case ENTRY_CONTENT:
		if (copy_here(tree, &entry) < 0)
			return;
		break;
	case ENTRY_DIRECTORY:
		enter(tree, &entry, true);
		break;
	}
	tree_finish(tree);
	entry_remember(run, &entry);
}

/* Descriptors that directories may hold: what the limit leaves when others have theirs.  */
static unsigned
budget(void)
{
	enum { OTHERS = 64, MOST = 4096, LEAST = 8 };
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur < 2 * OTHERS)
		return LEAST;
	return limit.rlim_cur - OTHERS > MOST ? MOST : (unsigned) limit.rlim_cur - OTHERS;
}

struct tree *
tree_new(struct run *run, const struct tree_policy *policy)
{
	const struct entry_policy *const entry = run->policy;
	const unsigned jobs = run->copy->plan.jobs;
	struct tree *const tree = calloc(1, sizeof *tree);

	if (tree == NULL)
		return NULL;
	const struct pool_listener listener = {
		.hear = hear, .landed = landed, .release = release, .context = tree,
	};
	tree->run = run;
	tree->policy = policy;
	tree->again.last = &tree->again.first;
	tree->links.last = &tree->links.first;
	tree->plain = !entry->verbose && !entry->debug && !entry->hard_link
		&& !entry->symbolic_link
		&& !(entry->keep_links && entry->deref == DEREF_ALWAYS);
	tree->budget = budget();
	/* Who copies but files asks for no processors.  */
	const unsigned workers = jobs != 0 ? jobs : entry->recursive ? cpus_usable() : 1;
	tree->pool = pool_new(workers, run->copy, entry->keep_links, &listener);
	if (tree->pool != NULL)
		return tree;
	free(tree);
	return NULL;
}

static void
forget(struct tree *tree, struct later_list *list)
{
	struct later *later;

	while ((later = later_take(list)) != NULL) {
		release(tree, later->dir);
		free(later);
	}
}

void
tree_free(struct tree *tree)
{
	pool_free(tree->pool);
	forget(tree, &tree->again);
	forget(tree, &tree->links);
	while (tree->level != NULL)
		pop(tree);
	free(tree);
}
