/* SPDX-License-Identifier: GPL-3.0-or-later */
/* operands.c: cp's rules for operands.  The directory to fill is opened once; names are
   then looked up in it.  */
#include "config.h"

#include "cli/operands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/namelist.h"
#include "base/path.h"
#include "report/usage.h"

static int
open_directory(const char *name)
{
	return open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static enum operands_error
sort_into_target(struct operands *operands, const struct operands_policy *policy)
{
	if (policy->no_target_directory)
		return OPERANDS_BOTH_TARGETS;
	operands->target = policy->target_directory;
	operands->dir = open_directory(policy->target_directory);
	if (operands->dir >= 0)
		return OPERANDS_OK;
	operands->blamed = policy->target_directory;
	return OPERANDS_TARGET_DIRECTORY;
}

/* Sort COUNT operands, of which the last one may be the directory.  */
static enum operands_error
sort_operands(struct operands *operands, size_t count, const char *const *argv,
	const struct operands_policy *policy)
{
	if (count == 0)
		return OPERANDS_MISSING_FILE;
	operands->count = count;
	if (policy->target_directory != NULL)
		return sort_into_target(operands, policy);
	operands->blamed = argv[0];
	if (count == 1)
		return OPERANDS_MISSING_DEST;
	operands->count = count - 1;
	operands->target = argv[count - 1];
	if (policy->no_target_directory) {
		operands->blamed = argv[2];
		return count > 2 ? OPERANDS_EXTRA : OPERANDS_OK;
	}
	operands->blamed = operands->target;
	operands->dir = open_directory(operands->target);
	return operands->dir < 0 && count > 2 ? OPERANDS_TARGET : OPERANDS_OK;
}

enum operands_error
operands_sort(struct operands *operands, size_t count, const char *const *argv,
	const struct operands_policy *policy)
{
	*operands = OPERANDS_NONE;
	operands->policy = policy;
	operands->sources = argv;
	const enum operands_error error = sort_operands(operands, count, argv, policy);
	return error == OPERANDS_OK && policy->parents && operands->dir < 0
		? OPERANDS_NOT_BELOW
		: error;
}

/* Return where in PATH the name of its copy in the directory begins, and put its length
   into *LEN.  The name is the last component; with --parents, all of PATH but slashes
   around it; in a list, what is behind a mark.  */
static const char *
base_of(const struct operands_policy *policy, const char *path, size_t *len)
{
	const char *const end = path + path_trimmed(path);
	const char *const marked = policy->files0_from ? namelist_marked(path) : NULL;
	const char *const start = marked != NULL ? marked
		: path + (policy->parents ? strspn(path, "/") : path_base(path));

	*len = start < end ? (size_t) (end - start) : 0;
	/* The contents of DIR/.. go into the directory, and not beside it.  */
	if (*len == 2 && !policy->parents && strncmp(start, "..", 2) == 0)
		*len = 0;
	return start;
}

/* Return SOURCE without slashes at its end, in OPERANDS' memory; or NULL with errno.  */
static const char *
strip_trailing_slashes(struct operands *operands, const char *source)
{
	free(operands->source_name);
	return operands->source_name = strndup(source, path_trimmed(source));
}

int
operands_pair(struct operands *operands, size_t i, struct pathpair *pair)
{
	const char *source = operands->sources[i];
	size_t len;

	/* As cp, only where there is a directory to fill.  */
	if (operands->policy->strip_trailing_slashes && operands->dir >= 0
	    && (source = strip_trailing_slashes(operands, source)) == NULL)
		return -1;

	*pair = (struct pathpair) {
		.source_at = AT_FDCWD, .source = source, .source_name = source,
		.dest_at = AT_FDCWD, .dest = operands->target,
		.dest_name = operands->target,
	};
	if (operands->dir < 0)
		return 0;

	const char *const base = base_of(operands->policy, source, &len);
	const size_t target_len = path_trimmed(operands->target);
	const bool slash = target_len > 0 && operands->target[target_len - 1] != '/';
	free(operands->dest_name);
	if (asprintf(&operands->dest_name, "%.*s%s%.*s",
		     (int) target_len, operands->target, slash ? "/" : "",
		     len > 0 ? (int) len : 1, len > 0 ? base : ".") < 0) {
		operands->dest_name = NULL;
		errno = ENOMEM;
		return -1;
	}
	pair->dest_at = operands->dir;
	pair->dest_name = operands->dest_name;
	pair->dest = operands->dest_name + target_len + (slash ? 1 : 0);
	pair->lead = (size_t) (base - source);
	return 0;
}

void
operands_report(const struct operands *operands, enum operands_error error)
{
	const char *const blamed = operands->blamed;

	switch (error) {
	case OPERANDS_OK:
		break;
	case OPERANDS_MISSING_FILE:
		usage_missing_operand();
		break;
	case OPERANDS_MISSING_DEST:
		usage_missing_destination(blamed);
		break;
	case OPERANDS_EXTRA:
		usage_extra_operand(blamed);
		break;
	case OPERANDS_BOTH_TARGETS:
		usage_two_targets();
		break;
	case OPERANDS_NOT_BELOW:
		usage_not_a_directory();
		break;
	case OPERANDS_TARGET:
		usage_bad_target(blamed, errno);
		break;
	case OPERANDS_TARGET_DIRECTORY:
		usage_bad_target_directory(blamed, errno);
		break;
	}
}

void
operands_free(struct operands *operands)
{
	if (operands->dir >= 0)
		close(operands->dir);
	free(operands->source_name);
	free(operands->dest_name);
	*operands = OPERANDS_NONE;
}
