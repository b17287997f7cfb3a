/* SPDX-License-Identifier: GPL-3.0-or-later */
/* failures.c: the sources that failed, listed at the end and in a file; and messages that
   are alike, of which a user who reads them sees the first.  */
#include "config.h"

#include "report/failures.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/locale.h"
#include "base/totals.h"
#include "base/units.h"
#include "report/message.h"
#include "report/usage.h"

/* Messages that are kept for the list; and of those that differ in names alone, where
   they are folded.  */
enum { LISTED = 20, LISTED_FOLDED = 3 };

/* Messages that differ in names alone.  */
struct kind {
	char *text;		/* such a message without names */
	size_t count;
	char *shown[LISTED];	/* the first of them */
	size_t listed;
};

static struct subject subject;
static char *last;		/* the name of the last one that failed */
static size_t count;
static struct kind kinds[LISTED];
static size_t kind_count, listed;
static bool folds_always;
static FILE *file;
static char *file_name;
static int file_err;		/* errno: why it could not be written */

struct subject
failures_about(struct subject next)
{
	const struct subject before = subject;

	subject = next;
	return before;
}

struct subject
failures_subject(void)
{
	return subject;
}

int
failures_to(const char *name)
{
	if (usage_is_stdout(name)) {
		const int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
		file = fd < 0 ? NULL : fdopen(fd, "w");
	} else {
		file = fopen(name, "we");
	}
	file_name = strdup(name);
	return file != NULL && file_name != NULL ? 0 : -1;
}

/* Write the subject's name such that its copy gets the same path in the same directory:
   the part behind "/./" (namelist.h).  */
static void
write_name(void)
{
	size_t len = subject.base;

	if (strlen(subject.name) > len) {
		while (len > 0 && subject.name[len - 1] == '/')
			len--;
		fprintf(file, "%.*s/./", len > 0 ? (int) len : *subject.name != '/',
			len > 0 ? subject.name : ".");
		len = subject.base + strspn(subject.name + subject.base, "/");
	} else {
		len = 0;
	}
	fputs(subject.name + len, file);
	if (putc('\0', file) == EOF && file_err == 0)
		file_err = errno;
}

/* ---- messages that are alike ---- */

void
failures_fold(void)
{
	folds_always = true;
}

/* Return whether the user reads the messages, so that a thousand that are alike are too
   many.  */
static bool
folds(void)
{
	return folds_always || isatty(STDERR_FILENO);
}

/* Return TEXT without names, which stand in quotes, to be freed; NULL without memory.
   English texts read well without them.  */
static char *
without_names(const char *text)
{
	const size_t begin = strcspn(text, "'\"");
	const char *end = text + strlen(text);

	while (end > text + begin && end[-1] != '\'' && end[-1] != '"')
		end--;
	const size_t len = begin > 0 && text[begin - 1] == ' ' ? begin - 1 : begin;
	const bool inside = begin > 0 && *end != '\0' && *end != ':'
		&& strncmp(end, " (", 2) != 0;
	char *all;
	/* TRANSLATORS: a message that has lost the name in its middle; "%.*s ...%s" if
	   that has to be seen.  */
	const char *const format = inside ? _("%.*s%s") : "%.*s%s";
	return asprintf(&all, format, (int) len, text, end) < 0 ? NULL : all;
}

/* Return the kind that TEXT is of; NULL if it is of none of the first LISTED.  */
static struct kind *
kind_of(const char *text)
{
	char *const alike = without_names(text);
	struct kind *kind = kinds, *const end = kinds + kind_count;

	if (alike == NULL)
		return NULL;
	while (kind < end && strcmp(kind->text, alike) != 0)
		kind++;
	if (kind == end && kind_count < LISTED) {
		kind->text = alike;
		kind_count++;
		return kind;
	}
	free(alike);
	return kind == end ? NULL : kind;
}

/* Keep TEXT, of KIND, for the list.  */
static void
keep(struct kind *kind, const char *text)
{
	if (listed == LISTED || (kind->shown[kind->listed] = strdup(text)) == NULL)
		return;
	kind->listed++;
	listed++;
}

/* Note the name of the subject.  Return whether it is another than the last one.  */
static bool
note_subject(void)
{
	if (subject.name == NULL || (last != NULL && strcmp(last, subject.name) == 0))
		return false;
	free(last);
	last = strdup(subject.name);
	count++;
	if (file != NULL)
		write_name();
	return true;
}

bool
failures_note(const char *text)
{
	const bool is_new = note_subject();
	struct kind *const kind = kind_of(text);

	if (kind == NULL)
		return true;
	kind->count++;
	if (kind->count > LISTED_FOLDED && folds())
		return false;
	if (is_new)
		keep(kind, text);
	return true;
}

size_t
failures_count(void)
{
	return count;
}

/* Return how many messages of KIND were not printed.  */
static size_t
folded(const struct kind *kind)
{
	return kind->count > LISTED_FOLDED && folds() ? kind->count - LISTED_FOLDED : 0;
}

/* Print how many MORE messages there are than those above, if there are.  */
static void
note_more(size_t more)
{
	if (more > 0)
		message_note(0, locale_plural("  and %zu more", "  and %zu more", more),
			     more);
}

/* List the sources that failed, those that failed alike together.  */
static void
print_list(void)
{
	size_t rest = count - listed;

	message_note(0, locale_plural("%zu failed:", "%zu failed:", count), count);
	for (struct kind *kind = kinds; kind < kinds + kind_count; kind++) {
		for (size_t i = 0; i < kind->listed; i++)
			message_note(0, "  %s", kind->shown[i]);
		const size_t more = folded(kind) < rest ? folded(kind) : rest;
		note_more(more);
		rest -= more;
	}
	note_more(rest);
}

/* Say what was not printed.  */
static void
print_folded(void)
{
	for (struct kind *kind = kinds; kind < kinds + kind_count; kind++)
		if (folded(kind) > 0)
			message_note(0, locale_plural("%s (and %zu more)",
						      "%s (and %zu more)", folded(kind)),
				     kind->text, folded(kind));
}

/* Return whether any source failed since a device or a quota was exhausted.  */
static bool
was_full(void)
{
	static const int reasons[] = { ENOSPC, EDQUOT };

	for (struct kind *kind = kinds; kind < kinds + kind_count; kind++)
		for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
			if (strstr(kind->text, locale_reason(reasons[i])) != NULL)
				return true;
	return false;
}

/* Say how many bytes the sources have that failed since there was no room.  */
static void
print_missing(void)
{
	const uint64_t missing = totals_read(COUNT_MISSED);
	char size[32];

	if (missing > 0 && was_full())
		message_note(0, N_("%s had no room"),
			     units_format_size(missing, size, sizeof size));
}

void
failures_print(bool list)
{
	subject = SUBJECT_NONE;
	if (list && count > 1)
		print_list();
	else
		print_folded();
	if (kind_count > 0 && (list || folds()))
		print_missing();
	if (file != NULL) {
		if (fclose(file) != 0 && file_err == 0)
			file_err = errno;
		if (file_err != 0)
			usage_cannot_write(file_name, file_err);
	}
	for (struct kind *kind = kinds; kind < kinds + kind_count; kind++) {
		for (size_t i = 0; i < kind->listed; i++)
			free(kind->shown[i]);
		free(kind->text);
	}
	memset(kinds, 0, sizeof kinds);		/* what comes now is printed */
	kind_count = listed = 0;
	free(last);
	free(file_name);
}
