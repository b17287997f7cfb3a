/* SPDX-License-Identifier: GPL-3.0-or-later */
/* generate.c: write the completions from the table of options.  `make completions' and
   `make dist' run it, and a test compares what it writes with the files that are there.

   usage: generate bash|zsh|fish TEMPLATE
          generate list

   The first writes TEMPLATE with the line "@table@" replaced by what that shell needs of
   the table.  The second writes a line for each option: title, letter, name, argument,
   "optional" or "required", keywords, and "hidden", with tabs between; "-" is none.  */
#include "config.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "cli/option.h"

/* ---- what the table says ---- */

/* Print TITLE, which ends with a colon, as a comment.  */
static void
put_title(const char *indent, const char *title)
{
	printf("%s# %.*s.\n", indent, (int) strcspn(title, ":"), title);
}

/* Call PUT for each option in the help.  Unless INDENT is NULL, the titles of groups are
   comments after INDENT.  */
static void
each_option(const char *indent, void (*put)(const struct option *))
{
	int group = -1;

	for (size_t i = 0; i < option_count; i++) {
		const struct option *const option = &option_table[i];
		if (option->hidden)
			continue;
		if (indent != NULL && option->group != group) {
			fputs(group >= 0 ? "\n" : "", stdout);
			put_title(indent, option_titles[option->group]);
		}
		group = option->group;
		put(option);
	}
}

static bool
needs_argument(const struct option *option)
{
	return option->argument != NULL && !option->optional;
}

/* Return whether the help calls OPTION's argument NAME.  */
static bool
takes(const struct option *option, const char *name)
{
	return option->argument != NULL && strcmp(option->argument, name) == 0;
}

/* Return whether the program ends with OPTION.  */
static bool
ends(const struct option *option)
{
	return option->take == help_options || option->take == help_usage
		|| option->take == help_version;
}

static void
put_keywords(const struct option *option, const char *separator)
{
	for (const struct keyword *word = option->keywords; word->text != NULL; word++)
		printf("%s%s", word > option->keywords ? separator : "", word->text);
}

/* Return what OPTION does in a few words, in static memory.  */
static const char *
description(const struct option *option)
{
	static char text[128];

	snprintf(text, sizeof text, "%s",
		 option->brief != NULL ? option->brief : option->help);
	if (option->keywords != NULL)	/* which follow a colon, and are offered anyway */
		text[strcspn(text, ":")] = '\0';
	return text;
}

/* Print TEXT and MORE as one word for a shell.  */
static void
put_quoted(const char *text, const char *more)
{
	const bool has_quote = strchr(text, '\'') != NULL || strchr(more, '\'') != NULL;
	const char quote = has_quote ? '"' : '\'';

	if (has_quote && (strpbrk(text, "\"$`\\") != NULL
			  || strpbrk(more, "\"$`\\") != NULL))
		abort();	/* No text has needed both kinds of quotes yet.  */
	printf("%c%s%s%c", quote, text, more, quote);
}

/* ---- bash ---- */

static int column;	/* where put_word is */

/* Print BEFORE, NAME and AFTER as a word, in lines of up to 88 columns.  */
static void
put_word(const char *before, const char *name, const char *after)
{
	const int width = (int) (strlen(before) + strlen(name) + strlen(after)) + 1;

	column += width;
	if (column > 88)
		column = 7 + width;
	printf("%s%s%s%s", column == 7 + width ? "\n\t" : " ", before, name, after);
}

static void
put_bash_names(const struct option *option)
{
	if (option->letter != '\0')
		put_word("-", (const char []) { option->letter, '\0' }, "");
	if (option->name != NULL && !needs_argument(option))
		put_word("--", option->name, "");
	if (option->name != NULL && option->argument != NULL)
		put_word("--", option->name, "=");
}

static void
put_bash_needing(const struct option *option)
{
	if (option->name != NULL && needs_argument(option))
		put_word("--", option->name, "");
}

static void
put_bash_letter(const struct option *option)
{
	if (option->letter != '\0' && needs_argument(option))
		putchar(option->letter);
}

static void
put_bash_argument(const struct option *option)
{
	const bool words = option->keywords != NULL;

	if (!words && !takes(option, "DIRECTORY") && !takes(option, "FILE"))
		return;
	printf("\t--%s", option->name);
	if (option->letter != '\0')
		printf(" | -%c", option->letter);
	printf(")\n\t\t%s", takes(option, "DIRECTORY") ? "_mmcp_directories"
	       : takes(option, "FILE") ? "_mmcp_files"
	       : takes(option, "LIST") ? "_mmcp_list " : "_mmcp_words ");
	if (words)
		put_keywords(option, " ");
	printf(" ;;\n");
}

static void
put_bash(void)
{
	printf("_mmcp_options='");
	column = 89;
	each_option(NULL, put_bash_names);
	printf("'\n\n# Those of them that need an argument.\n_mmcp_needing='");
	column = 89;
	each_option(NULL, put_bash_needing);
	printf("'\n_mmcp_letters=");
	each_option(NULL, put_bash_letter);
	printf("\n\n_mmcp_argument()\t# OPTION\n{\n\tcase $1 in\n");
	each_option(NULL, put_bash_argument);
	printf("\tesac\n}\n");
}

/* ---- zsh ---- */

/* Print to OUT the names of OPTION, each after a space, the first after BEFORE.  */
static void
put_names(FILE *out, const char *before, const struct option *option)
{
	if (option->letter != '\0')
		fprintf(out, "%s-%c", before, option->letter);
	if (option->name != NULL)
		fprintf(out, "%s--%s", option->letter != '\0' ? " " : before,
			option->name);
}

/* Return whether OTHER is pointless beside OPTION: it is stored in the same place, or the
   table says so.  */
