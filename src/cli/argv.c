/* SPDX-License-Identifier: GPL-3.0-or-later */
/* argv.c: what getopt_long does to a command line and popt doesn't.  */
#include "config.h"

#include "cli/argv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option.h"
#include "report/usage.h"

struct reader {
	int argc;
	char **argv;
	int at;			/* index of the next word */
	struct expanded *out;
	bool unknown;		/* an option that isn't in the table has come */
	int operands;		/* how many, at the end of out->argv */
};

typedef bool option_test(const struct option *option, const char *text, size_t len);

/* Return whether A and B are two names of one option.  */
static bool
is_same(const struct option *a, const struct option *b)
{
	return a->take == b->take && a->at == b->at && a->value == b->value
		&& a->argument == NULL && b->argument == NULL;
}

/* Return whether OPTION is one of COUNT OPTIONS, by whatever name.  */
static bool
is_among(const struct option *option, const struct option *const options[], int count)
{
	for (int i = 0; i < count; i++)
		if (is_same(option, options[i]))
			return true;
	return false;
}

/* Find the options that TEST holds for, or those of them that cp has.  Return how many
   there are; the first MAX of them are in FOUND.  */
static int
search(option_test *test, const char *text, size_t len, bool only_cp,
	const struct option *found[], int max)
{
	int count = 0;

	for (size_t i = 0; i < option_count; i++) {
		const struct option *const o = &option_table[i];
		if ((only_cp && o->ours) || !test(o, text, len)
		    || is_among(o, found, count < max ? count : max))
			continue;
		if (count < max)
			found[count] = o;
		count++;
	}
	return count;
}

static bool
is_called(const struct option *option, const char *text, size_t len)
{
	return option->name != NULL && strncmp(option->name, text, len) == 0
		&& option->name[len] == '\0';
}

static bool
begins_with(const struct option *option, const char *text, size_t len)
{
	return option->name != NULL && strncmp(option->name, text, len) == 0;
}

static bool
has_letter(const struct option *option, const char *text, size_t len)
{
	(void) len;
	return option->letter != '\0' && option->letter == *text;
}

/* Return whether cp lists OPTION behind the others, out of the alphabet's order.  */
static bool
is_late(const struct option *option)
{
	return strcmp(option->name, "context") == 0
		|| strcmp(option->name, "reflink") == 0;
}

/* Compare names for qsort, in the order in which cp lists them.  */
static int
compare_names(const void *a, const void *b)
{
	const struct option *const *const x = a;
	const struct option *const *const y = b;

	if (is_late(*x) != is_late(*y))
		return is_late(*x) ? 1 : -1;
	return strcmp((*x)->name, (*y)->name);
}

/* Return the names of COUNT OPTIONS, to be freed, with a space before each; NULL where
   there is no memory.  */
static char *
list_names(const struct option *const options[], int count)
{
	char *names = NULL;
	size_t size;
	FILE *const out = open_memstream(&names, &size);

	for (int i = 0; out != NULL && i < count; i++)
		fprintf(out, "%s'--%s'", i > 0 ? " " : "", options[i]->name);
	if (out != NULL)
		fclose(out);
	return names;
}

