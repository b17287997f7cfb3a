/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pool.c: batches of names out, words about them back.  Each worker has a socket of its
   own and few batches: the one it works at, and what spares it the wait.  So we know what
   a worker had when it dies; in shared memory it leaves word of how far it was, and we do
   the rest ourselves.  */
#include "config.h"

#include "tree/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crew.h"
#include "base/signals.h"
#include "file/hiddenfile.h"
#include "tree/batch.h"
#include "tree/poolwork.h"

/* Batches that a worker has at most: so few that another one can have the rest.  */
enum { DEPTH = 2 };

/* A worker whose batch takes less than this many nanoseconds gets more batches and
   reports several at once.  Each report lets us take its processor, while it may hold a
   lock that another worker waits for: 0.93 s instead of 0.97
   (doc/measurements.md#batches).  */
enum { DEPTH_IF_FAST = 8, FAST = 2000000 };

/* A batch, and what only we know of it.  */
struct deal {
	struct batch batch;
	struct dirpair *dir[BATCH_DIRS];
	void *tag[BATCH_ITEMS];
	bool failed[BATCH_ITEMS];
	struct deal *next;	/* the worker's next one; or in the list of spare ones */
};

struct hand {
	int fd;			/* our end of its socket; -1: none */
	unsigned deals, depth;	/* that it has, and may have */
	unsigned unasked;	/* dealt out since we last wanted to be told of one */
	uint64_t since;		/* when it had its first one, or told of one */
	struct deal *first;
};

struct pool {
	struct smallfile smallfile;	/* knows the policy */
	struct pool_listener listener;
	bool links_matter;
	unsigned max;
	unsigned forked;	/* so many of hands were ever used */
	uint32_t number;	/* of the last batch */
	struct crew crew;
	struct deal *filling;
	struct deal *spare;
	struct pool_progress *progress;
	int theirs;		/* the new worker's end, while it is being forked */
	struct hand *hands;
	struct pollfd *fds;	/* by worker, too */
	unsigned size;		/* of those, and of progress */
};

static struct copy_outcome outcome;	/* too large for a stack that is deep already */

/* ---- deals ---- */

static struct deal *
new_deal(struct pool *pool)
{
	struct deal *deal = pool->spare;

	if (deal != NULL)
		pool->spare = deal->next;
	else if ((deal = malloc(sizeof *deal)) == NULL)
		return NULL;
	deal->batch.number = ++pool->number;
	deal->batch.items = deal->batch.dirs = 0;
	deal->batch.used = 0;
	memset(deal->failed, 0, sizeof deal->failed);
	deal->next = NULL;
	return deal;
}

/* All of DEAL is done: tell who waits for it.  */
static void
close_deal(struct pool *pool, struct deal *deal)
{
	const struct pool_listener *const listener = &pool->listener;

	for (unsigned i = 0; i < deal->batch.items; i++)
		if (deal->tag[i] != NULL)
			listener->done(listener->context, deal->tag[i],
					 !deal->failed[i]);
	for (unsigned i = 0; i < deal->batch.dirs; i++)
		listener->release(listener->context, deal->dir[i]);
	deal->next = pool->spare;
	pool->spare = deal;
}

/* Forget DEAL; its directories are not used by it any more.  */
static void
drop(struct pool *pool, struct deal *deal)
{
	for (unsigned i = 0; i < deal->batch.dirs; i++)
		pool->listener.release(pool->listener.context, deal->dir[i]);
	free(deal);
}

/* Worker HAND is at batch NUMBER: what it had before is done.  That batch, or NULL if
   it has none of that number.  */
static struct deal *
close_before(struct pool *pool, struct hand *hand, uint32_t number)
{
	struct deal *found = hand->first, *deal;

	while (found != NULL && found->batch.number != number)
		found = found->next;
	while (found != NULL && (deal = hand->first) != found) {
		hand->first = deal->next;
		hand->deals--;
		close_deal(pool, deal);
	}
	return found;
}

static void
hear_word(struct pool *pool, struct deal *deal, unsigned i, const struct pool_word *word)
{
	const struct batch_item *const item = &deal->batch.item[i];
	const struct pool_listener *const listener = &pool->listener;

	if (word->kind == POOL_ERROR)
		deal->failed[i] = true;
	listener->result(listener->context, deal->dir[item->dir],
		       batch_name(&deal->batch, i),
		       item->flags, word);
}

/* ---- what we do ourselves ---- */

struct here {
	struct pool *pool;
	struct deal *deal;
	unsigned item;
};

