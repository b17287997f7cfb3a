/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exclude.c: patterns of names that are not copied, much as tar has them.  */
#include "config.h"

#include "tree/exclude.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/namelist.h"
#include "base/path.h"
#include "report/locale.h"

int
exclude_add(struct exclude *exclude, const char *pattern)
{
	while (strncmp(pattern, "./", 2) == 0)
		pattern += 2 + strspn(pattern + 2, "/");
	const size_t len = path_trimmed(pattern);
	char **const patterns = realloc(exclude->patterns,
					(exclude->count + 1) * sizeof *patterns);

	if (patterns == NULL)
		return -1;
	locale_begin();		/* for fnmatch */
	exclude->patterns = patterns;
	patterns[exclude->count] = strndup(pattern, len);
	if (patterns[exclude->count] == NULL)
		return -1;
	if (memchr(pattern, '/', len) != NULL)
		exclude->paths = true;
	exclude->count++;
	return 0;
}

int
exclude_add_file(struct exclude *exclude, const char *file)
{
	struct namelist lines;
	int ret = namelist_read(&lines, file, '\n');

	for (size_t i = 0; ret == 0 && i < lines.count; i++)
		if (*lines.item[i] != '\0')
			ret = exclude_add(exclude, lines.item[i]);
	namelist_free(&lines);
	return ret;
}

/* Return true if PATTERN matches BELOW, if it begins with a slash; or else FULL, or what
   follows any slash in it.  */
static bool
matches_path(const char *pattern, const char *full, const char *below)
{
	if (*pattern == '/')
		return below != NULL && fnmatch(pattern + 1, below, 0) == 0;
	for (const char *at = full; at != NULL; at = strchr(at, '/')) {
		at += strspn(at, "/");
		if (fnmatch(pattern, at, 0) == 0)
			return true;
	}
	return false;
}

bool
exclude_has(const struct exclude *exclude, const char *name, const char *full,
	const char *below)
{
	for (size_t i = 0; i < exclude->count; i++) {
		const char *const pattern = exclude->patterns[i];
		if (strchr(pattern, '/') != NULL ? matches_path(pattern, full, below)
		    : fnmatch(pattern, name, 0) == 0)
			return true;
	}
	return false;
}

bool
exclude_has_path(const struct exclude *exclude, const char *path)
{
	char *const copy = strdup(path);
	bool has = false;

	for (char *at = copy; at != NULL && !has; ) {
		at += strspn(at, "/");
		char *const end = at + strcspn(at, "/");
		const char c = *end;
		*end = '\0';
		has = *at != '\0' && exclude_has(exclude, at, copy, copy);
		*end = c;
		at = c == '\0' ? NULL : end;
	}
	free(copy);
	return has;
}

void
exclude_free(struct exclude *exclude)
{
	for (size_t i = 0; i < exclude->count; i++)
		free(exclude->patterns[i]);
	free(exclude->patterns);
	*exclude = (struct exclude) { .patterns = NULL };
}
