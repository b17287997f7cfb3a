/* SPDX-License-Identifier: GPL-3.0-or-later */
/* status.c: --status, which finds running copies by their status files.  */
#include "config.h"

#include "cli/status.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/statusdir.h"
#include "base/statusfile.h"
#include "cli/journals.h"
#include "report/statustext.h"

struct request {
	const struct options *options;
	bool json;
	bool found;		/* a copy, or an error */
};

/* Return whether one of the absolute paths A and B is the other or below it.  */
static bool
overlap(const char *a, const char *b)
{
	return path_is_within(a, b) || path_is_within(b, a);
}

/* Return whether STATUS is of a copy from or to PATH, which is absolute.  */
static bool
concerns(const struct statusfile *status, const char *path)
{
	const char *source = NULL;

	while ((source = statusfile_source(status, source)) != NULL)
		if (overlap(source, path))
			return true;
	return overlap(status->dest, path);
}

/* Return whether the copy of STATUS is to be shown.  */
static bool
is_wanted(const struct request *request, const struct statusfile *status)
{
	const struct options *const options = request->options;
	char path[PATH_MAX];

	for (size_t i = 0; i < options->count; i++)
		if (concerns(status, options->operand[i])
		    || (path_resolve(options->operand[i], path) && concerns(status, path))
		    || (realpath(options->operand[i], path) != NULL
			&& concerns(status, path)))
			return true;
	return options->count == 0;
}

/* Show the copy whose status file is NAME in DIR, called PATH.  */
static void
show(void *context, int dir, const char *path, const char *name)
{
	static struct statusfile status;
	struct request *const request = context;
	const enum statusfile_error error = statusfile_read(dir, name, &status);

	if (error == STATUSFILE_GONE
	    || (error == STATUSFILE_OK && !is_wanted(request, &status)))
		return;
	request->found = true;
	if (error == STATUSFILE_OK)
		statustext_print(&status, request->json);
	else
		statustext_report(path, name, error, errno);
}

void
status_show(const struct options *options)
{
	struct request request = { .options = options, .json = options->status
				   == STATUS_JSON || options->stats.json };

	statusdir_each(show, &request);
	if (journals_show(options->operand, options->count, request.json))
		request.found = true;
	if (!request.found)
		statustext_none(request.json);
}
