/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selinux.c: libselinux, by dlopen.  Linking with it would cost each start 20 system
   calls, even without SELinux (libselinux 3.4, with libpcre2).  */
#include "config.h"

#include "file/selinux.h"

#include <errno.h>
#include <string.h>
#include <sys/vfs.h>

bool
selinux_is_mounted(void)
{
	static enum { UNKNOWN, NO, YES } mounted;
	const unsigned selinuxfs = 0xf97cff8c;
	struct statfs fs;
	const int saved = errno;

	if (mounted == UNKNOWN)
		mounted = statfs("/sys/fs/selinux", &fs) == 0
			&& (unsigned) fs.f_type == selinuxfs
			? YES : NO;
	errno = saved;
	return mounted == YES;
}

#ifdef HAVE_SELINUX

#include <dlfcn.h>
#include <fcntl.h>
#include <selinux/label.h>
#include <selinux/selinux.h>

#include "base/descriptor.h"

#define FOR_EACH_CALL(DO) \
	DO(fgetfilecon_raw) DO(freecon) DO(fsetfilecon_raw) DO(getcon_raw) \
	DO(getfilecon_raw) DO(is_selinux_enabled) DO(mode_to_security_class) \
	DO(security_compute_create_name_raw) DO(security_compute_create_raw) \
	DO(selabel_lookup_raw) DO(selabel_open) DO(setfilecon_raw) DO(setfscreatecon) \
	DO(setfscreatecon_raw)

static struct {
#define DECLARE(name) __typeof__(&(name)) name;
	FOR_EACH_CALL(DECLARE)
} lib;

static struct selabel_handle *usual_contexts;

/* Load the library.  Return whether it has all functions that are called here.  */
static bool
load(void)
{
	void *const handle = dlopen("libselinux.so.1", RTLD_NOW | RTLD_LOCAL);

	if (handle == NULL)
		return false;
#define LOAD(name) && (lib.name = (__typeof__(lib.name)) dlsym(handle, #name)) != NULL
	return true FOR_EACH_CALL(LOAD);
}

bool
selinux_is_enabled(void)
{
	static enum { UNKNOWN, NO, YES } enabled;

	if (enabled == UNKNOWN)
		enabled = selinux_is_mounted() && load() && lib.is_selinux_enabled() > 0
			? YES : NO;
	return enabled == YES;
}

/* Free CONTEXT, which the library allocated, or NULL.  errno is kept.  */
static void
release(char *context)
{
	const int saved = errno;

	if (context != NULL)
		lib.freecon(context);
	errno = saved;
}

/* Return a copy of CONTEXT that free() takes, and release CONTEXT, which may be NULL.  */
static char *
own(char *context)
{
	char *const copy = context != NULL ? strdup(context) : NULL;

	release(context);
	return copy;
}

char *
selinux_get(int fd, bool path_only)
{
	char *context = NULL;
	const int ret = path_only ? lib.getfilecon_raw(descriptor_path(fd).text, &context)
		: lib.fgetfilecon_raw(fd, &context);

	return ret < 0 ? NULL : own(context);
}

int
selinux_set(int fd, bool path_only, const char *context)
{
	return path_only ? lib.setfilecon_raw(descriptor_path(fd).text, context)
		: lib.fsetfilecon_raw(fd, context);
}

int
selinux_set_new(const char *context)
{
	return lib.setfscreatecon_raw(context);
}

int
selinux_set_new_for_people(const char *context)
{
	return lib.setfscreatecon(context);
}

int
selinux_open_usual(void)
{
	if (usual_contexts == NULL)
		usual_contexts = lib.selabel_open(SELABEL_CTX_FILE, NULL, 0);
	return usual_contexts != NULL ? 0 : -1;
}

char *
selinux_usual(const char *path, mode_t mode)
{
	char *context = NULL;

	if (lib.selabel_lookup_raw(usual_contexts, &context, path, (int) mode) == 0)
		return own(context);
	if (errno == ENOENT)
		errno = ENODATA;
	return NULL;
}

char *
selinux_created(int directory, const char *name, mode_t mode)
{
	const security_class_t class = lib.mode_to_security_class(mode);
	char *process = NULL, *parent = NULL, *created = NULL;
	int ret = directory == AT_FDCWD ? lib.getfilecon_raw(".", &parent)
		: lib.getfilecon_raw(descriptor_path(directory).text, &parent);

	if (ret >= 0)
		ret = lib.getcon_raw(&process);
	if (ret >= 0)
		ret = name == NULL
			? lib.security_compute_create_raw(process, parent, class,
							  &created)
			: lib.security_compute_create_name_raw(process, parent, class,
							       name, &created);
	release(process);
	release(parent);
	return ret < 0 ? NULL : own(created);
}

#else	/* Built without libselinux: as on a kernel without SELinux.  */

bool
selinux_is_enabled(void)
{
	return false;
}

static int
refuse(void)
{
	errno = ENOSYS;
	return -1;
}

char *
selinux_get(int fd, bool path_only)
{
	(void) fd, (void) path_only, refuse();
	return NULL;
}

int
selinux_set(int fd, bool path_only, const char *context)
{
	(void) fd, (void) path_only, (void) context;
	return refuse();
}

int
selinux_set_new(const char *context)
{
	(void) context;
	return refuse();
}

int
selinux_set_new_for_people(const char *context)
{
	(void) context;
	return refuse();
}

int
selinux_open_usual(void)
{
	return refuse();
}

char *
selinux_usual(const char *path, mode_t mode)
{
	(void) path, (void) mode, refuse();
	return NULL;
}

char *
selinux_created(int directory, const char *name, mode_t mode)
{
	(void) directory, (void) name, (void) mode, refuse();
	return NULL;
}

#endif
