/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aliases.c: popt's files, /etc/popt, /etc/popt.d and ~/.popt, as poptReadDefaultConfig
   reads them.  That function opens files of any type, and waits forever for a FIFO's
   writer.  */
#include "config.h"

#include "cli/aliases.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"

/* The path that libpopt is built with, on every system that we know.  */
#define MACHINE "/etc/popt"

static bool
is_regular(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* Read the file PATH, if it is a regular one.  */
static void
read_file(poptContext context, const char *path)
{
	const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 && errno == EWOULDBLOCK && is_regular(path))	/* under a lease */
		poptReadConfigFile(context, path);
	if (fd < 0)
		return;
	const bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	const struct descriptor_path held = descriptor_path(fd);
	/* By the descriptor, as the name may lead to another file by now.  */
	if (regular)
		poptReadConfigFile(context, access(held.text, F_OK) == 0 ? held.text
				   : path);
	close(fd);
}

/* Return whether a package manager left PATH beside a file that was edited.  */
static bool
is_left_over(const char *path)
{
	return strstr(path, ".rpmnew") != NULL || strstr(path, ".rpmsave") != NULL;
}

/* Read the files in directory PATH.  */
static void
read_directory(poptContext context, const char *path)
{
	char pattern[PATH_MAX];
	struct stat st;
	glob_t files = { .gl_pathc = 0 };

	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return;
	snprintf(pattern, sizeof pattern, "%s/*", path);
	if (glob(pattern, 0, NULL, &files) == 0)
		for (size_t i = 0; i < files.gl_pathc; i++)
			if (!is_left_over(files.gl_pathv[i]))
				read_file(context, files.gl_pathv[i]);
	globfree(&files);
}

void
aliases_read(poptContext context)
{
	const char *const home = getenv("HOME");
	char *user;

	read_file(context, MACHINE);
	read_directory(context, MACHINE ".d");
	if (home != NULL && asprintf(&user, "%s/.popt", home) >= 0) {
		read_file(context, user);
		free(user);
	}
}
