/* SPDX-License-Identifier: GPL-3.0-or-later */
/* failures.c: the sources that failed, listed at the end and in a file.  */
#include "config.h"

#include "report/failures.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/message.h"
#include "report/usage.h"

enum { LISTED = 20 };		/* failures, at most */

static struct subject subject;
static char *last;		/* the name of the last one that failed */
static size_t count;
static char *texts[LISTED];
static FILE *file;
static char *file_name;

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
	file = fopen(name, "we");
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
	putc('\0', file);
}

void
failures_note(const char *text)
{
	if (subject.name == NULL || (last != NULL && strcmp(last, subject.name) == 0))
		return;
	free(last);
	last = strdup(subject.name);
	if (count < LISTED)
		texts[count] = strdup(text);
	count++;
	if (file != NULL)
		write_name();
}

size_t
failures_count(void)
{
	return count;
}

static void
print_all(void)
{
	message_note(0, "%zu failed:", count);
	for (size_t i = 0; i < count && i < LISTED; i++)
		if (texts[i] != NULL)
			message_note(0, "  %s", texts[i]);
	if (count > LISTED)
		message_note(0, "  and %zu more", count - LISTED);
}

void
failures_print(bool list)
{
	subject = SUBJECT_NONE;
	if (list && count > 1)
		print_all();
	if (file != NULL) {
		const int failed = ferror(file);
		if (fclose(file) != 0 || failed)
			usage_cannot_write(file_name, errno);
	}
	for (size_t i = 0; i < LISTED; i++)
		free(texts[i]);
	free(last);
	free(file_name);
}
