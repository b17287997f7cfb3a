/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selinux_policy.c: what the environment asks of selinux.so, paths, and the policy.  */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "selinux.h"

/* ---- what the environment says ---- */

bool
mode_is(const char *mode)
{
	const char *const is = getenv("SELINUX_MODE");

	return is != NULL && strcmp(is, mode) == 0;
}

bool
is_enabled(void)
{
	return mode_is("enforcing") || mode_is("permissive");
}

__attribute__((format(printf, 1, 2))) void
note(const char *format, ...)
{
	const char *const file = getenv("SELINUX_LOG");
	char line[PATH_MAX + CONTEXT_MOST];
	const int saved = errno;
	va_list args;

	if (file == NULL)
		return;
	va_start(args, format);
	int len = vsnprintf(line, sizeof line - 1, format, args);
	va_end(args);
	if (len > (int) sizeof line - 2)
		len = (int) sizeof line - 2;
	line[len++] = '\n';
	const int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0 || write(fd, line, (size_t) len) != len)
		abort();
	close(fd);
	errno = saved;
}

static const struct { const char *name; int value; } errnos[] = {
	{ "EACCES", EACCES }, { "EINVAL", EINVAL }, { "EIO", EIO },
		{ "ENODATA", ENODATA },
	{ "ENOENT", ENOENT }, { "EOPNOTSUPP", EOPNOTSUPP }, { "EPERM", EPERM },
};

static int
errno_of(const char *text)
{
	for (size_t i = 0; i < sizeof errnos / sizeof *errnos; i++)
		if (strcmp(errnos[i].name, text) == 0)
			return errnos[i].value;
	fprintf(stderr, "selinux.so: %s is no errno\n", text);
	abort();
}

bool
ends_in(const char *text, const char *end)
{
	const size_t len = strlen(text), tail = strlen(end);

	return len >= tail && strcmp(text + len - tail, end) == 0;
}

/* Whether CALL for PATH is to fail; errno says why.  */
bool
fails(const char *call, const char *path)
{
	const char *const rules = getenv("SELINUX_FAIL");
	char copy[1024];
	char *rest = copy, *rule;

	if (rules == NULL)
		return false;
	snprintf(copy, sizeof copy, "%s", rules);
	while ((rule = strsep(&rest, " ")) != NULL) {
		char *const value = strchr(rule, '=');
		if (value == NULL)
			continue;
		*value = '\0';
		char *const name = strchr(rule, '@');
		if (name != NULL)
			*name = '\0';
		if (strcmp(rule, call) == 0
		    && (name == NULL || ends_in(path, name + 1))) {
			errno = errno_of(value + 1);
			return true;
		}
	}
	return false;
}

/* ---- paths ---- */

/* The path of descriptor FD.  */
const char *
path_of_fd(int fd)
{
	static char path[PATH_MAX];
	char link[32];

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	const ssize_t len = readlink(link, path, sizeof path - 1);
	path[len > 0 ? len : 0] = '\0';
	return path;
}

/* PATH; of a name in /proc what it leads to.  */
const char *
real(const char *path)
{
	static char absolute[PATH_MAX + PATH_MAX];
	char here[PATH_MAX];
	int fd;

	if (sscanf(path, "/proc/self/fd/%d", &fd) == 1)
		return path_of_fd(fd);
	if (*path == '/' || getcwd(here, sizeof here) == NULL)
		return path;
	snprintf(absolute, sizeof absolute, "%s/%s", here, path);
	return absolute;
}

/* ---- contexts ---- */

/* The part number I of CONTEXT, until a colon; the range is all that is left.  */
void
part(const char *context, int i, char *text, size_t size)
{
	for (; i > 0 && context != NULL; i--) {
		context = strchr(context, ':');
		context = context != NULL ? context + 1 : NULL;
	}
	snprintf(text, size, "%s", context != NULL ? context : "");
	text[strcspn(text, ":")] = '\0';
}

bool
is_valid(const char *context)
{
	char type[CONTEXT_MOST];

	part(context, 2, type, sizeof type);
	return *type != '\0';
}

bool
is_denied(const char *context)
{
	char type[CONTEXT_MOST];

	part(context, 2, type, sizeof type);
	return mode_is("enforcing") && strcmp(type, "denied_t") == 0;
}

/* ---- what libc does without us ---- */

void *
next(const char *name)
{
	void *const function = dlsym(RTLD_NEXT, name);

	if (function == NULL)
		abort();
	return function;
}
