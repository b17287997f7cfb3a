/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keyword.c: arguments that are words, as coreutils take them.  */
#include "config.h"

#include "cli/keyword.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/message.h"
#include "report/quote.h"

enum { UNKNOWN = -1, AMBIGUOUS = -2 };

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

int
keyword_match(const char *option, const char *text, const struct keyword *words)
{
	const int found = find(text, words);
	char *list = NULL;
	size_t size;

	if (found >= 0)
		return found;
	FILE *const out = open_memstream(&list, &size);
	if (out != NULL) {
		for (const struct keyword *w = words; w->text != NULL; w++)
			fprintf(out, w > words && w[-1].value == w->value ? ", %s"
				: "\n  - %s",
				quote_word(w->text));
		fclose(out);
	}
	message_usage("%s argument %s for %s\nValid arguments are:%s",
		      found == AMBIGUOUS ? "ambiguous" : "invalid", quote_word(text),
		      quote_word(option),
		      list != NULL ? list : "");
	free(list);
	return -1;
}
