/* SPDX-License-Identifier: GPL-3.0-or-later */
/* closing.c: what was done, in one line, or in as many as the terminal makes of it.  */
#include "config.h"

#include "report/closing.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/locale.h"
#include "base/totals.h"
#include "base/units.h"
#include "report/columns.h"
#include "report/message.h"
#include "report/terminal.h"

/* So much takes a slow device some seconds; less than that it writes at once.  */
#define MENTIONED (UINT64_C(64) << 20)
#define NOTHING (UINT64_C(1) << 20)

static uint64_t began;		/* nanoseconds */

void
closing_start(void)
{
	began = clock_now();
}

/* A line: a clause, and items behind it, with commas between.  */
struct line {
	char text[512];		/* a longer one is cut off */
	unsigned width;		/* columns that it may have; 0: any number */
};

/* Begin LINE, whose text is still to be set.  */
static void
begin_line(struct line *line)
{
	const unsigned columns = terminal_columns(),
		name = columns_of(program_invocation_short_name) + 2;

	line->width = !isatty(STDERR_FILENO) ? 0 : columns > name ? columns - name : 1;
}

/* Append ITEM, or print the line and begin another one with ITEM if the terminal has no
   room for both.  */
static void
append(struct line *line, const char *item)
{
	const struct line before = *line;

	/* TRANSLATORS: a list, and the next item of it.  */
	snprintf(line->text, sizeof line->text, _("%s, %s"), before.text, item);
	if (line->width > 0 && columns_of(line->text) > line->width) {
		message_note(0, "%s", before.text);
		snprintf(line->text, sizeof line->text, "%s", item);
	}
}

/* Append FORMAT with the number N, unless that is 0.  */
__attribute__((format(printf, 2, 0))) static void
append_number(struct line *line, const char *format, uint64_t n)
{
	char number[32], item[128];

	if (n == 0)
		return;
	units_format_number(n, number, sizeof number);
	snprintf(item, sizeof item, format, number);
	append(line, item);
}

static void
append_skipped(struct line *line)
{
	struct counts counts;

	totals_read_all(&counts);
	const uint64_t n = counts_sum(&counts, COUNT_GROUP_SKIPPED);
	append_number(line, locale_plural("%s skipped", "%s skipped", n), n);
}

/* Append what earlier runs had copied of files that are whole now.  */
static void
append_resumed(struct line *line)
{
	const uint64_t bytes = totals_read(COUNT_RESUMED);
	char sum[32], item[128];

	if (bytes == 0)
		return;
	units_format_size(bytes, sum, sizeof sum);
	snprintf(item, sizeof item, _("%s resumed"), sum);
	append(line, item);
}

static void
append_failed(struct line *line, size_t failed)
{
	append_number(line, locale_plural("%s failed", "%s failed", failed), failed);
}

/* Append the links that were made, if that is all: there are no FILES.  */
static void
append_links(struct line *line, uint64_t files)
{
	const uint64_t links = totals_read(COUNT_HARD_LINKS)
		+ totals_read(COUNT_SYMLINKS);

	if (files == 0)
		append_number(line, locale_plural("%s link", "%s links", links), links);
}

uint64_t
closing_bytes(void)
{
	struct counts counts;

	totals_read_all(&counts);
	return counts_copied(&counts);
}

/* Write a time for people into BUF of SIZE.  Return BUF.  */
static const char *
format_time(double seconds, char *buf, size_t size)
{
	const unsigned long whole = (unsigned long) seconds;

	if (seconds < 1)
		snprintf(buf, size, _("%.0f ms"), seconds * 1000);
	else if (seconds < 60)
		snprintf(buf, size, _("%.1f s"), seconds);
	else
		snprintf(buf, size, "%lu:%02lu:%02lu", whole / 3600, whole / 60 % 60,
			 whole % 60);
	return buf;
}

