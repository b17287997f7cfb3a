/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_KEYWORD_H
#define MMCP_CLI_KEYWORD_H

/* A vocabulary that an option's argument is taken from.  */
struct keyword {
	const char *text;	/* NULL ends the list */
	int value;		/* the same for words that mean the same */
};

/* The value of TEXT, which is one of WORDS or the beginning of only one; -1 if it
   isn't, and then it was said for OPTION ("--engine") which words there are.  */
int
keyword_match(const char *option, const char *text, const struct keyword *words);

#endif
