/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mounts.c: mount points of file systems that may not answer.  A name is first compared
   with them as text, since looking it up may already be the request that hangs.  */
#include "config.h"

#include "base/mounts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/listing.h"
#include "base/path.h"

/* ---- the table ---- */

/* Return whether a file system of TYPE may not answer; DEVICE: it has a block device.  An
   unknown network file system has none, and isn't in the list of local types.  */
static bool
may_hang(const char *type, bool device)
{
	static const char *const local[] = {
		"bcachefs", "binfmt_misc", "bpf", "btrfs", "cgroup", "cgroup2",
		"configfs", "cpuset", "debugfs", "devpts", "devtmpfs", "ecryptfs",
		"efivarfs",
		"erofs", "fusectl", "hugetlbfs", "mqueue", "nsfs", "overlay", "proc",
		"pstore",
		"ramfs", "resctrl", "rootfs", "rpc_pipefs", "securityfs", "selinuxfs",
		"shiftfs",
		"smackfs", "sysfs", "tmpfs", "tracefs", "ubifs", "jffs2", "zfs",
	};

	for (size_t i = 0; i < sizeof local / sizeof *local; i++)
		if (strcmp(type, local[i]) == 0)
			return false;
	return !device || strncmp(type, "fuse", 4) == 0;
}

/* Return whether the file system with entry DEVICE in MOUNTS_DEVICES may not answer.
   Entries are "8:0" for a block device, "8:1-fuseblk" and "0:42" for FUSE, "0:43" for
   NFS, and for others "cifs-1", "btrfs-2" and the like.  */
static bool
device_may_hang(const char *device)
{
	unsigned major;
	int end = 0;

	if (sscanf(device, "%u:%*u%n", &major, &end) == 1 && end > 0)
		return major == 0 || device[end] != '\0';
	char *const type = strndup(device, strcspn(device, "-"));
	const bool may = type == NULL || may_hang(type, false);
	free(type);
	return may;
}

bool
mounts_possible(int fd)
{
	struct listing listing = LISTING_EMPTY;
	bool possible = false;
	unsigned char type;
	const char *name;
	int ret;

	while ((ret = listing_read(&listing, fd, 0)) > 0)
		;
	while (!possible && (name = listing_next(&listing, &type)) != NULL)
		possible = device_may_hang(name);
	listing_free(&listing);
	return possible || ret < 0;
}

/* Replace the octal escapes of mountinfo by the bytes that they stand for.  */
static void
unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; to++)
		if (from[0] == '\\' && strspn(from + 1, "01234567") >= 3) {
			*to = (char) ((from[1] - '0') * 64 + (from[2] - '0') * 8
				      + from[3] - '0');
			from += 4;
		} else {
			*to = *from++;
		}
	*to = '\0';
}

/* Return the mount point in LINE of mountinfo (which is modified) if its file system may
   not answer; else NULL.
   "36 35 0:42 /root /point options [tag...] - type source options".  */
static char *
point_of(char *line)
{
	char *const fields = strstr(line, " - ");
	unsigned major;
	int at = 0;
	char *rest;

	if (fields == NULL || sscanf(line, "%*s %*s %u:%*u %*s %n", &major, &at) < 1
	    || at == 0)
		return NULL;
	const char *const type = strtok_r(fields + 3, " ", &rest);
	if (type == NULL || !may_hang(type, major != 0))
		return NULL;
	char *const point = strtok_r(line + at, " ", &rest);
	/* systemd has an autofs for binfmt_misc on all machines.  */
	if (point == NULL
	    || (strcmp(type, "autofs") == 0 && strncmp(point, "/proc/", 6) == 0))
		return NULL;
	unescape(point);
	return point;
}

/* Add POINT.  Return 0, or -1 with errno.  */
static int
add(struct mounts *mounts, const char *point)
{
	char **const more = realloc(mounts->point, (mounts->count + 1) * sizeof *more);

	if (more == NULL)
		return -1;
	mounts->point = more;
	more[mounts->count] = strdup(point);
	if (more[mounts->count] == NULL)
		return -1;
	mounts->count++;
	return 0;
}

