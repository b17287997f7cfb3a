/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progressline.c: progress as a line of text.  Each part has its width, whatever its
   value; what has no room is left out from the right.  */
#include "config.h"

#include "report/progressline.h"

#include <stdio.h>
#include <string.h>

#include "base/locale.h"
#include "base/units.h"
#include "report/columns.h"

/* Columns: of the bar; of the bytes, of the rate and of a time, at least; of a line that
   has the time that has passed; of a name.  */
enum { BAR_PART = 6, BAR_MOST = 24, BAR_LINE = 40, BYTES = 14, RATE = 10, TIME = 5,
       ELAPSED_LINE = 96, NAME_LEAST = 10, NAME_MOST = 60 };

int
progressline_percent(const struct progressline_facts *facts)
{
	const bool bytes = facts->total > 0;
	const uint64_t all = bytes ? facts->total : facts->found;
	const uint64_t done = bytes ? facts->moved : facts->done;

	if (!facts->whole || all == 0 || facts->flushing || facts->verifying)
		return -1;
	return done >= all ? 100 : (int) (100.0 * (double) done / (double) all);
}

/* ---- numbers ---- */

/* Write BYTES as a number of 1024 to the POWER, without unit.  */
static void
format_scaled(char *buf, size_t size, uint64_t bytes, unsigned power, bool fine)
{
	const double scaled = (double) bytes / (double) (UINT64_C(1) << 10 * power);

	snprintf(buf, size, "%.*f", fine && power > 0 ? 1 : 0, scaled);
}

/* Return the power of 1024 that BYTES are told in, and set *FINE: they have a digit
   behind the point.  */
static unsigned
scale_of(uint64_t bytes, bool *fine)
{
	double scaled = (double) bytes;
	unsigned power = 0;

	for (; scaled >= 1023.5 && power < 6; power++)
		scaled /= 1024;
	*fine = scaled < 99.95;
	return power;
}

static const char *
unit(unsigned power)
{
	static const char *const units[] = {
		"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB",
	};

	return units[power];
}

static void
format_bytes(char *buf, size_t size, const struct progressline_facts *facts,
	const char *mark)
{
	bool fine;
	const uint64_t most = facts->total > facts->moved ? facts->total : facts->moved;
	const unsigned power = scale_of(most, &fine);
	char moved[32], total[32];

	format_scaled(moved, sizeof moved, facts->moved, power, fine);
	format_scaled(total, sizeof total, facts->total, power, fine);
	if (facts->total > 0)
		snprintf(buf, size, "%*s/%s%s %s", (int) strlen(total), moved, mark,
			 total, unit(power));
	else
		snprintf(buf, size, "%s %s", moved, unit(power));
}

static void
format_rate(char *buf, size_t size, double rate)
{
	bool fine;
	const uint64_t bytes = rate < 0 ? 0 : (uint64_t) rate;
	const unsigned power = scale_of(bytes, &fine);
	char number[32];

	format_scaled(number, sizeof number, bytes, power, fine);
	snprintf(buf, size, "%s %s/s", rate < 0 ? "-" : number, unit(power));
}

static void
format_time(char *buf, size_t size, double seconds)
{
	char time[32];
	const unsigned long s = (unsigned long) (seconds + 0.5);

	if (seconds < 0 || seconds > 99 * 3600.0)
		snprintf(time, sizeof time, "-:--");
	else if (s >= 3600)
		snprintf(time, sizeof time, "%lu:%02lu:%02lu", s / 3600, s / 60 % 60,
			 s % 60);
	else
		snprintf(time, sizeof time, "%lu:%02lu", s / 60, s % 60);
	snprintf(buf, size, "%*s", TIME, time);
}

/* ---- names ---- */

/* Append NAME in ROOM columns.  A long one loses its beginning, since names differ at the
   end.  Return its columns.  */
static unsigned
append_name(char *buf, const char *name, unsigned room, bool utf8)
{
	const char *const dots = utf8 ? "\xe2\x80\xa6" : "...";
	const unsigned dots_width = utf8 ? 1 : 3;
	unsigned width = columns_of(name);
	size_t len;

	/* Characters may have no width, so bytes are limited, too.  */
	if (width <= room && strlen(name) <= 4 * room) {
		strcat(buf, name);
		return width;
	}
	for (; width + dots_width > room || strlen(name) > 4 * room; name += len)
		width -= columns_first(name, &len);
	strcat(strcat(buf, dots), name);
	return width + dots_width;
}

/* ---- the bar ---- */

/* Append a bar that is COLUMNS wide and shows DONE percent.  */
static void
append_bar(char *buf, int done, unsigned columns, const struct progressline_style *style)
{
	static const char *const eighths[] = {
		"", "\xe2\x96\x8f", "\xe2\x96\x8e", "\xe2\x96\x8d", "\xe2\x96\x8c",
		"\xe2\x96\x8b", "\xe2\x96\x8a", "\xe2\x96\x89",
	};
	const unsigned inside = style->utf8 ? columns : columns - 2;
	const unsigned filled = inside * 8 * (unsigned) done / 100;
	unsigned used = filled / 8;

	strcat(buf, style->utf8 ? "" : "[");
	strcat(buf, style->colour ? "\033[32m" : "");
	for (unsigned i = 0; i < used; i++)
		strcat(buf, style->utf8 ? "\xe2\x96\x88" : i + 1 == used && used < inside
		       ? ">" : "=");
	if (style->utf8 && filled % 8 > 0) {
		strcat(buf, eighths[filled % 8]);
		used++;
	}
	strcat(buf, style->colour ? "\033[m" : "");
	for (; used < inside; used++)
		strcat(buf, " ");
	strcat(buf, style->utf8 ? "" : "]");
}

