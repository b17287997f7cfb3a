/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backup.c: choose the names of backups, and give them.  The rules are those of GNU's
   version control.  Numbers are compared as text, so that they have no limit.  */
#include "config.h"

#include "file/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/inode.h"
#include "base/path.h"
#include "base/syscalls.h"
#include "file/node.h"
#include "file/remove.h"

/* A path, and its last component without slashes behind it.  */
struct named {
	int at;
	const char *path;
	size_t base;		/* where the component begins in path */
	size_t end;
};

static struct named
name_of(int at, const char *path)
{
	return (struct named) { .at = at, .path = path, .base = path_base(path),
				.end = path_trimmed(path) };
}

/* ---- numbers ---- */

/* Return the digits in NAME if it is a numbered backup of BASE (LEN bytes), else
   NULL.  */
static const char *
digits_of(const char *name, const char *base, size_t len)
{
	if (strncmp(name, base, len) != 0 || strncmp(name + len, ".~", 2) != 0)
		return NULL;
	const char *const digits = name + len + 2;
	const size_t count = strspn(digits, "0123456789");
	return count > 0 && *digits != '0' && strcmp(digits + count, "~") == 0 ? digits
		: NULL;
}

/* Return whether the number that A begins with is less than that of B.  */
static bool
is_less(const char *a, const char *b)
{
	const size_t a_len = strspn(a, "0123456789");
	const size_t b_len = strspn(b, "0123456789");

	return a_len != b_len ? a_len < b_len : strncmp(a, b, a_len) < 0;
}

/* Add 1 to NUMBER, which has room for one more digit.  */
static void
increment(char *number)
{
	size_t i = strlen(number);

	while (i > 0 && number[i - 1] == '9')
		number[--i] = '0';
	if (i > 0) {
		number[i - 1]++;
	} else {
		memmove(number + 1, number, strlen(number) + 1);
		*number = '1';
	}
}

enum { NUMBER = NAME_MAX + 2 };

/* Set NUMBER to the highest one that a backup of NAMED has; to "0" if there is none, or
   the directory can't be read.  */
static void
find_highest(const struct named *named, char number[NUMBER])
{
	const char *const base = named->path + named->base;
	const size_t len = named->end - named->base;
	const struct dirent *entry;

	strcpy(number, "0");
	int fd = path_open_parent(named->at, named->path, O_RDONLY);
	if (fd == named->at)
		fd = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *const dir = fd < 0 ? NULL : fdopendir(fd);
	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		const char *const digits = digits_of(entry->d_name, base, len);
		if (digits != NULL && is_less(number, digits))
			snprintf(number, NUMBER, "%.*s",
				 (int) strspn(digits, "0123456789"), digits);
	}
	closedir(dir);
}

/* ---- names ---- */

/* Return how many bytes a name may have in the directory of NAMED.  */
static size_t
name_max(const struct named *named)
{
	const int fd = path_open_real_parent(named->at, named->path);
	const long max = fd < 0 ? -1 : fpathconf(fd, _PC_NAME_MAX);

	path_close_parent(fd, named->at);
	return max > 0 ? (size_t) max : NAME_MAX;
}

/* Return the path of NAMED with EXTENSION.  If that is too long and MAY_CUT, '~' takes
   the place of the extension or of the name's last byte, and *CUT is set.  The caller
   frees it; NULL with errno.  */
static char *
extend(const struct named *named, const char *extension, bool may_cut, bool *cut)
{
	const size_t len = named->end - named->base;
	size_t keep = named->end;
	char *path;

	*cut = false;
	if (may_cut && len + strlen(extension) > NAME_MAX / 2) {
		const size_t max = name_max(named);
		*cut = len + strlen(extension) > max;
		if (*cut && len >= max)
			keep = named->base + max - 1;
	}
	if (asprintf(&path, "%.*s%s", (int) keep, named->path, *cut ? "~"
		     : extension) >= 0)
		return path;
	errno = ENOMEM;
	return NULL;
}

/* Return the backup's path, with a number above LEAST if it has one (*NUMBERED); then it
   must not exist.  *CUT is as in extend.  The caller frees it; NULL with errno.  */
