/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selinux.c: libselinux and as much of the kernel's SELinux as a copier sees, preloaded.  Labels are
   real attributes, security.selinux, which root can set where the kernel has no SELinux.

   SELINUX_MODE	enforcing or permissive; else there is no SELinux
   SELINUX_LOG	a file that gets a line for each call
   SELINUX_FAIL	CALL=ERRNO or CALL@NAME=ERRNO, with spaces between: calls that fail, always or for
		paths that end in NAME.  Calls are getfilecon, setfilecon, setfscreatecon,
		selabel_open, selabel_lookup and compute_create.

   The policy: a new file has the type of its directory, one called *.named has named_t.  The usual
   type of a path is NAME_C_t, with C its kind (f, d, l, p ...); what is called *.unusual has none.
   What is denied_t can't be made, and nothing can become that, where it is enforced.  */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <selinux/context.h>
#include <selinux/label.h>
#include <selinux/selinux.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#define LABEL "security.selinux"
enum { CONTEXT_MOST = 4096, MAGIC = (int) 0xf97cff8c };

static char fscreate[CONTEXT_MOST];	/* ""; or what is made next has it */

/* ---- what the environment says ---- */

static bool
mode_is(const char *mode)
{
	const char *const is = getenv("SELINUX_MODE");

	return is != NULL && strcmp(is, mode) == 0;
}

static bool
is_enabled(void)
{
	return mode_is("enforcing") || mode_is("permissive");
}

__attribute__((format(printf, 1, 2))) static void
note(const char *format, ...)
{
	const char *const file = getenv("SELINUX_LOG");
	char line[PATH_MAX + CONTEXT_MOST];
	const int saved = errno;
	va_list args;

	if (file == NULL)
		return;
	va_start(args, format);
	int len = vsnprintf(line, sizeof line - 1, format, args);
	va_end(args);
	if (len > (int) sizeof line - 2)
		len = (int) sizeof line - 2;
	line[len++] = '\n';
	const int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0 || write(fd, line, (size_t) len) != len)
		abort();
	close(fd);
	errno = saved;
}

static const struct { const char *name; int value; } errnos[] = {
	{ "EACCES", EACCES }, { "EINVAL", EINVAL }, { "EIO", EIO },
		{ "ENODATA", ENODATA },
	{ "ENOENT", ENOENT }, { "EOPNOTSUPP", EOPNOTSUPP }, { "EPERM", EPERM },
};

static int
errno_of(const char *text)
{
	for (size_t i = 0; i < sizeof errnos / sizeof *errnos; i++)
		if (strcmp(errnos[i].name, text) == 0)
			return errnos[i].value;
	fprintf(stderr, "selinux.so: %s is no errno\n", text);
	abort();
}

static bool
ends_in(const char *text, const char *end)
{
	const size_t len = strlen(text), tail = strlen(end);

	return len >= tail && strcmp(text + len - tail, end) == 0;
}

/* Whether CALL for PATH is to fail; errno says why.  */
static bool
fails(const char *call, const char *path)
{
	const char *const rules = getenv("SELINUX_FAIL");
	char copy[1024];
	char *rest = copy, *rule;

	if (rules == NULL)
		return false;
	snprintf(copy, sizeof copy, "%s", rules);
	while ((rule = strsep(&rest, " ")) != NULL) {
		char *const value = strchr(rule, '=');
		if (value == NULL)
			continue;
		*value = '\0';
		char *const name = strchr(rule, '@');
		if (name != NULL)
			*name = '\0';
		if (strcmp(rule, call) == 0
		    && (name == NULL || ends_in(path, name + 1))) {
			errno = errno_of(value + 1);
			return true;
		}
	}
	return false;
}

/* ---- paths ---- */

/* The path of descriptor FD.  */
static const char *
path_of_fd(int fd)
{
	static char path[PATH_MAX];
	char link[32];

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	const ssize_t len = readlink(link, path, sizeof path - 1);
	path[len > 0 ? len : 0] = '\0';
	return path;
}

/* PATH; of a name in /proc what it leads to.  */
static const char *
real(const char *path)
{
	static char absolute[PATH_MAX + PATH_MAX];
	char here[PATH_MAX];
	int fd;

	if (sscanf(path, "/proc/self/fd/%d", &fd) == 1)
		return path_of_fd(fd);
	if (*path == '/' || getcwd(here, sizeof here) == NULL)
		return path;
	snprintf(absolute, sizeof absolute, "%s/%s", here, path);
	return absolute;
}

/* ---- contexts ---- */

/* The part number I of CONTEXT, until a colon; the range is all that is left.  */
static void
part(const char *context, int i, char *text, size_t size)
{
	for (; i > 0 && context != NULL; i--) {
		context = strchr(context, ':');
		context = context != NULL ? context + 1 : NULL;
	}
	snprintf(text, size, "%s", context != NULL ? context : "");
	text[strcspn(text, ":")] = '\0';
}

static bool
is_valid(const char *context)
{
	char type[CONTEXT_MOST];

	part(context, 2, type, sizeof type);
	return *type != '\0';
}

static bool
is_denied(const char *context)
{
	char type[CONTEXT_MOST];

	part(context, 2, type, sizeof type);
	return mode_is("enforcing") && strcmp(type, "denied_t") == 0;
}

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

