/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare.c: compare two files by several processes, if they are large, which claim
   chunks from a shared cursor.  comparechunk.c has what each does.  */
#include "config.h"

#include "engine/compare.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cpus.h"
#include "base/crew.h"
#include "base/writebehind.h"
#include "engine/comparechunk.h"
#include "engine/policy.h"

/* The position of a worker that has no chunk.  */
#define NOWHERE UINT64_MAX

/* One pass, as its workers inherit it.  */
struct pass {
	const struct compare *compare;
	enum compare_which which;
};

/* Of a comparison by this process alone: no call is needed for it.  */
static struct compare_share own;

unsigned
compare_jobs(const struct plan_policy *policy, off_t size)
{
	if (!policy_is_large(size, policy))
		return 1;
	return policy->jobs != 0 ? policy->jobs : cpus_usable();
}

/* Return the bytes of a chunk, so that a file of SIZE may still grow to four times
   that.  */
static uint64_t
chunk_for(uint64_t size)
{
	uint64_t chunk = COMPARE_STEP;

	while (size / chunk >= COMPARE_CHUNKS / 4)
		chunk *= 2;
	return chunk;
}

int
compare_open(struct compare *compare, uint64_t size)
{
	compare->chunk = chunk_for(size);
	compare->share = compare->jobs > 1 ? crew_share(sizeof own) : &own;
	if (compare->share == NULL)
		return -1;
	if (compare->share == &own && compare->writer >= 0)	/* rounds want it */
		memset(own.differed, 0, sizeof own.differed);
	atomic_store(&compare->share->compared, 0);
	return 0;
}

void
compare_close(struct compare *compare)
{
	if (compare->share != &own)
		crew_unshare(compare->share, sizeof own);
}

void
compare_begin(struct compare *compare, unsigned round, uint64_t size)
{
	/* The file has outgrown the table: the chunks get larger, and all count as
	   new.  */
	if (size / compare->chunk >= COMPARE_CHUNKS) {
		compare->chunk = chunk_for(size);
		memset(compare->share->differed, (int) round - 1, COMPARE_CHUNKS);
	}
	compare->round = round;
	compare->size = size;
	atomic_store(&compare->share->differing, 0);
	atomic_store(&compare->share->first, size);
	atomic_store(&compare->share->end, size);
	atomic_store(&compare->share->wrote, false);
}

uint64_t
compare_differing(const struct compare *compare)
{
	return atomic_load(&compare->share->differing);
}

uint64_t
compare_end(const struct compare *compare)
{
	return atomic_load(&compare->share->end);
}

uint64_t
compare_compared(const struct compare *compare)
{
	return atomic_load(&compare->share->compared);
}

bool
compare_wrote(const struct compare *compare)
{
	return atomic_load(&compare->share->wrote);
}

uint64_t
compare_first(const struct compare *compare)
{
	return atomic_load(&compare->share->first);
}

uint64_t
compare_whole(const struct compare *compare)
{
	const struct compare_share *const share = compare->share;
	uint64_t whole = atomic_load(&share->cursor) * compare->chunk;

	for (unsigned i = 0; i < compare->jobs; i++)
		if (atomic_load(&share->at[i]) < whole)
			whole = atomic_load(&share->at[i]);
	return whole < compare->size ? whole : compare->size;
}

/* ---- one pass ---- */

/* Return whether PASS looks at a chunk that differed last in round DIFFERED.  */
static bool
is_wanted(const struct pass *pass, unsigned differed)
{
	const unsigned round = pass->compare->round;

	if (pass->which == COMPARE_DIFFERED)
		return differed == round - 1;
	return round == 1 || differed < round - 1;
}

/* Take the next chunk of PASS for WORKER, whose position *WHERE never is behind what is
   its to do.  Return its number.  */
static uint64_t
claim(struct compare_share *share, uint64_t chunk, _Atomic uint64_t *where)
{
	atomic_store(where, atomic_load(&share->cursor) * chunk);
	const uint64_t i = atomic_fetch_add(&share->cursor, 1);
	atomic_store(where, i * chunk);
	return i;
}

/* Return whether no more is to be compared: another worker failed or, where that is all
   there is to know, something differs.  */
static bool
is_over(const struct compare *compare)
{
	return atomic_load(&compare->share->ends)
		|| (compare->writer < 0 && compare_first(compare) < compare->size);
}

/* Compare chunks of PASS until none are left, as WORKER.  Return 0; or -1 with an error
   in the share.  */
static int
compare_chunks(const struct pass *pass, unsigned worker)
{
	const struct compare *const compare = pass->compare;
	struct compare_share *const share = compare->share;
	_Atomic uint64_t *const where = &share->at[worker];
	struct error error;
	uint64_t i;

	while (!is_over(compare)
	       && (i = claim(share, compare->chunk, where)) * compare->chunk
	       < compare->size) {
		unsigned char *const differed = &share->differed[i];
		if (!is_wanted(pass, *differed))
			continue;
		const int ret = comparechunk(compare, i * compare->chunk, where, &error);
		if (ret < 0 && !atomic_flag_test_and_set(&share->has_error))
			share->error = error;
		if (ret < 0) {
			atomic_store(&share->ends, true);
			return -1;
		}
		if (ret > 0)
			*differed = (unsigned char) compare->round;
	}
	atomic_store(where, NOWHERE);
	return 0;
}

/* The body of a worker.  */
static int
work(void *context, unsigned worker)
{
	const struct pass *const pass = context;
	const int ret = compare_chunks(pass, worker);

	if (ret == 0 && pass->compare->counted && writebehind_drain() < 0
	    && !atomic_flag_test_and_set(&pass->compare->share->has_error))
		return error_set(&pass->compare->share->error, ERROR_FLUSH, errno);
	return ret;
}

/* Run PASS in workers.  Return 1; 0 if the caller has to do it, because none could be
   forked or one died; -1 if one failed or a signal asks us to end.  */
static int
have_compared(struct pass *pass)
{
	const struct compare *const compare = pass->compare;
	struct crew crew;
	unsigned worker;
	int status, waited;
	int ret = 0;

	crew_open(&crew);
	for (unsigned n = 0; n < compare->jobs; n++)
		if (crew_fork(&crew, n, work, pass) == 0)
			ret = 1;
	while ((waited = crew_wait(&crew, &worker, &status)) > 0)
		if (status != 0 && ret >= 0)
			ret = WIFEXITED(status) ? -1 : 0;
	crew_close(&crew);
	if (compare->counted && compare->writer >= 0)
		writebehind_adopt(compare->writer, (off_t) compare->size, crew.left);
	return waited < 0 ? -1 : ret;
}

/* Before a pass.  */
static void
begin_pass(const struct compare *compare)
{
	struct compare_share *const share = compare->share;

	atomic_store(&share->cursor, compare->start / compare->chunk);
	for (unsigned i = 0; i < compare->jobs; i++)
		atomic_store(&share->at[i], NOWHERE);
	atomic_store(&share->ends, false);
	atomic_flag_clear(&share->has_error);
	error_set(&share->error, ERROR_INTERRUPTED, EINTR);
}

int
compare_pass(struct compare *compare, enum compare_which which, struct error *error)
{
	struct pass pass = { .compare = compare, .which = which };
	int ret = 0;

	begin_pass(compare);
	if (compare->jobs > 1 && compare->size > compare->chunk)
		ret = have_compared(&pass);
	if (ret == 0) {
		begin_pass(compare);
		ret = compare_chunks(&pass, 0);
	}
	if (ret >= 0)
		return 0;
	*error = compare->share->error;
	return -1;
}
