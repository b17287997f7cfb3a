/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selinux.c: libselinux and as much of the kernel's SELinux as a copier sees, preloaded.
   Labels are real attributes, security.selinux, which root can set where the kernel has
   no SELinux.

   SELINUX_MODE	enforcing or permissive; else there is no SELinux
   SELINUX_LOG	a file that gets a line for each call
   SELINUX_FAIL	CALL=ERRNO or CALL@NAME=ERRNO, with spaces between: calls that fail,
		always or for paths that end in NAME.  Calls are getfilecon, setfilecon,
		setfscreatecon, selabel_open, selabel_lookup and compute_create.

   The policy: a new file has the type of its directory, one called *.named has named_t.
   The usual type of a path is NAME_C_t, with C its kind (f, d, l, p ...); a file called
   *.unusual has none.  Where it is enforced, nothing can be made as denied_t, or become
   that.  */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <selinux/context.h>
#include <selinux/label.h>
#include <selinux/selinux.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "selinux.h"

char fscreate[CONTEXT_MOST];

static int
give(char **context, const char *text)
{
	*context = strdup(text);
	return *context != NULL ? (int) strlen(text) + 1 : -1;
}

static char
kind(mode_t mode)
{
	return S_ISDIR(mode) ? 'd' : S_ISLNK(mode) ? 'l' : S_ISFIFO(mode) ? 'p'
		: S_ISSOCK(mode) ? 's' : S_ISCHR(mode) ? 'c' : S_ISBLK(mode) ? 'b' : 'f';
}

/* What SIZE bytes at CONTEXT, as the kernel returned them, say.  */
static int
got(ssize_t n, char *value, size_t size, const char *path, char **context)
{
	if (fails("getfilecon", path))
		return -1;
	if (n < 0 && errno != ENODATA)
		return -1;
	if (n < 0 || (size_t) n >= size)
		n = snprintf(value, size, "system_u:object_r:unlabeled_t:s0");
	value[n] = '\0';
	return give(context, value);
}

/* ---- libselinux: files ---- */

int
is_selinux_enabled(void)
{
	return is_enabled();
}

int
security_getenforce(void)
{
	return mode_is("enforcing");
}

void
freecon(char *context)
{
	free(context);
}

int
getcon_raw(char **context)
{
	return give(context, "joe_u:joe_r:joe_t:s0-s0:c0.c9") < 0 ? -1 : 0;
}

int
getfilecon_raw(const char *path, char **context)
{
	char value[CONTEXT_MOST];
	const ssize_t n = getxattr(path, LABEL, value, sizeof value - 1);

	return got(n, value, sizeof value, real(path), context);
}

int
lgetfilecon_raw(const char *path, char **context)
{
	char value[CONTEXT_MOST];
	const ssize_t n = lgetxattr(path, LABEL, value, sizeof value - 1);

	return got(n, value, sizeof value, real(path), context);
}

int
fgetfilecon_raw(int fd, char **context)
{
	char value[CONTEXT_MOST];
	const ssize_t n = fgetxattr(fd, LABEL, value, sizeof value - 1);

	return got(n, value, sizeof value, path_of_fd(fd), context);
}

/* ---- libselinux: files get labels ---- */

/* Whether PATH may become CONTEXT.  */
static bool
may_become(const char *path, const char *context)
{
	note("setfilecon %s %s", path, context);
	if (fails("setfilecon", path))
		return false;
	errno = is_valid(context) ? EACCES : EINVAL;
	return is_valid(context) && !is_denied(context);
}

int
setfilecon_raw(const char *path, const char *context)
{
	return may_become(real(path), context)
		? NEXT(setxattr)(path, LABEL, context, strlen(context) + 1, 0) : -1;
}

int
lsetfilecon_raw(const char *path, const char *context)
{
	return may_become(real(path), context)
		? NEXT(lsetxattr)(path, LABEL, context, strlen(context) + 1, 0) : -1;
}

int
fsetfilecon_raw(int fd, const char *context)
{
	return may_become(path_of_fd(fd), context)
		? NEXT(fsetxattr)(fd, LABEL, context, strlen(context) + 1, 0) : -1;
}

int
getfscreatecon_raw(char **context)
{
	*context = NULL;
	return *fscreate == '\0' || give(context, fscreate) >= 0 ? 0 : -1;
}

int
setfscreatecon_raw(const char *context)
{
	const char *const text = context != NULL ? context : "";

	note("setfscreatecon %s", text);
	if (fails("setfscreatecon", text))
		return -1;
	errno = EINVAL;
	if (*text != '\0' && !is_valid(text))
		return -1;
	snprintf(fscreate, sizeof fscreate, "%s", text);
	return 0;
}

