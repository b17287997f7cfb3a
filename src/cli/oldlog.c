/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oldlog.c: a log is appended to what exists; so look whether that is a log.  */
#include "config.h"

#include "cli/oldlog.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Return whether TEXT of LEN bytes begins with a time as the log has it.  */
static bool
begins_with_time(const char *text, size_t len)
{
	static const char form[] = "0000-00-00T00:00:00.000+00:00 ";

	if (len < sizeof form - 1)
		return false;
	for (const char *f = form; *f != '\0'; f++, text++)
		if (*f == '0' ? !isdigit((unsigned char) *text)
		    : *f == '+' ? *text != '+' && *text != '-' : *text != *f)
			return false;
	return true;
}

enum oldlog
oldlog_look(const char *name)
{
	char text[4096];
	struct stat st;

	if (stat(name, &st) < 0)
		return errno == ENOENT ? OLDLOG_NOTHING : OLDLOG_TEXT;
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		return OLDLOG_TEXT;	/* reading would take something away */
	const int fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return OLDLOG_TEXT;
	const ssize_t len = read(fd, text, sizeof text);
	close(fd);
	if (len <= 0)
		return OLDLOG_TEXT;
	if (memchr(text, '\0', (size_t) len) != NULL)
		return OLDLOG_BINARY;
	return begins_with_time(text, (size_t) len) ? OLDLOG_OURS : OLDLOG_TEXT;
}