int
mounts_read(struct mounts *mounts, FILE *table)
{
	char *line = NULL;
	size_t size = 0;
	int ret = 0;

	*mounts = MOUNTS_NONE;
	while (ret == 0 && getline(&line, &size, table) > 0) {
		const char *const point = point_of(line);
		if (point != NULL)
			ret = add(mounts, point);
	}
	free(line);
	if (mounts->count > 0)
		mounts->here = getcwd(NULL, 0);
	if (ret < 0)
		mounts_free(mounts);
	return ret;
}

int
mounts_know(struct mounts *mounts)
{
	static char buffer[8192];	/* stdio's is too small for files in /proc */
	FILE *const table = fopen(MOUNTS_TABLE, "re");

	*mounts = MOUNTS_NONE;
	if (table == NULL)
		return -1;
	setvbuf(table, buffer, _IOFBF, sizeof buffer);
	const int ret = mounts_read(mounts, table);
	fclose(table);
	return ret;
}

void
mounts_free(struct mounts *mounts)
{
	for (size_t i = 0; i < mounts->count; i++)
		free(mounts->point[i]);
	free(mounts->point);
	free(mounts->here);
	*mounts = MOUNTS_NONE;
}

/* ---- names ---- */

/* Return whether PATH is DIR or below it, both absolute.  */
static bool
is_below(const char *path, const char *dir)
{
	const size_t len = strcmp(dir, "/") == 0 ? 0 : strlen(dir);

	return strncmp(path, dir, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

static bool
compare(const struct mounts *mounts, const char *path, bool tree)
{
	for (size_t i = 0; i < mounts->count; i++)
		if (is_below(path, mounts->point[i])
		    || (tree && is_below(mounts->point[i], path)))
			return true;
	return false;
}

/* Remove "", "." and ".." from PATH, which is absolute, as if no directory were a
   symlink.  */
static void
straighten(char *path)
{
	char *to = path;

	for (const char *from = path; *from != '\0'; ) {
		from += strspn(from, "/");
		const size_t len = strcspn(from, "/");
		if (len == 2 && strncmp(from, "..", 2) == 0) {
			while (to > path && *--to != '/')
				;
		} else if (len > 0 && !(len == 1 && *from == '.')) {
			*to++ = '/';
			memmove(to, from, len);
			to += len;
		}
		from += len;
	}
	if (to == path)
		*to++ = '/';
	*to = '\0';
}

/* Return PATH as an absolute path, without looking it up.  The caller frees it.  NULL if
   the working directory is unknown.  */
static char *
absolute(const struct mounts *mounts, const char *path)
{
	const char *const here = *path == '/' ? "" : mounts->here;
	char *full;

	if (here == NULL || asprintf(&full, "%s/%s", here, path) < 0)
		return NULL;
	straighten(full);
	return full;
}

/* Return PATH with symlinks resolved; if it doesn't exist, those of its directory.  The
   caller frees it.  NULL on error, or if PATH has no symlinks to resolve.  */
static char *
resolved(const char *path)
{
	char byte;

	/* A single component that isn't a symlink is already resolved.  */
	if (strchr(path, '/') == NULL && readlink(path, &byte, 1) < 0)
		return NULL;
	char *const real = realpath(path, NULL);
	if (real != NULL || errno != ENOENT)
		return real;
	const size_t len = path_base(path);
	char *const dir = len == 0 ? strdup(".") : strndup(path, len);
	char *const parent = dir != NULL ? realpath(dir, NULL) : NULL;
	char *full = NULL;
	if (parent != NULL && asprintf(&full, "%s/%s", parent, path + len) < 0)
		full = NULL;
	if (full != NULL)
		straighten(full);
	free(parent);
	free(dir);
	return full;
}

bool
mounts_affect(const struct mounts *mounts, const char *path, bool tree)
{
	if (mounts->count == 0 || *path == '\0')
		return false;
	char *const full = absolute(mounts, path);
	bool concern = full != NULL && compare(mounts, full, tree);
	free(full);
	char *const real = concern ? NULL : resolved(path);
	concern = concern || (real != NULL && compare(mounts, real, tree));
	free(real);
	return concern;
}
