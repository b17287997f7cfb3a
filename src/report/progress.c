/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.c: shows how far the run is, when it is time for that.  */
#include "config.h"

#include "report/progress.h"

#include <errno.h>
#include <langinfo.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/forecast.h"
#include "base/locale.h"
#include "base/timer.h"
#include "report/message.h"
#include "report/progressfacts.h"
#include "report/progressline.h"
#include "report/quote.h"
#include "report/terminal.h"

/* Milliseconds before anything is shown, between two drawings, and between two lines.  */
enum { FIRST = 1000, DRAWN = 100, LINES = 3000 };

#define MILLION UINT64_C(1000000)

static struct {
	bool bar;		/* drawn anew, on a terminal */
	bool lines;		/* one after the other */
	bool drawn;		/* the bar, at least once */
	bool plain;		/* the line is all there is, in ASCII without colour */
	bool taskbar;		/* the terminal has one, which shows PERCENT */
	bool in_taskbar;
	int percent;
	void (*check)(uint64_t bytes);	/* that there is room; NULL: done */
	void (*watch)(void);	/* the device; NULL: nobody does */
	const struct forecast *(*begin_forecast)(void *context);
	void *forecast_context;
	uint64_t first;		/* nanoseconds after which something is drawn */
	uint64_t printed;	/* when the last line was; 0: none yet */
	unsigned shown;		/* columns of the bar on the screen; 0: none */
} state;

/* ---- the terminal ---- */

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

/* Return whether the terminal is known to show a percentage outside of its text, in its
   tab or in the taskbar (OSC 9;4).  A multiplexer doesn't pass it on.  */
static bool
has_taskbar(void)
{
	static const char *const programs[] = { "ghostty", "WezTerm" };
	const char *const program = getenv("TERM_PROGRAM");
	const char *const vte = getenv("VTE_VERSION");
	const char *const conemu = getenv("ConEmuANSI");

	if (getenv("TMUX") != NULL || getenv("STY") != NULL)
		return false;
	for (size_t i = 0; program != NULL && i < sizeof programs / sizeof *programs; i++)
		if (strcmp(program, programs[i]) == 0)
			return true;
	return getenv("WT_SESSION") != NULL
		|| (conemu != NULL && strcmp(conemu, "ON") == 0)
		|| (vte != NULL && atoi(vte) >= 8000);
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
	const unsigned width = terminal_columns();
	/* A terminal that became narrower has wrapped the line.  */
	const unsigned rows = width > 0 ? (state.shown - 1) / width : 0;
	const int len = rows > 0 ? snprintf(text, sizeof text, "\r\033[%uA\033[J", rows)
		: snprintf(text, sizeof text, "\r\033[K");
	state.shown = 0;
	message_put(true, text, (size_t) len);
}

/* ---- what to show ---- */

/* Begin the forecast.  Short copies end before that.  */
static void
begin_forecast(void)
{
	if (state.begin_forecast != NULL && progress_is_shown())
		progressfacts_forecast(state.begin_forecast(state.forecast_context));
	state.begin_forecast = NULL;
}

static struct progressline_facts
look(void)
{
	locale_begin();		/* for the line that is made of it */
	struct progressline_facts facts = progressfacts_look();

	if (facts.name != NULL)
		facts.name = quote_if_needed(facts.name);
	return facts;
}

/* ---- showing it ---- */

/* Append to TEXT what has the taskbar show PERCENT, or that it is unknown.  */
static void
append_taskbar(char *text, int percent)
{
	if (!state.taskbar || (state.in_taskbar && state.percent == percent))
		return;
	sprintf(text + strlen(text), "\033]9;4;%d;%d\a", percent < 0 ? 3 : 1,
		percent < 0 ? 0 : percent);
	state.in_taskbar = true;
	state.percent = percent;
}

static void
clear_taskbar(void)
{
	static const char text[] = "\033]9;4;0;0\a";

	if (state.in_taskbar)
		message_put(true, text, sizeof text - 1);
	state.in_taskbar = false;
}

static void
draw(void)
{
	static char line[8192];
	const struct progressline_facts facts = look();
	const unsigned width = terminal_columns();
	const struct progressline_style style = {
		.columns = width > 1 ? width - 1 : 1, .bar = true,
		.colour = !state.plain && has_colour(),
		.utf8 = !state.plain && strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
	};

	if (state.shown > width)
		progress_clear();
	*line = '\r';
	state.shown = progressline_format(line + 1, sizeof line - 64, &facts, &style);
	strcat(line, "\033[K");
	append_taskbar(line, progressline_percent(&facts));
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
	state.printed = progressfacts_elapsed();
}

/* Have it checked once whether there is room for all there is.  */
static void
check_room(void)
{
	struct progressline_facts facts = { .whole = false };

	if (state.check == NULL || !progress_is_shown())
		return;
	progressfacts_total(&facts);
	if (!facts.whole)
		return;
	state.check(facts.total);
	state.check = NULL;
}

static void
due(bool asked)
{
	const int err = errno;

	begin_forecast();
	check_room();
	if (state.watch != NULL && progress_is_shown())
		state.watch();
	if (asked)
		print();
	if (state.bar && progressfacts_elapsed() >= state.first && in_foreground())
		draw();
	else if (state.bar)
		state.shown = 0;
	/* The signal may be the terminal's change of size, too.  */
	if (state.lines && !asked
	    && progressfacts_elapsed() - state.printed >= FIRST * MILLION)
		print();
	errno = err;
}

void
progress_start(enum progress_when when)
{
	const bool screen = when != PROGRESS_NEVER && is_screen();
	const bool asked = when == PROGRESS_ALWAYS || when == PROGRESS_PLAIN;
	const unsigned first = screen && asked ? DRAWN : FIRST;

	state.bar = screen;
	state.lines = asked && !screen;
	state.plain = when == PROGRESS_PLAIN;
	state.taskbar = screen && !state.plain && has_taskbar();
	progressfacts_begin(progress_is_shown());
	state.first = first * MILLION;
	timer_start(due, first, state.bar ? DRAWN : state.lines ? LINES : 0);
}

bool
progress_was_drawn(void)
{
	return state.drawn;
}

bool
progress_is_shown(void)
{
	return state.bar || state.lines;
}

void
progress_checker(void (*check)(uint64_t bytes))
{
	state.check = check;
}

void
progress_watcher(void (*watch)(void))
{
	state.watch = watch;
}

void
progress_forecaster(const struct forecast *(*begin)(void *context), void *context)
{
	state.begin_forecast = begin;
	state.forecast_context = context;
}

void
progress_stop(void)
{
	timer_stop();
	forecast_stop();
	progressfacts_forecast(NULL);
	clear_taskbar();
	progress_clear();
	state.bar = state.lines = false;
}
