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
#include "file/hiddenfile.h"
#include "file/remove.h"

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

/* Make the file DATA in DIR.  It gets that name by a rename, which shows that the file
   system can do so.  Return a descriptor, or -1 with errno.  */
static int
make_data(int dir, const char *data, mode_t mode)
{
	char other[HIDDENNAME_SIZE];

	if (remove_any(dir, data) < 0)
		return -1;
	const int fd = hiddenfile_create(dir, other, O_RDWR, mode);
	if (fd < 0)
		return -1;
	if (renameat(dir, other, dir, data) == 0)
		return fd;
	const int err = errno;
	close(fd);
	remove_any(dir, other);
	errno = err;
	return -1;
}

/* Begin afresh: make the data and the journal, which begins with HEAD.  Return a
   descriptor of the data, or -1 with errno.  */
static int
begin_afresh(struct resumption *resumption, const struct dest *dest, mode_t mode,
	struct journal *head)
{
	struct blockmarks *const marks = resumption->marks;
	const int fd = make_data(dest->dir, dest->hidden, mode);
	struct stat st;

	for (size_t i = 0; i < marks->count; i++)
		atomic_store(&marks->of[i], BLOCKMARK_NONE);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0) {
		head->data_inode = st.st_ino;
		if (journalfile_begin(&resumption->journal, head) == 0)
			return fd;
	}
	const int err = errno;
	close(fd);
	remove_any(dest->dir, dest->hidden);
	errno = err;
	return -1;
}

/* Open the file FD is, which isn't open but found, though its mode forbids that to its
   owner.  Return a descriptor, or -1 with errno.  */
static int
open_forbidden(int fd)
{
	const struct descriptor_path path = descriptor_path(fd);
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid()
	    || chmod(path.text, (st.st_mode & 07777) | S_IRUSR | S_IWUSR) < 0)
		return -1;
	const int opened = open(path.text, O_RDWR | O_CLOEXEC);
	if (chmod(path.text, st.st_mode & 07777) == 0 || opened < 0)
		return opened;
	close(opened);
	return -1;
}

/* Open the file NAME in DIR, which an earlier run made, and which may be meant to be
   read-only.  Return a descriptor, or -1 with errno.  */
static int
open_earlier(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
			| O_CLOEXEC);

	if (fd >= 0 || errno != EACCES)
		return fd;
	const int place = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (place >= 0) {
		fd = open_forbidden(place);
		close(place);
	}
	return fd;
}

/* Go on with what there is, or begin afresh and note why.  Return a descriptor of the
   data, or -1 with errno.  */
static int
open_data(struct resumption *resumption, const struct dest *dest, mode_t mode)
{
	struct remarks *const remarks = &resumption->copy->outcome->remarks;
	struct journal *const head = malloc(sizeof *head);
	enum error_step why = ERROR_NO_STEP;

	if (head == NULL)
		return -1;
	resumable_describe(resumption, dest, mode, head);
	int fd = resumption->journal.is_new ? -1 : open_earlier(dest->dir, dest->hidden);
	const int ret = resumption->journal.is_new ? 0
		: resumable_check(resumption, fd, head, &why);
	if (ret <= 0 && fd >= 0)
		close(fd);
	if (ret == 0 && why != ERROR_NO_STEP)
		remarks_add(remarks, why, 0);
	if (ret <= 0)
		fd = ret < 0 ? -1 : begin_afresh(resumption, dest, mode, head);
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

/* The journal can't be kept, with errno: remove it.  Return -1 with errno.  */
static int
give_up(struct resumption *resumption, const struct dest *dest)
{
	const int err = errno;
	const struct journalfile *const journal = &resumption->journal;

	resumption->busy = err == EBUSY && journal->fd < 0;
	if (journal->fd >= 0 && journal->is_new)
		remove_any(dest->dir, journal->name);
	close_journal(resumption);
	if (!resumption->busy && err != EINTR)
		remarks_add(&resumption->copy->outcome->remarks, ERROR_RESUME_JOURNAL,
			    err);
	errno = err;
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

/* Open the copy DEST once more, for the keeper.  Return a descriptor, or -1.  */
static int
open_again(const struct dest *dest)
{
	const int flags = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	struct stat ours, there;
	int fd = openat(dest->dir, dest->hidden, O_RDONLY | flags);

	if (fd < 0 && errno == EACCES)
		fd = openat(dest->dir, dest->hidden, O_WRONLY | flags);
	if (fd < 0 || (fstat(dest->file.fd, &ours) == 0 && fstat(fd, &there) == 0
		       && inode_is_same(&ours, &there)))
		return fd;
	close(fd);
	return -1;
}

void
resumption_begin(struct copy *copy)
{
	struct resumption *const resumption = &copy->resumption;
	struct dest *const dest = &copy->dest;

	if (resumption->marks == NULL)
		return;
	char *const hashes = (char *) resumption->hashes.of;
	resumption->resumed = 0;
	guard_run(add_up, hashes, hashes,
		  resumption->hashes.room * sizeof(struct blockhash), resumption);
	counts_set(&copy->outcome->copied.counts, COUNT_RESUMED, resumption->resumed);
	totals_add(COUNT_EXPECTED, -resumption->resumed);
	totals_add(COUNT_AMENDED, -resumption->resumed);
	keeper_start(&resumption->keeper, &resumption->journal, resumption->marks,
		     open_again(dest), dest->dir);
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
   that it has the wrong bytes, and there are some.  */
static bool
is_of_use(const struct copy *copy)
{
	const struct resumption *const resumption = &copy->resumption;
	const enum error_step step = copy->outcome->error.step;

	return step != ERROR_VERIFY && step != ERROR_VERIFY_BLOCK
		&& step != ERROR_VERIFY_CHANGED && step != ERROR_KEPT_CHANGING
		&& (resumption->resumed > 0 || resumption->marks->placed > 0);
}

int
resumption_stop(struct copy *copy, int ret)
{
	struct resumption *const resumption = &copy->resumption;
	struct error error;

	if (resumption->marks == NULL)
		return ret;
	if (plan_is(&copy->outcome->plan, ENGINE_REFLINK) && ret == 0)
		counts_set(&copy->outcome->copied.counts, COUNT_RESUMED, 0);
	const int kept = keeper_stop(&resumption->keeper, ret < 0 && is_of_use(copy),
				     &error);
	if (ret == 0 && kept < 0)
		copy->outcome->error = error;
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
	if (dest->file.form == DEST_HIDDEN && !is_of_use(copy)) {
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
