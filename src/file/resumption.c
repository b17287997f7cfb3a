/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resumption.c: --resume, from the journal's making to its end.  */
#include "config.h"

#include "file/resumption.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/guard.h"
#include "base/inode.h"
#include "base/path.h"
#include "base/signals.h"
#include "base/totals.h"
#include "file/remove.h"
#include "file/resumedata.h"

enum { BLOCK = BLOCKHASH_BLOCK };

/* ---- whether ---- */

/* Return whether COPY is to have a journal: a large file that isn't cloned only, or
   copied by an engine that says nothing of its blocks.  */
static bool
is_wanted(const struct copy *copy)
{
	const struct copy_policy *const policy = copy->policy;
	const off_t size = copy->source->st.st_size;

	return policy->dest.resume && !policy->attributes_only && !copy->as_cp
		&& !copy->unhidden && !copy_is_stream(copy) && size >= RESUMPTION_LEAST
		&& journal_size((uint64_t) size, BLOCK) <= JOURNAL_MOST
		&& policy->plan.reflink != REFLINK_ALWAYS;
}

/* ---- open ---- */

/* Make the names of the journal and the data of the final NAME.  Return 0, or -1 with
   errno.  */
static int
make_names(const char *name, char journal[static HIDDENNAME_SIZE],
	char data[static HIDDENNAME_SIZE])
{
	unsigned char digest[HASH_BYTES];
	struct hash *const hash = hash_new(HASH_XXH128);

	if (hash == NULL)
		return -1;
	const int ret = hash_add(hash, name, strlen(name)) == 0
		&& hash_end(hash, digest) == 0 ? 0 : -1;
	hash_free(hash);
	if (ret == 0) {
		journal_name(journal, 'j', digest);
		journal_name(data, 'r', digest);
	}
	return ret;
}

/* Begin afresh: make the data and the journal, which begins with HEAD.  Return a
   descriptor of the data, or -1 with errno.  */
static int
begin_afresh(struct resumption *resumption, const struct dest *dest, mode_t mode,
	struct journal *head)
{
	struct blockmarks *const marks = resumption->marks;
	struct journalfile *const journal = &resumption->journal;
	struct stat st;

	for (size_t i = 0; i < marks->count; i++)
		atomic_store(&marks->of[i], BLOCKMARK_NONE);
	/* New data may have the old one's inode number: the old journal goes first.  */
	if (!journal->is_new && journalfile_empty(journal) < 0)
		return -1;
	journal->is_new = true;
	const int fd = resumedata_make(dest->dir, dest->hidden, mode);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0) {
		head->data_inode = st.st_ino;
		if (journalfile_begin(journal, head) == 0)
			return fd;
	}
	const int err = errno;
	close(fd);
	remove_any(dest->dir, dest->hidden);
	errno = err;
	return -1;
}

/* Go on with what there is, or begin afresh and note why.  Return a descriptor of the
   data, or -1 with errno.  */
static int
go_on(struct resumption *resumption, const struct dest *dest, mode_t mode,
	struct journal *head)
{
	struct remarks *const remarks = &resumption->copy->outcome->remarks;
	enum error_step why = ERROR_NO_STEP;
	int fd = -1, ret = 0;

	if (!resumption->journal.is_new) {
		if (resumedata_open(dest->dir, dest->hidden, &fd) < 0)
			return -1;
		ret = resumable_check(resumption, fd, head, &why);
	}
	if (ret > 0)
		return fd;
	const int err = errno;
	if (fd >= 0)
		close(fd);
	errno = err;
	if (ret < 0)
		return -1;
	if (why != ERROR_NO_STEP)
		remarks_add(remarks, why, 0);
	return begin_afresh(resumption, dest, mode, head);
}

/* Open the data.  Return a descriptor, or -1 with errno.  */
static int
open_data(struct resumption *resumption, const struct dest *dest, mode_t mode)
{
	struct journal *const head = malloc(sizeof *head);

	if (head == NULL)
		return -1;
	const int fd = resumable_describe(resumption, dest, mode, head) < 0 ? -1
		: go_on(resumption, dest, mode, head);
	const int err = errno;
	free(head);
	errno = err;
	return fd;
}

