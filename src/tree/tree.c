/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tree.c: copy operands, with everything below them, by one walker at first.  When there
   is much to do, others go on, and get operands that don't depend on each other.  */
#include "config.h"

#include "tree/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cpus.h"
#include "base/inode.h"
#include "base/namelist.h"
#include "base/path.h"
#include "base/signals.h"
#include "report/entrymessages.h"
#include "report/progress.h"
#include "report/prompt.h"
#include "tree/directory.h"
#include "tree/operand.h"
#include "tree/team.h"
#include "tree/walk.h"

/* So many operands are given away at a time at most: walkers share them further.  */
enum { GIVEN_AT_ONCE = 16 };

struct tree {
	struct walk walk;
	struct team *team;	/* NULL: there is only this walker */
	size_t left;		/* operands */

	/* Operands that walkers copy.  */
	struct fileset *queued;	/* destination names */
	size_t from, to;	/* those that are to be given next */
	char *dir;		/* the directory of the last operand, as it was named */
	bool dir_in_dest;	/* it is below the target */
	char *beside;		/* that of the last one that was copied here */
};

/* The status of the copy of an operand that a walker has, which is known by its name
   only.  */
static const struct stat none;

/* ---- one walker, or several ---- */

/* Go on with what is below an operand.  */
static void
go_on(struct tree *tree)
{
	struct walk *const walk = &tree->walk;

	while (!walk_on(walk)) {
		tree->team = team_begin(walk);
		if (tree->team != NULL)
			return;
		walk->most = 1;
	}
}

/* Give the walkers the operands that were gathered.  */
static void
give_gathered(struct tree *tree)
{
	if (tree->team != NULL && tree->from < tree->to)
		team_give(tree->team, (uint32_t) tree->from, (uint32_t) tree->to);
	tree->from = tree->to = 0;
}

void
tree_finish(struct tree *tree)
{
	give_gathered(tree);
	if (tree->team != NULL)
		team_finish(tree->team);
	tree->team = NULL;
}

/* Sync the copies of COUNT operands one by one.  Return whether any failed, which is
   reported.  */
static bool
sync_each(const struct walk *walk, size_t count)
{
	struct pathpair pair;
	bool failed = false;

	for (size_t i = 0; i < count && signals_fatal() == 0; i++)
		if (walk->operand(walk->operands, i, &pair) == 0)
			failed = durable_sync_operand(&pair) || failed;
	return failed;
}

void
tree_sync(struct tree *tree, size_t count)
{
	struct walk *const walk = &tree->walk;

	smallfile_end(&walk->smallfile);
	const int ret = signals_fatal() != 0 ? 0 : durable_sync(&walk->durable);
	const int err = errno;
	if (ret != 0 && !sync_each(walk, count) && ret < 0)
		/* An inode that left memory has forgotten its error.  */
		report_cannot_flush_all(err);
}

/* ---- operands that walkers copy ---- */

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
is_in_dest(struct tree *tree, const struct pathpair *pair)
{
	struct stat target;

	if (is_named_in(pair, tree->dir))
		return tree->dir_in_dest;
	note_directory(&tree->dir, pair);
	const int dir = path_open_parent(pair->source_at, pair->source, O_PATH);
	const int fd = dir == AT_FDCWD ? open(".", O_PATH | O_DIRECTORY | O_CLOEXEC)
		: dir;
	tree->dir_in_dest = fd < 0 || fstat(pair->dest_at, &target) < 0
		|| inode_is_below(fd, &target);
	path_close_parent(fd, AT_FDCWD);
	return tree->dir_in_dest;
}

/* Return whether operand PAIR, with status ST, doesn't depend on what walkers still copy:
   its destination doesn't exist and none of them makes it, none of them writes to its
   source, and no other name of it is an operand.  */
static bool
is_independent(struct tree *tree, const struct pathpair *pair, struct stat *st)
{
	const struct entry_policy *const policy = tree->walk.session->policy;
	struct stat dest;

	return pair->dest_at != AT_FDCWD
		&& strcmp(path_last(pair->source), pair->dest) == 0
		&& !(policy->recursive && policy->dereference == DEREFERENCE_ALWAYS)
		&& !is_in_dest(tree, pair)
		&& fstatat(pair->source_at, pair->source, st, AT_SYMLINK_NOFOLLOW) == 0
		&& !S_ISLNK(st->st_mode)
		/* Of two that aren't side by side, one may be below the other.  */
		&& !(S_ISDIR(st->st_mode) && (!is_named_in(pair, tree->beside)
					      || inode_is_below(pair->dest_at, st)))
		&& !(policy->preserve_links && !S_ISDIR(st->st_mode) && st->st_nlink > 1)
		&& fstatat(pair->dest_at, pair->dest, &dest, AT_SYMLINK_NOFOLLOW) < 0
		&& !fileset_has(tree->queued, &none, pair->dest);
}

