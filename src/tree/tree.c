/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tree.c: copy operands, one after the other, with everything below them.  */
#include "config.h"

#include "tree/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cpus.h"
#include "base/descriptor.h"
#include "base/inode.h"
#include "base/namelist.h"
#include "base/path.h"
#include "file/posixacl.h"
#include "report/entrymessages.h"
#include "report/progress.h"
#include "report/prompt.h"
#include "tree/content.h"
#include "tree/directory.h"
#include "tree/release.h"
#include "tree/visit.h"
#include "tree/walk.h"

struct tree {
	struct walk walk;
};

void
tree_finish(struct tree *tree)
{
	struct walk *const walk = &tree->walk;

	do
		walk_on(walk);
	while (pool_drain(walk->pool) == 0 && walk->returned.first != NULL);
	walk->overwriting_count = 0;
}

/* ---- operands that workers copy ---- */

/* The status of the copy of a queued operand, which is known by its name only.  */
static const struct stat none;

/* Return true if DIR's name still leads to it: a copy may change that.  */
static bool
leads_there(const struct dirpair *dir)
{
	const char *const name = *dir->source_root != '\0' ? dir->source_root : ".";
	struct stat st;

	return stat(name, &st) == 0 && inode_is_same(&st, &dir->source_st);
}

/* Open DIR, a new pair: the directory of operand PAIR, and the target.  Return 0, or
   -1.  */
static int
open_operand_dir(const struct walk *walk, struct dirpair *dir,
	const struct pathpair *pair)
{
	const struct metadata_policy *const meta = &walk->session->copy->meta;

	dir->holds_operands = true;
	dir->source = path_open_parent(pair->source_at, pair->source, O_PATH);
	if (dir->source == AT_FDCWD)
		dir->source = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	dir->dest = fcntl(pair->dest_at, F_DUPFD_CLOEXEC, 0);
	dirpair_count((dir->source >= 0) + (dir->dest >= 0));
	if (dir->source < 0 || dir->dest < 0 || fstat(dir->source, &dir->source_st) < 0
	    || fstat(dir->dest, &dir->dest_st) < 0)
		return -1;
	dir->inherits = (meta->mode || meta->default_mode)
		&& posixacl_is_inherited(dir->dest);
	return 0;
}

/* Return the directory of operand PAIR and its target as a pair, so that a worker can
   copy the operand.  It is kept, since successive operands are often in one directory.
   NULL if the operand has to be copied here.  */
static struct dirpair *
operand_dir_of(struct walk *walk, const struct pathpair *pair)
{
	const size_t len = (size_t) (path_last(pair->source) - pair->source);
	const size_t dest_len = strlen(pair->dest_name) - strlen(pair->dest);
	struct dirpair *dir = walk->operand_dir;

	if (strcmp(path_last(pair->source), pair->dest) != 0)
		return NULL;
	if (dir != NULL && dir->dest_base == pair->dest_at
	    && strlen(dir->source_root) == len
	    && strncmp(dir->source_root, pair->source, len) == 0 && leads_there(dir))
		return dir;
	if (dir != NULL)
		release_directory(walk, dir);
	walk->operand_dir = NULL;
	dir = dirpair_new_root(pair->source, len, pair->dest_name, dest_len, "",
				pair->dest_at);
	if (dir == NULL)
		return NULL;
	if (open_operand_dir(walk, dir, pair) < 0) {
		dirpair_free(dir);
		return NULL;
	}
	walk->operand_dir_in_dest = inode_is_below(dir->source, &dir->dest_st);
	return walk->operand_dir = dir;
}

/* Return true if operand PAIR doesn't depend on what workers still copy: its destination
   doesn't exist and none of them makes it, and none of them writes to its source.  */
