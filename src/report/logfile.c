/* SPDX-License-Identifier: GPL-3.0-or-later */
/* logfile.c: the log.  O_APPEND keeps the lines of all processes apart; other ranks, on
   whose nodes it may not be the same file, send theirs to the first.  */
#include "config.h"

#include "report/logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/locale.h"
#include "report/quote.h"
#include "report/relay.h"
#include "report/usage.h"

static int fd = -1;
static bool is_far;		/* another rank has it open */
static const char *file_name;
static _Atomic bool *broken;	/* it can't be written any more; shared */
static char *before;		/* what failed before it was open; NULL: nothing */
static struct {
	const char *first, *target;	/* NULL: it isn't known what is copied */
	size_t count;
} about;

/* Write the time into TEXT of SIZE, as in 2026-01-31T23:59:59.123+01:00.  */
static void
format_time(char *text, size_t size)
{
	struct timespec now;
	struct tm local;
	char day[32], zone[8];

	clock_gettime(CLOCK_REALTIME, &now);
	if (localtime_r(&now.tv_sec, &local) == NULL)
		memset(&local, 0, sizeof local);
	strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &local);
	strftime(zone, sizeof zone, "%z", &local);
	snprintf(text, size, "%s.%03u%.3s:%s", day,
		 (unsigned) (now.tv_nsec / 1000000), zone,
		 strlen(zone) > 3 ? zone + 3 : "00");
}

/* Write LEN bytes of TEXT.  Return 0, or -1 with errno.  */
static int
append(const char *text, size_t len)
{
	while (len > 0) {
		const ssize_t n = write(fd, text, len);
		if (n < 0 && errno != EINTR)
			return -1;
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t) n : 0;
	}
	return 0;
}

/* Write the LEN bytes of WHOLE, a line; or report, once, that it can't be.  */
static void
write_line(const char *whole, int len)
{
	if (fd < 0 || *broken)
		return;
	if (len < 0)
		errno = ENOMEM;
	if ((len < 0 || append(whole, (size_t) len) < 0)
	    && !atomic_exchange(broken, true))
		usage_cannot_write(file_name, errno);
}

/* Another rank has written the line DATA.  */
static void
take(void *context, const void *data, size_t len)
{
	(void) context;
	(void) len;
	write_line(data, (int) strlen(data));
}

/* Write a line: the time, and FORMAT.  */
__attribute__((format(printf, 1, 2))) static void
line(const char *format, ...)
{
	char time[64], *text, *whole = NULL;
	va_list args;

	if (!is_far && (fd < 0 || *broken))
		return;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	format_time(time, sizeof time);
	const int len = text != NULL ? asprintf(&whole, "%s %s\n", time, text) : -1;
	if (!is_far)
		write_line(whole, len);
	else if (len >= 0)
		relay_give(RELAY_LOGGED, whole, (size_t) len);
	free(len < 0 ? NULL : whole);
	free(text);
}

void
logfile_about(const char *first, size_t count, const char *target)
{
	about.first = first;
	about.count = count;
	about.target = target;
}

/* Write the first line.  */
static void
begin(void)
{
	if (about.first == NULL)
		line("began");
	else if (about.count == 1)
		line("began %s -> %s", quote(about.first), quote(about.target));
	else
		line("began %s and %zu more -> %s", quote(about.first), about.count - 1,
		     quote(about.target));
}

int
logfile_open(const char *name)
{
	broken = mmap(NULL, sizeof *broken, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (broken == MAP_FAILED)
		return -1;
	fd = usage_is_stdout(name) ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
		: open(name, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_CLOEXEC, 0666);
	if (fd < 0)
		return -1;
	file_name = name;
	relay_takes(RELAY_LOGGED, take, NULL);
	locale_begin();		/* before others are forked: names are to be quoted */
	begin();
	if (before != NULL)
		logfile_error(before);
	free(before);
	before = NULL;
	return 0;
}

void
logfile_open_far(void)
{
	is_far = true;
	locale_begin();
}

void
logfile_file(const struct event *event)
{
	char detail[64] = "";

	if (event->reason != NULL)
		snprintf(detail, sizeof detail, " (%s)", event->reason);
	else if (event->sized)
		snprintf(detail, sizeof detail, " (%" PRIu64 " bytes)", event->bytes);
	if (event->dest != NULL)
		line("%s %s -> %s%s", event->action, quote(event->source),
		     quote(event->dest), detail);
	else
		line("%s %s%s", event->action, quote(event->source), detail);
}

void
logfile_error(const char *text)
{
	if (fd >= 0 || is_far)
		line("failed %s", text);
	else if (before == NULL)
		before = strdup(text);
}

void
logfile_end(const struct run_summary *summary)
{
	if (fd < 0)
		return;
	line("ended exit status %d, %zu failed", summary->status, summary->failed);
	if (close(fd) < 0 && !*broken)
		usage_cannot_write(file_name, errno);
	fd = -1;
}
