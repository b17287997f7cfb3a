/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg.c: what the program says, and the exit status, which only goes up.  */
#include "config.h"

#include "msg.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "signals.h"

static int status;

/* One write for the whole line, so that lines of several programs don't mix.  */
static void
speak(const char *kind, int err, const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	fflush(stdout);
	fprintf(stderr, err == 0 ? "%s: %s%s\n" : "%s: %s%s: %s\n",
		program_invocation_short_name, kind,
		text != NULL ? text : format, err == 0 ? "" : strerror(err));
	free(text);
}

void
msg_error(int err, const char *format, ...)
{
	va_list args;

	status = 1;
	if (err == EINTR && signals_fatal() != 0)
		return;		/* It isn't the file's fault, and the signal will tell.  */
	va_start(args, format);
	speak("", err, format, args);
	va_end(args);
}

void
msg_tell(int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	speak("", err, format, args);
	va_end(args);
}

void
msg_fail(void)
{
	status = 1;
}

void
msg_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	speak("warning: ", 0, format, args);
	va_end(args);
}

void
msg_usage(const char *format, ...)
{
	va_list args;

	status = 1;
	va_start(args, format);
	speak("", 0, format, args);
	va_end(args);
	fprintf(stderr, "Try '%s --help' for more information.\n",
		program_invocation_name);
}

void
msg_ask(const char *format, va_list args)
{
	fflush(stdout);
	fprintf(stderr, "%s: ", program_invocation_name);
	vfprintf(stderr, format, args);
	fputs("? ", stderr);
	fflush(stderr);
}

void
msg_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

void
msg_flush(void)
{
	const int failed_before = ferror(stdout);

	if (fflush(stdout) != 0)
		msg_error(errno, "write error");
	else if (failed_before)		/* long ago, and nobody knows why */
		msg_error(0, "write error");
}

int
msg_status(void)
{
	return status;
}
