/* SPDX-License-Identifier: GPL-3.0-or-later */
/* newfile.c: a worker's new file, noted where its parent can read it.  */
#include "config.h"

#include "file/newfile.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/path.h"
#include "engine/extent.h"
#include "file/remove.h"

static struct newfile *shared;

void
newfile_share(struct newfile *file)
{
	shared = file;
}

void
newfile_begin(void)
{
	if (shared != NULL)
		atomic_store_explicit(&shared->inode, 0, memory_order_release);
}

void
newfile_note(int fd)
{
	struct stat st;

	if (shared != NULL && fstat(fd, &st) == 0)
		newfile_note_status(&st);
}

void
newfile_note_status(const struct stat *st)
{
	if (shared == NULL)
		return;
	atomic_store_explicit(&shared->device, st->st_dev, memory_order_relaxed);
	atomic_store_explicit(&shared->inode, st->st_ino, memory_order_release);
}

void
newfile_hide(const char *hidden)
{
	if (shared == NULL)
		return;
	if (hidden != NULL)
		strcpy(shared->hidden, hidden);
	atomic_store(&shared->is_hidden, hidden != NULL);
}

void
newfile_remove_hidden(struct newfile *file, int dir, const char *name)
{
	char *const path = file->is_hidden ? path_beside(name, file->hidden) : NULL;

	if (path != NULL)
		remove_any(dir, path);
	file->is_hidden = false;
	free(path);
}

bool
newfile_is_known(const struct newfile *file)
{
	return file->inode != 0;
}

int
newfile_remove(const struct newfile *file, int dir, const char *name)
{
	const struct stat ours = { .st_dev = file->device, .st_ino = file->inode };

	return remove_ours(dir, name, &ours);
}

bool
newfile_is_beginning(const struct pathpair *pair)
{
	static char ours[EXTENT_LOOK_FROM], theirs[EXTENT_LOOK_FROM];
	const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	const int fd = openat(pair->dest_at, pair->dest, flags | O_NOFOLLOW);
	struct stat st;
	bool is = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1
	    && st.st_size <= EXTENT_LOOK_FROM) {
		const int source = openat(pair->source_at, pair->source,
					  flags | (pair->follow ? 0 : O_NOFOLLOW));
		const ssize_t got = descriptor_read(fd, theirs, (size_t) st.st_size, 0);
		is = got == st.st_size && (got == 0 || (source >= 0
			&& descriptor_read(source, ours, (size_t) got, 0) == got
			&& memcmp(ours, theirs, (size_t) got) == 0));
		if (source >= 0)
			close(source);
	}
	close(fd);
	return is;
}
