/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selection.c: find the paths of a name that patterns may be about, and ask them.
   What is omitted is counted and reported.  */
#include "config.h"

#include "tree/selection.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/namelist.h"
#include "base/path.h"
#include "report/stats.h"

/* Return true if NAME below AT, where symbolic links are followed if FOLLOW, is a
   directory.  */
static bool
is_directory(int at, const char *name, bool follow)
{
	struct stat st;

	return fstatat(at, name, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW) == 0
		&& S_ISDIR(st.st_mode);
}

/* Return true if NAME in DIR, of TYPE, with the path PATH, is a directory.  */
static bool
is_directory_in(const struct walk *walk, const struct dirpair *dir, const char *name,
	unsigned char type, const char *path)
{
	const bool follow = walk->session->policy->dereference == DEREFERENCE_ALWAYS;

	if (type != DT_UNKNOWN && (type != DT_LNK || !follow))
		return type == DT_DIR;
	return walk->by_path ? path != NULL && is_directory(AT_FDCWD, path, follow)
		: is_directory(dir->source, name, follow);
}

bool
selection_excludes(const struct tree_policy *policy, const char *path, const char *root,
	bool is_dir)
{
	const char *const marked = policy->files0_from ? namelist_marked(path) : NULL;

	return exclude_has(policy->exclude, &(struct candidate) {
		.name = path_last(path),
		.full = marked != NULL ? marked : path + path_base(root),
		.below = marked != NULL ? marked
			: path + strlen(root) + strspn(path + strlen(root), "/"),
		.is_directory = is_dir });
}

/* Return true if NAME in DIR, of TYPE, is omitted.  */
static bool
omits_name(const struct walk *walk, const struct dirpair *dir, const char *name,
	unsigned char type)
{
	const struct exclude *const exclude = walk->policy->exclude;

	if (exclude->count == 0)
		return false;
	char *const path = exclude->paths ? dirpair_source_name(dir, name) : NULL;
	const bool is_dir = exclude->directories
		&& is_directory_in(walk, dir, name, type, path);
	const bool omits = path != NULL
		? selection_excludes(walk->policy, path, dirpair_root(dir)->source_root,
				     is_dir)
		: exclude_has(exclude, &(struct candidate) {
			.name = name, .full = name, .below = name,
			.is_directory = is_dir });
	free(path);
	return omits;
}

bool
selection_omits(const struct walk *walk, const struct dirpair *dir, const char *name,
	unsigned char type)
{
	if (!omits_name(walk, dir, name, type))
		return false;
	char *const full = stats_wants_names() ? dirpair_source_name(dir, name) : NULL;
	stats_skipped(COUNT_EXCLUDED, DTTOIF(type), full != NULL ? full : name, NULL);
	free(full);
	return true;
}

bool
selection_excludes_operand(const struct tree_policy *policy, const struct pathpair *pair)
{
	const struct exclude *const exclude = policy->exclude;
	const size_t base = path_base(pair->source),
		len = path_trimmed(pair->source) - base;

	if (exclude->count == 0)
		return false;
	const bool is_dir = exclude->directories
		&& is_directory(pair->source_at, pair->source, pair->follow);
	if (policy->files0_from) {
		const char *const marked = namelist_marked(pair->source);
		const char *path = marked != NULL ? marked : pair->source;
		while (strncmp(path, "./", 2) == 0)
			path += 2;
		return exclude_has_path(exclude, path, is_dir);
	}
	if (len <= 2 && strspn(pair->source + base, ".") >= len)
		return false;		/* "." and ".." match no pattern */
	char *const name = strndup(pair->source + base, len);
	const bool omits = name != NULL && exclude_has(exclude, &(struct candidate) {
		.name = name, .full = name, .is_directory = is_dir });
	free(name);
	return omits;
}

bool
selection_omits_operand(const struct walk *walk, const struct pathpair *pair)
{
	if (!selection_excludes_operand(walk->policy, pair))
		return false;
	stats_skipped(COUNT_EXCLUDED, 0, pair->source_name, NULL);
	return true;
}
