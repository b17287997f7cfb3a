/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progressline.c: progress as a line of text.  What has no room is left out, the least
   important first.  */
#include "config.h"

#include "report/progressline.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "base/units.h"

enum { BAR_LEAST = 10, BAR_MOST = 30, NAME_LEAST = 10, NAME_MOST = 60 };

/* The parts of the line from left to right.  */
enum part { PERCENT, BYTES, RATE, LEFT, FILES, PARTS };

/* The order in which parts get room; the second is for flushing.  */
static const enum part by_weight[2][PARTS] = {
	{ PERCENT, RATE, LEFT, BYTES, FILES },
	{ BYTES, PERCENT, RATE, LEFT, FILES },
};

struct parts {
	char text[PARTS][64];
};

/* Return the percentage of all bytes that is done or, where these are unknown, of all
   files; -1 if both are.  */
static int
percent(const struct progressline_facts *facts)
{
	const bool bytes = facts->total > 0;
	const uint64_t all = bytes ? facts->total : facts->found;
	const uint64_t done = bytes ? facts->moved : facts->done;

	if (!bytes && (facts->searching || facts->found < 2))
		return -1;
	return done >= all ? 100 : (int) (100.0 * (double) done / (double) all);
}

static void
format_left(char *buf, size_t size, double left)
{
	const unsigned long s = (unsigned long) (left + 0.5);

	if (left < 0 || left > 99 * 3600.0)
		*buf = '\0';
	else if (s >= 3600)
		snprintf(buf, size, "ETA %lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60);
	else
		snprintf(buf, size, "ETA %lu:%02lu", s / 60, s % 60);
}

static void
format_parts(struct parts *parts, const struct progressline_facts *facts)
{
	char size[32], of[32];
	const size_t room = sizeof parts->text[0];

	memset(parts, 0, sizeof *parts);
	if (percent(facts) >= 0)
		snprintf(parts->text[PERCENT], room, "%3d%%", percent(facts));
	if (facts->flushing)
		snprintf(parts->text[BYTES], room, "flushing, %s to go",
			 units_format_size(facts->dirty, size, sizeof size));
	else if (facts->total > 0)
		snprintf(parts->text[BYTES], room, "%s/%s",
			 units_format_size(facts->moved, size, sizeof size),
			 units_format_size(facts->total, of, sizeof of));
	else
		snprintf(parts->text[BYTES], room, "%s",
			 units_format_size(facts->moved, size, sizeof size));
	if (facts->rate >= 0)
		snprintf(parts->text[RATE], room, "%s/s",
			 units_format_size((uint64_t) facts->rate, size, sizeof size));
	format_left(parts->text[LEFT], room, facts->left);
	if (facts->found > 1)
		snprintf(parts->text[FILES], room, "%ju/%ju%s files",
			 (uintmax_t) facts->done,
			 (uintmax_t) facts->found, facts->searching ? "+" : "");
}

/* ---- names ---- */

/* Return the columns of the first character of TEXT, and set *LEN to its bytes.  A byte
   that is no character takes one column.  */
static unsigned
first_width(const char *text, size_t *len)
{
	mbstate_t state;
	wchar_t c;

	memset(&state, 0, sizeof state);
	*len = mbrtowc(&c, text, strlen(text), &state);
	if (*len == 0 || *len > strlen(text)) {
		*len = 1;
		return 1;
	}
	const int width = wcwidth(c);
	return width < 0 ? 1 : (unsigned) width;
}

static unsigned
width_of(const char *text)
{
	unsigned width = 0;
	size_t len;

	for (; *text != '\0'; text += len)
		width += first_width(text, &len);
	return width;
}

/* Append NAME in ROOM columns.  A long one loses its beginning, since names differ at the
   end.  Return its columns.  */
static unsigned
append_name(char *buf, const char *name, unsigned room, bool utf8)
{
	const char *const dots = utf8 ? "\xe2\x80\xa6" : "...";
	const unsigned dots_width = utf8 ? 1 : 3;
	unsigned width = width_of(name);
	size_t len;

	/* Characters may have no width, so bytes are limited, too.  */
	if (width <= room && strlen(name) <= 4 * room) {
		strcat(buf, name);
		return width;
	}
	for (; width + dots_width > room || strlen(name) > 4 * room; name += len)
		width -= first_width(name, &len);
	strcat(strcat(buf, dots), name);
	return width + dots_width;
}

/* ---- the bar ---- */

/* Append a bar that is COLUMNS wide with its ends and shows DONE percent.  */
static void
append_bar(char *buf, int done, unsigned columns, const struct progressline_style *style)
{
	static const char *const eighths[] = {
		"", "\xe2\x96\x8f", "\xe2\x96\x8e", "\xe2\x96\x8d", "\xe2\x96\x8c",
		"\xe2\x96\x8b", "\xe2\x96\x8a", "\xe2\x96\x89",
	};
	const unsigned inside = columns - 2;
	const unsigned filled = inside * 8 * (unsigned) done / 100;
	unsigned used = filled / 8;

	strcat(buf, style->colour ? "[\033[32m" : "[");
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
	strcat(buf, "]");
}

/* ---- all of it ---- */

/* Empty the parts that have no room.  Return the columns of the others.  */
static unsigned
choose(struct parts *parts, const struct progressline_facts *facts, unsigned columns)
{
	unsigned width = 0;

	for (unsigned i = 0; i < PARTS; i++) {
		char *const text = parts->text[by_weight[facts->flushing][i]];
		const unsigned more = *text != '\0'
			? (unsigned) strlen(text) + (width > 0 ? 2 : 0) : 0;
		if (width + more <= columns)
			width += more;
		else
			*text = '\0';
	}
	return width;
}

unsigned
progressline_format(char *buf, size_t size, const struct progressline_facts *facts,
	const struct progressline_style *style)
{
	const unsigned most = (unsigned) (size / 8) - 1;
	const unsigned columns = style->columns < most ? style->columns : most;
	struct parts parts;

	format_parts(&parts, facts);
	unsigned width = choose(&parts, facts, columns);
	const unsigned room = columns - width;
	const bool bar = style->bar && percent(facts) >= 0 && width > 0
		&& room >= BAR_LEAST + 2;
	unsigned bar_width = 0;
	if (bar) {	/* A third for the bar, the rest for the name.  */
		const bool alone = facts->name == NULL
			|| room < BAR_LEAST + NAME_LEAST + 4;
		bar_width = alone ? room - 2 : room / 3;
		bar_width = bar_width < BAR_LEAST ? BAR_LEAST
			: bar_width > BAR_MOST ? BAR_MOST : bar_width;
		width += bar_width + 2;
	}
	*buf = '\0';
	for (unsigned i = 0; i < PARTS; i++) {
		if (*parts.text[i] != '\0')
			strcat(strcat(buf, *buf != '\0' ? "  " : ""), parts.text[i]);
		if (i == PERCENT && bar) {
			strcat(buf, *buf != '\0' ? "  " : "");
			append_bar(buf, percent(facts), bar_width, style);
		}
	}
	if (facts->name != NULL && columns >= width + NAME_LEAST + 2) {
		char of_it[16] = "";
		if (facts->percent_of_it >= 0)
			snprintf(of_it, sizeof of_it, " %d%%", facts->percent_of_it);
		const unsigned left = columns - width - 2 - (unsigned) strlen(of_it);
		strcat(buf, "  ");
		width += 2 + append_name(buf, facts->name, left < NAME_MOST ? left
					 : NAME_MOST,
					 style->utf8);
		strcat(buf, of_it);
		width += (unsigned) strlen(of_it);
	}
	return width;
}
