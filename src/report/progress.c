/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.c: reads the run's counts when it is time to show them.  The code that counts
   knows nothing of it.  */
#include "config.h"

#include "report/progress.h"

#include <errno.h>
#include <langinfo.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/timer.h"
#include "base/totals.h"
#include "report/locale.h"
#include "report/message.h"
#include "report/progressline.h"
#include "report/quote.h"

/* Milliseconds before anything is shown, between two drawings, and between two lines.  */
enum { FIRST = 1000, DRAWN = 100, LINES = 3000 };

/* Nanoseconds: of these the rate is taken, and before these no time left is shown.  */
#define MILLION UINT64_C(1000000)
#define RECENT UINT64_C(3000000000)
#define PROPHECY UINT64_C(2500000000)

struct sample {
	uint64_t time;		/* nanoseconds */
	uint64_t bytes;
};

static struct {
	bool bar;		/* drawn anew, on a terminal */
	bool lines;		/* one after the other */
	bool drawn;		/* the bar, at least once */
	bool known;		/* bytes and files are the totals, known beforehand */
	uint64_t bytes, files;
	bool found_all;
	uint64_t began;		/* nanoseconds */
	uint64_t first;		/* nanoseconds after which something is drawn */
	uint64_t printed;	/* when the last line was */
	unsigned shown;		/* columns of the bar on the screen; 0: none */
	struct sample samples[32];
	unsigned count;		/* samples so far; the next one goes to count % 32 */
	const char *here;	/* the file that the parent copies; NULL: none */
	uint64_t here_size, here_moved;
	char *(*current)(void *context);
	void *context;
} state;

/* ---- the terminal ---- */

static unsigned
columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0
		? size.ws_col : 80;
}

/* Return whether we may draw on the terminal without being stopped.  */
static bool
in_foreground(void)
{
	return tcgetpgrp(STDERR_FILENO) == getpgrp();
}

/* Return whether standard error has a cursor that can be moved.  */
static bool
is_screen(void)
{
	const char *const term = getenv("TERM");

	return isatty(STDERR_FILENO) && term != NULL && *term != '\0'
		&& strcmp(term, "dumb") != 0;
}

static bool
has_colour(void)
{
	const char *const none = getenv("NO_COLOR");

	return none == NULL || *none == '\0';
}

void
progress_clear(void)
{
	char text[64];

	if (state.shown == 0)		/* each line of -v saves a call */
		return;
	const unsigned width = columns();
	/* A terminal that became narrower has wrapped the line.  */
	const unsigned rows = width > 0 ? (state.shown - 1) / width : 0;
	const int len = rows > 0 ? snprintf(text, sizeof text, "\r\033[%uA\033[J", rows)
		: snprintf(text, sizeof text, "\r\033[K");
	state.shown = 0;
	message_put(true, text, (size_t) len);
}

/* ---- what to show ---- */

static void
take_sample(uint64_t time, uint64_t bytes)
{
	const unsigned max = sizeof state.samples / sizeof *state.samples;

	state.samples[state.count++ % max] = (struct sample) { time, bytes };
}

/* Return bytes a second, of the last seconds or since the start; below 0 if it is too
   early.  */
static double
rate(uint64_t time, uint64_t bytes)
{
	const unsigned max = sizeof state.samples / sizeof *state.samples;
	struct sample first = { state.began, 0 };

	for (unsigned i = state.count > max ? state.count - max
	     : 0; i < state.count; i++) {
		const struct sample *const sample = &state.samples[i % max];
		if (time - sample->time <= RECENT && time > sample->time)
			break;
		first = *sample;
	}
	return time - first.time < 100000000 ? -1
		: (double) (bytes - first.bytes) * 1e9 / (double) (time - first.time);
}

/* Return the total of bytes, or 0 if it is unknown.  */
static uint64_t
total(uint64_t found)
{
	if (state.known)
		return state.bytes;
	return state.found_all && totals_read(COUNT_OPENED) >= found
		? totals_read(COUNT_EXPECTED) : 0;
}

/* Return the name of the current file, fit for a terminal, or NULL.  Valid until the next
   call.  */