/* Free what an open journal takes, and close it.  */
static void
close_journal(struct resumption *resumption)
{
	blockmarks_free(resumption->marks);
	resumption->marks = NULL;
	journalfile_close(&resumption->journal);
}

/* The journal can't be kept, with errno.  One that may be of use to another run stays,
   and there is no copy now; else there is one without a journal.  Return -1 with
   errno.  */
static int
give_up(struct resumption *resumption, const struct dest *dest)
{
	const struct journalfile *const journal = &resumption->journal;
	const bool stays = journal->fd >= 0 ? !journal->is_new : journal->stays;

	if (errno == EBUSY && journal->fd < 0)
		error_set(&resumption->error, ERROR_RESUME_BUSY, 0);
	else if (stays && resumption->error.step == ERROR_NO_STEP)
		signals_set_error(&resumption->error, ERROR_RESUME_STAYS);
	resumption->refused = errno;
	if (journal->fd >= 0 && journal->is_new)
		remove_any(dest->dir, journal->name);
	close_journal(resumption);
	errno = resumption->error.step != ERROR_NO_STEP ? EBUSY : resumption->refused;
	return -1;
}

/* A dest_open_hidden.  */
static int
open_hidden(void *context, struct dest *dest, mode_t mode)
{
	struct resumption *const resumption = context;
	char journal[HIDDENNAME_SIZE];
	const uint64_t size = (uint64_t) resumption->copy->source->st.st_size;

	if (make_names(dest->name, journal, dest->hidden) < 0
	    || journalfile_open(&resumption->journal, dest->dir, journal) < 0
	    || (resumption->marks = blockmarks_new(size)) == NULL)
		return give_up(resumption, dest);
	dest->file.fd = open_data(resumption, dest, mode);
	if (dest->file.fd < 0)
		return give_up(resumption, dest);
	dest->file.form = DEST_HIDDEN;
	dest->file.readable = true;
	dest->stays = true;
	dest->journal = &resumption->journal;
	resumption->hashes = (struct blockhashes) {
		.of = journalfile_hashes(&resumption->journal),
		.room = resumption->marks->count, .marks = resumption->marks,
	};
	return 0;
}

void
resumption_wish(struct copy *copy, struct dest_wish *wish)
{
	struct resumption *const resumption = &copy->resumption;

	resumption_end(copy);
	resumption->copy = copy;
	resumption->refused = 0;
	wish->open_hidden = is_wanted(copy) ? open_hidden : NULL;
	wish->context = resumption;
}

/* ---- while it is copied ---- */

/* Add up what is there already and isn't a hole.  A guard_work.  */
static void
add_up(char *dest, const char *source, size_t len, void *context)
{
	static const struct blockhash hole;
	struct resumption *const resumption = context;
	const struct blockhash *const of = (const void *) source;
	const struct blockmarks *const marks = resumption->marks;

	(void) dest, (void) len;
	for (size_t i = 0; i < marks->count; i++) {
		const uint64_t left = resumption->journal.size - (uint64_t) i * BLOCK;
		if (atomic_load(&marks->of[i]) >= BLOCKMARK_RESUMED
		    && memcmp(&of[i], &hole, sizeof hole) != 0)
			resumption->resumed += left < BLOCK ? left : BLOCK;
	}
}

void
resumption_begin(struct copy *copy)
{
	struct resumption *const resumption = &copy->resumption;
	struct dest *const dest = &copy->dest;

	if (resumption->marks == NULL) {
		if (resumption->refused != 0)
			remarks_add(&copy->outcome->remarks, ERROR_RESUME_JOURNAL,
				    resumption->refused);
		return;
	}
	char *const hashes = (char *) resumption->hashes.of;
	resumption->resumed = 0;
	guard_run(add_up, hashes, hashes,
		  resumption->hashes.room * sizeof(struct blockhash), resumption);
	counts_set(&copy->outcome->copied.counts, COUNT_RESUMED, resumption->resumed);
	totals_add(COUNT_EXPECTED, -resumption->resumed);
	totals_add(COUNT_AMENDED, -resumption->resumed);
	const int data = resumedata_open_again(dest);
	if (data < 0 || keeper_start(&resumption->keeper, &resumption->journal,
				     resumption->marks, data, dest->dir) < 0)
		remarks_add(&copy->outcome->remarks, ERROR_RESUME_JOURNAL, errno);
}

