/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journals.c: --status finds the journals of copies that nobody makes any more.  */
#include "config.h"

#include "cli/journals.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/journal.h"
#include "base/path.h"
#include "report/journaltext.h"
#include "tree/fileset.h"

/* Which journals are wanted.  */
enum wanted {
	WANTED_ALL,
	WANTED_TO,		/* of copies that get one name */
	WANTED_FROM		/* of copies from a path, or from below it */
};

/* nftw(3) takes no context.  */
static struct {
	bool json;
	bool found;
	enum wanted wanted;
	const char *name;		/* WANTED_TO: the final name */
	const char *resolved, *real;	/* WANTED_FROM: absolute paths, or NULL */
	struct fileset *shown;		/* journals; NULL: no memory for it */
} search;

/* ---- one journal ---- */

static bool
is_wanted(const struct journal *head)
{
	const char *const source = head->source_path;

	switch (search.wanted) {
	case WANTED_ALL:
		return true;
	case WANTED_TO:
		return strcmp(head->name, search.name) == 0;
	case WANTED_FROM:
		return (search.resolved != NULL
			&& path_is_within(source, search.resolved))
			|| (search.real != NULL && path_is_within(source, search.real));
	}
	return false;
}

/* Return whether the journal NAME in directory DIR was shown before.  Note it.  */
static bool
was_shown(int dir, const char *name)
{
	struct stat st;

	if (search.shown == NULL || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	const bool shown = fileset_has(search.shown, &st, "");
	if (!shown)
		fileset_add(search.shown, &st, "");
	return shown;
}

/* Show the journal NAME in directory DIR, which is called PATH, if it is one that is
   wanted and no process has it.  */
static void
show(int dir, const char *name, const char *path)
{
	static struct journal_reading reading;
	const enum journal_error error = journal_read(dir, name, &reading);
	const int err = errno;

	if (error == JOURNAL_NONE
	    || (error == JOURNAL_OK && (reading.alive || !is_wanted(&reading.head)))
	    || (error != JOURNAL_OK && search.wanted != WANTED_ALL))
		return;
	search.found = true;
	if (was_shown(dir, name))
		return;
	if (error == JOURNAL_OK)
		journaltext_print(&reading, search.json);
	else
		journaltext_report(path, error, err);
}

/* ---- where they may be ---- */

static int
visit(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void) st;
	if ((type == FTW_F || type == FTW_SL) && journal_is_name(path + at->base))
		show(AT_FDCWD, path, path);
	return 0;
}

/* Look in the directory FD, but not below it, and close it; -1: there is none.  */
static void
look_in(int fd)
{
	DIR *const stream = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	if (stream == NULL && fd >= 0)
		close(fd);
	while (stream != NULL && (entry = readdir(stream)) != NULL)
		if (journal_is_name(entry->d_name))
			show(fd, entry->d_name, entry->d_name);
	if (stream != NULL)
		closedir(stream);
}

/* Look in the directory of the file PATH.  */
static void
look_beside(const char *path)
{
	const int dir = path_open_parent(AT_FDCWD, path, O_RDONLY);

	look_in(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	path_close_parent(dir, AT_FDCWD);
}

/* Look for copies to PATH, or below it.  */
static void
look_for_destination(const char *path)
{
	enum { DESCRIPTORS = 32 };
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		search.wanted = WANTED_ALL;
		nftw(path, visit, DESCRIPTORS, FTW_PHYS | FTW_MOUNT);
	} else {
		search.wanted = WANTED_TO;
		search.name = path_last(path);
		look_beside(path);
	}
}

/* Look for copies from PATH, or from below it, where nobody waits for the search: a
   source doesn't know where its copies are.  */
static void
look_for_source(const char *path)
{
	char resolved[PATH_MAX], real[PATH_MAX];

	search.wanted = WANTED_FROM;
	search.resolved = path_resolve(path, resolved) ? resolved : NULL;
	search.real = realpath(path, real);
	look_beside(path);
	look_in(open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

bool
journals_show(const char *const *paths, size_t count, bool json)
{
	search.json = json;
	search.shown = fileset_new();
	for (size_t i = 0; i < count; i++) {
		look_for_destination(paths[i]);
		look_for_source(paths[i]);
	}
	fileset_free(search.shown);
	return search.found;
}
