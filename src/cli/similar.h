/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_SIMILAR_H
#define MMCP_CLI_SIMILAR_H

#include <stddef.h>

/* The search for the word that was meant by one that is unknown.  */
struct similar {
	const char *text;
	size_t len;
	const char *found;	/* the most similar word so far, or NULL */
	unsigned distance;	/* how many slips make TEXT of it */
};

/* Return a search for what was meant by the first LEN bytes of TEXT.  */
struct similar
similar_to(const char *text, size_t len);

/* Take WORD into account: TEXT may be WORD with a letter missing, too many, wrong or out
   of order; one such slip for each three letters.  Case doesn't matter.  */
void
similar_try(struct similar *similar, const char *word);

#endif
