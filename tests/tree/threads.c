/* SPDX-License-Identifier: GPL-3.0-or-later */
/* threads.c: walkers that are threads, for ThreadSanitizer, which knows nothing of memory
   that processes share.  They walk trees of numbers by the queue, levels, positions and
   the table of links that real walkers have.  Some die, with a lock or without, and
   others go on in their places; some are one too many.  Then no name is missing, no
   source was copied twice, and only names that a thread died at were dealt with twice.

   threads [SEED [ROUNDS]] */
#include "config.h"

#include "threads.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bell.h"
#include "base/memory.h"
#include "base/signals.h"

struct queue *queue;
struct walker walkers[WALKERS];
struct dirpair *directories[DIRECTORIES];
unsigned above[DIRECTORIES], home[FILES], source[FILES];
_Atomic unsigned entered[DIRECTORIES], done[FILES], copies[FILES];

static struct linktable *shared_links;
static unsigned deaths;
static uint64_t chance;

unsigned
below(uint64_t *random, unsigned n)
{
	*random = *random * 6364136223846793005 + 1442695040888963407;
	return (unsigned) (*random >> 33) % n;
}

void
fail(const char *what, unsigned number)
{
	printf("%s %u\n", what, number);
	_Exit(1);
}

void
need(const void *memory)
{
	if (memory == NULL)
		fail("no memory:", 0);
}

/* ---- what threads can't have from the product ---- */

int
signals_fatal(void)
{
	return 0;
}

bool
signals_retry(ssize_t ret)
{
	return ret < 0 && errno == EINTR;
}

void
signals_block(void)
{
}

void
signals_unblock(void)
{
}

int
signals_poll(struct pollfd *fds, nfds_t n, int ms)
{
	return poll(fds, n, ms);
}

/* ThreadSanitizer doesn't know that this may return with the lock of a dead thread.  It
   knows that of pthread_mutex_trylock.  */
static int
timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
	int err;

	(void) until;
	while ((err = pthread_mutex_trylock(mutex)) == EBUSY)
		sched_yield();
	return err;
}
#define pthread_mutex_timedlock timedlock
#include "base/robustlock.c"

void
newfile_begin(void)
{
}

void
dirpair_forget_open(struct dirpair *dir)
{
	(void) dir;
}

/* After fork(), each walker has a struct of its own.  */
#include "tree/linktable.c"

struct linktable *
copy_links(const struct linktable *links)
{
	struct linktable *const copy = malloc(sizeof *copy);

	need(copy);
	*copy = *links;
	return copy;
}

void
lock_links(const struct linktable *links, unsigned number)
{
	robustlock_take(&links->share->lock[number % LOCKS]);
}

/* ---- starting walkers, and burying them ---- */

/* Start the walker in SEAT, which lives for some LUCK, or to the end if that is 0.  */
static void
start(unsigned seat, bool adopts, unsigned luck)
{
	struct walker *const walker = &walkers[seat];

	queue_seat(queue, seat);
	walker->seat = seat;
	walker->adopts = adopts;
	walker->redo = false;
	walker->random = chance + seat;
	walker->luck = luck == 0 ? UINT32_MAX : below(&chance, luck);
	walker->links = copy_links(shared_links);
	if (pthread_create(&walker->thread, NULL, walk, walker) != 0)
		fail("no thread", seat);
}

static void
join(struct walker *walker)
{
	pthread_join(walker->thread, NULL);
	atomic_store(&walker->gone, false);
	free(walker->links);
}

/* The walker in SEAT has ended: another one goes on, or begins.  */
static void
bury(unsigned seat, unsigned luck)
{
	struct walker *const walker = &walkers[seat];

	join(walker);
	if (!walker->died && atomic_load(&queue->ended))
		return;
	if (walker->died) {
		deaths++;
		queue_leave(queue, seat);
		queue_ring_all(queue);
	} else if (!queue_is_empty(queue, seat)) {
		fail("ended too early: walker", seat);
	}
	struct level *const level = walker->position->level;
	if (level != NULL)
		level->deaths = 0;	/* No name is given up here.  */
	start(seat, walker->died, luck);
}

