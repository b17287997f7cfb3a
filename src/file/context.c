/* SPDX-License-Identifier: GPL-3.0-or-later */
/* context.c: the SELinux context of a copy.  A process sets the context of the files that
   it will make, and the kernel labels them when they are made.  So a new file never has
   another context; only an existing one is labelled afterwards.  */
#include "config.h"

#include "file/context.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/path.h"
#include "file/selinux.h"

bool
context_is_wanted(const struct context_policy *policy)
{
	return policy->keep || policy->usual || policy->named_late;
}

bool
context_decides(const struct context_policy *policy, const char *name)
{
	return (policy->keep || policy->usual || policy->given)
		&& strcmp(name, "security.selinux") == 0;
}

/* ---- contexts ---- */

/* Return the type in CONTEXT, user:role:type or user:role:type:range; NULL if there is
   none.  */
static const char *
type_of(const char *context)
{
	const char *const role = strchr(context, ':');
	const char *const type = role != NULL ? strchr(role + 1, ':') : NULL;

	return type != NULL ? type + 1 : NULL;
}

char *
context_with_type(const char *context, const char *usual)
{
	const char *const old = type_of(context), *const type = type_of(usual);
	char *text;

	if (old == NULL || type == NULL) {
		errno = EINVAL;
		return NULL;
	}
	return asprintf(&text, "%.*s%.*s%s", (int) (old - context), context,
			(int) strcspn(type, ":"), type, old + strcspn(old, ":")) < 0
			? NULL : text;
}

/* Set PATH to the path of FD, without symlinks.  Return false, with errno, if it is
   unknown.  */
static bool
find_path(int fd, char path[static PATH_MAX])
{
	if (fd == AT_FDCWD)
		return getcwd(path, PATH_MAX) != NULL;
	const ssize_t len = readlink(descriptor_path(fd).text, path, PATH_MAX - 1);
	path[len > 0 ? len : 0] = '\0';
	return len > 0;
}

/* Return CONTEXT with the type that is usual for FD, or, unless NAME is NULL, for NAME in
   directory FD.  Frees CONTEXT, which may be NULL; the caller frees the result.  NULL
   with errno on error.  */
static char *
made_usual(char *context, int fd, const char *name, mode_t mode)
{
	char path[PATH_MAX + NAME_MAX + 2] = "", *usual = NULL, *made = NULL;

	if (context != NULL && find_path(fd, path)) {
		const size_t len = strcmp(path, "/") == 0 ? 0 : strlen(path);
		if (name != NULL)
			snprintf(path + len, sizeof path - len, "/%s", name);
		usual = selinux_usual(path, mode);
	}
	if (usual != NULL)
		made = context_with_type(context, usual);
	const int saved = errno;
	free(usual);
	free(context);
	errno = saved;
	return made;
}

/* ---- what went wrong ---- */

/* Note that STEP failed with errno, for CONTEXT unless that is NULL.  Return as
   context_prepare does.  */
static int
failed(const struct context_policy *policy, enum error_step step, const char *context,
	struct remarks *remarks, struct error *error)
{
	const int err = errno;
	const bool unsupported = err == EOPNOTSUPP || err == ENODATA;
	struct error *failure = NULL;

	if (policy->needed) {
		error_set(error, step, err);
		failure = error;
	} else if (policy->reported || (!policy->quiet && !unsupported)) {
		failure = remarks_add(remarks, step, err);
	}
	if (failure != NULL && context != NULL)
		error_set_name(failure, context);
	return policy->needed ? -1 : 0;
}

/* ---- before a file is made ---- */

static int
prepare_kept(const struct context_policy *policy, const struct context_source *source,
	struct remarks *remarks, struct error *error)
{
	char *const context = selinux_get(source->fd, source->path_only);
	int ret = 0;

	if (context == NULL || selinux_set_new(context) < 0) {
		ret = failed(policy, context == NULL ? ERROR_GET_CONTEXT
			     : ERROR_NEW_CONTEXT,
			     context, remarks, error);
		selinux_set_new(NULL);	/* not that of the file before */
	}
	free(context);
	return ret;
}

/* Set the context for NAME in DIRECTORY: with USUAL, the one that is usual there; else
   the one that the kernel would give to a file made with that name.  Return 0, or -1 with
   errno.  */
static int
prepare_named(bool usual, int directory, const char *name, mode_t mode)
{
	char *context = selinux_created(directory, usual ? NULL : name, mode);

	if (usual)
		context = made_usual(context, directory, name, mode);
	const int ret = context == NULL ? -1 : selinux_set_new(context);
	const int saved = errno;
	free(context);
	if (ret < 0)
		selinux_set_new(NULL);
	errno = saved;
	return ret;
}

/* The same for the path NAME below AT.  */
static int
prepare_below(bool usual, int at, const char *name, mode_t mode)
{
	char *const path = strndup(name, path_trimmed(name));
	const int directory = path == NULL ? -1 : path_open_parent(at, path, O_PATH);
	int ret = -1;

	if (directory >= 0 || directory == AT_FDCWD)
		ret = prepare_named(usual, directory, path_last(path), mode);
	const int saved = errno;
	path_close_parent(directory, at);
	free(path);
	errno = saved;
	return ret;
}

int
context_prepare(const struct context_policy *policy, const struct context_source *source,
	int at, const char *name, bool is_new, struct remarks *remarks,
	struct error *error)
{
	if (policy->keep)
		return prepare_kept(policy, source, remarks, error);
	if (!is_new || !context_is_wanted(policy) || !selinux_is_enabled())
		return 0;
	if (prepare_below(policy->usual, at, name, source->mode) < 0
	    && policy->usual && errno != EOPNOTSUPP && errno != ENODATA)
		remarks_add(remarks, ERROR_USUAL_CONTEXT, errno);
	return 0;
}

/* ---- an existing file ---- */

int
context_give(const struct context_policy *policy, const struct context_source *source,
	const struct context_target *target, struct remarks *remarks, struct error *error)
{
	char *context = NULL;
	struct stat st;
	int ret = -1;

	if (!policy->keep && !policy->usual)
		return 0;
	if (policy->keep) {
		context = selinux_get(source->fd, source->path_only);
		errno = context == NULL ? ENODATA : errno;
	} else if (fstat(target->fd, &st) == 0) {
		context = made_usual(selinux_get(target->fd, target->path_only),
				     target->name != NULL ? target->at : target->fd,
				     target->name,
				     st.st_mode);
	}
	if (context != NULL)
		ret = selinux_set(target->fd, target->path_only, context);
	if (ret < 0)
		ret = failed(policy, ERROR_SET_CONTEXT, NULL, remarks, error);
	free(context);
	return ret;
}