static void
hear_here(void *context, const struct pool_word *word)
{
	const struct here *const here = context;

	hear_word(here->pool, here->deal, here->item, word);
}

/* A worker died in the midst of item I, if there is one.  Take away what it noted as
   MADE.  A small file isn't noted; what has only the beginning of the source is written
   over then, whoever made it.  */
static void
clear_away(struct deal *deal, unsigned i, const struct newfile *made)
{
	if (i >= deal->batch.items)
		return;
	struct batch_item *const item = &deal->batch.item[i];
	const struct dirpair *const dir = deal->dir[item->dir];
	const char *const name = batch_name(&deal->batch, i);
	const bool follow = (item->flags & POOL_FOLLOW) != 0;

	hiddenfile_sweep(dir->dest);
	if ((item->flags & POOL_OLD) != 0)
		return;
	if (newfile_is_known(made))
		newfile_remove(made, dir->dest, name);
	else if (newfile_is_beginning(dir->source, dir->dest, name, follow))
		item->flags |= POOL_OLD;
}

/* Do the rest of DEAL here, from item FROM; at which somebody died who had MADE a file
   (NULL: nobody did).  */
static void
do_here(struct pool *pool, struct deal *deal, unsigned from, const struct newfile *made)
{
	for (unsigned i = from; i < deal->batch.items; i++) {
		struct dirpair *const dir = deal->dir[deal->batch.item[i].dir];
		struct here here = { pool, deal, i };
		int ret = -1;

		deal->failed[i] = signals_fatal() != 0;
		if (deal->failed[i])
			continue;
		if (dirpair_reopen(dir, NULL) < 0) {
			outcome.removed = false;
			outcome.remarks.count = 0;
			outcome.cut = -1;
			error_set(&outcome.error, ERROR_MEMORY, errno);
		} else {
			if (made != NULL && i == from)
				clear_away(deal, i, made);
			ret = batch_copy(&deal->batch, i, dir->source, dir->dest,
					 &pool->smallfile,
					 pool->links_matter, &outcome);
		}
		batch_tell(ret, &outcome, pool->smallfile.policy->json, hear_here, &here);
	}
	close_deal(pool, deal);
}

/* ---- workers come and go ---- */

static int
work(void *context, unsigned number)
{
	const struct pool *const pool = context;

	return poolwork(pool->theirs, &pool->progress[number], pool->smallfile.policy,
			pool->links_matter);
}

