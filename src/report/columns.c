/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns.c: characters may have no, one or two columns, and any number of bytes.  */
#include "config.h"

#include "report/columns.h"

#include <stdbool.h>
#include <string.h>
#include <wchar.h>

#include "base/locale.h"

struct character {
	wchar_t c;		/* L'\0' for a byte that is none */
	size_t len;		/* bytes */
	unsigned width;		/* columns */
};

/* Return the first character of TEXT, which isn't empty.  */
static struct character
first_of(const char *text)
{
	struct character first = { .c = L'\0', .len = 1, .width = 1 };
	mbstate_t state;
	wchar_t c;

	locale_begin();
	memset(&state, 0, sizeof state);
	const size_t len = mbrtowc(&c, text, strlen(text), &state);
	if (len == 0 || len > strlen(text))
		return first;
	const int width = wcwidth(c);
	first.c = c;
	first.len = len;
	first.width = width < 0 ? 1 : (unsigned) width;
	return first;
}

unsigned
columns_first(const char *text, size_t *len)
{
	const struct character first = first_of(text);

	*len = first.len;
	return first.width;
}

unsigned
columns_of_part(const char *text, size_t len)
{
	const char *const end = text + len;
	unsigned width = 0;

	for (size_t next; text < end; text += next)
		width += columns_first(text, &next);
	return width;
}

unsigned
columns_of(const char *text)
{
	return columns_of_part(text, strlen(text));
}

/* Return whether a line may end between BEFORE and NEXT, which AFTER follows.  */
static bool
may_end(const struct character *before, const struct character *next, wchar_t after)
{
	static const wchar_t opening[] = L"([\u201c\u2018\u300a\uff08",
		closing[] = L".,:;?!)]\u201d\u2019\u2026\u300b\u3001\u3002\uff01\uff09"
			L"\uff0c\uff1a\uff1b\uff1f";

	if (next->c == L' ')
		return true;
	return (before->width == 2 || next->width == 2)
		&& before->c != L' ' && before->c != L'\0' && next->c != L'\0'
		&& wcschr(opening, before->c) == NULL && wcschr(closing, next->c) == NULL
		&& after != L'\uff09';	/* one character and it look lost */
}

size_t
columns_fold(const char *text, unsigned width)
{
	struct character before = { .width = 0 };
	bool in_name = false;	/* between < and > */
	unsigned used = 0;
	size_t fits = 0;

	if (columns_of(text) <= width)
		return strlen(text);
	for (size_t at = 0; text[at] != '\0' && (used <= width || fits == 0);
	     at += before.len) {
		const struct character next = first_of(text + at);
		const unsigned end = used + (next.c == L' ' ? next.width : 0);
		const wchar_t after = first_of(text + at + next.len).c;
		if (at > 0 && !in_name && may_end(&before, &next, after)
		    && (end <= width || fits == 0))
			fits = at;
		in_name = next.c == L'<' || (in_name && next.c != L'>');
		used += next.width;
		before = next;
	}
	return fits > 0 ? fits : strlen(text);
}
