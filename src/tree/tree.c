/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tree.c: copy operands, with everything below them, by one walker at first.  When there
   is much to do, others go on, and get operands that don't depend on each other.  */
#include "config.h"

#include "tree/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cpus.h"
#include "base/path.h"
#include "base/ranks.h"
#include "base/signals.h"
#include "engine/far.h"
#include "report/entrymessages.h"
#include "report/progressfacts.h"
#include "report/prompt.h"
#include "tree/budget.h"
#include "tree/content.h"
#include "tree/directory.h"
#include "tree/independent.h"
#include "tree/operand.h"
#include "tree/peers.h"
#include "tree/selection.h"
#include "tree/team.h"
#include "tree/timekeeping.h"
#include "tree/walk.h"

/* So many operands are given away at a time at most: walkers share them further.  */
enum { GIVEN_AT_ONCE = 16 };

/* So few are copied one after the other, as by cp: so is what is said of them.  Each of
   them may still be shared, a tree or a large file.  */
enum { IN_ORDER = 8 };

struct tree {
	struct walk walk;
	struct team *team;	/* NULL: there is only this walker */
	size_t left;		/* operands */
	bool in_order;		/* each is copied when the one before is */
	bool alone;		/* there is only one */

	struct independent independent;
	size_t from, to;	/* operands that are to be given to walkers next */
};

/* ---- one walker, or several ---- */

/* Return whether there are walkers, or are now since there is enough to do.  */
static bool
has_team(struct tree *tree)
{
	struct walk *const walk = &tree->walk;

	if (tree->team == NULL && (tree->team = team_begin(walk)) == NULL) {
		walk->most = 1;
		walk->far = false;
		walk->why = WALKERS_NO_PROCESS;
	}
	return tree->team != NULL;
}

