/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quote.c: names that are safe to print and to paste.  */
#include "config.h"

#include "report/quote.h"

#include <errno.h>
#include <langinfo.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "base/locale.h"

/* Return the length of the printable character at S, or 0 if its first byte must be
   escaped.  */
static size_t
printable(const char *s, size_t left, mbstate_t *state)
{
	wchar_t wide;
	const size_t len = mbrtowc(&wide, s, left, state);

	if (len == (size_t) -1 || len == (size_t) -2) {
		memset(state, 0, sizeof *state);
		return 0;
	}
	return iswprint((wint_t) wide) ? len : 0;
}

static bool
all_printable(const char *name)
{
	mbstate_t state = { 0 };
	size_t left = strlen(name);

	while (left > 0) {
		const size_t len = printable(name, left, &state);
		if (len == 0)
			return false;
		name += len;
		left -= len;
	}
	return true;
}

/* Return whether NAME, which has an apostrophe, reads better in double quotes.  The rules
   are coreutils', down to # and ~, which are harmless only at the beginning.  */
static bool
suits_double_quotes(const char *name)
{
	return strpbrk(name, "\"$`\\!&()*;<=>?[^{|}") == NULL
		&& strpbrk(name + 1, "#~") == NULL
		&& all_printable(name);
}

/* Write the escape of byte C to OUT, which has room.  Return its end.  */
static char *
escape(char *out, unsigned char c)
{
	static const char letters[] = "a\ab\bf\fn\nr\rt\tv\v";

	for (const char *p = letters; *p != '\0'; p += 2)
		if ((unsigned char) p[1] == c)
			return out + sprintf(out, "\\%c", *p);
	return out + sprintf(out, "\\%03o", c);
}

/* Write NAME in single quotes, with $'...' for what must be escaped.  */
static void
quote_single(char *out, const char *name)
{
	mbstate_t state = { 0 };
	size_t left = strlen(name);
	bool escaping = false;

	*out++ = '\'';
	while (left > 0) {
		const size_t len = printable(name, left, &state);
		if (len == 0 && !escaping)
			out = stpcpy(out, "'$'");
		else if (len > 0 && escaping && *name != '\'')
			out = stpcpy(out, "''");
		if (len == 0) {
			out = escape(out, (unsigned char) *name);
			escaping = true;
		} else if (*name == '\'') {
			out = stpcpy(out, "'\\''");	/* closes either kind of quotes */
			escaping = false;
		} else {
			out = mempcpy(out, name, len);
			escaping = false;
		}
		name += len > 0 ? len : 1;
		left -= len > 0 ? len : 1;
	}
	strcpy(out, "'");
}

/* Return the next buffer, with room for NAME in any quotes, or NULL without memory.  */
static char *
buffer_for(const char *name)
{
	enum { TURNS = 4 };
	static char *buffers[TURNS];
	static unsigned turn;
	char **const buf = &buffers[turn++ % TURNS];

	/* At worst each byte is escaped alone: 4 bytes, with 3 and 2 to get in and
	   out.  */
	free(*buf);
	return *buf = malloc(9 * strlen(name) + 8);
}

const char *
quote(const char *name)
{
	const int saved = errno;
	char *const buf = buffer_for(name);

	locale_begin();
	if (buf == NULL)
		return name;
	if (strchr(name, '\'') != NULL && suits_double_quotes(name))
		sprintf(buf, "\"%s\"", name);
	else
		quote_single(buf, name);
	errno = saved;		/* mbrtowc has its own */
	return buf;
}

const char *
quote_word(const char *word)
{
	locale_begin();
	const bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	const char *const close = utf8 ? "\u2019" : "'";
	char *const buf = buffer_for(word);
	mbstate_t state = { 0 };
	size_t left = strlen(word);

	if (buf == NULL)
		return word;
	char *out = stpcpy(buf, utf8 ? "\u2018" : "'");
	for (size_t len; left > 0; word += len, left -= len) {
		len = printable(word, left, &state);
		if (len == 0) {
			out = escape(out, (unsigned char) *word);
			len = 1;
			continue;
		}
		if (*word == '\\' || strncmp(word, close, strlen(close)) == 0)
			*out++ = '\\';
		out = mempcpy(out, word, len);
	}
	strcpy(out, close);
	return buf;
}

const char *
quote_if_unprintable(const char *name)
{
	locale_begin();
	return all_printable(name) ? name : quote(name);
}

const char *
quote_option(const char *text)
{
	locale_begin();
	char *const buf = all_printable(text) ? buffer_for(text) : NULL;

	if (buf == NULL)
		return quote(text);
	sprintf(buf, "'%s'", text);
	return buf;
}

/* Return whether a shell takes NAME as it is, and a terminal shows it.  */
static bool
is_plain(const char *name)
{
	mbstate_t state = { 0 };
	size_t left = strlen(name);

	locale_begin();
	/* A colon would look like the one that ends the name in a message.  */
	if (left == 0 || strchr(name, ':') != NULL || *name == '#' || *name == '~'
	    || (left == 1 && strchr("{}", *name) != NULL))
		return false;
	while (left > 0) {
		const size_t len = printable(name, left, &state);
		if (len == 0 || (len == 1
				 && strchr(" !\"$&'()*;<=>?[\\^`|", *name) != NULL))
			return false;
		name += len;
		left -= len;
	}
	return true;
}

const char *
quote_if_needed(const char *name)
{
	return is_plain(name) ? name : quote(name);
}
