/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pool.c: batches of names out, words about them back.  Each worker has a socket of its
   own and at most two batches: the one it works at, and the one that spares it the
   wait.  So we know what a worker had when it dies; in shared memory it leaves word of
   how far it was, and we do the rest ourselves.  */
#include "config.h"

#include "pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "batch.h"
#include "crew.h"
#include "signals.h"
#include "sys.h"

enum { DEPTH = 2 };		/* batches that a worker has */

/* A batch, and what only we know of it.  */
struct deal {
	struct batch batch;
	struct dir *dir[BATCH_DIRS];
	void *tag[BATCH_ITEMS];
	bool failed[BATCH_ITEMS];
	struct deal *next;	/* the worker's next one; or in the list of spare ones */
};

/* What a worker sends back: a word about an item, or (item BATCH_ITEMS) that the batch
   is done.  */
struct answer {
	uint32_t number;
	uint32_t item;
	struct pool_word word;
};

/* How far a worker is, in memory that outlives it.  */
struct progress {
	_Atomic uint32_t number;
	_Atomic uint32_t item;
};

struct hand {
	int fd;			/* our end of its socket; -1: none */
	unsigned deals;
	struct deal *first;
};

struct pool {
	const struct copy_policy *policy;
	struct pool_listener listener;
	bool links_matter;
	unsigned max;
	unsigned forked;	/* so many of hands were ever used */
	uint32_t number;	/* of the last batch */
	struct crew crew;
	struct deal *filling;
	struct deal *spare;
	struct progress *progress;
	int theirs;		/* the new worker's end, while it is being forked */
	struct hand *hands;
	struct pollfd *fds;	/* by worker, too */
	unsigned size;		/* of those, and of progress */
};

static struct copy_outcome outcome;	/* too large for a stack that is deep already */

/* ---- in a worker ---- */

struct worker {
	int fd;
	struct answer answer;
	bool deaf;		/* the parent hears no more */
};

static void
send_word(void *context, const struct pool_word *word)
{
	struct worker *const worker = context;

	worker->answer.word = *word;
	if (worker->deaf || send(worker->fd, &worker->answer, sizeof worker->answer, MSG_NOSIGNAL) < 0)
		worker->deaf = true;
}

