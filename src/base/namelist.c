/* SPDX-License-Identifier: GPL-3.0-or-later */
/* namelist.c: files that list names.  */
#include "config.h"

#include "base/namelist.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Return the content of FILE, with a NUL behind it, and its length.  */
static char *
read_all(FILE *file, size_t *len)
{
	size_t size = 65536;
	char *text = malloc(size);

	*len = 0;
	while (text != NULL) {
		*len += fread(text + *len, 1, size - *len - 1, file);
		if (*len < size - 1)
			break;
		size *= 2;
		char *const more = realloc(text, size);
		if (more == NULL)
			free(text);
		text = more;
	}
	if (text != NULL)
		text[*len] = '\0';
	return text;
}

/* Split NAMES' text of LEN bytes at each END.  */
static int
cut(struct namelist *names, size_t len, char end)
{
	char *at = names->text;
	char *const last = at + len;
	size_t count = len > 0 && last[-1] != end;

	for (const char *p = at; p < last; p++)
		count += *p == end;
	names->item = malloc((count + 1) * sizeof *names->item);
	if (names->item == NULL)
		return -1;
	while (at < last) {
		char *const stop = memchr(at, end, (size_t) (last - at));
		names->item[names->count++] = at;
		if (stop == NULL)
			break;
		*stop = '\0';
		at = stop + 1;
	}
	names->item[names->count] = NULL;
	return 0;
}

int
namelist_read(struct namelist *names, const char *name, char end)
{
	FILE *const file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
	size_t len;
	int err = 0;

	*names = NAMELIST_NONE;
	if (file == NULL)
		return -1;
	names->text = read_all(file, &len);
	names->has_nul = names->text != NULL && memchr(names->text, '\0', len) != NULL;
	if (ferror(file) || names->text == NULL || cut(names, len, end) < 0)
		err = errno != 0 ? errno : EIO;
	if (file != stdin)
		fclose(file);
	if (err == 0)
		return 0;
	namelist_free(names);
	errno = err;
	return -1;
}

void
namelist_free(struct namelist *names)
{
	free(names->item);
	free(names->text);
	*names = NAMELIST_NONE;
}

const char *
namelist_marked(const char *name)
{
	const char *found = NULL;

	for (const char *at = name; (at = strstr(at, "/./")) != NULL; at++)
		found = at + 3 + strspn(at + 3, "/");
	return found != NULL && *found != '\0' ? found : NULL;
}

bool
namelist_lead_out(const char *name)
{
	const char *at = namelist_marked(name);

	while (at != NULL) {
		const size_t len = strcspn(at, "/");
		if (len == 2 && at[0] == '.' && at[1] == '.')
			return true;
		at = at[len] == '/' ? at + len + 1 : NULL;
	}
	return false;
}
