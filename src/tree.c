/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tree.c: operands, one after the other, and all that is below them.  */
#include "config.h"

#include "tree.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "cpus.h"
#include "signals.h"
#include "walk.h"

struct tree {
	struct walk walk;
};

void
tree_finish(struct tree *tree)
{
	struct walk *const walk = &tree->walk;

	do
		walk_on(walk);
	while (pool_drain(walk->pool) == 0 && walk->again.first != NULL);
	walk->old_count = 0;
}

void
tree_copy(struct tree *tree, const struct job *job)
{
	struct walk *const walk = &tree->walk;
	struct entry entry = { .job = *job };

	walk->made_first = walk->stop = false;
	switch (entry_do(walk->run, &entry)) {
	case ENTRY_FAILED:
	case ENTRY_LATER:
		return;
	case ENTRY_DONE:
		break;
	case ENTRY_CONTENT:
		if (content_copy_here(walk, &entry) < 0)
			return;
		break;
	case ENTRY_DIRECTORY:
		if (enter(walk, &entry, true) > 0)
			walk_read(walk);
		break;
	}
	tree_finish(tree);
	entry_remember(walk->run, &entry);
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
	struct walk *const walk = &tree->walk;
	const struct pool_listener listener = {
		.hear = content_hear, .landed = content_landed, .release = enter_release,
		.context = walk,
	};
	walk->run = run;
	walk->policy = policy;
	later_init(&walk->again);
	later_init(&walk->links);
	walk->plain = !entry->verbose && !entry->debug && !entry->hard_link
		&& !entry->symbolic_link
		&& !(entry->keep_links && entry->deref == DEREF_ALWAYS);
	walk->budget = budget();
	/* Who copies but files asks for no processors.  */
	const unsigned workers = jobs != 0 ? jobs : entry->recursive ? cpus_usable() : 1;
	walk->pool = pool_new(workers, run->copy, entry->keep_links, &listener);
	if (walk->pool != NULL)
		return tree;
	free(tree);
	return NULL;
}

static void
forget(struct walk *walk, struct later_list *list)
{
	struct later *later;

	while ((later = later_take(list)) != NULL) {
		enter_release(walk, later->dir);
		free(later);
	}
}

void
tree_free(struct tree *tree)
{
	struct walk *const walk = &tree->walk;

	pool_free(walk->pool);
	forget(walk, &walk->again);
	forget(walk, &walk->links);
	while (walk->level != NULL)
		enter_leave(walk);
	free(tree);
}
