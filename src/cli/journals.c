/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journals.c: --status finds the journals of copies that nobody makes any more.  */
#include "config.h"

#include "cli/journals.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/journal.h"
#include "base/path.h"
#include "report/journaltext.h"

/* nftw(3) takes no context.  */
static struct {
	bool json;
	bool found;
	const char *name;	/* the final name of the only copy wanted; or NULL */
} search;

/* Show the journal NAME in directory DIR, which is called PATH, if it is one that is
   wanted and no process has it.  */
static void
show(int dir, const char *name, const char *path)
{
	static struct journal_reading reading;
	const enum journal_error error = journal_read(dir, name, &reading);
	const int err = errno;

	if (error == JOURNAL_NONE
	    || (error == JOURNAL_OK
		&& (reading.alive || (search.name != NULL
				      && strcmp(reading.head.name, search.name) != 0))))
		return;
	if (error == JOURNAL_OK)
		journaltext_print(&reading, search.json);
	else if (search.name == NULL)
		journaltext_report(path, error, err);
	else
		return;
	search.found = true;
}

static int
visit(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void) st;
	if ((type == FTW_F || type == FTW_SL) && journal_is_name(path + at->base))
		show(AT_FDCWD, path, path);
	return 0;
}

/* Look in the directory of the file PATH.  */
static void
look_beside(const char *path)
{
	const int dir = path_open_parent(AT_FDCWD, path, O_RDONLY);
	const int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *const stream = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	path_close_parent(dir, AT_FDCWD);
	if (stream == NULL && fd >= 0)
		close(fd);
	while (stream != NULL && (entry = readdir(stream)) != NULL)
		if (journal_is_name(entry->d_name))
			show(fd, entry->d_name, entry->d_name);
	if (stream != NULL)
		closedir(stream);
}

bool
journals_show(const char *path, bool json)
{
	enum { DESCRIPTORS = 32 };
	struct stat st;

	search.json = json;
	search.found = false;
	search.name = NULL;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		nftw(path, visit, DESCRIPTORS, FTW_PHYS | FTW_MOUNT);
	} else {
		search.name = path_last(path);
		look_beside(path);
	}
	return search.found;
}
