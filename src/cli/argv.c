/* SPDX-License-Identifier: GPL-3.0-or-later */
/* argv.c: what getopt_long does to a command line and popt doesn't.  */
#include "config.h"

#include "cli/argv.h"

#include <errno.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/message.h"
#include "report/quote.h"

struct reader {
	const struct poptOption *groups;
	int argc;
	char **argv;
	int at;			/* the next word */
	struct expanded *out;
	bool unknown;		/* an option was met that no table has: it is blamed first */
	int operands;		/* of them at the end of argv, from out->argc - operands */
};

typedef bool option_test(const struct poptOption *option, const char *text, size_t len);

/* What TEST finds in the tables, or in those of cp's options: how many, and the first
   MAX of them in FOUND.  */
static int
search(const struct poptOption *groups, option_test *test, const char *text, size_t len,
	bool only_cp, const struct poptOption *options[], int max)
{
	int found = 0;

	for (const struct poptOption *group = groups; group->arg != NULL; group++) {
		if (only_cp && group->val == ARGV_OURS)
			continue;
		for (const struct poptOption *o = group->arg;
		     o->longName != NULL || o->shortName != '\0'; o++) {
			/* Two names of one option are no two options.  */
			if (!test(o, text, len)
			    || (found > 0 && o->arg != NULL && o->arg == options[0]->arg))
				continue;
			if (found < max)
				options[found] = o;
			found++;
		}
	}
	return found;
}

static bool
is_called(const struct poptOption *option, const char *text, size_t len)
{
	return option->longName != NULL && strncmp(option->longName, text, len) == 0
		&& option->longName[len] == '\0';
}

static bool
begins_with(const struct poptOption *option, const char *text, size_t len)
{
	return option->longName != NULL && strncmp(option->longName, text, len) == 0;
}

static bool
has_letter(const struct poptOption *option, const char *text, size_t len)
{
	(void) len;
	return option->shortName != '\0' && option->shortName == *text;
}

/* Whether cp has OPTION out of the alphabet's order, behind the others.  */
static bool
is_late(const struct poptOption *option)
{
	return strcmp(option->longName, "context") == 0
		|| strcmp(option->longName, "reflink") == 0;
}

/* In the order in which cp shows them.  */
static int
compare_names(const void *a, const void *b)
{
	const struct poptOption *const *const x = a;
	const struct poptOption *const *const y = b;

	if (is_late(*x) != is_late(*y))
		return is_late(*x) ? 1 : -1;
	return strcmp((*x)->longName, (*y)->longName);
}

static void
say_ambiguous(const struct poptOption *groups, const char *text, size_t len)
{
	enum { MAX = 100 };
	const struct poptOption *options[MAX];
	/* If cp would not know which, its options are shown.  */
	const bool only_cp = search(groups, begins_with, text, len, true, options,
				    MAX) > 1;
	const int found = search(groups, begins_with, text, len, only_cp, options, MAX);
	char *names = NULL;
	size_t size;
	FILE *const out = open_memstream(&names, &size);
	char *option = NULL;

	qsort(options, (size_t) (found < MAX ? found : MAX), sizeof *options,
	      compare_names);
	for (int i = 0; out != NULL && i < found && i < MAX; i++)
		fprintf(out, " '--%s'", options[i]->longName);
	if (out != NULL)
		fclose(out);
	if (asprintf(&option, "--%s", text) < 0)
		option = NULL;
	message_usage("option %s is ambiguous; possibilities:%s",
		      quote_option(option != NULL ? option : text), names != NULL ? names
		      : "");
	free(option);
	free(names);
}

/* ---- putting it together ---- */

/* Insert WORD (allocated) before the operands.  */
static void
put_option(struct reader *r, char *word)
{
	char **const at = r->out->argv + r->out->argc - r->operands;

	memmove(at + 1, at, (size_t) r->operands * sizeof *at);
	*at = word;
	r->out->argc++;
}

static void
put_operand(struct reader *r, const char *word)
{
	r->out->argv[r->out->argc++] = strdup(word);
	r->operands++;
}

static bool
takes_argument(const struct poptOption *option)
{
	return (option->argInfo & POPT_ARG_MASK) != POPT_ARG_NONE;
}

static bool
may_lack_argument(const struct poptOption *option)
{
	return (option->argInfo & POPT_ARGFLAG_OPTIONAL) != 0;
}

/* popt takes "!#:+" in an argument for the next word of the command line.  With this byte
   behind the !, it doesn't.  */
enum { GUARD = '\001' };

/* Where in TEXT such a place is, guarded as it may be; or NULL.  */
static char *
next_word_mark(const char *text)
{
	for (const char *mark = text; (mark = strchr(mark, '!')) != NULL; ) {
		mark++;
		if (strncmp(mark + strspn(mark, "\001"), "#:+", 3) == 0)
			return (char *) mark;
	}
	return NULL;
}

/* ARGUMENT with a guard at each such place.  To be freed; NULL where there is no
   memory.  */
static char *
guarded(const char *argument)
{
	char *const text = malloc(2 * strlen(argument) + 1);
	char *out = text;

	for (const char *mark; text != NULL; argument = mark) {
		mark = next_word_mark(argument);
		if (mark == NULL) {
			strcpy(out, argument);
			break;
		}
		out = mempcpy(out, argument, (size_t) (mark - argument));
		*out++ = GUARD;
	}
	return text;
}

char *
argv_argument(char *argument)
{
	for (char *mark = argument; mark != NULL
	     && (mark = next_word_mark(mark)) != NULL; )
		if (*mark == GUARD)
			memmove(mark, mark + 1, strlen(mark));
	return argument;
}

