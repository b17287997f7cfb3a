/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statusdir.c: where status files are.  Anybody may make names in /tmp, so a directory is
   opened without following links and then asked whose it is.  */
#include "config.h"

#include "base/statusdir.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/inode.h"
#include "base/mounts.h"

#define RUN "/run"
#define RUN_USER "/run/user"
#define TMP "/tmp"

/* Open directory PATH, if it is OWNER's alone.  Return a descriptor, or -1.  */
static int
open_private(const char *path, uid_t owner)
{
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == owner && (st.st_mode & 07777) == 0700)
		return fd;
	close(fd);
	return -1;
}

/* Put the path of NAME in directory PARENT into PATH.  Return whether it has room.  */
static bool
join(char path[static STATUSDIR_PATH], const char *parent, const char *name)
{
	return snprintf(path, STATUSDIR_PATH, "%s/%s", parent, name) < STATUSDIR_PATH;
}

/* Put the directory in $XDG_RUNTIME_DIR into PATH.  Return whether there is one: not if
   that is another user's, as it is after su.  */
static bool
find_xdg(char path[static STATUSDIR_PATH], uid_t user)
{
	const char *const xdg = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	return xdg != NULL && *xdg == '/' && join(path, xdg, "mmcp")
		&& stat(xdg, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == user;
}

static void
find_tmp(char path[static STATUSDIR_PATH], uid_t user)
{
	snprintf(path, STATUSDIR_PATH, TMP "/mmcp-%ju", (uintmax_t) user);
}

/* Open PATH, OWNER's alone, making it if it is missing.  Return a descriptor, or -1.  */
static int
make_private(const char *path, uid_t owner)
{
	mkdir(path, 0700);	/* It may exist.  */
	return open_private(path, owner);
}

int
statusdir_open(char path[static STATUSDIR_PATH])
{
	const uid_t user = geteuid();
	int fd = -1;

	if (find_xdg(path, user))
		fd = make_private(path, user);
	if (fd < 0 && user == 0 && join(path, RUN, "mmcp"))
		fd = make_private(path, user);
	if (fd >= 0)
		return fd;
	find_tmp(path, user);
	return make_private(path, user);
}

/* ---- for readers ---- */

enum { SEEN_MOST = 16 };

struct search {
	statusdir_visit *visit;
	void *context;
	struct mounts mounts;
	struct stat seen[SEEN_MOST];	/* of the user's own directories */
	unsigned count;
};

/* Return whether ST is a directory that was visited.  */
static bool
is_seen(struct search *search, const struct stat *st)
{
	for (unsigned i = 0; i < search->count; i++)
		if (inode_is_same(&search->seen[i], st))
			return true;
	if (search->count < SEEN_MOST)
		search->seen[search->count++] = *st;
	return false;
}

/* Visit the files in directory PATH, if it is OWNER's alone.  One that a user has mounted
   there isn't entered: it may not answer.  */
static void
visit_directory(struct search *search, const char *path, uid_t owner)
{
	const struct dirent *entry;
	struct stat st;

	if (mounts_affect(&search->mounts, path, false))
		return;
	const int fd = open_private(path, owner);
	DIR *const dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	if (fstat(fd, &st) == 0 && !is_seen(search, &st))
		while ((entry = readdir(dir)) != NULL)
			if (strcmp(entry->d_name, ".") != 0
			    && strcmp(entry->d_name, "..") != 0)
				search->visit(search->context, fd, path, entry->d_name);
	closedir(dir);
}

/* Visit the directory of each user in PARENT: PREFIX and a number is its name, and behind
   that comes SUFFIX.  */
static void
visit_users(struct search *search, const char *parent, const char *prefix,
	const char *suffix)
{
	const size_t len = strlen(prefix);
	char path[STATUSDIR_PATH];
	const struct dirent *entry;
	DIR *const dir = opendir(parent);

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		const char *const number = entry->d_name + len;
		if (strncmp(entry->d_name, prefix, len) == 0
		    && *number != '\0' && strspn(number, "0123456789") == strlen(number)
		    && snprintf(path, sizeof path, "%s/%s%s", parent, entry->d_name,
				suffix) < (int) sizeof path)
			visit_directory(search, path,
					(uid_t) strtoumax(number, NULL, 10));
	}
	if (dir != NULL)
		closedir(dir);
}

void
statusdir_each(statusdir_visit *visit, void *context)
{
	struct search search = { .visit = visit, .context = context,
				 .mounts = MOUNTS_NONE };
	const uid_t user = geteuid();
	char path[STATUSDIR_PATH];

	mounts_know(&search.mounts);
	if (find_xdg(path, user))
		visit_directory(&search, path, user);
	if (user == 0) {
		visit_directory(&search, RUN "/mmcp", user);
		visit_users(&search, RUN_USER, "", "/mmcp");
		visit_users(&search, TMP, "mmcp-", "");
	} else {
		snprintf(path, sizeof path, RUN_USER "/%ju/mmcp", (uintmax_t) user);
		visit_directory(&search, path, user);
		find_tmp(path, user);
		visit_directory(&search, path, user);
	}
	mounts_free(&search.mounts);
}
