/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journalseals.c: what a journal of this run says of each block.  */
#include "config.h"

#include "file/journalfile.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/guard.h"

struct blockhash *
journalfile_hashes(const struct journalfile *journal)
{
	return (struct blockhash *) (void *) (journal->mapped
		+ journal_hashes_at(journal->size, journal->chunk));
}

/* What a guard_work on a whole journal does.  */
struct work {
	const struct journalfile *journal;
	struct blockmarks *marks;		/* to be set */
	const unsigned char *placed, *before;	/* to be sealed */
	bool damaged;
};

static uint64_t
groups_of(const struct journalfile *journal)
{
	return journal_groups(journal->size, journal->chunk);
}

static struct journal_seal *
pair_of(const struct journalfile *journal, uint64_t group)
{
	return (struct journal_seal *) (void *) (journal->mapped + sizeof(struct journal))
		+ 2 * group;
}

static const unsigned char *
hashes_of(const struct journalfile *journal, uint64_t group)
{
	return journalfile_hashes(journal)[group * JOURNAL_GROUP].bytes;
}

/* Mark what the newest seal of GROUP has; what was sealed LAST, and not in the seal
   before, is the latest.  */
static void
read_group(const struct work *work, uint64_t group, const struct journal_seal *newest,
	uint32_t last)
{
	const struct journal_seal *const pair = pair_of(work->journal, group);
	const struct journal_seal *const other = newest == pair ? pair + 1 : pair;
	struct blockmarks *const marks = work->marks;

	for (unsigned c = 0; c < JOURNAL_GROUP; c++) {
		const uint64_t i = group * JOURNAL_GROUP + c;
		const bool latest = newest->generation == last
			&& !journal_seal_has(other, c);
		if (i < marks->count && journal_seal_has(newest, c))
			atomic_store(&marks->of[i], latest ? BLOCKMARK_LATEST
				     : BLOCKMARK_RESUMED);
	}
}

/* Set the marks: a guard_work.  */
static void
read_all(char *mapped, const char *source, size_t len, void *context)
{
	struct work *const work = context;
	const uint64_t groups = groups_of(work->journal);
	uint32_t last = 0;

	(void) mapped, (void) source, (void) len;
	for (unsigned pass = 0; pass < 2; pass++)
		for (uint64_t i = 0; i < groups; i++) {
			const struct journal_seal *const newest = journal_seal_newest(
				pair_of(work->journal, i), i,
				hashes_of(work->journal, i));
			if (newest == NULL) {
				work->damaged = true;
				return;
			}
			if (pass > 0)
				read_group(work, i, newest, last);
			else if (newest->generation > last)
				last = newest->generation;
		}
}

/* Do DO_IT with WORK on all of its journal.  Return 0, or -1 if a page is
   unavailable.  */
static int
guarded(struct work *work, guard_work *do_it)
{
	char *const mapped = work->journal->mapped;

	return guard_run(do_it, mapped, mapped, work->journal->len, work);
}

bool
journalfile_is_cut(const struct journalfile *journal)
{
	static char page[JOURNAL_PAGE];
	size_t at = 0;
	ssize_t n;

	do {
		n = descriptor_read(journal->fd, page, sizeof page, (off_t) at);
		at += n > 0 ? (size_t) n : 0;
	} while (n == (ssize_t) sizeof page);
	if (n >= 0)
		errno = EIO;		/* It can be read again.  */
	return n >= 0 && at < journal->len;
}

enum journal_error
journalfile_read(const struct journalfile *journal, struct blockmarks *marks)
{
	struct work work = { .journal = journal, .marks = marks };

	if (guarded(&work, read_all) < 0)
		return journalfile_is_cut(journal) ? JOURNAL_DAMAGED : JOURNAL_REFUSED;
	return work.damaged ? JOURNAL_DAMAGED : JOURNAL_OK;
}

int
journalfile_forget(const struct journalfile *journal, size_t from, size_t end)
{
	static const struct blockhash none[JOURNAL_GROUP];
	const uint64_t hashes = journal_hashes_at(journal->size, journal->chunk);

	/* A page that has no room would be SIGBUS, which doesn't say why.  */
	for (size_t n; from < end; from += n) {
		n = end - from < JOURNAL_GROUP ? end - from : JOURNAL_GROUP;
		if (descriptor_write(journal->fd, none, n * sizeof *none,
				     (off_t) (hashes + from * sizeof *none)) < 0)
			return -1;
	}
	return 0;
}

/* Seal the chunks of GROUP that are placed, as GENERATION.  The older seal, or the one
   that is damaged, is overwritten, so that one of the two always holds.  */
static void
seal_group(const struct work *work, uint64_t group, uint32_t generation)
{
	const size_t first = (size_t) group * JOURNAL_GROUP;
	struct journal_seal *const pair = pair_of(work->journal, group);
	const unsigned char *const hashes = hashes_of(work->journal, group);
	struct journal_seal *const older = journal_seal_newest(pair, group, hashes)
		== pair ? pair + 1 : pair;
	struct journal_seal seal = { .generation = generation };

	for (unsigned c = 0; c < JOURNAL_GROUP; c++)
		if (work->placed[first + c] != 0)
			seal.bits[c / 8] |= (unsigned char) (1u << c % 8);
	journal_seal_sign(&seal, group, hashes);
	memcpy(older, &seal, sizeof seal);
}

/* Seal all groups in which something has changed: a guard_work.  */
static void
seal_all(char *mapped, const char *source, size_t len, void *context)
{
	const struct work *const work = context;
	const uint64_t groups = groups_of(work->journal);
	uint32_t last = 0;

	(void) mapped, (void) source, (void) len;
	for (uint64_t i = 0; i < 2 * groups; i++)
		if (pair_of(work->journal, 0)[i].generation > last)
			last = pair_of(work->journal, 0)[i].generation;
	for (uint64_t i = 0; i < groups; i++)
		if (memcmp(work->placed + i * JOURNAL_GROUP,
			   work->before + i * JOURNAL_GROUP, JOURNAL_GROUP) != 0)
			seal_group(work, i, last + 1);
}

int
journalfile_seal(const struct journalfile *journal, const unsigned char *placed,
	const unsigned char *before)
{
	struct work work = { .journal = journal, .placed = placed, .before = before };

	return guarded(&work, seal_all);
}

int
journalfile_restrict(const struct journalfile *journal, const struct blockmarks *marks)
{
	enum { OTHER = 2 };
	const size_t count = (size_t) groups_of(journal) * JOURNAL_GROUP;
	unsigned char *const placed = calloc(count, 1), *const before = malloc(count);
	int ret = -1;

	if (placed == NULL || before == NULL)
		goto out;
	memset(before, OTHER, count);	/* Each group is sealed again.  */
	for (size_t i = 0; i < marks->count && i < count; i++)
		placed[i] = atomic_load(&marks->of[i]) != BLOCKMARK_NONE;
	if (journalfile_seal(journal, placed, before) == 0)
		ret = journalfile_sync(journal);
	else if (journalfile_is_cut(journal))
		errno = ESTALE;
out:
	free(placed);
	free(before);
	return ret;
}

int
journalfile_spoil(const struct journalfile *journal)
{
	static const char none[sizeof ((struct journal *) NULL)->magic];

	return descriptor_write(journal->fd, none, sizeof none, 0) < 0 ? -1
		: fdatasync(journal->fd);
}

int
journalfile_sync(const struct journalfile *journal)
{
	return msync(journal->mapped, journal->len, MS_SYNC) < 0 ? -1
		: fdatasync(journal->fd);
}
