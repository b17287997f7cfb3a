/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pool.c: batches of names out, words about them back.  Each worker has a socket of its own
   and at most two batches: the one it works at, and the one that spares it the wait.  So we
   know what a worker had when it dies; in shared memory it leaves word of how far it was,
   and we do the rest ourselves.  */
#include "config.h"

#include "pool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crew.h"
#include "signals.h"
#include "sys.h"

enum {
	ITEMS = 64,		/* names in a batch */
	DIRS = 16,		/* directories they are in */
	NAMES = ITEMS * 256,	/* bytes of them */
	DEPTH = 2		/* batches that a worker has */
};

struct item {
	uint16_t name;		/* where it begins in names */
	uint8_t dir;
	uint8_t flags;
};

/* As it is sent, up to the end of the last name.  */
struct batch {
	uint32_t number;
	uint16_t items;
	uint16_t dirs;
	uint32_t used;		/* bytes of names */
	struct {
		dev_t device;
		bool inherits;
	} dir[DIRS];
	struct item item[ITEMS];
	char names[NAMES];
};

/* A batch, and what only we know of it.  */
struct deal {
	struct batch batch;
	struct dir *dir[DIRS];
	void *tag[ITEMS];
	bool failed[ITEMS];
	struct deal *next;	/* the worker's next one; or in the list of spare ones */
};
static_assert(NAMES <= UINT16_MAX, "an offset for each name");

/* What a worker sends back: a word about an item, or (item ITEMS) that the batch is done.  */
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

/* ---- one item, by whoever has it ---- */

/* Copy item I of BATCH between directories SOURCE and DEST; OUTCOME tells.  */
static int
do_item(const struct pool *pool, const struct batch *batch, unsigned i, int source, int dest)
{
	const struct item *const item = &batch->item[i];
	const char *const name = batch->names + item->name;
	struct stat st;
	struct copy_order order = {
		.job = { .source_at = source, .source = name, .source_name = name,
			 .follow = (item->flags & POOL_FOLLOW) != 0,
			 .dest_at = dest, .dest = name, .dest_name = name },
		.dest_device = batch->dir[item->dir].device,
		.inherits = batch->dir[item->dir].inherits,
		.links_matter = pool->links_matter && (item->flags & POOL_LOOKED) == 0,
		.remove_dest = (item->flags & POOL_REMOVE) != 0,
	};

	if ((item->flags & (POOL_OLD | POOL_REMOVE)) != 0
	    && fstatat(dest, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		order.dest = &st;
	return copy_file(pool->policy, &order, &outcome);
}

/* Hand what is to be told of OUTCOME to SAY.  */
static void
tell(int ret, void (*say)(void *context, const struct pool_word *word), void *context)
{
	struct pool_word word = { .kind = POOL_REMOVED, .bytes = -1 };

	if (outcome.removed)
		say(context, &word);
	word.kind = POOL_REMARK;
	word.failed = outcome.remarks.failed;
	for (unsigned i = 0; i < outcome.remarks.count; i++) {
		word.fault = outcome.remarks.faults[i];
		say(context, &word);
	}
	word.bytes = outcome.rounded;
	word.kind = POOL_ROUNDED;
	if (ret == 0 && outcome.rounded >= 0)
		say(context, &word);
	word.kind = POOL_FAULT;
	word.fault = outcome.fault;
	word.bytes = outcome.cut;
	if (ret < 0)
		say(context, &word);
}

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

/* Receive a batch, and its directories into FDS, source and destination in turn.  Bytes;
   0 if there are no more.  */
static ssize_t
receive(int fd, struct batch *batch, int fds[2 * DIRS])
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(2 * DIRS * sizeof(int))];
	} control;
	struct iovec io = { batch, sizeof *batch };
	struct msghdr message = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof control };
	ssize_t n;

	do
		n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (signals_retry(n));
	const struct cmsghdr *const head = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (head == NULL || (message.msg_flags & MSG_CTRUNC) != 0)
		return n > 0 ? -1 : n;
	memcpy(fds, CMSG_DATA(head), head->cmsg_len - CMSG_LEN(0));
	return n;
}