static char *
choose(const struct backup_policy *policy, const struct named *named, const char *least,
	bool *numbered, bool *cut)
{
	char number[NUMBER] = "0";
	char extension[NUMBER + 4];

	if (policy->kind != BACKUP_SIMPLE)
		find_highest(named, number);
	*numbered = policy->kind == BACKUP_NUMBERED
		|| (policy->kind == BACKUP_EXISTING && strcmp(number, "0") != 0);
	if (!*numbered)
		return extend(named, policy->suffix, policy->kind != BACKUP_SIMPLE, cut);
	if (is_less(number, least))
		strcpy(number, least);
	increment(number);
	snprintf(extension, sizeof extension, ".~%s~", number);
	return extend(named, extension, true, cut);
}

char *
backup_path(const struct backup_policy *policy, int at, const char *path)
{
	const struct named named = name_of(at, path);
	bool numbered, cut;

	return choose(policy, &named, "0", &numbered, &cut);
}

/* Return whether PATH's last component is that of NAMED with SUFFIX.  */
static bool
is_called_so(const char *path, const struct named *named, const char *suffix)
{
	const struct named other = name_of(AT_FDCWD, path);
	const size_t len = named->end - named->base, more = strlen(suffix);

	return other.end - other.base == len + more
		&& strncmp(path + other.base, named->path + named->base, len) == 0
		&& strncmp(path + other.base + len, suffix, more) == 0;
}

bool
backup_destroys(const struct backup_policy *policy, int at, const char *path,
	const struct stat *source, const char *source_path)
{
	const struct named named = name_of(at, path);
	struct stat there, target;
	bool cut;

	if (policy->kind == BACKUP_NUMBERED)
		return false;
	char *const simple = extend(&named, policy->suffix, false, &cut);
	const bool known = simple != NULL
		&& fstatat(at, simple, &there, AT_SYMLINK_NOFOLLOW) == 0;
	const bool leads = known && fstatat(at, simple, &target, 0) == 0;
	free(simple);
	/* Either the user calls the source by that name, or it has no other.  */
	if (is_called_so(source_path, &named, policy->suffix))
		return (leads && inode_is_same(&target, source))
			|| (known && inode_is_same(&there, source));
	return known && inode_is_same(&there, source) && source->st_nlink == 1;
}

/* ---- renaming ---- */

/* Rename NAMED to BACKUP.  If both already are names of one file, rename would do
   nothing.  */
static int
rename_simple(const struct named *named, const char *backup)
{
	struct stat old, there;

	if (fstatat(named->at, named->path, &old, AT_SYMLINK_NOFOLLOW) == 0
	    && fstatat(named->at, backup, &there, AT_SYMLINK_NOFOLLOW) == 0
	    && inode_is_same(&old, &there))
		return remove_any(named->at, named->path) == 1 ? 0 : -1;
	return renameat(named->at, named->path, named->at, backup);
}

/* Give the file PATH its backup's name, by a LINK or by a rename.  Return as
   backup_make.  */
static char *
give(const struct backup_policy *policy, int at, const char *path, bool link)
{
	const struct named named = name_of(at, path);
	char least[NUMBER] = "0";
	bool numbered, cut;
	int ret;

	for (;;) {
		char *const backup = choose(policy, &named, least, &numbered, &cut);
		if (backup == NULL)
			return NULL;
		if (link)
			ret = node_link(at, path, false, at, backup,
					numbered ? NODE_NEW : NODE_REPLACE);
		else
			ret = numbered ? sys_rename_new(at, path, backup)
				: rename_simple(&named, backup);
		if (ret >= 0)
			return backup;
		const int err = errno;
		free(backup);
		errno = err;
		if (err != EEXIST || !numbered || cut)
			return NULL;
		increment(least);	/* where the directory can't be read */
	}
}

char *
backup_make(const struct backup_policy *policy, int at, const char *path)
{
	return give(policy, at, path, false);
}

char *
backup_link(const struct backup_policy *policy, int at, const char *path)
{
	return give(policy, at, path, true);
}

int
backup_undo(int at, const char *backup, const char *path)
{
	return sys_rename_new(at, backup, path) < 0 ? -1 : 0;
}