void
resumption_give_hashes(const struct copy *copy, struct blockhashes *hashes)
{
	const struct blockhashes *const from = &copy->resumption.hashes;

	if (copy->resumption.marks == NULL || hashes->of == NULL)
		return;
	hashes->complete = from->complete && hashes->room >= from->room
		&& guard_copy(hashes->of, from->of, from->room * sizeof *from->of) == 0
		&& !atomic_load(&from->marks->lost);
}

/* Return whether the copy, which isn't whole, is of use to the next run: the error isn't
   that it has the wrong bytes, and there are some, or ADDED.  */
static bool
is_of_use(const struct copy *copy, bool added)
{
	const struct resumption *const resumption = &copy->resumption;
	const enum error_step step = copy->outcome->error.step;

	return step != ERROR_VERIFY && step != ERROR_VERIFY_BLOCK
		&& step != ERROR_VERIFY_CHANGED && step != ERROR_KEPT_CHANGING
		&& (resumption->resumed > 0 || added);
}

int
resumption_stop(struct copy *copy, int ret)
{
	struct resumption *const resumption = &copy->resumption;
	struct copy_outcome *const outcome = copy->outcome;
	struct error error = ERROR_NONE;

	if (resumption->marks == NULL)
		return ret;
	if (plan_is(&outcome->plan, ENGINE_REFLINK) && ret == 0)
		counts_set(&outcome->copied.counts, COUNT_RESUMED, 0);
	const bool goes_on = ret < 0
		&& is_of_use(copy, atomic_load(&resumption->marks->placed) > 0);
	const int kept = keeper_stop(&resumption->keeper, goes_on, &error);
	if (goes_on && resumption->keeper.failed)
		remarks_add(&outcome->remarks, ERROR_RESUME_KEEPER, error.err);
	if (ret == 0 && kept < 0)
		outcome->error = error;
	return ret < 0 ? ret : kept;
}

/* ---- the end ---- */

void
resumption_done(struct copy *copy)
{
	struct resumption *const resumption = &copy->resumption;

	if (resumption->marks == NULL)
		return;
	remove_any(copy->dest.dir, resumption->journal.name);
	copy->dest.journal = NULL;
	close_journal(resumption);
}

void
resumption_end(struct copy *copy)
{
	struct resumption *const resumption = &copy->resumption;
	struct dest *const dest = &copy->dest;
	struct error error;

	if (resumption->marks == NULL)
		return;
	keeper_stop(&resumption->keeper, false, &error);
	if (dest->file.form == DEST_HIDDEN
	    && !is_of_use(copy, resumption->keeper.sealed)) {
		dest->stays = false;
		remove_any(dest->dir, resumption->journal.name);
	}
	dest->journal = NULL;
	close_journal(resumption);
}

void
resumption_forget(const struct copy_policy *policy, const struct stat *source,
	const struct pathpair *pair)
{
	char journal[HIDDENNAME_SIZE], data[HIDDENNAME_SIZE];
	struct journalfile there;

	if (!policy->dest.resume || !S_ISREG(source->st_mode)
	    || source->st_size < RESUMPTION_LEAST
	    || make_names(path_last(pair->dest), journal, data) < 0)
		return;
	const int dir = path_open_parent(pair->dest_at, pair->dest, O_PATH);
	if ((dir >= 0 || dir == AT_FDCWD)
	    && faccessat(dir, journal, F_OK, AT_SYMLINK_NOFOLLOW) == 0
	    && journalfile_open(&there, dir, journal) == 0) {
		remove_any(dir, data);
		remove_any(dir, journal);
		journalfile_close(&there);
	}
	path_close_parent(dir, pair->dest_at);
}
