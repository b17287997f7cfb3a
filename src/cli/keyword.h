/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_KEYWORD_H
#define MMCP_CLI_KEYWORD_H

/* A word that the argument of an option may be.  Lists of them end with NULL.  */
struct keyword {
	const char *text;
	int value;		/* the same for words that mean the same */
};

/* Return the value of TEXT, which is one of WORDS or an abbreviation of only one of them;
   or -1 after reporting which words WHAT ("--engine") takes.  */
int
keyword_match(const char *what, const char *text, const struct keyword *words);

/* The same for the argument of the long option NAME, which is without dashes.  */
int
keyword_match_option(const char *name, const char *text, const struct keyword *words);

#endif
