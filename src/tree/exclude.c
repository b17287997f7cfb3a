/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exclude.c: patterns that decide which names are copied, much as rsync and tar have
   them.  */
#include "config.h"

#include "tree/exclude.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/fingerprint.h"
#include "base/locale.h"
#include "base/namelist.h"
#include "base/path.h"

struct exclude_rule {
	char *pattern;		/* without slashes at its end */
	bool included;
	bool directories;	/* it matches nothing else */
};

int
exclude_add(struct exclude *exclude, const char *pattern, bool included)
{
	while (strncmp(pattern, "./", 2) == 0)
		pattern += 2 + strspn(pattern + 2, "/");
	const size_t len = path_trimmed(pattern);
	if (len == 0) {
		errno = EINVAL;
		return -1;
	}
	struct exclude_rule *const rules = realloc(exclude->rules, (exclude->count + 1)
						   * sizeof *rules);

	if (rules == NULL)
		return -1;
	locale_begin();		/* for fnmatch */
	exclude->rules = rules;
	rules[exclude->count] = (struct exclude_rule) {
		.pattern = strndup(pattern, len), .included = included,
		.directories = pattern[len] == '/',
	};
	if (rules[exclude->count].pattern == NULL)
		return -1;
	if (memchr(pattern, '/', len) != NULL)
		exclude->paths = true;
	if (pattern[len] == '/')
		exclude->directories = true;
	exclude->count++;
	return 0;
}

int
exclude_add_file(struct exclude *exclude, const char *file)
{
	struct namelist lines;
	int ret = namelist_read(&lines, file, '\n');

	if (ret == 0 && lines.has_nul) {	/* the line would end there */
		errno = EILSEQ;
		ret = -1;
	}
	for (size_t i = 0; ret == 0 && i < lines.count; i++) {
		const char *const line = lines.item[i];
		if (line[strspn(line, " \t\r")] != '\0' && *line != '#' && *line != ';')
			ret = exclude_add(exclude, line, false);
	}
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

static bool
matches(const struct exclude_rule *rule, const struct candidate *candidate)
{
	if (rule->directories && !candidate->is_directory)
		return false;
	return strchr(rule->pattern, '/') != NULL
		? matches_path(rule->pattern, candidate->full, candidate->below)
		: fnmatch(rule->pattern, candidate->name, 0) == 0;
}

bool
exclude_has(const struct exclude *exclude, const struct candidate *candidate)
{
	for (size_t i = 0; i < exclude->count; i++)
		if (matches(&exclude->rules[i], candidate))
			return !exclude->rules[i].included;
	return false;
}

bool
exclude_has_path(const struct exclude *exclude, const char *path, bool is_directory)
{
	char *const copy = strdup(path);
	bool has = false;

	for (char *at = copy; at != NULL && !has; ) {
		at += strspn(at, "/");
		char *const end = at + strcspn(at, "/");
		const char c = *end;
		*end = '\0';
		has = *at != '\0' && exclude_has(exclude, &(struct candidate) {
			.name = at, .full = copy, .below = copy,
			.is_directory = c != '\0' || is_directory });
		*end = c;
		at = c == '\0' ? NULL : end;
	}
	free(copy);
	return has;
}

uint64_t
exclude_fingerprint(const struct exclude *exclude, uint64_t sum)
{
	for (size_t i = 0; i < exclude->count; i++) {
		const struct exclude_rule *const rule = &exclude->rules[i];
		sum = fingerprint_add(sum, rule->pattern);
		sum = fingerprint_add_number(sum, rule->included ? 1 : 0);
		sum = fingerprint_add_number(sum, rule->directories ? 1 : 0);
	}
	return sum;
}

void
exclude_free(struct exclude *exclude)
{
	for (size_t i = 0; i < exclude->count; i++)
		free(exclude->rules[i].pattern);
	free(exclude->rules);
	*exclude = (struct exclude) { .rules = NULL };
}
