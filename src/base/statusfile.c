/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statusfile.c: the status file of this run.  It appears whole and locked, under its
   name.  If somebody cuts it, or its file system is full, it is given up, and the copy
   goes on.  */
#include "config.h"

#include "base/statusfile.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/guard.h"
#include "base/hiddenname.h"
#include "base/statusdir.h"

/* doc/formats.md says so.  */
static_assert(sizeof(struct statusfile) == 28672, "the file has no other size");
static_assert(offsetof(struct statusfile, sequence) == 24
	      && offsetof(struct statusfile, began) == 32
	      && offsetof(struct statusfile, dest) == 144
	      && offsetof(struct statusfile, source) == 4240
	      && offsetof(struct statusfile, worker) == 12288
	      && sizeof(struct statusfile_worker) == 256, "there are no gaps");

static struct {
	struct statusfile *mapped;	/* NULL: there is no file */
	int lock;			/* the file, open for reading, and locked */
	char path[STATUSDIR_PATH + HIDDENNAME_SIZE];
} state = { .lock = -1 };

/* Change DEST to SOURCE, both of LEN bytes, such that a reader notices.  */
static void
replace(char *dest, const char *source, size_t len, void *context)
{
	struct statusfile *const to = (struct statusfile *) (void *) dest;
	const size_t head = offsetof(struct statusfile, began);
	const uint64_t sequence = atomic_load_explicit(&to->sequence,
						       memory_order_relaxed);

	(void) context;
	atomic_store_explicit(&to->sequence, sequence | 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	memcpy(dest + head, source + head, len - head);
	atomic_store_explicit(&to->sequence, (sequence | 1) + 1, memory_order_release);
}

/* Map the file FD, after it has got the contents of STATUS.  */
static void
map(int fd, const struct statusfile *status)
{
	if (descriptor_write(fd, status, sizeof *status, 0) < 0)
		return;
	void *const mapped = mmap(NULL, sizeof *status, PROT_READ | PROT_WRITE,
				  MAP_SHARED, fd, 0);
	if (mapped != MAP_FAILED)
		state.mapped = mapped;
}

/* Make a locked file in DIR, with the contents of STATUS, under NAME without its dot.
   Return whether that was done.  */
static bool
make(int dir, const char *name, const struct statusfile *status)
{
	const int fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW
			      | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	/* The lock is on a file that isn't open for writing: a supervisor that gives up
	   reports those that are.  */
	state.lock = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (state.lock >= 0 && flock(state.lock, LOCK_EX | LOCK_NB) == 0)
		map(fd, status);
	close(fd);
	/* A reader has removed it, if it came before the lock.  */
	if (state.mapped != NULL && renameat(dir, name, dir, name + 1) == 0)
		return true;
	unlinkat(dir, name, 0);
	statusfile_close();
	return false;
}

bool
statusfile_open(struct statusfile *status)
{
	enum { TRIES = 3 };
	char name[HIDDENNAME_SIZE], path[STATUSDIR_PATH];
	const int dir = statusdir_open(path);
	bool made = false;

	if (dir < 0)
		return false;
	memcpy(status->magic, STATUSFILE_MAGIC, sizeof status->magic);
	status->order = STATUSFILE_ORDER;
	status->version = STATUSFILE_VERSION;
	status->size = sizeof *status;
	guard_install();
	for (int i = 0; i < TRIES && !made; i++) {
		hiddenname_make(name);
		made = make(dir, name, status);
	}
	if (made)
		snprintf(state.path, sizeof state.path, "%s/%s", path, name + 1);
	close(dir);
	return made;
}

void
statusfile_update(const struct statusfile *status)
{
	if (state.mapped != NULL
	    && guard_run(replace, (char *) state.mapped, (const char *) status,
			 sizeof *status, NULL) < 0)
		statusfile_close();
}

void
statusfile_is_worker(void)
{
	if (state.lock >= 0)
		close(state.lock);
	state.lock = -1;
	state.mapped = NULL;
	*state.path = '\0';
}

void
statusfile_close(void)
{
	if (*state.path != '\0')
		unlink(state.path);
	if (state.mapped != NULL)
		munmap(state.mapped, sizeof *state.mapped);
	statusfile_is_worker();
}