/* Report that TEXT, which follows "--", is an ambiguous abbreviation.  */
static void
report_ambiguous(const char *text, size_t len)
{
	enum { MAX = 100 };
	const struct option *options[MAX];
	/* If it is ambiguous for cp, only cp's options are shown.  */
	const bool only_cp = search(begins_with, text, len, true, options, MAX) > 1;
	const int found = search(begins_with, text, len, only_cp, options, MAX);
	const int shown = found < MAX ? found : MAX;
	char *option = NULL;

	qsort(options, (size_t) shown, sizeof *options, compare_names);
	char *const names = list_names(options, shown);
	if (asprintf(&option, "--%s", text) < 0)
		option = NULL;
	usage_ambiguous_option(option != NULL ? option : text,
			       names != NULL ? names : "");
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
needs_argument(const struct option *option)
{
	return option->argument != NULL && !option->optional;
}

/* popt replaces "!#:+" in an argument by the next word of the command line; but not with
   this byte after the "!".  */
enum { GUARD = '\001' };

/* Return the place after the "!" of the first such text in TEXT, guarded or not; or
   NULL.  */
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

/* Return ARGUMENT with a guard at each such place, to be freed; NULL where there is no
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

/* Append OPTION with the argument GIVEN, or without one if that is NULL.  Then LETTER, if
   it was given by that, remains a letter, for which there may be an alias.  */
static void
put(struct reader *r, const struct option *option, char letter, const char *given)
{
	char *const argument = given != NULL ? guarded(given) : NULL;
	char *word = NULL;
	int ret;

	r->out->ours = r->out->ours || option->ours;
	if (given != NULL && argument == NULL)
		ret = -1;
	else if (option->name == NULL || (letter != '\0' && argument == NULL))
		ret = asprintf(&word, "-%c", option->letter);
	else if (argument == NULL)
		ret = asprintf(&word, "--%s", option->name);
	else
		ret = asprintf(&word, "--%s=%s", option->name, argument);
	free(argument);
	put_option(r, ret < 0 ? NULL : word);
}

/* ---- reading it ---- */

/* Append WORD, which is bad, if an unknown option precedes it: popt reports that one.
   Else free WORD and return false.  */
static bool
leave_to_popt(struct reader *r, char *word)
{
	if (r->unknown)
		put_option(r, word);
	else
		free(word);
	return r->unknown;
}

/* Read the long option TEXT, without its dashes.  Return 0, or -1 if something is wrong,
   which was reported.  */
static int
read_long(struct reader *r, const char *text)
{
	const size_t len = strcspn(text, "=");
	const char *argument = text[len] == '=' ? text + len + 1 : NULL;
	const struct option *option = NULL;

	if (search(is_called, text, len, false, &option, 1) == 0
	    && search(begins_with, text, len, true, &option, 1) != 1) {
		switch (search(begins_with, text, len, false, &option, 1)) {
		case 0:
			r->unknown = true;
			put_option(r, strdup(text - 2));
			return 0;
		case 1:
			break;
		default:
			if (leave_to_popt(r, strdup(text - 2)))
				return 0;
			report_ambiguous(text, len);
			return -1;
		}
	}
	if (argument != NULL && option->argument == NULL) {
		if (leave_to_popt(r, strdup(text - 2)))
			return 0;
		usage_no_argument(option->name);
		return -1;
	}
	if (argument == NULL && needs_argument(option)) {
		if (r->at == r->argc) {
			if (leave_to_popt(r, strdup(text - 2)))
				return 0;
			usage_missing_argument(option->name);
			return -1;
		}
		argument = r->argv[r->at++];
	}
	put(r, option, '\0', argument);
	return 0;
}

/* Read the letters TEXT, of one option or several.  Return as read_long.  */
static int
read_short(struct reader *r, const char *text)
{
	for (; *text != '\0'; text++) {
		const struct option *option = NULL;
		char *word;
		if (search(has_letter, text, 1, false, &option, 1) == 0) {
			r->unknown = true;
			put_option(r, asprintf(&word, "-%c", *text) < 0 ? NULL : word);
		} else if (!needs_argument(option)) {
			put(r, option, *text, NULL);
		} else if (text[1] != '\0') {
			put(r, option, *text, text + 1);
			break;
		} else if (r->at < r->argc) {
			put(r, option, *text, r->argv[r->at++]);
		} else {
			if (asprintf(&word, "-%c", *text) >= 0 && leave_to_popt(r, word))
				return 0;
			usage_missing_letter_argument(*text);
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
argv_expand(int argc, char **argv, struct expanded *expanded)
{
	struct reader reader = { .argc = argc, .argv = argv, .at = 1, .out = expanded };
	size_t words = (size_t) argc + 3;

	/* A bundle has at most as many options as letters.  */
	for (int i = 1; i < argc; i++)
		if (argv[i][0] == '-' && argv[i][1] != '-')
			words += strlen(argv[i]);
	expanded->argc = 0;
	expanded->ours = false;
	expanded->argv = calloc(words, sizeof *expanded->argv);
	if (expanded->argv == NULL) {
		usage_cannot_begin(ENOMEM);
		return -1;
	}
	put_option(&reader, strdup(argv[0]));
	const int ret = read_all(&reader);
	put_option(&reader, strdup("--"));
	for (int i = 0; ret == 0 && i < expanded->argc; i++)
		if (expanded->argv[i] == NULL) {
			usage_cannot_begin(ENOMEM);
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