/* ---- all of it ---- */

/* A line that is being written.  */
struct line {
	char *text;
	unsigned width;		/* columns so far */
	unsigned columns;	/* that there may be */
	unsigned gap;		/* spaces that are due before the next part */
	bool full;		/* a part had no room */
	const struct progressline_style *style;
};

/* Append SEPARATOR and TEXT, which takes LEAST columns; negative: at its left.  All that
   comes after a part without room is left out.  */
static void
append(struct line *line, const char *separator, const char *text, int least)
{
	const unsigned width = columns_of(text);
	const unsigned pad = (unsigned) (least < 0 ? -least : least) > width
		? (unsigned) (least < 0 ? -least : least) - width : 0;
	const char *const before = line->width > 0 ? separator : "";
	const unsigned gap = line->width > 0 ? line->gap : 0;
	const unsigned all = gap + columns_of(before) + width + (least > 0 ? pad : 0);

	if (line->full || line->width + all > line->columns) {
		line->full = true;
		return;
	}
	sprintf(line->text + strlen(line->text), "%*s%s%*s%s", (int) gap, "", before,
		(int) (least > 0 ? pad : 0), "", text);
	line->width += all;
	line->gap = least < 0 ? pad : 0;	/* but none at the end of the line */
}

/* Append the time that has passed, if there is room, and the time that is left, unless
   all is done: then its place stays empty.  */
static void
append_times(struct line *line, const struct progressline_facts *facts)
{
	const bool done = progressline_percent(facts) == 100;
	const bool wide = line->columns >= ELAPSED_LINE;
	char passed[32], left[32], both[128], text[128] = "";

	format_time(passed, sizeof passed, facts->elapsed);
	format_time(left, sizeof left, facts->left);
	if (wide)
		snprintf(both, sizeof both, _("%s elapsed, ETA %s"), passed, left);
	else
		snprintf(both, sizeof both, _("ETA %s"), left);
	if (!done)
		snprintf(text, sizeof text, "%s", both);
	else if (wide)
		snprintf(text, sizeof text, _("%s elapsed"), passed);
	const int width = (int) columns_of(both);
	if (*text != '\0')
		append(line, " ", text, -width);
	else
		append(line, "", "", -1 - width);
}

/* Append what is said of bytes and times.  */
static void
append_bytes(struct line *line, const struct progressline_facts *facts, const char *mark)
{
	char text[128], left[32];

	if (facts->flushing) {
		snprintf(text, sizeof text, _("flushing, %s to go"),
			 units_format_size(facts->dirty, left, sizeof left));
		append(line, " ", text, 0);
		return;
	}
	if (facts->verifying) {
		snprintf(text, sizeof text, _("verifying, %s to go"),
			 units_format_size(facts->unread, left, sizeof left));
		append(line, " ", text, 0);
		return;
	}
	format_bytes(text, sizeof text, facts, mark);
	append(line, " ", text, -BYTES);
	format_rate(text, sizeof text, facts->rate);
	append(line, " ", text, RATE);
	append_times(line, facts);
}

/* Append the name that FACTS have, as far as there is room.  */
static void
append_current(struct line *line, const struct progressline_facts *facts,
	const char *separator)
{
	char of_it[16] = "";
	const unsigned before = line->width + columns_of(separator) + line->gap;

	if (facts->percent_of_it >= 0)
		snprintf(of_it, sizeof of_it, " %d%%", facts->percent_of_it);
	if (facts->name == NULL || line->full
	    || line->columns < before + NAME_LEAST + strlen(of_it))
		return;
	const unsigned room = line->columns - before - (unsigned) strlen(of_it);
	sprintf(line->text + strlen(line->text), "%*s%s", (int) line->gap, "", separator);
	line->width = before + append_name(line->text, facts->name,
					   room < NAME_MOST ? room : NAME_MOST,
					   line->style->utf8);
	strcat(line->text, of_it);
	line->width += (unsigned) strlen(of_it);
}

unsigned
progressline_format(char *buf, size_t size, const struct progressline_facts *facts,
	const struct progressline_style *style)
{
	const unsigned most = (unsigned) (size / 8) - 1;
	const char *const mark = facts->whole ? "" : style->utf8 ? "\xe2\x89\xa5" : ">";
	const char *const dot = style->utf8 ? " \xc2\xb7 " : " | ";
	const int percent = progressline_percent(facts);
	struct line line = { .text = buf, .style = style,
			     .columns = style->columns < most ? style->columns : most };
	char text[128], done[32], found[32];

	*buf = '\0';
	if (style->bar && line.columns >= BAR_LINE) {
		const unsigned bar = line.columns / BAR_PART;
		line.width = bar < BAR_MOST ? bar : BAR_MOST;
		append_bar(buf, percent < 0 ? 0 : percent, line.width, style);
	}
	if (percent >= 0)
		snprintf(text, sizeof text, "%3d%%", percent);
	else
		snprintf(text, sizeof text, "    ");
	append(&line, " ", text, 0);
	append_bytes(&line, facts, mark);
	if (facts->found > 1) {
		snprintf(found, sizeof found, "%s%ju", mark, (uintmax_t) facts->found);
		snprintf(done, sizeof done, "%*ju", (int) (strlen(found) - strlen(mark)),
			 (uintmax_t) facts->done);
		snprintf(text, sizeof text, locale_plural("%s/%s file", "%s/%s files",
							  facts->found), done, found);
		append(&line, dot, text, 0);
	}
	append_current(&line, facts, dot);
	return line.width;
}
