/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dirpair.c: opening and naming the directories of a tree that are being copied.
   Displayed names are built only when they are reported.  */
#include "config.h"

#include "tree/dirpair.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/inode.h"
#include "base/path.h"

static unsigned open_count;

unsigned
dirpair_open_count(void)
{
	return open_count;
}

void
dirpair_count(int n)
{
	open_count += (unsigned) n;
}

static void
close_side(int *fd)
{
	if (*fd >= 0) {
		close(*fd);
		dirpair_count(-1);
	}
	*fd = -1;
}

void
dirpair_close(struct dirpair *dir)
{
	close_side(&dir->source);
	close_side(&dir->dest);
}

void
dirpair_forget_open(struct dirpair *dir)
{
	dir->source = dir->dest = -1;
}

/* ---- opening again ---- */

/* Open NAME below AT again, if it still is what ST says.  */
static int
reopen(int at, const char *name, bool path_only, bool follow, const struct stat *st)
{
	const int flags = (path_only ? O_PATH : O_RDONLY) | (follow ? 0 : O_NOFOLLOW);
	const int fd = path_open_same_directory(at, name, flags, st);

	if (fd >= 0)
		dirpair_count(1);
	return fd;
}

/* Open both sides of DIR again, as NAME below SOURCE and DEST.  */
static int
reopen_both(struct dirpair *dir, int source, int dest, const char *name, bool follow)
{
	dir->source = reopen(source, name, dir->source_path_only || dir->bare, follow,
			     &dir->source_st);
	if (dir->source >= 0 && !dir->planned)
		dir->dest = reopen(dest, name, dir->dest_path_only || dir->bare, follow,
				   &dir->dest_st);
	if (dir->source >= 0 && (dir->dest >= 0 || dir->planned))
		return 0;
	const int saved = errno;
	dirpair_close(dir);
	errno = saved;
	return -1;
}

/* Open DIR again as the parent of BELOW, unless a symlink led to BELOW from elsewhere.
   Return 0, or -1.  */
static int
reopen_from_below(struct dirpair *dir, const struct dirpair *below)
{
	if (below == NULL || below->followed || below->source < 0
	    || (below->dest < 0 && !dir->planned))
		return -1;
	return reopen_both(dir, below->source, below->dest, "..", false);
}

/* Open DIR again by its name in the directory above, which is opened for that.  Return 0,
   or -1 with errno.  */
static int
reopen_from_above(struct dirpair *dir)
{
	struct dirpair *const above = dir->above;

	if (above == NULL)	/* Only where another process had it open.  */
		return dirpair_reopen_source(dir) < 0 ? -1 : dirpair_reopen_dest(dir);
	const bool was_closed = above->source < 0;
	if (was_closed && reopen_from_above(above) < 0)
		return -1;
	const int ret = reopen_both(dir, above->source, above->dest, dir->name,
				    dir->followed);
	const int saved = errno;
	if (was_closed)
		dirpair_close(above);
	errno = saved;
	return ret;
}

int
dirpair_reopen(struct dirpair *dir, const struct dirpair *below)
{
	if (dir->source >= 0 && (dir->dest >= 0 || dir->planned))
		return 0;
	return reopen_from_below(dir, below) == 0 ? 0 : reopen_from_above(dir);
}

int
dirpair_reopen_source(struct dirpair *dir)
{
	if (dir->source >= 0)
		return 0;
	char *const path = dirpair_own_source_name(dir);
	if (path != NULL)
		dir->source = reopen(AT_FDCWD, path, dir->source_path_only || dir->bare,
				     dir->followed, &dir->source_st);
	free(path);
	return dir->source >= 0 ? 0 : -1;
}

int
dirpair_reopen_dest(struct dirpair *dir)
{
	const struct dirpair *const root = dirpair_root(dir);

	if (dir->dest >= 0 || dir->planned)
		return 0;
	char *const path = dir->above == NULL ? strdup(root->dest_path)
		: dirpair_dest_path(dir->above, dir->name);
	if (path != NULL)
		dir->dest = reopen(root->dest_base, path,
				   dir->dest_path_only || dir->bare, dir->followed,
				   &dir->dest_st);
	free(path);
	return dir->dest >= 0 || dir->planned ? 0 : -1;
}

/* ---- names ---- */

/* Return ROOT, the directories down to DIR, and NAME, joined by slashes.  The caller
   frees it; NULL with errno.  */
static char *
join(const struct dirpair *dir, const char *root, const char *name)
{
	const size_t root_len = strlen(root);
	size_t len = root_len + 1 + strlen(name) + 1;

	for (const struct dirpair *d = dir; d->above != NULL; d = d->above)
		len += strlen(d->name) + 1;
	char *const path = malloc(len);
	if (path == NULL)
		return NULL;
	char *at = path + len;
	*--at = '\0';
	at -= strlen(name);
	memcpy(at, name, strlen(name));
	for (const struct dirpair *d = dir; d->above != NULL; d = d->above) {
		*--at = '/';
		at -= strlen(d->name);
		memcpy(at, d->name, strlen(d->name));
	}
	if (root_len > 0 && root[root_len - 1] != '/')
		*--at = '/';
	at -= root_len;
	memcpy(at, root, root_len);
	return memmove(path, at, (size_t) (path + len - at));
}

size_t
dirpair_base(const struct dirpair *dir)
{
	const struct dirpair *const root = dirpair_root(dir);
	const size_t len = path_trimmed(root->source_root),
		tail = path_trimmed(root->dest_path);

	/* Below a target directory, the path begins with the operand's own name.  */
	const bool fills = root->dest_base != AT_FDCWD && tail > 0 && tail <= len
		&& strcmp(root->dest_path, ".") != 0
		&& strncmp(root->source_root + len - tail, root->dest_path, tail) == 0;
	return fills ? len - tail : len;
}

size_t
dirpair_own_base(const struct dirpair *dir)
{
	return dir->above == NULL ? strlen(dir->source_root) : dirpair_base(dir);
}

char *
dirpair_own_source_name(const struct dirpair *dir)
{
	return dir->above == NULL ? strdup(dir->source_root)
		: dirpair_source_name(dir->above, dir->name);
}

char *
dirpair_own_dest_name(const struct dirpair *dir)
{
	return dir->above == NULL ? strdup(dir->dest_root)
		: dirpair_dest_name(dir->above, dir->name);
}

const struct dirpair *
dirpair_root(const struct dirpair *dir)
{
	while (dir->above != NULL)
		dir = dir->above;
	return dir;
}

char *
dirpair_source_name(const struct dirpair *dir, const char *name)
{
	return join(dir, dirpair_root(dir)->source_root, name);
}

char *
dirpair_dest_name(const struct dirpair *dir, const char *name)
{
	return join(dir, dirpair_root(dir)->dest_root, name);
}

char *
dirpair_dest_path(const struct dirpair *dir, const char *name)
{
	return join(dir, dirpair_root(dir)->dest_path, name);
}

bool
dirpair_has_ancestor(const struct dirpair *dir, const struct stat *st)
{
	for (; dir != NULL; dir = dir->above)
		if (inode_is_same(&dir->source_st, st))
			return true;
	return false;
}