static const char *
current_name(void)
{
	static char *name;

	free(name);
	name = state.here == NULL && state.current != NULL ? state.current(state.context)
		: NULL;
	if (state.here == NULL && name == NULL)
		return NULL;
	return quote_if_needed(name != NULL ? name : state.here);
}

static struct progressline_facts
look(void)
{
	locale_begin();		/* for the line that is made of it */
	const uint64_t time = clock_now(), moved = totals_read(COUNT_MOVED);
	const uint64_t flushing = totals_read(COUNT_FLUSHING),
		flushed = totals_read(COUNT_FLUSHED);
	struct progressline_facts facts = {
		.moved = moved, .rate = rate(time, moved), .left = -1,
		.done = totals_read(COUNT_REGULAR), .found = totals_read(COUNT_FOUND),
		.searching = !state.found_all && !state.known,
		.flushing = flushing > flushed, .dirty = flushing - flushed,
		.name = current_name(), .percent_of_it = -1,
	};

	facts.total = total(facts.found);
	if (state.known)
		facts.found = state.files;
	if (facts.flushing) {
		facts.rate = -1;
	} else if (facts.total > moved && facts.rate > 0
		   && time - state.began > PROPHECY) {
		facts.left = (double) (facts.total - moved) / facts.rate;
	}
	if (state.here != NULL && state.here_size > 0 && facts.total != state.here_size)
		facts.percent_of_it = (int) (100.0 * (double) (moved - state.here_moved)
					     / (double) state.here_size);
	if (facts.percent_of_it > 100)
		facts.percent_of_it = 100;
	take_sample(time, moved);
	return facts;
}

/* ---- showing it ---- */

static void
draw(void)
{
	static char line[8192];
	const struct progressline_facts facts = look();
	const unsigned width = columns();
	const struct progressline_style style = {
		.columns = width > 1 ? width - 1 : 1, .bar = true, .colour = has_colour(),
		.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
	};

	if (state.shown > width)
		progress_clear();
	*line = '\r';
	state.shown = progressline_format(line + 1, sizeof line - 16, &facts, &style);
	strcat(line, "\033[K");
	message_put(true, line, strlen(line));
	state.drawn = true;
}

/* Print a line of its own.  */
static void
print(void)
{
	char line[2048];
	const struct progressline_facts facts = look();
	const struct progressline_style style = { .columns = sizeof line / 8 - 1 };

	progressline_format(line, sizeof line, &facts, &style);
	message_note(0, "%s", line);
	state.printed = clock_now();
}

static void
due(bool asked)
{
	const int err = errno;

	if (asked)
		print();
	const uint64_t time = clock_now();
	if (state.bar && time - state.began >= state.first && in_foreground())
		draw();
	else if (state.bar)
		state.shown = 0;
	/* The signal may be the terminal's change of size, too.  */
	const uint64_t last = state.printed != 0 ? state.printed : state.began;
	if (state.lines && !asked && time - last >= FIRST * MILLION)
		print();
	errno = err;
}

void
progress_start(enum progress_when when)
{
	const bool screen = when != PROGRESS_NEVER && is_screen();
	const unsigned first = screen && when == PROGRESS_ALWAYS ? DRAWN : FIRST;

	state.bar = screen;
	state.lines = when == PROGRESS_ALWAYS && !screen;
	state.began = clock_now();
	state.first = first * MILLION;
	timer_start(due, first, state.bar ? DRAWN : state.lines ? LINES : 0);
}

bool
progress_is_shown(void)
{
	return state.bar || state.lines;
}

bool
progress_was_drawn(void)
{
	return state.drawn;
}

void
progress_expect(uint64_t bytes, uint64_t files)
{
	state.known = true;
	state.bytes = bytes;
	state.files = files;
}

void
progress_found_all(void)
{
	state.found_all = true;
}

void
progress_here(const char *name, uint64_t size)
{
	state.here = name;
	state.here_size = size;
	if (name != NULL && progress_is_shown())
		state.here_moved = totals_read(COUNT_MOVED);
}

void
progress_naming(char *(*current)(void *context), void *context)
{
	state.current = current;
	state.context = context;
}

void
progress_stop(void)
{
	timer_stop();
	if (state.lines && state.printed != 0)
		print();
	progress_clear();
	state.bar = state.lines = false;
}
