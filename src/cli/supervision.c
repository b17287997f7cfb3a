/* SPDX-License-Identifier: GPL-3.0-or-later */
/* supervision.c: whether a supervisor is needed; no cost for copies that need none.  */
#include "config.h"

#include "cli/supervision.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/mounts.h"
#include "cli/supervisor.h"

/* Open a stand-in for standard stream FD, which is the lowest free number.  Reading or
   writing it fails with EBADF, as if it were closed.  Nor can it be opened again as
   /dev/stdin or /dev/stdout: /dev/null could, as an empty source or as a place where a
   copy is lost.  Return 0, or -1.  */
static int
open_stand_in(int fd)
{
	const int thing = eventfd(0, 0);
	const int path = thing == fd ? open(descriptor_path(thing).text, O_PATH) : -1;

	if (path >= 0) {
		dup2(path, fd);
		close(path);
		return 0;
	}
	if (thing >= 0)
		close(thing);
	return open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) == fd ? 0 : -1;
}

/* Open those standard streams that are closed: a file of ours must not take their number,
   or messages would be written to it.  HIGH was just opened; if it is above 2, all are
   open.  */
static void
hold_standard_streams(int high)
{
	for (int fd = 0; fd <= 2 && high <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open_stand_in(fd) < 0)
			_exit(1);
}

int
supervision_open(void)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	const int fd = open(MOUNTS_DEVICES, flags);

	if (fd < 0 || fd > 2) {
		hold_standard_streams(fd);
		return fd;
	}
	close(fd);
	hold_standard_streams(-1);
	return open(MOUNTS_DEVICES, flags);
}

/* Return whether an operand, a file below it, the list of failures or the log may
   be on MOUNTS.  */
static bool
concerns(const struct mounts *mounts, const struct options *options)
{
	const bool tree = options->entry.recursive;
	const char *const target = options->operands.target_directory;

	if (options->files0_from != NULL
	    || (tree && options->entry.dereference == DEREFERENCE_ALWAYS))
		return mounts->count > 0;
	for (size_t i = 0; i < options->count; i++)
		if (mounts_affect(mounts, options->operand[i], tree))
			return true;
	return (target != NULL && mounts_affect(mounts, target, tree))
		|| (options->failed_to != NULL
		    && mounts_affect(mounts, options->failed_to, false))
		|| (options->log_file != NULL
		    && mounts_affect(mounts, options->log_file, false));
}

/* Return whether there are only one or two files to copy, for which reading the table of
   mounts would take long.  */
static bool
is_little(const struct options *options)
{
	return !options->entry.recursive && options->files0_from == NULL
		&& options->count <= 2;
}

void
supervision_keep(const struct options *options, int devices)
{
	struct mounts mounts;

	if (is_little(options) && devices >= 0 && !mounts_possible(devices))
		return;
	if (mounts_know(&mounts) == 0 && concerns(&mounts, options))
		supervisor_start();
	mounts_free(&mounts);
}

void
supervision_close(int devices)
{
	if (devices >= 0)
		close(devices);
}
