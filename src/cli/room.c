/* SPDX-License-Identifier: GPL-3.0-or-later */
/* room.c: a copy that can't fit is begun as any other, since small files may fit, as with
   cp; but who watches is told.  */
#include "config.h"

#include "cli/room.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/totals.h"
#include "report/copymessages.h"

static const char *target;	/* NULL: it is unknown how much room there is */
static uint64_t room;
static bool on_device;

/* Return whether a source of OPERANDS is on the file system of directory DIR, and may
   share blocks with its copy there.  */
static bool
may_share(const struct operands *operands, int dir)
{
	struct stat there, st;

	if (fstat(dir, &there) < 0 || !fs_shares_blocks(dir, there.st_dev))
		return false;
	for (size_t i = 0; i < operands->count; i++)
		if (stat(operands->sources[i], &st) == 0 && st.st_dev == there.st_dev)
			return true;
	return false;
}

void
room_look(const struct operands *operands, bool clones)
{
	struct statvfs fs;
	struct stat st;
	const int fd = operands->dir >= 0 ? operands->dir
		: path_open_real_parent(AT_FDCWD, operands->target);

	on_device = fd >= 0 && fstat(fd, &st) == 0 && major(st.st_dev) != 0;
	if (fd >= 0 && fstatvfs(fd, &fs) == 0 && fs.f_blocks > 0
	    && !(clones && may_share(operands, fd))) {
		target = operands->target;
		room = (uint64_t) (geteuid() == 0 ? fs.f_bfree : fs.f_bavail)
			* fs.f_frsize;
	}
	if (fd >= 0 && fd != operands->dir)
		close(fd);
}

void
room_check(uint64_t bytes)
{
	if (target != NULL && bytes > room && totals_read(COUNT_REPLACED) == 0)
		report_little_room(target, bytes, room);
	target = NULL;		/* once is enough */
}

uint64_t
room_in_memory(uint64_t bytes)
{
	const uint64_t dirty = on_device ? memory_dirty() : 0;

	return dirty < bytes ? dirty : bytes;
}