static bool
excludes(const struct option *option, const struct option *other)
{
	return !other->hidden && option != other
		&& ((option->at != 0 && option->at == other->at)
		    || (option->other != '\0' && option->other == other->letter));
}

static bool
excludes_any(const struct option *option)
{
	for (size_t i = 0; i < option_count; i++)
		if (excludes(option, &option_table[i]))
			return true;
	return option->letter != '\0' && option->name != NULL;
}

/* Print to OUT what isn't offered after OPTION, in parentheses, if there is anything; or
   a star if the option itself is offered again.  */
static void
put_exclusions(FILE *out, const struct option *option)
{
	if (option->repeats || ends(option)) {
		fputs(option->repeats ? "*" : "(- *)", out);
		return;
	}
	if (!excludes_any(option))
		return;
	put_names(out, "(", option);
	for (size_t i = 0; i < option_count; i++)
		if (excludes(option, &option_table[i]))
			put_names(out, " ", &option_table[i]);
	putc(')', out);
}

/* Return how an argument of OPTION is joined to its long name, or to its letter.  */
static const char *
joint(const struct option *option, bool to_name)
{
	return option->argument == NULL ? "" : option->optional ? "=-"
		: to_name ? "=" : "+";
}

/* Print to OUT how OPTION's argument is completed.  */
static void
put_action(FILE *out, const struct option *option)
{
	const struct keyword *word = option->keywords;

	fprintf(out, "%s", option->optional ? "::" : ":");
	for (const char *c = option->argument; *c != '\0'; c++)
		putc(tolower((unsigned char) *c), out);
	fprintf(out, ":%s", takes(option, "DIRECTORY") ? "_files -/"
		: takes(option, "FILE") ? "_files"
		: takes(option, "CTX") ? "_selinux_contexts"
		: takes(option, "LIST") ? "_values -s , attribute"
		: word == NULL ? " " : "(");
	for (; word != NULL && word->text != NULL; word++)
		fprintf(out, "%s%s", takes(option, "LIST") || word > option->keywords
			? " " : "", word->text);
	if (option->keywords != NULL && !takes(option, "LIST"))
		putc(')', out);
}

static void
put_zsh_option(const struct option *option)
{
	char *before = NULL, *behind = NULL;
	size_t size;
	FILE *out = open_memstream(&before, &size);

	put_exclusions(out, option);
	if (option->name == NULL)
		fprintf(out, "-%c", option->letter);
	else if (option->letter == '\0')
		fprintf(out, "--%s%s", option->name, joint(option, true));
	fclose(out);
	out = open_memstream(&behind, &size);
	fprintf(out, "[%s]", description(option));
	if (option->argument != NULL)
		put_action(out, option);
	fclose(out);
	putchar('\t');
	if (option->name != NULL && option->letter != '\0') {
		put_quoted(before, "");
		printf("{-%c%s,--%s%s}", option->letter, joint(option, false),
		       option->name, joint(option, true));
		put_quoted(behind, "");
	} else {
		put_quoted(before, behind);
	}
	putchar('\n');
	free(before);
	free(behind);
}

/* ---- fish ---- */

static void
put_fish_option(const struct option *option)
{
	char text[128];

	printf("complete -c mmcp");
	if (option->letter != '\0')
		printf(" -s %c", option->letter);
	if (option->name != NULL)
		printf(" -l %s", option->name);
	if (option->argument != NULL)
		printf(takes(option, "FILE") ? " -r" : option->optional ? " -f" : " -x");
	if (takes(option, "DIRECTORY"))
		printf(" -a '(__mmcp_directories)'");
	if (option->keywords != NULL) {
		printf(takes(option, "LIST") ? " -a '(__mmcp_list " : " -a '");
		put_keywords(option, " ");
		printf(takes(option, "LIST") ? ")'" : "'");
	}
	snprintf(text, sizeof text, "%s", description(option));
	*text = (char) toupper((unsigned char) *text);
	printf(" -d ");
	put_quoted(text, "");
	putchar('\n');
}

/* ---- all of it ---- */

static void
put_list(void)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option *const o = &option_table[i];
		const char *const title = option_titles[o->group];
		printf("%.*s\t%c\t%s\t%s\t%s\t", (int) strcspn(title, ":"), title,
		       o->letter != '\0' ? o->letter : '-',
		       o->name != NULL ? o->name : "-",
		       o->argument != NULL ? o->argument : "-",
		       o->argument == NULL ? "-" : o->optional ? "optional" : "required");
		if (o->keywords != NULL)
			put_keywords(o, ",");
		printf("%s\t%s\n", o->keywords != NULL ? "" : "-",
		       o->hidden ? "hidden" : "-");
	}
}

static void
put_table(const char *format)
{
	if (strcmp(format, "bash") == 0)
		put_bash();
	else if (strcmp(format, "zsh") == 0)
		each_option("\t", put_zsh_option);
	else if (strcmp(format, "fish") == 0)
		each_option("", put_fish_option);
}

int
main(int argc, char **argv)
{
	char line[256];

	if (argc == 2 && strcmp(argv[1], "list") == 0) {
		put_list();
		return fflush(stdout) == 0 ? 0 : 1;
	}
	FILE *const template = argc == 3 ? fopen(argv[2], "r") : NULL;
	if (template == NULL) {
		fputs("usage: generate bash|zsh|fish TEMPLATE\n"
		      "       generate list\n", stderr);
		return 1;
	}
	while (fgets(line, sizeof line, template) != NULL)
		if (strcmp(line, "@table@\n") == 0)
			put_table(argv[1]);
		else
			fputs(line, stdout);
	fclose(template);
	return fflush(stdout) == 0 ? 0 : 1;
}
