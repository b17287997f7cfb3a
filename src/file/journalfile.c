/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journalfile.c: the journal of this run.  Somebody may cut the file while it is mapped,
   so it is touched under the guard only.  */
#include "config.h"

#include "file/journalfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/guard.h"
#include "base/inode.h"
#include "file/remove.h"

/* ---- open ---- */

/* Lock FD.  A reader (--status) has the lock for a moment.  Return 0, also where a file
   system has no locks; or -1 with EBUSY.  */
static int
lock(int fd)
{
	enum { TRIES = 25 };
	const struct timespec tick = { .tv_nsec = 10000000 };

	for (int i = 0; i < TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
			return 0;
		nanosleep(&tick, NULL);
	}
	errno = EBUSY;
	return -1;
}

/* Return whether ST is a file of one name that only its owner may write.  Some file
   systems give all files the same mode.  */
static bool
is_private(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_nlink == 1
		&& (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* Remove NAME from DIR, where ERR is why it can't be opened.  Return 0, or -1 with
   errno.  */
static int
remove_other(int dir, const char *name, int err)
{
	if (err != ELOOP && err != ENXIO) {
		errno = err;
		return -1;
	}
	return unlinkat(dir, name, 0) == 0 || errno == ENOENT ? 0 : -1;
}

/* Open NAME in DIR or make it.  Return a descriptor, or -1 with errno.  */
static int
open_or_make(struct journalfile *journal, int dir, const char *name)
{
	const int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	const int fd = openat(dir, name, flags);

	journal->is_new = fd < 0 && errno == ENOENT;
	if (!journal->is_new)
		return fd;
	const int made = openat(dir, name, flags | O_CREAT | O_EXCL, 0600);
	if (made >= 0)
		fchmod(made, 0600);	/* whatever the umask */
	return made;
}

/* Open NAME in DIR or make it, and lock it.  Return 1; 0 if it is to be tried again,
   since something else stood there and has gone; or -1 with errno.  */
static int
try_open(struct journalfile *journal, int dir, const char *name)
{
	struct stat st, there;

	journal->fd = open_or_make(journal, dir, name);
	if (journal->fd < 0)
		return errno == EEXIST ? 0 : remove_other(dir, name, errno);
	/* Nothing of a run that is alive, or of somebody else, is removed.  */
	if (lock(journal->fd) < 0 || fstat(journal->fd, &st) < 0)
		return -1;
	if (st.st_uid != geteuid()) {
		errno = EPERM;
		return -1;
	}
	if (!is_private(&st)) {
		journalfile_close(journal);
		return remove_ours(dir, name, &st) == 0 || errno == ENOENT
			|| errno == ESTALE ? 0 : -1;
	}
	if (fstatat(dir, name, &there, AT_SYMLINK_NOFOLLOW) == 0
	    && inode_is_same(&st, &there))
		return 1;
	journalfile_close(journal);	/* A run that has ended removed it meanwhile.  */
	return 0;
}

int
journalfile_open(struct journalfile *journal, int dir, const char *name)
{
	enum { TRIES = 8 };
	int ret = 0;

	*journal = JOURNALFILE_NONE;
	guard_install();
	for (int i = 0; i < TRIES && ret == 0; i++)
		ret = try_open(journal, dir, name);
	if (ret > 0) {
		snprintf(journal->name, sizeof journal->name, "%s", name);
		return 0;
	}
	const int err = ret == 0 ? EEXIST : errno;
	journalfile_close(journal);
	errno = err;
	return -1;
}

void
journalfile_close(struct journalfile *journal)
{
	if (journal->mapped != NULL)
		munmap(journal->mapped, journal->len);
	if (journal->fd >= 0)
		close(journal->fd);
	*journal = JOURNALFILE_NONE;
}

/* ---- load, begin ---- */

/* Map JOURNAL, which has this HEAD and LEN bytes.  Return 0, or -1 with errno.  */
static int
map(struct journalfile *journal, const struct journal *head, size_t len)
{
	void *const mapped = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED,
				  journal->fd, 0);

	if (mapped == MAP_FAILED)
		return -1;
	journal->mapped = mapped;
	journal->len = len;
	journal->size = head->source.size;
	journal->chunk = head->chunk;
	return 0;
}

enum journal_error
journalfile_load(struct journalfile *journal, const struct journal **head)
{
	static struct journal loaded;
	struct stat st;

	memset(&loaded, 0, sizeof loaded);
	*head = &loaded;
	if (fstat(journal->fd, &st) < 0)
		return JOURNAL_REFUSED;
	const ssize_t len = descriptor_read(journal->fd, &loaded, sizeof loaded, 0);
	if (len < 0)
		return JOURNAL_REFUSED;
	const enum journal_error error = journal_check(&loaded, (size_t) len,
						       (uint64_t) st.st_size);
	return error != JOURNAL_OK || map(journal, &loaded, (size_t) st.st_size) == 0
		? error : JOURNAL_REFUSED;
}

static struct {
	char directory[JOURNAL_PATH];
	char words[JOURNAL_COMMAND];
	uint32_t count, len;
} command;

void
journalfile_command(int argc, char *const *argv)
{
	if (getcwd(command.directory, sizeof command.directory) == NULL)
		*command.directory = '\0';
	for (int i = 0; i < argc; i++) {
		const size_t len = strlen(argv[i]) + 1;
		if (len > sizeof command.words - command.len) {
			command.count = command.len = 0;
			return;
		}
		memcpy(command.words + command.len, argv[i], len);
		command.len += (uint32_t) len;
		command.count++;
	}
}

int
journalfile_begin(struct journalfile *journal, struct journal *head)
{
	const uint64_t len = journal_size(head->source.size, head->chunk);

	if (journal->mapped != NULL)
		munmap(journal->mapped, journal->len);
	journal->mapped = NULL;
	memcpy(head->magic, JOURNAL_MAGIC, sizeof head->magic);
	head->order = JOURNAL_ORDER;
	head->version = JOURNAL_VERSION;
	head->size = sizeof *head;
	head->began = clock_date();
	memcpy(head->directory, command.directory, sizeof head->directory);
	memcpy(head->command, command.words, command.len);
	head->words = command.count;
	head->command_len = command.len;
	journal_sign(head);
	/* Pages that have their blocks are never lacking for want of room.  */
	if (ftruncate(journal->fd, 0) < 0)
		return -1;
	const int err = posix_fallocate(journal->fd, 0, (off_t) len);
	if (err != 0) {
		errno = err;
		return -1;
	}
	return descriptor_write(journal->fd, head, sizeof *head, 0) < 0 ? -1
		: map(journal, head, (size_t) len);
}

/* ---- seals ---- */

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

int
journalfile_read(const struct journalfile *journal, struct blockmarks *marks)
{
	struct work work = { .journal = journal, .marks = marks };

	return guarded(&work, read_all) < 0 || work.damaged ? -1 : 0;
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
