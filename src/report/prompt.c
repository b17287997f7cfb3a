/* SPDX-License-Identifier: GPL-3.0-or-later */
/* prompt.c: a question and its answer.  */
#include "config.h"

#include "report/prompt.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/signals.h"
#include "report/locale.h"
#include "report/message.h"

static void (*attend)(void *);
static void *attended;
static bool unreadable;		/* an answer couldn't be read */
static int unreadable_err;	/* because there is no stdin; or 0 */

void
prompt_attending(void (*function)(void *context), void *context)
{
	attend = function;
	attended = context;
}

/* Read a line, and nothing behind it: that may be meant for another program.  What
   doesn't fit is dropped.  Bytes, or -1 if there is no line.  */
static ssize_t
read_line(char *line, size_t size)
{
	size_t len = 0;
	bool any = false;
	char c;

	for (;;) {
		const int ready = signals_wait_readable(STDIN_FILENO);
		if (ready < 0)
			return -1;
		if (attend != NULL)
			attend(attended);
		if (ready == 0)
			continue;
		const ssize_t n = read(STDIN_FILENO, &c, 1);
		if (signals_retry(n))
			continue;
		if (n < 0) {
			unreadable = true;
			unreadable_err = errno == EBADF ? EBADF : 0;
		}
		if (n <= 0 || c == '\n')
			break;
		any = true;
		if (len + 1 < size)
			line[len++] = c;
	}
	line[len] = '\0';
	return any ? (ssize_t) len : -1;
}

void
prompt_finish(void)
{
	if (unreadable)
		message_error(unreadable_err, "error closing file");
}

bool
prompt(const char *format, ...)
{
	char line[1024];
	va_list args;

	locale_begin();
	va_start(args, format);
	message_ask(format, args);
	va_end(args);
	const ssize_t len = read_line(line, sizeof line);
	return len > 0 && rpmatch(line) > 0;
}