/* Go on with what is below an operand.  */
static void
go_on(struct tree *tree)
{
	while (!walk_on(&tree->walk) && !has_team(tree))
		continue;
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
	if (tree->team == NULL)
		return;
	team_finish(tree->team);
	tree->team = NULL;
	walk_begin_alone(&tree->walk);
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

/* Have operand I, PAIR, copied by the walkers.  Return false if it can't be.  */
static bool
give_operand(struct tree *tree, size_t i, const struct pathpair *pair)
{
	const struct session *const session = tree->walk.session;
	struct stat st;

	if (tree->in_order
	    || (tree->team == NULL
		&& (tree->left == 0 || !walk_wants_others(&tree->walk)))
	    || !independent_is(&tree->independent, pair, &st) || !has_team(tree)
	    || independent_queue(&tree->independent, pair) < 0)
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

/* Return whether operand PAIR, which isn't given away with others, is a file that ranks
   may share: then our parent doesn't copy it, since it has to listen to them.  */
static bool
is_shared(const struct tree *tree, const struct pathpair *pair)
{
	const struct walk *const walk = &tree->walk;
	struct stat st;

	return walk->far && tree->alone
		&& fstatat(pair->source_at, pair->source, &st,
			   pair->follow ? 0 : AT_SYMLINK_NOFOLLOW) == 0
		&& S_ISREG(st.st_mode) && far_may_help(st.st_size);
}

/* Have operand I copied by a walker.  Return false if there is none.  */
static bool
give_alone(struct tree *tree, size_t i)
{
	if (!has_team(tree))
		return false;
	team_give(tree->team, (uint32_t) i, (uint32_t) i + 1);
	tree_finish(tree);
	return true;
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
	if (selection_omits_operand(walk, pair))
		return;
	if (timekeeping_look(walk->session, pair))
		report_compares_sizes(pair->dest_name);
	durable_note(&walk->durable, pair);
	content_use_policy(walk, walk->durable.device);
	if (give_operand(tree, i, pair)
	    || (is_shared(tree, pair) && give_alone(tree, i)))
		return;
	tree_finish(tree);
	/* A queued operand is remembered only now, when it has been copied.  */
	if (independent_was_copied(&tree->independent, pair))
		remember(tree, pair, &(struct walked) { .made = true });
	const struct walked walked = operand_copy(walk, pair, false);
	independent_begins(&tree->independent, pair);
	go_on(tree);
	if (tree->team != NULL && tree->left > 0
	    && (walked.existed || !independent_lets_others(&tree->independent, pair)))
		tree_finish(tree);
	else if (tree->team == NULL && walked.existed && walked.next == ENTRY_DIRECTORY)
		walk_begin_alone(walk);		/* Others can't go on with the next.  */
	/* As with cp, a later operand may replace what was left alone.  */
	if (walked.next == ENTRY_CONTENT || walked.next == ENTRY_DIRECTORY || walked.made
	    || walked.linked)
		remember(tree, pair, &walked);
}

/* ---- the tree ---- */

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
	return walk_level(&tree->walk) != NULL ? position_where(tree->walk.position)
		: NULL;
}

/* Return what worker NUMBER does.  */
static enum progressfacts_worker
worker(void *context, unsigned number, char **name)
{
	const struct tree *const tree = context;

	return tree->team == NULL ? PROGRESSFACTS_COPIES
		: team_worker(tree->team, number, name);
}

/* Choose how WALK goes on: with how many descriptors, by descriptors or by paths.  */
static void
choose_ways(struct walk *walk)
{
	const struct entry_policy *const entry = walk->session->policy;

	walk->budget = budget_now();
	walk->by_path = walk->budget < BUDGET_LEAST && budget_needs_paths();
	if (walk->budget < BUDGET_LEAST)
		linktable_keep_nothing(walk->session->links);
	walk->type_suffices = !entry->verbose && !entry->debug && !entry->symbolic_link
		&& !entry->dry_run && walk->session->manifest == NULL
		&& !(entry->preserve_links && entry->dereference == DEREFERENCE_ALWAYS)
		&& !walk->by_path;
	walk->keeps_names = walk->session->copy->backup.kind != BACKUP_NONE
		|| entry->interactive;
}

/* Return how many walkers there may be, and set *WHY.  Few files don't ask for
   processors.  */
static unsigned
count_walkers(const struct walk *walk, size_t operands, enum walkers_why *why)
{
	const struct entry_policy *const entry = walk->session->policy;
	const unsigned jobs = walk->session->copy->plan.jobs;

	*why = walk->budget < BUDGET_LEAST ? WALKERS_DESCRIPTORS
		: entry->dry_run && !policy_compares(entry) ? WALKERS_DRY_RUN
		: entry->keep_directory_symlink ? WALKERS_SYMLINKS
		: jobs != 0 ? WALKERS_JOBS : WALKERS_PROCESSORS;
	if (*why == WALKERS_JOBS)
		return jobs;
	return *why == WALKERS_PROCESSORS && (entry->recursive || operands > 1)
		? cpus_usable() : 1;
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
	tree->in_order = count <= IN_ORDER;
	tree->alone = count == 1;
	durable_begin(&walk->durable, session->copy,
		      session->policy->recursive || count > 1);
	choose_ways(walk);
	walk->holds = walk->budget >= BUDGET_LEAST;
	walk->smallfile = smallfile_begin(session->copy, walk->holds);
	walk->most = count_walkers(walk, count, &walk->why);
	walk->explained = !session->policy->debug
		|| (count <= 1 && !session->policy->recursive);
	walk->fixed = session->copy->plan.jobs != 0;
	walk->grows = !walk->fixed && walk->most > 1;
	walk->far = ranks_are_many()
		&& (walk->why == WALKERS_JOBS || walk->why == WALKERS_PROCESSORS);
	peers_share_links(session->links);
	peers_share_files();
	if (walk->most > 1 || !walk->explained)
		walk_begin_alone(walk);
	const int ret = independent_begin(&tree->independent, session, count);
	walk->arena = arena_new(POSITION_ARENA, walk->most > 1 || walk->far);
	if (walk->arena != NULL)
		walk->position = position_new(walk->arena);
	prompt_attending(attend, tree);
	progressfacts_naming(where, tree);
	progressfacts_workers(worker, tree);
	if (walk->position != NULL && ret == 0)
		return tree;
	tree_free(tree);
	return NULL;
}

/* In another rank than the first: find out whether times are held, which the first
   reports.  */
static void
find_timekeeping(const struct tree *tree)
{
	struct session *const session = tree->walk.session;
	struct pathpair pair;

	for (size_t i = 0; i < tree->left && session->policy->update == UPDATE_CHANGED
	     && !session->timekeeping.known; i++)
		if (tree->walk.operand(tree->walk.operands, i, &pair) == 0)
			timekeeping_look(session, &pair);
}

int
tree_serve(struct tree *tree)
{
	struct walk *const walk = &tree->walk;
	struct pathpair pair;

	find_timekeeping(tree);
	if (walk->operand(walk->operands, 0, &pair) == 0) {
		durable_note(&walk->durable, &pair);
		content_use_policy(walk, walk->durable.device);
	}
	if ((tree->team = team_begin(walk)) == NULL)
		return -1;
	team_serve(tree->team);
	tree_finish(tree);
	return 0;
}

void
tree_free(struct tree *tree)
{
	struct walk *const walk = &tree->walk;

	prompt_attending(NULL, NULL);
	progressfacts_naming(NULL, NULL);
	progressfacts_workers(NULL, NULL);
	tree_finish(tree);
	while (walk->position != NULL && walk_level(walk) != NULL)
		directory_leave(walk);
	group_free(&walk->group);
	smallfile_end(&walk->smallfile);
	durable_end(&walk->durable);
	walk->session->copy = walk->durable.strict;
	independent_end(&tree->independent);
	arena_free(walk->arena);
	free(tree);
}