static int
hire(struct pool *pool)
{
	const unsigned number = pool->forked;
	int pair[2];

	if (pool->progress == NULL) {
		pool->progress = crew_share(pool->size * sizeof *pool->progress);
		if (pool->progress == NULL)
			pool->max = 0;
		else
			crew_open(&pool->crew);
	}
	if (number == pool->max
	    || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	pool->theirs = pair[1];
	const int ret = crew_fork(&pool->crew, number, work, pool);
	close(pair[1]);
	if (ret < 0) {
		close(pair[0]);
		pool->max = number;	/* There are no more to be had.  */
		return -1;
	}
	pool->hands[number] = (struct hand) { .fd = pair[0], .depth = DEPTH };
	pool->forked++;
	return 0;
}

/* Worker HAND has told of DONE batches.  */
static void
wait_until_due(struct hand *hand, unsigned done)
{
	const uint64_t now = clock_now();

	hand->depth = now - hand->since < (uint64_t) FAST * done ? DEPTH_IF_FAST : DEPTH;
	hand->since = now;
}

/* Take in what worker NUMBER has said; without waiting.  */
static void
listen_to(struct pool *pool, unsigned number)
{
	struct hand *const hand = &pool->hands[number];
	const unsigned had = hand->deals;
	struct pool_answer answer;
	ssize_t n;

	/* Of a worker that died with a batch unread we hear ECONNRESET, once, and then
	   what it had said before.  */
	while (hand->deals > 0
	       && ((n = recv(hand->fd, &answer, sizeof answer, MSG_DONTWAIT)) > 0
		   || (n < 0 && (errno == EINTR || errno == ECONNRESET)))) {
		struct deal *const deal = n < (ssize_t) sizeof answer ? NULL
			: close_before(pool, hand, answer.number);
		if (deal == NULL)
			continue;
		if (answer.item < BATCH_ITEMS) {
			hear_word(pool, deal, answer.item, &answer.word);
			continue;
		}
		hand->first = deal->next;
		hand->deals--;
		close_deal(pool, deal);
	}
	if (hand->deals < had)
		wait_until_due(hand, had - hand->deals);
}

/* Worker NUMBER is no more.  What it had not done, we do.  */
static void
bury(struct pool *pool, unsigned number)
{
	struct hand *const hand = &pool->hands[number];
	const struct pool_progress *const progress = &pool->progress[number];

	listen_to(pool, number);
	close_before(pool, hand, poolwork_batch(progress));
	close(hand->fd);
	hand->fd = -1;
	while (hand->first != NULL) {
		struct deal *const deal = hand->first;
		const bool begun = poolwork_batch(progress) == deal->batch.number;
		hand->first = deal->next;
		hand->deals--;
		do_here(pool, deal, begun ? poolwork_item(progress) : 0,
			begun ? &progress->made : NULL);
	}
}

/* Hear what there is to be heard; with WAIT, at least something, if anything is on its
   way.  0, or -1 if a signal asks us to end.  */
static int
hear(struct pool *pool, bool wait)
{
	unsigned worker;
	int status;
	bool busy = false;

	for (unsigned i = 0; i < pool->forked; i++) {
		pool->fds[i] = (struct pollfd) { .fd = pool->hands[i].fd,
						.events = POLLIN };
		busy = busy || pool->hands[i].deals > 0;
	}
	if (wait && busy) {
		const int ret = crew_poll(&pool->crew, pool->fds, pool->forked, &worker,
					  &status);
		if (ret > 0)
			bury(pool, worker);
	} else {
		crew_attend(&pool->crew);
		poll(pool->fds, pool->forked, 0);
	}
	for (unsigned i = 0; i < pool->forked; i++)
		if (pool->fds[i].revents != 0)
			listen_to(pool, i);
	return signals_fatal() != 0 ? -1 : 0;
}

/* ---- dealing ---- */

/* The worker that has least to do, if there is one that may have more; or, if it is to be
   IDLE, that has nothing to do.  */
static struct hand *
idlest(struct pool *pool, bool idle)
{
	struct hand *found = NULL;

	for (unsigned i = 0; i < pool->forked; i++) {
		struct hand *const hand = &pool->hands[i];
		if (hand->fd >= 0 && hand->deals < (idle ? 1 : hand->depth)
		    && (found == NULL || hand->deals < found->deals))
			found = hand;
	}
	return found;
}

/* Send DEAL, with its directories open.  */
static int
send_deal(const struct hand *hand, struct deal *deal)
{
	int fds[2 * BATCH_DIRS] = { -1 };

	for (unsigned i = 0; i < deal->batch.dirs; i++) {
		if (dirpair_reopen(deal->dir[i], NULL) < 0)
			return -1;
		fds[2 * i] = deal->dir[i]->source;
		fds[2 * i + 1] = deal->dir[i]->dest;
	}
	deal->batch.answered = hand->unasked + 1 >= hand->depth / 2;
	return batch_send(hand->fd, &deal->batch, fds);
}

/* HAND has been sent DEAL.  */
static void
append_deal(struct hand *hand, struct deal *deal)
{
	struct deal **last = &hand->first;

	while (*last != NULL)
		last = &(*last)->next;
	*last = deal;
	if (hand->deals++ == 0)
		hand->since = clock_now();
	hand->unasked = deal->batch.answered ? 0 : hand->unasked + 1;
}

/* Give DEAL away: to a worker; where nobody can have it, do it here.  */
static int
deal_out(struct pool *pool, struct deal *deal)
{
	for (;;) {
		struct hand *hand = idlest(pool, true);
		if (hand == NULL && hire(pool) == 0)
			hand = &pool->hands[pool->forked - 1];
		if (hand == NULL)
			hand = idlest(pool, false);
		if (hand != NULL && send_deal(hand, deal) == 0) {
			append_deal(hand, deal);
			return hear(pool, false);
		}
		/* All have enough to do; or it can't be sent yet.  */
		if (idlest(pool, true) == NULL && pool->crew.living > 0) {
			if (hear(pool, true) == 0)
				continue;
			drop(pool, deal);
			return -1;
		}
		do_here(pool, deal, 0, NULL);
		return signals_fatal() != 0 ? -1 : 0;
	}
}

int
pool_flush(struct pool *pool)
{
	struct deal *const deal = pool->filling;

	if (deal == NULL)
		return 0;
	pool->filling = NULL;
	return deal_out(pool, deal);
}

/* The number of DIR in DEAL: that of its last one, or of a new one.  */
static unsigned
number_of(const struct deal *deal, const struct dirpair *dir)
{
	const unsigned dirs = deal->batch.dirs;

	return dirs > 0 && deal->dir[dirs - 1] == dir ? dirs - 1 : dirs;
}

/* Put NAME in DIR into DEAL, which has room for it.  */
static void
fill(struct deal *deal, struct dirpair *dir, const char *name, unsigned flags, void *tag)
{
	struct batch *const batch = &deal->batch;
	const unsigned number = number_of(deal, dir);

	if (number == batch->dirs) {
		dirpair_ref(dir);
		deal->dir[number] = dir;
		batch->dir[number].device = dir->dest_st.st_dev;
		batch->dir[number].inherits = dir->inherits;
		batch->dirs++;
	}
	deal->tag[batch->items] = tag;
	batch_add(batch, name, number, flags);
}

int
pool_add(struct pool *pool, struct dirpair *dir, const char *name, unsigned flags,
	void *tag)
{
	struct deal *deal = pool->filling;

	if (deal != NULL && !batch_has_room(&deal->batch, name, number_of(deal, dir))) {
		if (pool_flush(pool) < 0)
			return -1;
		deal = NULL;
	}
	if (deal == NULL && (deal = pool->filling = new_deal(pool)) == NULL)
		return -1;
	fill(deal, dir, name, flags, tag);
	if (pool->max <= 1) {
		pool->filling = NULL;
		do_here(pool, deal, 0, NULL);
		return signals_fatal() != 0 ? -1 : 0;
	}
	return deal->batch.items == BATCH_ITEMS ? pool_flush(pool) : 0;
}

void
pool_attend(const struct pool *pool)
{
	if (pool->forked > 0)
		crew_attend(&pool->crew);
}

void
pool_rest(const struct pool *pool, bool rest)
{
	if (pool->forked > 0)
		signals_hear_stop(!rest);
}

bool
pool_is_busy(const struct pool *pool)
{
	for (unsigned i = 0; i < pool->forked; i++)
		if (pool->hands[i].deals > 0)
			return true;
	return pool->filling != NULL;
}

int
pool_drain(struct pool *pool)
{
	struct deal *const deal = pool->filling;

	/* So few that nobody was forked: no need to begin with it now.  */
	if (deal != NULL && pool->forked == 0) {
		pool->filling = NULL;
		do_here(pool, deal, 0, NULL);
	} else if (pool_flush(pool) < 0) {
		return -1;
	}
	while (pool_is_busy(pool))
		if (hear(pool, true) < 0)
			return -1;
	return signals_fatal() != 0 ? -1 : 0;
}

/* ---- the pool ---- */

struct pool *
pool_new(unsigned workers, const struct copy_policy *policy, bool links_matter,
	const struct pool_listener *listener)
{
	struct pool *const pool = calloc(1, sizeof *pool);

	if (pool == NULL)
		return NULL;
	pool->smallfile = smallfile_begin(policy, false);
	pool->links_matter = links_matter;
	pool->listener = *listener;
	pool->max = pool->size = workers;
	pool->hands = calloc(workers, sizeof *pool->hands);
	pool->fds = calloc(workers, sizeof *pool->fds);
	if (pool->hands != NULL && pool->fds != NULL)
		return pool;
	pool_free(pool);
	errno = ENOMEM;
	return NULL;
}

/* Have the workers end: those that wait for more, because there is no more; one in the
   midst of a file, because it is told to.  */
static void
dismiss(struct pool *pool)
{
	if (pool->progress == NULL)
		return;
	if (signals_fatal() != 0)
		crew_dismiss(&pool->crew);
	crew_close(&pool->crew);
	for (unsigned i = 0; i < pool->forked; i++) {
		const struct pool_progress *const progress = &pool->progress[i];
		struct hand *const hand = &pool->hands[i];
		listen_to(pool, i);
		/* It didn't heed what it was told; only we can clear up now.  */
		struct deal *const deal = close_before(pool, hand,
						       poolwork_batch(progress));
		if (deal != NULL)
			clear_away(deal, poolwork_item(progress), &progress->made);
		if (hand->fd >= 0)
			close(hand->fd);
	}
}

void
pool_free(struct pool *pool)
{
	struct deal *next;

	dismiss(pool);
	for (unsigned i = 0; i < pool->forked; i++)
		for (struct deal *deal = pool->hands[i].first; deal != NULL;
		     deal = next) {
			next = deal->next;
			drop(pool, deal);
		}
	if (pool->filling != NULL)
		drop(pool, pool->filling);
	for (struct deal *deal = pool->spare; deal != NULL; deal = next) {
		next = deal->next;
		free(deal);
	}
	if (pool->progress != NULL)
		crew_unshare(pool->progress, pool->size * sizeof *pool->progress);
	free(pool->hands);
	free(pool->fds);
	free(pool);
}
