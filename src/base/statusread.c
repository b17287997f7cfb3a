/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statusread.c: the status files of other processes.  Nothing in them is believed: a user
   may have written anything there, for root to read.  */
#include "config.h"

#include "base/statusfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/guard.h"

/* Looks for a moment at which nothing changes, and nanoseconds between them.  */
enum { LOOKS = 100, BETWEEN = 1000000 };

/* ---- what is in a file ---- */

static bool
ends(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

/* Return the names in STATUS, of which a NUL is behind each.  */
static uint32_t
count_sources(const struct statusfile *status)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < status->sources_len; i++)
		n += status->source[i] == '\0';
	return n;
}

static bool
is_sound(const struct statusfile *status)
{
	const uint32_t len = status->sources_len;

	if (status->state >= STATUSFILE_STATES || status->whole > 1
	    || status->workers > STATUSFILE_WORKERS
	    || !ends(status->dest, sizeof status->dest)
	    || len == 0 || len > sizeof status->source || status->source[len - 1] != '\0'
	    || count_sources(status) > status->sources)
		return false;
	for (uint32_t i = 0; i < status->workers; i++)
		if (status->worker[i].doing >= STATUSFILE_DOINGS
		    || !ends(status->worker[i].where, sizeof status->worker[i].where))
			return false;
	return true;
}

enum statusfile_error
statusfile_check(const struct statusfile *status, size_t len)
{
	if (len < offsetof(struct statusfile, sequence)
	    || memcmp(status->magic, STATUSFILE_MAGIC, sizeof status->magic) != 0
	    || status->order != STATUSFILE_ORDER)
		return STATUSFILE_FOREIGN;
	if (status->version != STATUSFILE_VERSION)
		return STATUSFILE_OTHER;
	return len == sizeof *status && status->size == len && is_sound(status)
		? STATUSFILE_OK : STATUSFILE_DAMAGED;
}

const char *
statusfile_source(const struct statusfile *status, const char *source)
{
	const char *const next = source == NULL ? status->source
		: source + strlen(source) + 1;

	return next < status->source + status->sources_len ? next : NULL;
}

/* ---- the file ---- */

/* Copy SOURCE, of LEN bytes, to DEST, and set *CONTEXT, a bool, if it didn't change
   meanwhile.  */
static void
look(char *dest, const char *source, size_t len, void *context)
{
	const struct statusfile *const from = (const void *) source;
	bool *const still = context;
	const uint64_t before = atomic_load_explicit(&from->sequence,
						     memory_order_acquire);

	memcpy(dest, source, len);
	atomic_thread_fence(memory_order_acquire);
	*still = before % 2 == 0
		&& atomic_load_explicit(&from->sequence, memory_order_relaxed) == before;
}

/* Read the file FD, which has the size of a status file, into *STATUS.  */
static enum statusfile_error
read_mapped(int fd, struct statusfile *status)
{
	const struct timespec tick = { .tv_nsec = BETWEEN };
	void *const mapped = mmap(NULL, sizeof *status, PROT_READ, MAP_SHARED, fd, 0);
	bool still = false, there = true;

	if (mapped == MAP_FAILED)
		return STATUSFILE_REFUSED;
	guard_install();
	for (int i = 0; i < LOOKS && there && !still; i++) {
		if (i > 0)
			nanosleep(&tick, NULL);
		there = guard_run(look, (char *) status, mapped, sizeof *status,
				  &still) == 0;
	}
	munmap(mapped, sizeof *status);
	return !there ? STATUSFILE_DAMAGED : !still ? STATUSFILE_BUSY
		: statusfile_check(status, sizeof *status);
}

/* Return whether a process holds the lock of FD.  */
static bool
is_alive(int fd)
{
	return flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

/* Read the open file FD, whose status is ST, NAME in directory DIR.  */
static enum statusfile_error
read_open(int fd, const struct stat *st, int dir, const char *name,
	struct statusfile *status)
{
	const size_t head = offsetof(struct statusfile, sequence);
	const bool hidden = strncmp(name, ".mmcp-", 6) == 0;	/* just being made */

	if (!S_ISREG(st->st_mode))
		return STATUSFILE_FOREIGN;
	const ssize_t len = hidden ? 0 : descriptor_read(fd, status, head, 0);
	const enum statusfile_error error = hidden ? STATUSFILE_GONE
		: len < 0 ? STATUSFILE_REFUSED : statusfile_check(status, (size_t) len);
	if (error == STATUSFILE_FOREIGN || error == STATUSFILE_REFUSED)
		return error;
	if (!is_alive(fd)) {
		if (st->st_uid == geteuid())
			unlinkat(dir, name, 0);
		return STATUSFILE_GONE;
	}
	return error == STATUSFILE_DAMAGED && st->st_size == (off_t) sizeof *status
		? read_mapped(fd, status) : error;
}

enum statusfile_error
statusfile_read(int dir, const char *name, struct statusfile *status)
{
	/* A pipe or a device isn't waited for.  */
	const int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
			      | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return errno == ENOENT ? STATUSFILE_GONE : STATUSFILE_REFUSED;
	enum statusfile_error error = STATUSFILE_REFUSED;
	if (fstat(fd, &st) == 0)
		error = read_open(fd, &st, dir, name, status);
	const int err = errno;
	close(fd);
	errno = err;
	return error;
}