/* Append to LINE where the data are; as closing_done.  */
static void
append_place(struct line *line, enum closing_place place, uint64_t in_memory)
{
	const bool written_back = place == PLACE_WRITTEN_BACK;
	char bytes[32], item[128];

	units_format_size(in_memory, bytes, sizeof bytes);
	if (place == PLACE_SYNCED)
		append(line, _("on the device"));
	else if (written_back && in_memory < NOTHING && closing_bytes() > 0)
		append(line, _("data written back (sync, or --fsync, for the rest)"));
	if (place == PLACE_SYNCED || in_memory < (written_back ? NOTHING : MENTIONED))
		return;
	snprintf(item, sizeof item, written_back
		 ? _("in memory: %s still to be written (sync, or --fsync)")
		 : _("in memory: up to %s still to be written (sync, or --fsync)"),
		 bytes);
	append(line, item);
}

void
closing_done(size_t failed, enum closing_place place, uint64_t in_memory)
{
	const double seconds = (double) (clock_now() - began) / 1e9;
	const uint64_t files = totals_read(COUNT_REGULAR), bytes = closing_bytes();
	const bool rated = bytes > 0 && seconds >= 0.1;
	char sum[32], number[32], time[64], rate[32];
	struct line line;

	units_format_size(rated ? (uint64_t) ((double) bytes / seconds) : 0, rate,
			  sizeof rate);
	begin_line(&line);
	/* TRANSLATORS: "3.3 GiB in 30 511 files in 4.1 s (824 MiB/s)".  */
	snprintf(line.text, sizeof line.text,
		 rated ? locale_plural("%s in %s file in %s (%s/s)",
				       "%s in %s files in %s (%s/s)", files)
		 : locale_plural("%s in %s file in %s", "%s in %s files in %s", files),
		 units_format_size(bytes, sum, sizeof sum),
		 units_format_number(files, number, sizeof number),
		 format_time(seconds, time, sizeof time), rate);
	append_links(&line, files);
	append_resumed(&line);
	append_skipped(&line);
	append_failed(&line, failed);
	append_place(&line, place, in_memory);
	message_note(0, "%s", line.text);
}

void
closing_interrupted(enum closing_resume resume, bool directory, enum closing_rest rest)
{
	static const char *const with[][2] = {
		[RESUME_AGAIN] = { NULL, "-T" },
		[RESUME_UPDATE] = { "-u", "-uT" },
		[RESUME_NUMBERED] = { "--backup=numbered", "-T --backup=numbered" },
		[RESUME_JOURNAL] = { NULL, "-T" },
		[RESUME_CHANGED] = { "--update=changed", "-T --update=changed" },
	};
	static const char *const rests[] = {
		[REST_REMOVED] = N_("what was half copied is removed"),
		[REST_CUT] = N_("what was half copied is removed or cut short"),
		[REST_KEPT] = N_("what was half copied is kept"),
	};
	const char *const options = with[resume][directory];
	const uint64_t files = totals_read(COUNT_REGULAR);
	char sum[32], number[32];

	units_format_size(closing_bytes(), sum, sizeof sum);
	units_format_number(files, number, sizeof number);
	if (files > 0)
		message_note(0, locale_plural("interrupted: %s in %s file is complete",
					      "interrupted: %s in %s files are complete",
					      files), sum, number);
	else
		message_note(0, N_("interrupted: no file is complete"));
	message_note(0, "%s", resume == RESUME_JOURNAL
		     ? _("what has reached the device of unfinished files is kept")
		     : _(rests[rest]));
	if (options == NULL)
		message_note(0, N_("to go on, run the same command again"));
	else
		message_note(0, N_("to go on, run the same command with %s"), options);
}

void
closing_planned(size_t failed)
{
	const uint64_t files = totals_read(COUNT_REGULAR),
		replaced = totals_read(COUNT_REPLACED);
	char sum[32], number[32];
	struct line line;

	begin_line(&line);
	snprintf(line.text, sizeof line.text,
		 locale_plural("would copy %s in %s file", "would copy %s in %s files",
			       files),
		 units_format_size(totals_read(COUNT_BYTES), sum, sizeof sum),
		 units_format_number(files, number, sizeof number));
	append_number(&line, locale_plural("%s replaced", "%s replaced", replaced),
		      replaced);
	append_links(&line, files);
	append_skipped(&line);
	append_failed(&line, failed);
	message_note(0, "%s", line.text);
}