/* ---- what libc does without us ---- */

/* The next function called NAME.  */
#define NEXT(name) ((__typeof__(&name)) next(#name))

static void *
next(const char *name)
{
	void *const function = dlsym(RTLD_NEXT, name);

	if (function == NULL)
		abort();
	return function;
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

/* ---- the kernel ---- */

int
statfs(const char *path, struct statfs *buf)
{
	if (!is_enabled() || strcmp(path, "/sys/fs/selinux") != 0)
		return NEXT(statfs)(path, buf);
	memset(buf, 0, sizeof *buf);
	buf->f_type = MAGIC;
	return 0;
}

/* The label of what is made in directory AT under NAME (its last part).  False, with
   EACCES, if it can't be made.  */
static bool
label_of_new(int at, const char *name, char label[CONTEXT_MOST])
{
	const char *const slash = strrchr(name, '/');
	char directory[PATH_MAX], value[CONTEXT_MOST], *target = NULL, *source = NULL,
		*made = NULL;

	if (*fscreate != '\0') {
		snprintf(label, CONTEXT_MOST, "%s", fscreate);
	} else {
		if (*name == '/')
			snprintf(directory, sizeof directory, "%.*s/",
				 (int) (slash - name), name);
		else
			snprintf(directory, sizeof directory, "/proc/self/fd/%d/%.*s", at,
				 slash != NULL ? (int) (slash - name) : 0, name);
		if (at == AT_FDCWD && *name != '/')
			snprintf(directory, sizeof directory, "./%.*s",
				 slash != NULL ? (int) (slash - name) : 0, name);
		const ssize_t n = getxattr(directory, LABEL, value, sizeof value - 1);
		value[n > 0 ? n : 0] = '\0';
		if (n <= 0)
			snprintf(value, sizeof value, "system_u:object_r:unlabeled_t:s0");
		target = strdup(value);
		getcon_raw(&source);
		security_compute_create_name_raw(source, target, 0,
						 slash != NULL ? slash + 1 : name, &made);
		snprintf(label, CONTEXT_MOST, "%s", made);
		free(target);
		free(source);
		free(made);
	}
	errno = EACCES;
	return !is_denied(label);
}

/* NAME in AT was made if RET isn't -1: label it.  */
static int
label_it(int ret, int at, const char *name, const char *label)
{
	const int saved = errno;
	char path[PATH_MAX];

	if (ret < 0)
		return ret;
	if (at == AT_FDCWD || *name == '/')
		snprintf(path, sizeof path, "%s", name);
	else
		snprintf(path, sizeof path, "/proc/self/fd/%d/%s", at, name);
	path[strlen(path) - (path[strlen(path) - 1] == '/')] = '\0';
	NEXT(lsetxattr)(path, LABEL, label, strlen(label) + 1, 0);
	errno = saved;
	return ret;
}

int
openat(int at, const char *name, int flags, ...)
{
	const bool nameless = (flags & O_TMPFILE) == O_TMPFILE;
	char label[CONTEXT_MOST];
	va_list args;

	va_start(args, flags);
	const mode_t mode = (flags & O_CREAT) != 0 || nameless ? va_arg(args, mode_t) : 0;
	va_end(args);
	if (!is_enabled() || (!nameless && ((flags & O_CREAT) == 0
				|| faccessat(at, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)))
		return NEXT(openat)(at, name, flags, mode);
	if (!label_of_new(at, nameless ? "" : name, label))
		return -1;
	const int fd = NEXT(openat)(at, name, flags, mode);
	if (fd >= 0)
		NEXT(fsetxattr)(fd, LABEL, label, strlen(label) + 1, 0);
	return fd;
}

int
open(const char *name, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t)
		: 0;
	va_end(args);
	return openat(AT_FDCWD, name, flags, mode);
}

int
mkdirat(int at, const char *name, mode_t mode)
{
	char label[CONTEXT_MOST];

	if (!is_enabled())
		return NEXT(mkdirat)(at, name, mode);
	return label_of_new(at, name, label)
		? label_it(NEXT(mkdirat)(at, name, mode), at, name, label) : -1;
}

int
mkdir(const char *name, mode_t mode)
{
	return mkdirat(AT_FDCWD, name, mode);
}

int
mknodat(int at, const char *name, mode_t mode, dev_t device)
{
	char label[CONTEXT_MOST];

	if (!is_enabled())
		return NEXT(mknodat)(at, name, mode, device);
	return label_of_new(at, name, label)
		? label_it(NEXT(mknodat)(at, name, mode, device), at, name, label) : -1;
}

int
symlinkat(const char *target, int at, const char *name)
{
	char label[CONTEXT_MOST];

	if (!is_enabled())
		return NEXT(symlinkat)(target, at, name);
	return label_of_new(at, name, label)
		? label_it(NEXT(symlinkat)(target, at, name), at, name, label) : -1;
}

/* A label that is given as an attribute like others.  */
int
fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
	if (is_enabled() && strcmp(name, LABEL) == 0)
		note("fsetxattr %s %.*s", path_of_fd(fd), (int) size,
		     (const char *) value);
	return NEXT(fsetxattr)(fd, name, value, size, flags);
}
