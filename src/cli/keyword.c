/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keyword.c: arguments that are words, as coreutils read them.  */
#include "config.h"

#include "cli/keyword.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/foreign.h"
#include "cli/similar.h"
#include "report/quote.h"
#include "report/usage.h"

enum { UNKNOWN = -1, AMBIGUOUS = -2 };

/* Return the value of TEXT, or one of the above.  */
static int
find(const char *text, const struct keyword *words)
{
	const size_t len = strlen(text);
	int found = UNKNOWN;

	for (const struct keyword *w = words; w->text != NULL; w++) {
		if (strncmp(w->text, text, len) != 0)
			continue;
		if (w->text[len] == '\0')
			return w->value;
		if (found == UNKNOWN)
			found = w->value;
		else if (found != w->value)
			found = AMBIGUOUS;
	}
	return found;
}

/* Return WORDS, to be freed: a line for each value.  NULL where there is no memory.  */
static char *
list_words(const struct keyword *words)
{
	char *list = NULL;
	size_t size;
	FILE *const out = open_memstream(&list, &size);

	if (out == NULL)
		return NULL;
	for (const struct keyword *w = words; w->text != NULL; w++)
		fprintf(out, w > words && w[-1].value == w->value ? ", %s" : "\n  - %s",
			quote_word(w->text));
	fclose(out);
	return list;
}

/* Return the word that TEXT may mean, or NULL.  */
static const char *
find_similar(const char *text, const struct keyword *words)
{
	struct similar similar = similar_to(text, strlen(text));
	const char *known;

	for (size_t n = 0; (known = foreign_word(text, n)) != NULL; n++)
		for (const struct keyword *w = words; w->text != NULL; w++)
			if (strcmp(w->text, known) == 0)
				return known;
	for (const struct keyword *w = words; w->text != NULL; w++)
		similar_try(&similar, w->text);
	return similar.found;
}

int
keyword_match(const char *what, const char *text, const struct keyword *words)
{
	const int found = find(text, words);

	if (found >= 0)
		return found;
	char *const list = list_words(words);
	usage_bad_keyword(what, text, found == AMBIGUOUS, found == AMBIGUOUS ? NULL
			  : find_similar(text, words), list != NULL ? list : "");
	free(list);
	return -1;
}

int
keyword_match_option(const char *name, const char *text, const struct keyword *words)
{
	char what[64];

	snprintf(what, sizeof what, "--%s", name);
	return keyword_match(what, text, words);
}
