/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statuspost.c: keeps the status file of this run up to date, whether or not progress is
   shown.  */
#include "config.h"

#include "report/statuspost.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "base/statusfile.h"
#include "base/timer.h"
#include "base/totals.h"
#include "report/progressfacts.h"

/* Milliseconds before there is a file, and between two changes of it.  */
enum { FIRST = 1000, EVERY = 250 };

static struct {
	const char *const *sources;
	size_t count;
	const char *dest;
	bool made;
	struct statusfile status;
} state;

/* ---- names ---- */

/* Put NAME as an absolute path, or as it is if that is unknown, into BUF of SIZE.  Return
   its length, or 0 if there is no room.  */
static size_t
put_path(char *buf, size_t size, const char *name)
{
	char path[PATH_MAX];

	if (!path_resolve(name, path))
		snprintf(path, sizeof path, "%s", name);
	const size_t len = strlen(path);
	if (len >= size)
		return 0;
	memcpy(buf, path, len + 1);
	return len;
}

/* Put as many sources as there is room for into STATUS, and the destination.  */
static void
put_names(struct statusfile *status)
{
	/* Resolving names takes time.  */
	enum { MOST = 64 };
	size_t used = 0;

	for (size_t i = 0; i < state.count && i < MOST; i++) {
		const size_t len = put_path(status->source + used,
					    sizeof status->source - used,
					    state.sources[i]);
		if (len == 0)
			break;
		used += len + 1;
	}
	status->sources_len = (uint32_t) (used > 0 ? used : 1);
	status->sources = state.count < UINT32_MAX ? (uint32_t) state.count : UINT32_MAX;
	put_path(status->dest, sizeof status->dest, state.dest);
}

/* Put NAME, or its end, into the row WORKER.  */
static void
put_where(struct statusfile_worker *worker, const char *name)
{
	const size_t len = name != NULL ? strlen(name) : 0, room = sizeof worker->where;

	if (len < room)
		memcpy(worker->where, name != NULL ? name : "", len + 1);
	else
		snprintf(worker->where, room, "...%s", name + len - (room - 4));
}

/* ---- numbers ---- */

/* Put what each worker does into STATUS; HERE is what the parent copies, or NULL.  */
static void
put_workers(struct statusfile *status, const char *here)
{
	const unsigned numbers = totals_numbers();
	struct statusfile_worker *worker = status->worker;
	uint64_t moved;
	char *name;

	status->processes = status->workers = 0;
	for (unsigned i = 1; i < numbers; i++) {
		if (!totals_runs(i, &moved))
			continue;
		status->processes++;
		if (status->workers == STATUSFILE_WORKERS)
			continue;
		const bool waits = progressfacts_worker(i, &name) == PROGRESSFACTS_WAITS;
		worker = &status->worker[status->workers++];
		*worker = (struct statusfile_worker) { .moved = moved, .number = i,
			.doing = waits ? STATUSFILE_WAITS : STATUSFILE_WORKS };
		put_where(worker, name);
		free(name);
	}
	if (status->processes > 0)
		return;
	status->processes = status->workers = 1;	/* the parent */
	*worker = (struct statusfile_worker) { .moved = status->moved };
	put_where(worker, here);
}

/* Put how far it is into STATUS.  */
static void
put_facts(struct statusfile *status)
{
	const struct progressline_facts facts = progressfacts_look();

	status->updated = clock_date();
	status->elapsed = progressfacts_elapsed();
	status->began = status->updated - status->elapsed;
	status->moved = facts.moved;
	status->total = facts.total;
	status->whole = facts.whole;
	status->rate = facts.rate < 0 ? STATUSFILE_UNKNOWN : (uint64_t) facts.rate;
	status->left = facts.left < 0 ? STATUSFILE_UNKNOWN
		: (uint64_t) (facts.left * 1e9);
	status->done = facts.done;
	status->found = facts.found;
	status->state = facts.verifying ? STATUSFILE_VERIFYING
		: facts.flushing ? STATUSFILE_FLUSHING : STATUSFILE_COPYING;
	status->to_go = facts.verifying ? facts.unread : facts.flushing ? facts.dirty : 0;
	put_workers(status, facts.name);
}

/* ---- the run ---- */

static void
due(void)
{
	struct statusfile *const status = &state.status;
	const int err = errno;

	if (!state.made) {
		put_names(status);
		status->pid = (uint32_t) getpid();
	}
	put_facts(status);
	if (state.made)
		statusfile_update(status);
	else if (statusfile_open(status))
		state.made = true;
	else
		timer_watch_stop();
	errno = err;
}

void
statuspost_begin(const char *const *sources, size_t count, const char *dest)
{
	state.sources = sources;
	state.count = count;
	state.dest = dest;
	timer_watch(due, FIRST, EVERY);
}

void
statuspost_end(void)
{
	timer_watch_stop();
	statusfile_close();
}