/* Ask where everybody is, as the progress line does.  */
static void
look(void)
{
	for (unsigned n = 0; n < 50 * WALKERS; n++) {
		const unsigned i = n % WALKERS;
		char *const name = position_where(walkers[i].position);
		char same[] = { name != NULL ? *name : '\0', '\0' };
		if (name != NULL && strspn(name, same) != strlen(name))
			fail("a name that never was, of walker", i);
		if (atomic_load(&queue->seats[i].state) > SEAT_CALLED)
			fail("a state that never was, of walker", i);
		free(name);
	}
}

/* Wait until something happens, and see to it.  */
static void
attend(unsigned luck)
{
	bell_wait(queue_parent_bell(queue));
	for (unsigned i = 0; i < WALKERS; i++)
		if (atomic_load(&walkers[i].gone))
			bury(i, luck);
	look();
	if (below(&chance, 8) == 0)
		atomic_store(&queue->surplus, true);
}

/* Give away all operands, some at a time.  */
static void
give_operands(unsigned luck)
{
	static struct task task;
	unsigned next = 0;

	while (next < OPERANDS) {
		const unsigned left = OPERANDS - next, some = 1 + below(&chance, 3);
		task.from = next;
		task.to = next += some < left ? some : left;
		atomic_store(&queue->parent_waits, true);
		while (queue_give(queue, NULL, &task) < 0) {
			attend(luck);
			atomic_store(&queue->parent_waits, true);
		}
	}
}

/* ---- trees ---- */

static void
make_trees(void)
{
	for (unsigned i = 0; i < DIRECTORIES; i++) {
		above[i] = i < OPERANDS ? 0 : below(&chance, i);
		entered[i] = 0;
		if (directories[i] == NULL)
			need(directories[i] = calloc(1, sizeof **directories));
		directories[i]->depth = i;
	}
	for (unsigned i = 0; i < FILES; i++) {
		home[i] = below(&chance, DIRECTORIES);
		source[i] = below(&chance, FILES / 2);
		done[i] = copies[i] = 0;
	}
}

/* Nothing is missing, and nothing was done twice without a death.  */
static void
judge(void)
{
	unsigned again = 0;

	for (unsigned i = 0; i < DIRECTORIES; i++) {
		if (entered[i] == 0)
			fail("never entered: directory", i);
		again += entered[i] - 1;
	}
	for (unsigned i = 0; i < FILES; i++) {
		if (done[i] == 0)
			fail("lost: name", i);
		if (copies[i] > 1)
			fail("copied twice: source", i);
		again += done[i] - 1;
	}
	if (again > deaths)
		fail("done again without a death: names", again - deaths);
}

/* ---- all of it ---- */

/* All walk trees made by SEED.  Who dies does so after some LUCK; nobody if it is 0.  */
static void
run(unsigned seed, unsigned luck)
{
	chance = seed;
	deaths = 0;
	need(queue = queue_new(WALKERS));
	need(shared_links = linktable_new());
	if (linktable_share(shared_links, queue->bells, WALKERS) < 0)
		fail("no table of links", 0);
	make_trees();
	for (unsigned i = 0; i < WALKERS; i++) {
		need(walkers[i].arena = arena_new(1 << 20, true));
		need(walkers[i].position = position_new(walkers[i].arena));
		start(i, false, luck);
	}
	give_operands(luck);
	while (!queue_is_done(queue))
		attend(luck);
	queue_end(queue);
	for (unsigned i = 0; i < WALKERS; i++) {
		join(&walkers[i]);
		arena_free(walkers[i].arena);
	}
	judge();
	linktable_free(shared_links);
	queue_free(queue);
	printf("seed %u, %u deaths: every name is done\n", seed, deaths);
}

int
main(int argc, char **argv)
{
	static const unsigned lucks[] = { 0, 3000, 500, 100 };
	const unsigned seed = argc > 1 ? (unsigned) atoi(argv[1]) : 1;
	const unsigned rounds = argc > 2 ? (unsigned) atoi(argv[2]) : 8;

	setvbuf(stdout, NULL, _IOLBF, 0);
	memory_page_size();	/* which a process asks for once */
	for (unsigned i = 0; i < rounds; i++)
		run(seed + i, lucks[i % 4]);
	return 0;
}
