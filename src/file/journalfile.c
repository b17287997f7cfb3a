/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journalfile.c: the journal of this run.  Somebody may cut the file while it is mapped,
   so it is touched under the guard only.  */
#include "config.h"

#include "file/journalfile.h"

#include <errno.h>
#include <fcntl.h>
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
#include "file/journalcommand.h"
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

/* Return whether NAME in DIR, which can't be opened because of ERR, may be a journal all
   the same, that can be opened at another time.  errno becomes ERR.  */
static bool
may_be_opened_later(int dir, const char *name, int err)
{
	const bool foreign = err == EACCES || err == EPERM || err == EISDIR
		|| err == ELOOP || err == ENXIO || err == ENOENT;
	const bool may = !foreign
		&& (faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0
		    || errno != ENOENT);

	errno = err;
	return may;
}

/* Open NAME in DIR or make it.  Return a descriptor, or -1 with errno.  */
static int
open_or_make(struct journalfile *journal, int dir, const char *name)
{
	const int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	const int fd = openat(dir, name, flags);

	journal->is_new = fd < 0 && errno == ENOENT;
	if (!journal->is_new) {
		journal->stays = fd >= 0 || may_be_opened_later(dir, name, errno);
		return fd;
	}
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
		journal->stays = false;
		errno = EPERM;
		return -1;
	}
	if (!is_private(&st)) {
		journalfile_close(journal);
		return remove_ours(dir, name, &st) == 0 || errno == ENOENT
			|| errno == ESTALE ? 0 : -1;
	}
	const bool is_there = fstatat(dir, name, &there, AT_SYMLINK_NOFOLLOW) == 0;
	if (!is_there && errno != ENOENT)
		return -1;
	if (is_there && inode_is_same(&st, &there))
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
	const bool stays = journal->stays;
	if (journal->fd >= 0 && journal->is_new && err != EBUSY)
		remove_any(dir, name);
	journalfile_close(journal);
	journal->stays = stays;
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

int
journalfile_empty(struct journalfile *journal)
{
	if (journal->mapped != NULL)
		munmap(journal->mapped, journal->len);
	journal->mapped = NULL;
	return ftruncate(journal->fd, 0) < 0 ? -1 : fdatasync(journal->fd);
}

int
journalfile_begin(struct journalfile *journal, struct journal *head)
{
	const uint64_t len = journal_size(head->source.size, head->chunk);

	memcpy(head->magic, JOURNAL_MAGIC, sizeof head->magic);
	head->order = JOURNAL_ORDER;
	head->version = JOURNAL_VERSION;
	head->size = sizeof *head;
	head->began = clock_date();
	journalcommand_put(head);
	journal_sign(head);
	/* Pages that have their blocks are never lacking for want of room.  */
	const int err = posix_fallocate(journal->fd, 0, (off_t) len);
	if (err != 0) {
		errno = err;
		return -1;
	}
	return descriptor_write(journal->fd, head, sizeof *head, 0) < 0 ? -1
		: map(journal, head, (size_t) len);
}