static int
work(void *context, unsigned number)
{
	struct pool *const pool = context;
	struct progress *const progress = &pool->progress[number];
	struct worker worker = { .fd = pool->theirs };
	static struct batch batch;
	int fds[2 * DIRS];
	ssize_t n = 0;

	/* A signal that ends us finds a file half copied; it is abandoned as the parent would
	   have done it.  */
	signals_catch();
	worker.fd = sys_keep_only(worker.fd);
	while (signals_fatal() == 0 && !worker.deaf
	       && (n = receive(worker.fd, &batch, fds)) > 0) {
		worker.answer.number = batch.number;
		/* A word that didn't get through: the parent does that item again, and the rest.  */
		for (unsigned i = 0; i < batch.items && signals_fatal() == 0 && !worker.deaf; i++) {
			const unsigned dir = batch.item[i].dir;
			worker.answer.item = i;
			atomic_store(&progress->item, i);
			atomic_store(&progress->number, batch.number);
			const int ret = do_item(pool, &batch, i, fds[2 * dir], fds[2 * dir + 1]);
			tell(ret, send_word, &worker);
		}
		for (unsigned i = 0; i < 2u * batch.dirs; i++)
			close(fds[i]);
		if (signals_fatal() != 0 || worker.deaf)
			break;
		worker.answer.item = ITEMS;
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
	const struct item *const item = &deal->batch.item[i];
	const struct pool_listener *const listener = &pool->listener;

	if (word->kind == POOL_FAULT)
		deal->failed[i] = true;
	listener->hear(listener->context, deal->dir[item->dir], deal->batch.names + item->name,
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
	const struct item *const item = &deal->batch.item[i];
	const char *const name = deal->batch.names + item->name;
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
	for (unsigned i = from; i < deal->batch.items && signals_fatal() == 0; i++) {
		struct dir *const dir = deal->dir[deal->batch.item[i].dir];
		struct here here = { pool, deal, i };
		int ret = -1;

		if (dir_take_out(dir, NULL) < 0) {
			outcome.removed = false;
			outcome.remarks.count = 0;
			outcome.cut = -1;
			fault_set(&outcome.fault, FAULT_MEMORY, errno);
		} else {
			if (died && i == from)
				clear_away(deal, i);
			ret = do_item(pool, &deal->batch, i, dir->source, dir->dest);
		}
		tell(ret, hear_here, &here);
	}
	close_deal(pool, deal);
}

/* ---- workers come and go ---- */

static int
hire(struct pool *pool)
{
	const unsigned number = pool->forked;
	int pair[2];

	if (number == 0)
		crew_open(&pool->crew);
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

	/* Of a worker that died with a batch unread we hear ECONNRESET, once, and then what it
	   had said before.  */
	while (hand->deals > 0
	       && ((n = recv(hand->fd, &answer, sizeof answer, MSG_DONTWAIT)) > 0
		   || (n < 0 && (errno == EINTR || errno == ECONNRESET)))) {
		struct deal *const deal = hand->first;
		if (n < (ssize_t) sizeof answer || deal == NULL
		    || answer.number != deal->batch.number)
			continue;
		if (answer.item < ITEMS) {
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

static int
send_deal(const struct hand *hand, const struct deal *deal)
{
	const struct batch *const batch = &deal->batch;
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(2 * DIRS * sizeof(int))];
	} control;
	const size_t fds_size = 2u * batch->dirs * sizeof(int);
	struct iovec io = { (void *) batch, offsetof(struct batch, names) + batch->used };
	struct msghdr message = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = CMSG_SPACE(fds_size) };
	struct cmsghdr *const head = CMSG_FIRSTHDR(&message);
	int fds[2 * DIRS];

	for (unsigned i = 0; i < batch->dirs; i++) {
		fds[2 * i] = deal->dir[i]->source;
		fds[2 * i + 1] = deal->dir[i]->dest;
	}
	memset(&control, 0, sizeof control);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(fds_size);
	memcpy(CMSG_DATA(head), fds, fds_size);
	return sendmsg(hand->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -1 : 0;
}

/* Have DEAL's directories open.  */
static int
take_out_all(const struct deal *deal)
{
	for (unsigned i = 0; i < deal->batch.dirs; i++)
		if (dir_take_out(deal->dir[i], NULL) < 0)
			return -1;
	return 0;
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
		if (hand != NULL && take_out_all(deal) == 0 && send_deal(hand, deal) == 0) {
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

/* Put NAME, of LEN bytes with its end, into the batch that is being filled.  */
static void
fill(struct deal *deal, struct dir *dir, const char *name, size_t len, unsigned flags, void *tag)
{
	struct batch *const batch = &deal->batch;

	if (batch->dirs == 0 || deal->dir[batch->dirs - 1] != dir) {
		dir_use(dir);
		batch->dir[batch->dirs].device = dir->dest_st.st_dev;
		batch->dir[batch->dirs].inherits = dir->inherits;
		deal->dir[batch->dirs++] = dir;
	}
	deal->tag[batch->items] = tag;
	batch->item[batch->items++] = (struct item) {
		.name = (uint16_t) batch->used, .dir = (uint8_t) (batch->dirs - 1),
		.flags = (uint8_t) flags,
	};
	memcpy(batch->names + batch->used, name, len);
	batch->used += (uint32_t) len;
}

int
pool_add(struct pool *pool, struct dir *dir, const char *name, unsigned flags, void *tag)
{
	const size_t len = strlen(name) + 1;
	struct deal *deal = pool->filling;

	if (deal != NULL && (deal->batch.used + len > NAMES
			     || (deal->batch.dirs == DIRS && deal->dir[DIRS - 1] != dir))) {
		if (pool_flush(pool) < 0)
			return -1;
		deal = NULL;
	}
	if (deal == NULL && (deal = pool->filling = new_deal(pool)) == NULL)
		return -1;
	fill(deal, dir, name, len, flags, tag);
	if (pool->max <= 1) {
		pool->filling = NULL;
		do_here(pool, deal, 0, false);
		return signals_fatal() != 0 ? -1 : 0;
	}
	return deal->batch.items == ITEMS ? pool_flush(pool) : 0;
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
	pool->progress = crew_share(workers * sizeof *pool->progress);
	if (pool->hands != NULL && pool->fds != NULL && pool->progress != NULL)
		return pool;
	pool_free(pool);
	errno = ENOMEM;
	return NULL;
}

/* Have the workers end: those that wait for more, because there is no more; one in the midst
   of a file, because it is told to.  */
static void
dismiss(struct pool *pool)
{
	if (pool->forked == 0)
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
