/* SPDX-License-Identifier: GPL-3.0-or-later */
/* similar.c: compare words by the number of slips that make one of the other.  */
#include "config.h"

#include "cli/similar.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { LONGEST = 32 };	/* longer words are similar to none */

struct similar
similar_to(const char *text, size_t len)
{
	return (struct similar) { .text = text, .len = len, .found = NULL };
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static bool
is_same(char a, char b)
{
	return tolower((unsigned char) a) == tolower((unsigned char) b);
}

/* Return how many slips make A of B: letters missing, added or wrong, and neighbours in
   the wrong order.  Neither is longer than LONGEST.  */
static unsigned
count_slips(const char *a, size_t a_len, const char *b, size_t b_len)
{
	/* slips[i][j]: of the first i letters of A, and the first j of B.  */
	unsigned slips[LONGEST + 1][LONGEST + 1];

	for (size_t i = 0; i <= a_len; i++)
		for (size_t j = 0; j <= b_len; j++) {
			if (i == 0 || j == 0) {
				slips[i][j] = (unsigned) (i + j);
				continue;
			}
			const unsigned wrong = is_same(a[i - 1], b[j - 1]) ? 0 : 1;
			unsigned n = least(slips[i - 1][j], slips[i][j - 1]) + 1;
			n = least(n, slips[i - 1][j - 1] + wrong);
			if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2])
			    && is_same(a[i - 2], b[j - 1]))
				n = least(n, slips[i - 2][j - 2] + 1);
			slips[i][j] = n;
		}
	return slips[a_len][b_len];
}

void
similar_try(struct similar *similar, const char *word)
{
	const size_t len = strlen(word);
	const size_t shorter = len < similar->len ? len : similar->len;

	if (shorter < 3 || len > LONGEST || similar->len > LONGEST)
		return;
	const unsigned distance = count_slips(similar->text, similar->len, word, len);
	if (distance > shorter / 3
	    || (similar->found != NULL && distance >= similar->distance))
		return;
	similar->found = word;
	similar->distance = distance;
}
