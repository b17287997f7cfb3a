/* SPDX-License-Identifier: GPL-3.0-or-later */
/* message.c: what the program says, and the exit status, which only goes up.  */
#include "config.h"

#include "report/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/signals.h"
#include "report/locale.h"

static int status;
static FILE *said;		/* where message_say speaks, if not on stdout */
static void (*before)(void);
static void (*failed)(const char *text);

void
message_hooks(void (*before_all)(void), void (*after_error)(const char *text))
{
	before = before_all;
	failed = after_error;
}

void
message_say_on_stderr(void)
{
	said = stderr;
}

static void
make_way(void)
{
	if (before != NULL)
		before();
}

/* FORMAT, and the reason ERR.  To be freed; NULL where there is no memory.  */
static char *
compose(int err, const char *format, va_list args)
{
	char *text, *whole;

	if (vasprintf(&text, format, args) < 0)
		return NULL;
	if (err == 0)
		return text;
	if (asprintf(&whole, "%s: %s", text, locale_reason(err)) < 0)
		whole = NULL;
	free(text);
	return whole;
}

/* Say a line of KIND; what there may be no memory for, without its names.  If it is of
   a FAILURE, let who keeps account of these know.  One write for the whole line, so
   that lines of several programs don't mix.  */
static void
speak(const char *kind, bool failure, int err, const char *format, va_list args)
{
	char *const composed = compose(err, format, args);
	const char *const text = composed != NULL ? composed : format;

	make_way();
	fflush(stdout);
	fprintf(stderr, "%s: %s%s\n", program_invocation_short_name, kind, text);
	if (failure && failed != NULL)
		failed(text);
	free(composed);
}

void
message_error(int err, const char *format, ...)
{
	va_list args;

	status = 1;
	if (err == EINTR && signals_fatal() != 0)
		return;		/* It isn't the file's error, and the signal will tell.  */
	va_start(args, format);
	speak("", true, err, format, args);
	va_end(args);
}

void
message_tell(int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	speak("", false, err, format, args);
	va_end(args);
}

void
message_fail(void)
{
	status = 1;
}

void
message_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	speak("warning: ", false, 0, format, args);
	va_end(args);
}

void
message_usage(const char *format, ...)
{
	va_list args;

	status = 1;
	va_start(args, format);
	speak("", false, 0, format, args);
	va_end(args);
	fprintf(stderr, "Try '%s --help' for more information.\n",
		program_invocation_name);
}

void
message_ask(const char *format, va_list args)
{
	make_way();
	fflush(stdout);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, format, args);
	fputs("? ", stderr);
	fflush(stderr);
}

void
message_say(const char *format, ...)
{
	va_list args;

	FILE *const out = said != NULL ? said : stdout;
	make_way();
	va_start(args, format);
	vfprintf(out, format, args);
	va_end(args);
	putc('\n', out);
}

void
message_put(bool errors, const char *text, size_t len)
{
	if (errors)
		fflush(stdout);
	else
		make_way();
	fwrite(text, 1, len, errors ? stderr : stdout);
}

void
message_flush(void)
{
	const int failed_before = ferror(stdout);

	if (fflush(stdout) != 0)
		message_error(errno, "write error");
	else if (failed_before)		/* long ago, and nobody knows why */
		message_error(0, "write error");
	if (ferror(stderr))		/* and there is no way to tell */
		status = 1;
}

int
message_status(void)
{
	return status;
}
