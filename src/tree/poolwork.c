/* SPDX-License-Identifier: GPL-3.0-or-later */
/* poolwork.c: a worker of the pool takes batches, copies each file, and reports what went
   wrong.  */
#include "config.h"

#include "tree/poolwork.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/signals.h"

struct worker {
	int fd;
	struct pool_answer answer;
	bool unsent;		/* a batch is done, which was not sent yet */
	bool cut_off;		/* the parent doesn't receive any more */
};

uint32_t
poolwork_batch(const struct pool_progress *progress)
{
	return (uint32_t) (atomic_load(&progress->at) >> 32);
}

uint32_t
poolwork_item(const struct pool_progress *progress)
{
	return (uint32_t) atomic_load(&progress->at);
}

/* Note NUMBER and ITEM in one store, so that the new item is never seen with the old
   batch.  */
static void
note_progress(struct pool_progress *progress, uint32_t number, uint32_t item)
{
	newfile_begin();
	atomic_store_explicit(&progress->at, (uint64_t) number << 32 | item,
			      memory_order_release);
}

static void
send_word(void *context, const struct pool_word *word)
{
	struct worker *const worker = context;

	worker->answer.word = *word;
	if (worker->cut_off
	    || send(worker->fd, &worker->answer, sizeof worker->answer, MSG_NOSIGNAL) < 0)
		worker->cut_off = true;
}

/* Report that all batches up to this one are done.  */
static void
send_done(struct worker *worker)
{
	worker->answer.item = BATCH_ITEMS;
	worker->unsent = false;
	send_word(worker, &(struct pool_word) { .bytes = -1 });
}

/* Open each of the COUNT descriptors FDS again, if a library is preloaded: pseudo knows
   directories by the paths that were opened, and doesn't see those that a socket
   delivers.  */
static void
open_before_library(int *fds, unsigned count)
{
	const char *const preloaded = getenv("LD_PRELOAD");

	if (preloaded == NULL || *preloaded == '\0')
		return;
	for (unsigned i = 0; i < count; i++) {
		const int fd = open(descriptor_path(fds[i]).text,
				    O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		close(fds[i]);
		fds[i] = fd;
	}
}

/* Receive the next batch; before waiting, report what is done.  Return as
   batch_receive.  */
static ssize_t
next_batch(struct worker *worker, struct batch *batch, int fds[2 * BATCH_DIRS])
{
	if (worker->unsent) {
		const ssize_t n = batch_receive(worker->fd, batch, fds, false);
		if (n >= 0 || errno != EAGAIN)
			return n;
		send_done(worker);
	}
	return worker->cut_off ? 0 : batch_receive(worker->fd, batch, fds, true);
}

/* Copy the items of BATCH until a signal asks us to end or a word can't be sent.  Then
   the parent does that item again, and the rest.  */
static void
copy_batch(struct worker *worker, const struct batch *batch,
	const int fds[2 * BATCH_DIRS], struct pool_progress *progress,
	struct smallfile *smallfile, bool links_matter)
{
	static struct copy_outcome outcome;

	worker->answer.number = batch->number;
	for (unsigned i = 0; i < batch->items && signals_fatal() == 0
	     && !worker->cut_off; i++) {
		const unsigned dir = batch->item[i].dir;
		worker->answer.item = i;
		note_progress(progress, batch->number, i);
		const int ret = batch_copy(batch, i, fds[2 * dir], fds[2 * dir + 1],
					   smallfile, links_matter, &outcome);
		batch_report(ret, &outcome, smallfile->policy->json, send_word, worker);
	}
	smallfile_end(smallfile);
	descriptor_close_all(fds, 2u * batch->dirs);
}

int
poolwork(int fd, struct pool_progress *progress, const struct copy_policy *policy,
	bool links_matter)
{
	static struct batch batch;
	struct smallfile smallfile = smallfile_begin(policy, true);
	int fds[2 * BATCH_DIRS];
	ssize_t n = 0;

	/* So that a signal lets us abandon a half-copied file, as the parent would.  */
	signals_catch();
	struct worker worker = { .fd = descriptor_keep_only(fd) };
	newfile_share(&progress->made);
	while (signals_fatal() == 0 && !worker.cut_off
	       && (n = next_batch(&worker, &batch, fds)) > 0) {
		open_before_library(fds, 2u * batch.dirs);
		copy_batch(&worker, &batch, fds, progress, &smallfile, links_matter);
		if (signals_fatal() != 0 || worker.cut_off)
			break;
		note_progress(progress, batch.number, batch.items);
		worker.unsent = true;
		if (batch.answered)
			send_done(&worker);
	}
	return n < 0 ? -1 : 0;
}