/* Whether cp hasn't OPTION.  */
static bool
is_ours(const struct poptOption *groups, const struct poptOption *option)
{
	for (const struct poptOption *group = groups; group->arg != NULL; group++)
		for (const struct poptOption *o = group->arg; group->val == ARGV_OURS
		     && (o->longName != NULL || o->shortName != '\0'); o++)
			if (o == option)
				return true;
	return false;
}

/* OPTION with an argument that was GIVEN, or without if that is NULL.  Then its LETTER
   stays one, if it was one: it may be an alias, too.  */
static void
put(struct reader *r, const struct poptOption *option, char letter, const char *given)
{
	char *const argument = given != NULL ? guarded(given) : NULL;
	char *word = NULL;
	int ret;

	r->out->ours = r->out->ours || is_ours(r->groups, option);
	if (given != NULL && argument == NULL)
		ret = -1;
	else if (option->longName == NULL || (letter != '\0' && argument == NULL))
		ret = asprintf(&word, "-%c", option->shortName);
	else if (argument == NULL)
		ret = asprintf(&word, "--%s", option->longName);
	else
		ret = asprintf(&word, "--%s=%s", option->longName, argument);
	free(argument);
	put_option(r, ret < 0 ? NULL : word);
}

/* ---- reading it ---- */

/* WORD is bad; but if something before it was unknown, popt comes upon that first.  */
static bool
leave_to_popt(struct reader *r, char *word)
{
	if (r->unknown)
		put_option(r, word);
	else
		free(word);
	return r->unknown;
}

/* --TEXT.  */
static int
read_long(struct reader *r, const char *text)
{
	const size_t len = strcspn(text, "=");
	const char *argument = text[len] == '=' ? text + len + 1 : NULL;
	const struct poptOption *option = NULL;

	if (search(r->groups, is_called, text, len, false, &option, 1) == 0
	    && search(r->groups, begins_with, text, len, true, &option, 1) != 1) {
		switch (search(r->groups, begins_with, text, len, false, &option, 1)) {
		case 0:
			r->unknown = true;
			put_option(r, strdup(text - 2));
			return 0;
		case 1:
			break;
		default:
			if (leave_to_popt(r, strdup(text - 2)))
				return 0;
			say_ambiguous(r->groups, text, len);
			return -1;
		}
	}
	if (argument != NULL && !takes_argument(option)) {
		if (leave_to_popt(r, strdup(text - 2)))
			return 0;
		message_usage("option '--%s' doesn't allow an argument",
			      option->longName);
		return -1;
	}
	if (argument == NULL && takes_argument(option) && !may_lack_argument(option)) {
		if (r->at == r->argc) {
			if (leave_to_popt(r, strdup(text - 2)))
				return 0;
			message_usage("option '--%s' requires an argument",
				      option->longName);
			return -1;
		}
		argument = r->argv[r->at++];
	}
	put(r, option, '\0', argument);
	return 0;
}

/* -TEXT, one option or several.  */
static int
read_short(struct reader *r, const char *text)
{
	for (; *text != '\0'; text++) {
		const struct poptOption *option = NULL;
		char *word;
		if (search(r->groups, has_letter, text, 1, false, &option, 1) == 0) {
			r->unknown = true;
			put_option(r, asprintf(&word, "-%c", *text) < 0 ? NULL : word);
		} else if (!takes_argument(option) || may_lack_argument(option)) {
			put(r, option, *text, NULL);
		} else if (text[1] != '\0') {
			put(r, option, *text, text + 1);
			break;
		} else if (r->at < r->argc) {
			put(r, option, *text, r->argv[r->at++]);
		} else {
			if (asprintf(&word, "-%c", *text) >= 0 && leave_to_popt(r, word))
				return 0;
			message_usage("option requires an argument -- '%c'", *text);
			return -1;
		}
	}
	return 0;
}

static int
read_all(struct reader *r)
{
	const bool in_order = getenv("POSIXLY_CORRECT") != NULL;
	int ret = 0;

	while (r->at < r->argc && ret == 0) {
		const char *const word = r->argv[r->at++];
		if (strcmp(word, "--") == 0)
			break;
		if (word[0] == '-' && word[1] == '-')
			ret = read_long(r, word + 2);
		else if (word[0] == '-' && word[1] != '\0')
			ret = read_short(r, word + 1);
		else
			put_operand(r, word);
		if (in_order && r->operands > 0)
			break;
	}
	while (r->at < r->argc && ret == 0)
		put_operand(r, r->argv[r->at++]);
	return ret;
}

int
argv_expand(const struct poptOption *groups, int argc, char **argv,
	struct expanded *expanded)
{
	struct reader reader = { .groups = groups, .argc = argc, .argv = argv, .at = 1,
				 .out = expanded };
	size_t words = (size_t) argc + 3;

	for (int i = 1; i < argc; i++)	/* A bundle may have as many options as letters.  */
		if (argv[i][0] == '-' && argv[i][1] != '-')
			words += strlen(argv[i]);
	expanded->argc = 0;
	expanded->ours = false;
	expanded->argv = calloc(words, sizeof *expanded->argv);
	if (expanded->argv == NULL) {
		message_error(ENOMEM, "cannot copy");
		return -1;
	}
	put_option(&reader, strdup(argv[0]));
	const int ret = read_all(&reader);
	put_option(&reader, strdup("--"));
	for (int i = 0; ret == 0 && i < expanded->argc; i++)
		if (expanded->argv[i] == NULL) {
			message_error(ENOMEM, "cannot copy");
			return -1;
		}
	return ret;
}

void
argv_free(struct expanded *expanded)
{
	for (int i = 0; i < expanded->argc; i++)
		free(expanded->argv[i]);
	free(expanded->argv);
	*expanded = (struct expanded) { 0, NULL, false };
}