static bool
is_independent(struct walk *walk, const struct pathpair *pair)
{
	struct stat st;

	if (!pool_is_busy(walk->pool))
		return true;
	if (pair->dest_at == AT_FDCWD || operand_dir_of(walk, pair) == NULL
	    || walk->operand_dir_in_dest
	    || (walk->session->policy->recursive
		&& walk->session->policy->dereference == DEREFERENCE_ALWAYS))
		return false;
	return fstatat(pair->source_at, pair->source, &st, AT_SYMLINK_NOFOLLOW) == 0
		&& !S_ISLNK(st.st_mode)
		&& !(S_ISDIR(st.st_mode) && inode_is_below(walk->operand_dir->dest, &st))
		&& fstatat(pair->dest_at, pair->dest, &st, AT_SYMLINK_NOFOLLOW) < 0
		&& !fileset_has(walk->queued_operands, &none, pair->dest);
}

/* Copy the content of ENTRY, a file operand, by a worker if possible.  A queued operand
   is remembered by its destination's name.  */
static void
copy_content(struct walk *walk, struct entry *entry)
{
	struct dirpair *const dir = walk->queue_operands && !entry->exists
		&& !entry->backup
		? operand_dir_of(walk, &entry->pair) : NULL;
	const bool queued = dir != NULL
		&& fileset_add(walk->queued_operands, &none, entry->pair.dest) == 0;

	if (!queued && policy_is_large(entry->source.st_size, &walk->session->copy->plan))
		pool_drain(walk->pool);
	if ((queued ? content_copy(walk, entry, dir, false)
	     : content_copy_here(walk, entry)) == 0)
		entry_remember(walk->session, entry);
}

/* With --fsync, sync the directory of PAIR's copy, a link or a special file.  */
static void
sync_entry(const struct walk *walk, const struct pathpair *pair)
{
	if (!walk->session->copy->dest.fsync)
		return;
	const int dir = path_open_parent(pair->dest_at, pair->dest, O_PATH);
	if (descriptor_sync_directory(dir, ".") < 0)
		report_cannot_flush_directory_of(pair->dest_name, errno);
	path_close_parent(dir, pair->dest_at);
}

/* Return true if operand PAIR is excluded: by its name, since it has no path below a
   source; one from a list also by the directories in its path.  */
static bool
is_excluded(const struct walk *walk, const struct pathpair *pair)
{
	const struct exclude *const exclude = walk->policy->exclude;
	const size_t base = path_base(pair->source),
		len = path_trimmed(pair->source) - base;

	if (exclude->count == 0)
		return false;
	if (walk->policy->files0_from) {
		const char *const marked = namelist_marked(pair->source);
		const char *path = marked != NULL ? marked : pair->source;
		while (strncmp(path, "./", 2) == 0)
			path += 2;
		return exclude_has_path(exclude, path);
	}
	if (len <= 2 && strspn(pair->source + base, ".") >= len)
		return false;		/* "." and ".." match no pattern */
	char *const name = strndup(pair->source + base, len);
	const bool is = name != NULL && exclude_has(exclude, name, name, NULL);
	free(name);
	return is;
}

void
tree_copy(struct tree *tree, const struct pathpair *pair)
{
	struct walk *const walk = &tree->walk;
	struct entry entry = { .pair = *pair };

	if (is_excluded(walk, pair))
		return;
	const struct subject before = failures_about(entry_subject(&entry));
	if (!is_independent(walk, pair))
		tree_finish(tree);
	/* A queued operand is remembered only now, when it has been copied.  */
	if (fileset_has(walk->queued_operands, &none, pair->dest))
		entry_remember(walk->session, &entry);
	enum entry_next next = visit_entry(walk->session, &entry);
	if (next == ENTRY_WAIT) {
		tree_finish(tree);
		entry.revisited = true;
		next = visit_entry(walk->session, &entry);
	}
	if (next == ENTRY_CONTENT)
		copy_content(walk, &entry);
	if (next == ENTRY_DIRECTORY)
		walk_into(walk, &entry, true);
	walk_on(walk);
	if (next == ENTRY_DONE)
		sync_entry(walk, pair);
	/* As with cp, a later operand may replace what was left alone.  */
	if (next == ENTRY_DIRECTORY || entry.made || entry.linked)
		entry_remember(walk->session, &entry);
	failures_about(before);
}

/* ---- the tree ---- */

/* Bounds of the number of descriptors that directories may hold.  */
enum { BUDGET_LEAST = 64, BUDGET_MOST = 4096 };