static int
work(void *context, unsigned number)
{
	struct pool *const pool = context;
	struct progress *const progress = &pool->progress[number];
	struct worker worker = { .fd = pool->theirs };
	static struct batch batch;
	int fds[2 * BATCH_DIRS];
	ssize_t n = 0;

	/* A signal that ends us finds a file half copied; it is abandoned as the parent
	   would have done it.  */
	signals_catch();
	worker.fd = sys_keep_only(worker.fd);
	while (signals_fatal() == 0 && !worker.deaf
	       && (n = batch_receive(worker.fd, &batch, fds)) > 0) {
		worker.answer.number = batch.number;
		/* A word that didn't get through: the parent does that item again, and
		   the rest.  */
		for (unsigned i = 0; i < batch.items && signals_fatal() == 0 && !worker.deaf; i++) {
			const unsigned dir = batch.item[i].dir;
			worker.answer.item = i;
			atomic_store(&progress->item, i);
			atomic_store(&progress->number, batch.number);
			const int ret = batch_copy(&batch, i, fds[2 * dir], fds[2 * dir + 1],
						   pool->policy, pool->links_matter, &outcome);
			batch_tell(ret, &outcome, pool->policy->told, send_word, &worker);
		}
		for (unsigned i = 0; i < 2u * batch.dirs; i++)
			close(fds[i]);
		if (signals_fatal() != 0 || worker.deaf)
			break;
		worker.answer.item = BATCH_ITEMS;
		send_word(&worker, &(struct pool_word) { .bytes = -1 });
	}
	return n < 0 ? -1 : 0;
}

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
			listener->landed(listener->context, deal->tag[i],
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

static void
hear_word(struct pool *pool, struct deal *deal, unsigned i, const struct pool_word *word)
{
	const struct batch_item *const item = &deal->batch.item[i];
	const struct pool_listener *const listener = &pool->listener;

	if (word->kind == POOL_FAULT)
		deal->failed[i] = true;
	listener->hear(listener->context, deal->dir[item->dir], batch_name(&deal->batch, i),
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

/* What the worker that died in the midst of item I may have left of a new file.  */
static void
clear_away(const struct deal *deal, unsigned i)
{
	const struct batch_item *const item = &deal->batch.item[i];
	const char *const name = batch_name(&deal->batch, i);
	const int at = deal->dir[item->dir]->dest;
	struct stat st;

	if ((item->flags & POOL_OLD) == 0 && fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0
	    && S_ISREG(st.st_mode) && st.st_nlink == 1
	    && (st.st_uid == geteuid() || geteuid() == 0))	/* root may have given it away */
		unlinkat(at, name, 0);
}

/* Do the rest of DEAL here, from item FROM; at which somebody DIED.  */
static void
do_here(struct pool *pool, struct deal *deal, unsigned from, bool died)
{
	for (unsigned i = from; i < deal->batch.items; i++) {
		struct dir *const dir = deal->dir[deal->batch.item[i].dir];
		struct here here = { pool, deal, i };
		int ret = -1;

		deal->failed[i] = signals_fatal() != 0;
		if (deal->failed[i])
			continue;
		if (dir_take_out(dir, NULL) < 0) {
			outcome.removed = false;
			outcome.remarks.count = 0;
			outcome.cut = -1;
			fault_set(&outcome.fault, FAULT_MEMORY, errno);
		} else {
			if (died && i == from)
				clear_away(deal, i);
			ret = batch_copy(&deal->batch, i, dir->source, dir->dest, pool->policy,
					 pool->links_matter, &outcome);
		}
		batch_tell(ret, &outcome, pool->policy->told, hear_here, &here);
	}
	close_deal(pool, deal);
}

/* ---- workers come and go ---- */

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
	if (number == pool->max || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	pool->theirs = pair[1];
	const int ret = crew_fork(&pool->crew, number, work, pool);
	close(pair[1]);
	if (ret < 0) {
		close(pair[0]);
		pool->max = number;	/* There are no more to be had.  */
		return -1;
	}
	pool->hands[number] = (struct hand) { .fd = pair[0] };
	pool->forked++;
	return 0;
}

/* Take in what worker NUMBER has said; without waiting.  */
static void
listen_to(struct pool *pool, unsigned number)
{
	struct hand *const hand = &pool->hands[number];
	struct answer answer;
	ssize_t n;

	/* Of a worker that died with a batch unread we hear ECONNRESET, once, and then
	   what it had said before.  */
	while (hand->deals > 0
	       && ((n = recv(hand->fd, &answer, sizeof answer, MSG_DONTWAIT)) > 0
		   || (n < 0 && (errno == EINTR || errno == ECONNRESET)))) {
		struct deal *const deal = hand->first;
		if (n < (ssize_t) sizeof answer || deal == NULL
		    || answer.number != deal->batch.number)
			continue;
		if (answer.item < BATCH_ITEMS) {
			hear_word(pool, deal, answer.item, &answer.word);
			continue;
		}
		hand->first = deal->next;
		hand->deals--;
		close_deal(pool, deal);
	}
}

/* Worker NUMBER is no more.  What it had not done, we do.  */
static void
bury(struct pool *pool, unsigned number)
{
	struct hand *const hand = &pool->hands[number];
	const struct progress *const progress = &pool->progress[number];

	listen_to(pool, number);
	close(hand->fd);
	hand->fd = -1;
	while (hand->first != NULL) {
		struct deal *const deal = hand->first;
		const bool begun = atomic_load(&progress->number) == deal->batch.number;
		hand->first = deal->next;
		hand->deals--;
		do_here(pool, deal, begun ? atomic_load(&progress->item) : 0, begun);
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
		pool->fds[i] = (struct pollfd) { .fd = pool->hands[i].fd, .events = POLLIN };
		busy = busy || pool->hands[i].deals > 0;
	}
	if (wait && busy) {
		const int ret = crew_poll(&pool->crew, pool->fds, pool->forked, &worker, &status);
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

/* The worker that has least to do, if there is one that may have more.  */
static struct hand *
idlest(struct pool *pool, unsigned below)
{
	struct hand *found = NULL;

	for (unsigned i = 0; i < pool->forked; i++) {
		struct hand *const hand = &pool->hands[i];
		if (hand->fd >= 0 && hand->deals < below
		    && (found == NULL || hand->deals < found->deals))
			found = hand;
	}
	return found;
}

/* Send DEAL, with its directories open.  */
static int
send_deal(const struct hand *hand, const struct deal *deal)
{
	int fds[2 * BATCH_DIRS] = { -1 };

	for (unsigned i = 0; i < deal->batch.dirs; i++) {
		if (dir_take_out(deal->dir[i], NULL) < 0)
			return -1;
		fds[2 * i] = deal->dir[i]->source;
		fds[2 * i + 1] = deal->dir[i]->dest;
	}
	return batch_send(hand->fd, &deal->batch, fds);
}

/* Give DEAL away: to a worker; where nobody can have it, do it here.  */
static int
deal_out(struct pool *pool, struct deal *deal)
{
	for (;;) {
		struct hand *hand = idlest(pool, 1);
		if (hand == NULL && hire(pool) == 0)
			hand = &pool->hands[pool->forked - 1];
		if (hand == NULL)
			hand = idlest(pool, DEPTH);
		if (hand != NULL && send_deal(hand, deal) == 0) {
			struct deal **last = &hand->first;
			while (*last != NULL)
				last = &(*last)->next;
			*last = deal;
			hand->deals++;
			return hear(pool, false);
		}
		/* All have enough to do; or it can't be sent yet.  */
		if (idlest(pool, 1) == NULL && pool->crew.living > 0) {
			if (hear(pool, true) == 0)
				continue;
			drop(pool, deal);
			return -1;
		}
		do_here(pool, deal, 0, false);
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
number_of(const struct deal *deal, const struct dir *dir)
{
	const unsigned dirs = deal->batch.dirs;

	return dirs > 0 && deal->dir[dirs - 1] == dir ? dirs - 1 : dirs;
}

/* Put NAME in DIR into DEAL, which has room for it.  */
static void
fill(struct deal *deal, struct dir *dir, const char *name, unsigned flags, void *tag)
{
	struct batch *const batch = &deal->batch;
	const unsigned number = number_of(deal, dir);

	if (number == batch->dirs) {
		dir_use(dir);
		deal->dir[number] = dir;
		batch->dir[number].device = dir->dest_st.st_dev;
		batch->dir[number].inherits = dir->inherits;
		batch->dirs++;
	}
	deal->tag[batch->items] = tag;
	batch_add(batch, name, number, flags);
}

int
pool_add(struct pool *pool, struct dir *dir, const char *name, unsigned flags, void *tag)
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
		do_here(pool, deal, 0, false);
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
		do_here(pool, deal, 0, false);
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
	pool->policy = policy;
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
		const struct progress *const progress = &pool->progress[i];
		struct hand *const hand = &pool->hands[i];
		listen_to(pool, i);
		/* It didn't heed what it was told; only we can clear up now.  */
		if (hand->first != NULL
		    && atomic_load(&progress->number) == hand->first->batch.number)
			clear_away(hand->first, atomic_load(&progress->item));
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
		for (struct deal *deal = pool->hands[i].first; deal != NULL; deal = next) {
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