/* ---- libselinux: the policy ---- */

security_class_t
mode_to_security_class(mode_t mode)
{
	return (security_class_t) kind(mode);
}

int
security_compute_create_name_raw(const char *source, const char *target,
	security_class_t class,
	const char *name, char **context)
{
	char user[CONTEXT_MOST], type[CONTEXT_MOST], text[3 * CONTEXT_MOST];

	(void) class;
	if (fails("compute_create", name))
		return -1;
	part(source, 0, user, sizeof user);
	part(target, 2, type, sizeof type);
	snprintf(text, sizeof text, "%s:object_r:%s:s0", user,
		 ends_in(name, ".named") ? "named_t" : type);
	return give(context, text) < 0 ? -1 : 0;
}

int
security_compute_create_raw(const char *source, const char *target,
	security_class_t class,
	char **context)
{
	return security_compute_create_name_raw(source, target, class, "", context);
}

struct selabel_handle *
selabel_open(unsigned backend, const struct selinux_opt *options, unsigned count)
{
	static int handle;

	(void) backend, (void) options, (void) count;
	note("selabel_open");
	return fails("selabel_open", "") ? NULL : (struct selabel_handle *) &handle;
}

int
selabel_lookup_raw(struct selabel_handle *handle, char **context, const char *path,
	int mode)
{
	const char *const slash = strrchr(path, '/');
	const char *const name = slash != NULL ? slash + 1 : path;
	char text[PATH_MAX];

	(void) handle;
	note("selabel_lookup %s %c", path, kind((mode_t) mode));
	if (fails("selabel_lookup", path))
		return -1;
	errno = ENOENT;
	if (ends_in(name, ".unusual"))
		return -1;
	snprintf(text, sizeof text, "system_u:object_r:%s_%c_t:s0", name,
		 kind((mode_t) mode));
	return give(context, text) < 0 ? -1 : 0;
}

/* ---- the same for what people read: there are no translations ---- */

int getcon(char **context) { return getcon_raw(context); }
int getfilecon(const char *path, char **context) { return getfilecon_raw(path, context); }
int lgetfilecon(const char *path,
		char **context) { return lgetfilecon_raw(path, context); }
int fgetfilecon(int fd, char **context) { return fgetfilecon_raw(fd, context); }
int setfilecon(const char *path,
	       const char *context) { return setfilecon_raw(path, context); }
int lsetfilecon(const char *path,
		const char *context) { return lsetfilecon_raw(path, context); }
int fsetfilecon(int fd, const char *context) { return fsetfilecon_raw(fd, context); }
int getfscreatecon(char **context) { return getfscreatecon_raw(context); }
int setfscreatecon(const char *context) { return setfscreatecon_raw(context); }

int
security_compute_create(const char *source, const char *target, security_class_t class,
	char **context)
{
	return security_compute_create_raw(source, target, class, context);
}

int
selabel_lookup(struct selabel_handle *handle, char **context, const char *path, int mode)
{
	return selabel_lookup_raw(handle, context, path, mode);
}

/* A context in parts, as cp takes it.  */
struct parts {
	char text[4][CONTEXT_MOST];
	char whole[4 * CONTEXT_MOST];
};

context_t
context_new(const char *context)
{
	struct parts *const parts = calloc(1, sizeof *parts);
	context_t handle = calloc(1, sizeof *handle);
	char *rest = strdup(context), *const begin = rest;

	for (int i = 0; i < 3; i++)
		snprintf(parts->text[i], CONTEXT_MOST, "%s", strsep(&rest, ":"));
	snprintf(parts->text[3], CONTEXT_MOST, "%s", rest);
	free(begin);
	handle->ptr = parts;
	return handle;
}

void
context_free(context_t handle)
{
	if (handle != NULL)
		free(handle->ptr);
	free(handle);
}

const char *
context_type_get(context_t handle)
{
	return ((struct parts *) handle->ptr)->text[2];
}

int
context_type_set(context_t handle, const char *type)
{
	struct parts *const parts = handle->ptr;

	snprintf(parts->text[2], CONTEXT_MOST, "%s", type);
	return 0;
}

char *
context_str(context_t handle)
{
	struct parts *const parts = handle->ptr;

	snprintf(parts->whole, sizeof parts->whole, "%s:%s:%s:%s", parts->text[0],
		 parts->text[1], parts->text[2], parts->text[3]);
	return parts->whole;
}