/* Return what the limit leaves when OTHERS have theirs.  */
static unsigned
budget(void)
{
	enum { OTHERS = 64 };
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0
	    || limit.rlim_cur < OTHERS + BUDGET_LEAST)
		return 8;
	return limit.rlim_cur - OTHERS > BUDGET_MOST ? BUDGET_MOST
		: (unsigned) limit.rlim_cur - OTHERS;
}

/* Return true if too few descriptors are left to hold directories open: a walk that does
   needs 9 at any depth.  Open descriptors are counted only if the limit is low.  */
static bool
needs_paths(void)
{
	enum { LOW = 64, WANTED = 12 };
	struct rlimit limit;
	unsigned left = 0;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= LOW)
		return false;
	for (int fd = 0; fd < (int) limit.rlim_cur; fd++)
		left += fcntl(fd, F_GETFD) < 0;
	return left < WANTED;
}

/* Stop the workers, too, if we are stopped while the user is asked.  */
static void
attend(void *pool)
{
	pool_stop_if_asked(pool);
}

/* Return the name of the directory that is being walked, for the progress line.  The
   caller frees it.  */
static char *
where(void *context)
{
	const struct walk *const walk = context;

	return walk->level != NULL ? dirpair_own_source_name(walk->level->dir) : NULL;
}

/* Choose how WALK goes on COUNT operands: with how many descriptors, by descriptors or by
   paths, and what is left to workers.  */
static void
choose_ways(struct walk *walk, size_t count)
{
	const struct entry_policy *const entry = walk->session->policy;

	walk->budget = budget();
	walk->by_path = walk->budget < BUDGET_LEAST && needs_paths();
	walk->type_suffices = !entry->verbose && !entry->debug && !entry->link
		&& !entry->symbolic_link
		&& !(entry->preserve_links && entry->dereference == DEREFERENCE_ALWAYS)
		&& !walk->by_path;
	walk->queue_operands = count >= TREE_MANY && !walk->session->copy->dest.fsync
		&& !walk->by_path;
}

/* Return the number of workers at most.  A copy of a few files doesn't ask which
   processors it may use.  */
static unsigned
count_workers(const struct walk *walk)
{
	const unsigned jobs = walk->session->copy->plan.jobs;

	if (walk->budget < BUDGET_LEAST)	/* A batch alone may carry 32.  */
		return 1;
	if (jobs != 0)
		return jobs;
	return walk->session->policy->recursive || walk->queue_operands ? cpus_usable()
		: 1;
}

struct tree *
tree_new(struct session *session, const struct tree_policy *policy, size_t count)
{
	struct tree *const tree = calloc(1, sizeof *tree);

	if (tree == NULL)
		return NULL;
	struct walk *const walk = &tree->walk;
	const struct pool_listener listener = {
		.result = content_result, .done = content_done,
		.release = release_directory, .context = walk,
	};
	walk->session = session;
	walk->policy = policy;
	waitlist_init(&walk->returned);
	waitlist_init(&walk->link_waiters);
	choose_ways(walk, count);
	walk->pool = pool_new(count_workers(walk), session->copy,
			      session->policy->preserve_links, &listener);
	walk->queued_operands = fileset_new();
	prompt_attending(attend, walk->pool);
	progress_naming(where, walk);
	if (walk->pool != NULL && walk->queued_operands != NULL)
		return tree;
	tree_free(tree);
	return NULL;
}

/* Empty LIST, whose names are not visited any more.  */
static void
forget(struct walk *walk, struct waitlist *list)
{
	struct waiting *waiting;

	while ((waiting = waitlist_take(list)) != NULL) {
		release_directory(walk, waiting->dir);
		free(waiting);
	}
}

void
tree_free(struct tree *tree)
{
	struct walk *const walk = &tree->walk;

	prompt_attending(NULL, NULL);
	progress_naming(NULL, NULL);
	if (walk->pool != NULL)
		pool_free(walk->pool);
	fileset_free(walk->queued_operands);
	if (walk->operand_dir != NULL)
		release_directory(walk, walk->operand_dir);
	forget(walk, &walk->returned);
	forget(walk, &walk->link_waiters);
	while (walk->level != NULL)
		directory_leave(walk);
	free(tree);
}
