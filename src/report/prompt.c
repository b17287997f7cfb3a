/* SPDX-License-Identifier: GPL-3.0-or-later */
/* prompt.c: questions and answers.  */
#include "config.h"

#include "report/prompt.h"

#include <errno.h>
#include <langinfo.h>
#include <regex.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/locale.h"
#include "base/signals.h"
#include "report/message.h"
#include "report/quote.h"

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

/* Read a line and not a byte more, which may be for another program.  What doesn't fit
   into LINE is dropped.  Return its length, or -1 if there is no line.  */
static ssize_t
read_line(char *line, size_t size)
{
	size_t len = 0;
	bool any = false;
	char c;

	for (;;) {
		const int ready = signals_wait_readable(STDIN_FILENO);
		if (ready < 0) {	/* A terminal shows ^C behind the question.  */
			if (isatty(STDERR_FILENO))
				message_put(true, "\n", 1);
			return -1;
		}
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

/* Return whether LINE means yes where we are: rpmatch, which not every libc has.  */
static bool
is_yes(const char *line)
{
	regex_t yes;

	if (regcomp(&yes, nl_langinfo(YESEXPR), REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	const bool matches = regexec(&yes, line, 0, NULL, 0) == 0;
	regfree(&yes);
	return matches;
}

bool
prompt_answer(void)
{
	char line[1024];

	locale_begin();
	return read_line(line, sizeof line) > 0 && is_yes(line);
}

/* Ask a question: FORMAT, with its question mark.  */
__attribute__((format(printf, 1, 2))) static bool
ask(const char *format, ...)
{
	va_list args;
	bool yes;

	va_start(args, format);
	const bool diverted = message_diverts_question(&yes, format, args);
	va_end(args);
	if (diverted)
		return yes;
	va_start(args, format);
	message_ask(format, args);
	va_end(args);
	return prompt_answer();
}

/* Return the permissions of MODE as ls shows them.  Static storage.  */
static const char *
permissions(mode_t mode)
{
	static char text[10];

	for (unsigned i = 0; i < 9; i++)
		text[i] = (mode & (0400u >> i)) != 0 ? "rwxrwxrwx"[i] : '-';
	if ((mode & S_ISUID) != 0)
		text[2] = (mode & S_IXUSR) != 0 ? 's' : 'S';
	if ((mode & S_ISGID) != 0)
		text[5] = (mode & S_IXGRP) != 0 ? 's' : 'S';
	if ((mode & S_ISVTX) != 0)
		text[8] = (mode & S_IXOTH) != 0 ? 't' : 'T';
	return text;
}

bool
prompt_overwrite(const char *name)
{
	return ask(N_("overwrite %s? "), quote(name));
}

bool
prompt_replace(const char *name, mode_t mode)
{
	return ask(N_("replace %s, overriding mode %04o (%s)? "), quote(name),
		   (unsigned) (mode & 07777), permissions(mode));
}

bool
prompt_try_anyway(const char *name, mode_t mode)
{
	return ask(N_("unwritable %s (mode %04o, %s); try anyway? "), quote(name),
		   (unsigned) (mode & 07777), permissions(mode));
}

void
prompt_finish(void)
{
	if (unreadable && signals_fatal() == 0)
		message_failure("close", NULL, unreadable_err, N_("error closing file"));
}
