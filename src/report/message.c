/* SPDX-License-Identifier: GPL-3.0-or-later */
/* message.c: prints lines, and keeps the exit status, which only goes up.  */
#include "config.h"

#include "report/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/locale.h"
#include "base/signals.h"

#define OPERATION_START "start"

static int status;
/* Where message_print prints; NULL: standard output.  */
static FILE *printed_on;
/* Lines for message_usage.  */
static char hints[1024];
static struct message_hooks hooks;
static const struct message_sink *sink;

void
message_hooks(const struct message_hooks *called)
{
	hooks = *called;
}

void
message_print_on_stderr(void)
{
	printed_on = stderr;
}

static void
make_way(void)
{
	if (hooks.before != NULL)
		hooks.before();
}

/* Return whether standard output is a terminal, where a line would hit what is drawn.  */
static bool
on_terminal(void)
{
	static int is = -1;

	if (is < 0)
		is = isatty(STDOUT_FILENO);
	return is > 0;
}

/* Return what FAILURE has to add behind its text, of which NULL is nothing.  */
static const char *
reason_of(const struct failure *failure, bool english)
{
	if (failure->reason != NULL)
		return english ? failure->reason : _(failure->reason);
	if (failure->err == 0)
		return NULL;
	return english ? locale_english_reason(failure->err)
		: locale_reason(failure->err);
}

/* Return what comes behind that, to be freed; NULL if there is nothing.  */
static char *
remark_of(const struct failure *failure, bool english)
{
	const char *const one = failure->after.one, *const many = failure->after.many;
	const intmax_t n = failure->after.n;
	char *text;

	if (one == NULL)
		return NULL;
	const char *const format = !english ? locale_plural(one, many, (uintmax_t) n)
		: n == 1 ? one : many;
	return asprintf(&text, format, n) < 0 ? NULL : text;
}

/* Return FORMAT with ARGS, and what FAILURE has to add; in ENGLISH, or in the user's
   language.  The caller frees it; NULL without memory.  */
__attribute__((format(printf, 3, 0))) static char *
compose(const struct failure *failure, bool english, const char *format, va_list args)
{
	const char *const reason = reason_of(failure, english);
	char *const remark = remark_of(failure, english);
	char *text, *whole;

	if (vasprintf(&text, english ? format : _(format), args) < 0)
		text = NULL;
	if (text == NULL || (reason == NULL && remark == NULL)) {
		free(remark);
		return text;
	}
	if (asprintf(&whole, "%s%s%s%s", text, reason != NULL ? ": " : "",
		     reason != NULL ? reason : "", remark != NULL ? remark : "") < 0)
		whole = NULL;
	free(remark);
	free(text);
	return whole;
}

/* Give FAILURE, whose text is FORMAT with ARGS, to who wants it in parts.  */
__attribute__((format(printf, 2, 0))) static void
tell(const struct failure *failure, const char *format, va_list args)
{
	if (hooks.told == NULL)
		return;
	char *const text = compose(failure, true, format, args);
	hooks.told(failure, text != NULL ? text : format);
	free(text);
}

void
message_divert(const struct message_sink *instead)
{
	sink = instead;
	status = 0;
}

/* ---- a sink that gives nothing on ---- */

static void
drop_line(bool failure, const char *text)
{
	(void) failure;
	(void) text;
}

static void
drop_output(bool raw, const char *text, size_t len)
{
	(void) raw;
	(void) text;
	(void) len;
}

static void
drop_status(void)
{
}

static bool
drop_question(const char *text)
{
	(void) text;
	return false;
}

void
message_hush(void)
{
	static const struct message_sink silence = { drop_line, drop_output, drop_status,
						     drop_question };

	message_divert(&silence);
}

/* ---- printing ---- */

/* One write for the whole line, so that lines of several programs don't mix.  */
void
message_line(bool failure, const char *text)
{
	if (failure)
		status = 1;
	if (failure && hooks.failed != NULL && !hooks.failed(text))
		return;
	make_way();
	fflush(stdout);
	fprintf(stderr, "%s: %s\n", program_invocation_short_name, text);
}

/* Print a line, or give it to the sink; without memory, FORMAT as it is.  FAILED: it is
   an error that is about a file.  */
__attribute__((format(printf, 3, 0))) static void
print(bool failed, const struct failure *failure, const char *format, va_list args)
{
	char *const text = compose(failure, false, format, args);

	(sink != NULL ? sink->line : message_line)(failed, text != NULL ? text : format);
	free(text);
}

/* Do as message_explain.  */
__attribute__((format(printf, 2, 0))) static void
fail(const struct failure *failure, const char *format, va_list args)
{
	va_list again;

	message_fail();
	if (failure->err == EINTR && signals_fatal() != 0)
		return;		/* not the file's error: the signal is raised again */
	va_copy(again, args);
	print(true, failure, format, args);
	tell(failure, format, again);
	va_end(again);
}

void
message_explain(const struct failure *failure, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(failure, format, args);
	va_end(args);
}

void
message_failure(const char *operation, const char *path, int err, const char *format, ...)
{
	const struct failure failure = { .operation = operation, .path = path,
		.err = err };
	va_list args;

	va_start(args, format);
	fail(&failure, format, args);
	va_end(args);
}

void
message_error(int err, const char *format, ...)
{
	const struct failure failure = { .operation = OPERATION_START, .err = err };
	va_list args;

	va_start(args, format);
	fail(&failure, format, args);
	va_end(args);
}

void
message_write_error(int err)
{
	message_failure("write", NULL, err, N_("write error"));
}

void
message_note(int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(false, &(struct failure) { .err = err }, format, args);
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
message_hint(const char *format, ...)
{
	const size_t used = strlen(hints);
	va_list args;

	va_start(args, format);
	vsnprintf(hints + used, sizeof hints - used, _(format), args);
	va_end(args);
}

void
message_usage(const char *format, ...)
{
	const struct failure failure = { .operation = OPERATION_START };
	va_list args, again;

	status = 1;
	va_start(args, format);
	va_copy(again, args);
	print(false, &failure, format, args);
	tell(&failure, format, again);
	va_end(again);
	va_end(args);
	if (sink != NULL)
		return;
	fputs(hints, stderr);
	fprintf(stderr, _("Try '%s --help' for more information.\n"),
		program_invocation_name);
}

void
message_question(const char *text)
{
	make_way();
	fflush(stdout);
	fprintf(stderr, "%s: %s", program_invocation_short_name, text);
	fflush(stderr);
}

void
message_ask(const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, _(format), args) < 0)
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
	if (vasprintf(&text, _(format), args) < 0)
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
	FILE *const out = raw || printed_on == NULL ? stdout : printed_on;
	if (out != stdout || on_terminal())
		make_way();
	fwrite(text, 1, len, out);
}

void
message_print(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	const int len = vasprintf(&text, _(format), args);
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
	static bool told;
	const bool failed_before = ferror(stdout);
	const bool fails = fflush(stdout) != 0;
	const int err = fails ? errno : 0;	/* else it was lost some time ago */

	if ((fails || failed_before) && !told)
		message_write_error(err);
	told = told || fails || failed_before;
	if (ferror(stderr))		/* which can't be reported */
		status = 1;
}

int
message_status(void)
{
	return status;
}
