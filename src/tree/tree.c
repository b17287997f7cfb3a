/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tree.c: operands, one after the other, and all that is below them.  */
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

/* ---- operands that needn't wait for each other ---- */

/* Nobody knows what is made of an operand that is dealt out: it is known by its name.  */
static const struct stat none;

/* Whether HOME's name still leads to it: what we copy may change that.  */
static bool
leads_there(const struct dirpair *home)
{
	const char *const name = *home->source_root != '\0' ? home->source_root : ".";
	struct stat st;

	return stat(name, &st) == 0 && inode_is_same(&st, &home->source_st);
}

/* The directory that operand PAIR is in, beside that which it is copied to: open, so
   that it can be dealt out.  Several operands in a row are often in one.  NULL: not for
   this one.  */
static struct dirpair *
operand_dir_of(struct walk *walk, const struct pathpair *pair)
{
	const size_t len = (size_t) (path_last(pair->source) - pair->source);
	const size_t dest_len = strlen(pair->dest_name) - strlen(pair->dest);
	struct dirpair *home = walk->operand_dir;

	if (strcmp(path_last(pair->source), pair->dest) != 0)
		return NULL;
	if (home != NULL && home->dest_base == pair->dest_at
	    && strlen(home->source_root) == len
	    && strncmp(home->source_root, pair->source, len) == 0 && leads_there(home))
		return home;
	if (home != NULL)
		directory_release(walk, home);
	walk->operand_dir = NULL;
	/* Both names are behind the directory's own, which is empty.  */
	home = dirpair_new_root(pair->source, len, pair->dest_name, dest_len, "",
				pair->dest_at);
	if (home == NULL)
		return NULL;
	home->holds_operands = true;
	home->source = path_open_parent(pair->source_at, pair->source, O_PATH);
	if (home->source == AT_FDCWD)
		home->source = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	home->dest = fcntl(pair->dest_at, F_DUPFD_CLOEXEC, 0);
	dirpair_count((home->source >= 0) + (home->dest >= 0));
	if (home->source < 0 || home->dest < 0
	    || fstat(home->source, &home->source_st) < 0
	    || fstat(home->dest, &home->dest_st) < 0) {
		dirpair_free(home);
		return NULL;
	}
	home->inherits = (walk->session->copy->meta.mode
			  || walk->session->copy->meta.default_mode)
		&& posixacl_is_inherited(home->dest);
	walk->operand_dir_in_dest = inode_is_below(home->source, &home->dest_st);
	return walk->operand_dir = home;
}

/* Whether nothing that is on its way can have to do with operand PAIR: its destination
   isn't there, is not about to be made, and what is to be read is not what is being
   written.  */
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

/* A file operand's content: dealt out, if it can be; then it is remembered by its
   name.  */
static void
copy_operand(struct walk *walk, struct entry *entry)
{
	struct dirpair *const home = walk->queue_operands && !entry->exists
		&& !entry->backup
		? operand_dir_of(walk, &entry->pair) : NULL;
	const bool deal = home != NULL
		&& fileset_add(walk->queued_operands, &none, entry->pair.dest) == 0;

	if (!deal && policy_is_large(entry->source.st_size, &walk->session->copy->plan))
		pool_drain(walk->pool);
	if ((deal ? content_copy(walk, entry, home, false)
	     : content_copy_here(walk, entry)) == 0)
		entry_remember(walk->session, entry);
}

/* With --fsync: a link or a special file is on the device when its directory is.  */
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

/* Whether operand PAIR is left out: by its name, since it has no path below a source;
   one from a list also by the directories that it names.  */
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
		return false;		/* "." is no name that anybody gave */
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
	/* If it was dealt out, nobody has remembered it yet.  */
	if (fileset_has(walk->queued_operands, &none, pair->dest))
		entry_remember(walk->session, &entry);
	enum entry_next next = visit_entry(walk->session, &entry);
	if (next == ENTRY_WAIT) {
		tree_finish(tree);
		entry.revisited = true;
		next = visit_entry(walk->session, &entry);
	}
	if (next == ENTRY_CONTENT)
		copy_operand(walk, &entry);
	if (next == ENTRY_DIRECTORY)
		walk_into(walk, &entry, true);
	walk_on(walk);
	if (next == ENTRY_DONE)
		sync_entry(walk, pair);
	/* As with cp, what was left alone may be replaced.  */
	if (next == ENTRY_DIRECTORY || entry.made || entry.linked)
		entry_remember(walk->session, &entry);
	failures_about(before);
}

/* ---- the tree ---- */

/* Descriptors that directories may hold: what the limit leaves when others have
   theirs.  */
enum { BUDGET_LEAST = 64, BUDGET_MOST = 4096 };

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

/* Whether too few descriptors are left to hold directories open: a walk that does needs
   9, whatever its depth.  Counted only where the limit is that low.  */
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

/* A stop that comes while the user is asked is for the workers, too.  */
static void
attend(void *pool)
{
	pool_attend(pool);
}

/* The directory that the walk is in.  */
static char *
where(void *context)
{
	const struct walk *const walk = context;

	return walk->level != NULL ? dirpair_own_source_name(walk->level->dir) : NULL;
}

struct tree *
tree_new(struct session *session, const struct tree_policy *policy, size_t count)
{
	const struct entry_policy *const entry = session->policy;
	const unsigned jobs = session->copy->plan.jobs;
	struct tree *const tree = calloc(1, sizeof *tree);

	if (tree == NULL)
		return NULL;
	struct walk *const walk = &tree->walk;
	const struct pool_listener listener = {
		.result = content_result, .done = content_done,
			.release = directory_release,
		.context = walk,
	};
	walk->session = session;
	walk->policy = policy;
	waitlist_init(&walk->returned);
	waitlist_init(&walk->link_waiters);
	walk->type_suffices = !entry->verbose && !entry->debug && !entry->link
		&& !entry->symbolic_link
		&& !(entry->preserve_links && entry->dereference == DEREFERENCE_ALWAYS);
	walk->budget = budget();
	walk->by_path = walk->budget < BUDGET_LEAST && needs_paths();
	walk->type_suffices = walk->type_suffices && !walk->by_path;
	/* Who copies but a few files asks for no processors.  */
	walk->queue_operands = count >= TREE_MANY && !session->copy->dest.fsync
		&& !walk->by_path;
	unsigned workers = jobs != 0 ? jobs
		: entry->recursive || walk->queue_operands ? cpus_usable() : 1;
	if (walk->budget < BUDGET_LEAST)	/* A batch alone may carry 32.  */
		workers = 1;
	walk->pool = pool_new(workers, session->copy, entry->preserve_links, &listener);
	walk->queued_operands = fileset_new();
	prompt_attending(attend, walk->pool);
	progress_naming(where, walk);
	if (walk->pool != NULL && walk->queued_operands != NULL)
		return tree;
	tree_free(tree);
	return NULL;
}

static void
forget(struct walk *walk, struct waitlist *list)
{
	struct waiting *waiting;

	while ((waiting = waitlist_take(list)) != NULL) {
		directory_release(walk, waiting->dir);
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
		directory_release(walk, walk->operand_dir);
	forget(walk, &walk->returned);
	forget(walk, &walk->link_waiters);
	while (walk->level != NULL)
		directory_leave(walk);
	free(tree);
}