/* Have operand I, PAIR, copied by the walkers.  Return false if it can't be.  */
static bool
give_operand(struct tree *tree, size_t i, const struct pathpair *pair)
{
	const struct session *const session = tree->walk.session;
	struct stat st;

	if (tree->team == NULL || !is_independent(tree, pair, &st)
	    || fileset_add(tree->queued, &none, pair->dest) < 0)
		return false;
	if (session->sources != NULL)
		fileset_add(session->sources, &st, pair->source_name);
	if (i != tree->to) {
		give_gathered(tree);
		tree->from = i;
	}
	tree->to = i + 1;
	if (tree->to - tree->from >= GIVEN_AT_ONCE || team_is_hungry(tree->team)) {
		give_gathered(tree);
		team_listen(tree->team);
	}
	return true;
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

/* Remember the copy of PAIR, which WALKED came of, so that no later operand replaces
   it.  */
static void
remember(struct tree *tree, const struct pathpair *pair, const struct walked *walked)
{
	const struct entry entry = { .pair = *pair, .linked = walked->linked };

	entry_remember(tree->walk.session, &entry);
}

void
tree_copy(struct tree *tree, size_t i, const struct pathpair *pair)
{
	struct walk *const walk = &tree->walk;

	tree->left--;
	if (is_excluded(walk, pair) || give_operand(tree, i, pair))
		return;
	tree_finish(tree);
	/* A queued operand is remembered only now, when it has been copied.  */
	if (fileset_has(tree->queued, &none, pair->dest))
		remember(tree, pair, &(struct walked) { .made = true });
	const struct walked walked = operand_copy(walk, pair, false);
	note_directory(&tree->beside, pair);
	go_on(tree);
	/* As with cp, a later operand may replace what was left alone.  */
	if (walked.next == ENTRY_CONTENT || walked.next == ENTRY_DIRECTORY || walked.made
	    || walked.linked)
		remember(tree, pair, &walked);
	if (tree->team == NULL && tree->left > 1 && pair->dest_at != AT_FDCWD
	    && walk_wants_others(walk) && (tree->team = team_begin(walk)) == NULL)
		walk->most = 1;
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

/* Stop the walkers, too, if we are stopped while the user is asked.  */
static void
attend(void *context)
{
	const struct tree *const tree = context;

	if (tree->team != NULL)
		team_stop_if_asked(tree->team);
}

/* Return the name of the directory that is being walked, for the progress line.  The
   caller frees it.  */
static char *
where(void *context)
{
	const struct tree *const tree = context;

	if (tree->team != NULL)
		return team_where(tree->team);
	return walk_level(&tree->walk) != NULL ? strdup(tree->walk.position->where)
		: NULL;
}

/* Choose how WALK goes on: with how many descriptors, by descriptors or by paths.  */
static void
choose_ways(struct walk *walk)
{
	const struct entry_policy *const entry = walk->session->policy;

	walk->budget = budget();
	walk->by_path = walk->budget < BUDGET_LEAST && needs_paths();
	if (walk->budget < BUDGET_LEAST)
		linktable_keep_nothing(walk->session->links);
	walk->type_suffices = !entry->verbose && !entry->debug && !entry->symbolic_link
		&& !entry->dry_run
		&& !(entry->preserve_links && entry->dereference == DEREFERENCE_ALWAYS)
		&& !walk->by_path;
	walk->keeps_names = walk->session->copy->backup.kind != BACKUP_NONE
		|| entry->interactive;
}

/* Return how many walkers there may be.  A copy of a few files doesn't ask which
   processors it may use.  */
static unsigned
count_walkers(const struct walk *walk, size_t operands)
{
	const struct entry_policy *const entry = walk->session->policy;
	const unsigned jobs = walk->session->copy->plan.jobs;

	/* Two names in the destination may be one directory with the last of these.  */
	if (walk->budget < BUDGET_LEAST || entry->debug || entry->dry_run
	    || entry->keep_directory_symlink)
		return 1;
	if (jobs != 0)
		return jobs;
	return entry->recursive || operands > 1 ? cpus_usable() : 1;
}

struct tree *
tree_new(struct session *session, const struct tree_policy *policy, size_t count,
	walk_operand *operand, void *context)
{
	struct tree *const tree = calloc(1, sizeof *tree);

	if (tree == NULL)
		return NULL;
	struct walk *const walk = &tree->walk;
	walk->session = session;
	walk->policy = policy;
	walk->operand = operand;
	walk->operands = context;
	tree->left = count;
	durable_begin(&walk->durable, session->copy,
		      session->policy->recursive || count > 1);
	choose_ways(walk);
	walk->holds = walk->budget >= BUDGET_LEAST;
	walk->smallfile = smallfile_begin(session->copy, walk->holds);
	walk->most = count_walkers(walk, count);
	walk->fixed = session->copy->plan.jobs != 0;
	walk->grows = !walk->fixed && walk->most > 1;
	if (walk->most > 1)
		walk_begin_alone(walk);
	tree->queued = fileset_new();
	walk->arena = arena_new(POSITION_ARENA);
	if (walk->arena != NULL)
		walk->position = position_new(walk->arena);
	prompt_attending(attend, tree);
	progress_naming(where, tree);
	if (walk->position != NULL && tree->queued != NULL)
		return tree;
	tree_free(tree);
	return NULL;
}

void
tree_free(struct tree *tree)
{
	struct walk *const walk = &tree->walk;

	prompt_attending(NULL, NULL);
	progress_naming(NULL, NULL);
	tree_finish(tree);
	while (walk->position != NULL && walk_level(walk) != NULL)
		directory_leave(walk);
	smallfile_end(&walk->smallfile);
	durable_end(&walk->durable);
	walk->session->copy = walk->durable.strict;
	fileset_free(tree->queued);
	free(tree->dir);
	free(tree->beside);
	arena_free(walk->arena);
	free(tree);
}
