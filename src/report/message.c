/* SPDX-License-Identifier: GPL-3.0-or-later */
/* message.c: prints lines, and keeps the exit status, which only goes up.  */
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
/* Where message_print prints; NULL: standard output.  */
static FILE *printed_on;
static void (*before)(void);
static void (*failed)(const char *text);
static const struct message_sink *sink;

void
message_hooks(void (*before_all)(void), void (*after_error)(const char *text))
{
	before = before_all;
	failed = after_error;
}

void
message_print_on_stderr(void)
{
	printed_on = stderr;
}

static void
make_way(void)
{
	if (before != NULL)
		before();
}

/* Return FORMAT with ARGS and the reason ERR.  The caller frees it; NULL without
   memory.  */
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

void
message_divert(const struct message_sink *instead)
{
	sink = instead;
	status = 0;
}

/* One write for the whole line, so that lines of several programs don't mix.  */
void
message_line(bool failure, const char *text)
{
	if (failure)
		status = 1;
	make_way();
	fflush(stdout);
	fprintf(stderr, "%s: %s\n", program_invocation_short_name, text);
	if (failure && failed != NULL)
		failed(text);
}

/* Print a line of KIND, or give it to the sink; without memory, FORMAT as it is.  If it
   is a FAILURE, pass it to the hook.  */
static void
print(const char *kind, bool failure, int err, const char *format, va_list args)
{
	char *const composed = compose(err, format, args);
	const char *const text = composed != NULL ? composed : format;
	char *whole;

	if (asprintf(&whole, "%s%s", kind, text) < 0)
		whole = NULL;
	(sink != NULL ? sink->line : message_line)(failure, whole != NULL ? whole : text);
	free(whole);
	free(composed);
}

void
message_error(int err, const char *format, ...)
{
	va_list args;

	message_fail();
	if (err == EINTR && signals_fatal() != 0)
		return;		/* not the file's error: the signal is raised again */
	va_start(args, format);
	print("", true, err, format, args);
	va_end(args);
}

void
message_write_error(int err)
{
	message_error(err, "write error");
}

void
message_note(int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print("", false, err, format, args);
	va_end(args);
}

void
message_fail(void)
{
	if (status == 0 && sink != NULL)
		sink->status();
	status = 1;
}

void
message_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print("warning: ", false, 0, format, args);
	va_end(args);
}

void
message_usage(const char *format, ...)
{
	va_list args;

	status = 1;
	va_start(args, format);
	print("", false, 0, format, args);
	va_end(args);
	fprintf(stderr, "Try '%s --help' for more information.\n",
		program_invocation_name);
}

void
message_question(const char *text)
{
	make_way();
	fflush(stdout);
	fprintf(stderr, "%s: %s? ", program_invocation_short_name, text);
	fflush(stderr);
}

void
message_ask(const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	message_question(text != NULL ? text : format);
	free(text);
}

bool
message_diverts_question(bool *yes, const char *format, va_list args)
{
	char *text;

	if (sink == NULL)
		return false;
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	*yes = sink->question(text != NULL ? text : format);
	free(text);
	return true;
}

void
message_output(bool raw, const char *text, size_t len)
{
	if (sink != NULL) {
		sink->output(raw, text, len);
		return;
	}
	make_way();
	fwrite(text, 1, len, raw || printed_on == NULL ? stdout : printed_on);
}

void
message_print(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	const int len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		return;
	text[len] = '\n';	/* in the place of the NUL */
	message_output(false, text, (size_t) len + 1);
	free(text);
}

void
message_put(bool errors, const char *text, size_t len)
{
	if (!errors) {
		message_output(true, text, len);
		return;
	}
	fflush(stdout);
	fwrite(text, 1, len, stderr);
}

void
message_flush(void)
{
	const int failed_before = ferror(stdout);

	if (fflush(stdout) != 0)
		message_write_error(errno);
	else if (failed_before)		/* some time ago, with an errno that is lost */
		message_write_error(0);
	if (ferror(stderr))		/* which can't be reported */
		status = 1;
}

int
message_status(void)
{
	return status;
}
