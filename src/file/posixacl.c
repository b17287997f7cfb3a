/* SPDX-License-Identifier: GPL-3.0-or-later */
/* posixacl.c: give ACLs by libacl, or as attributes (always, without libacl).  */
#include "config.h"

#include "file/posixacl.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifdef HAVE_LIBACL
# include <acl/libacl.h>
# include <sys/acl.h>
#endif

#define ACCESS_ATTRIBUTE "system.posix_acl_access"
#define DEFAULT_ATTRIBUTE "system.posix_acl_default"

bool
posixacl_is_attribute(const char *name)
{
	return strcmp(name, ACCESS_ATTRIBUTE) == 0
		|| strcmp(name, DEFAULT_ATTRIBUTE) == 0;
}

bool
posixacl_is_unsupported(int err)
{
	return err == EOPNOTSUPP || err == ENOSYS || err == EINVAL || err == EBUSY;
}

bool
posixacl_is_inherited(int fd)
{
	struct openfile dir = openfile_directory(fd, false);
	ssize_t len = openfile_get_attribute(&dir, DEFAULT_ATTRIBUTE, NULL, 0);

	dir.path_only = len < 0 && errno == EBADF;	/* open by O_PATH */
	if (dir.path_only)
		len = openfile_get_attribute(&dir, DEFAULT_ATTRIBUTE, NULL, 0);
	return len > 0 || (len < 0 && errno == EACCES);	/* it may */
}

/* ---- as attributes ---- */

/* Give TO the ACL that SOURCE has in ATTRIBUTE, or remove that of TO.  *NONE: the file
   system has none, nor is one missed.  */
static enum posixacl_result
give_attribute(const struct posixacl_source *source, const struct openfile *to,
	const char *attribute, bool *none)
{
	char acl[65536];
	const ssize_t size = !source->has_acl ? 0
		: openfile_get_attribute(source->file, attribute, acl, sizeof acl);

	if (size < 0 && errno != ENODATA)
		return posixacl_is_unsupported(errno) ? POSIXACL_REFUSED
			: POSIXACL_UNREAD;
	if (size > 0)
		return openfile_set_attribute(to, attribute, acl, (size_t) size) == 0
			? POSIXACL_GIVEN : POSIXACL_REFUSED;
	const int ret = openfile_remove_attribute(to, attribute);
	*none = ret < 0 && posixacl_is_unsupported(errno);
	return ret == 0 || errno == ENODATA || *none ? POSIXACL_GIVEN : POSIXACL_REFUSED;
}

/* ---- by libacl ---- */

#ifdef HAVE_LIBACL

/* Return the ACL of SOURCE, or one that says what its mode says; the caller frees it.
   NULL with errno on error.  */
static acl_t
acl_of(const struct posixacl_source *source)
{
	const acl_t acl = source->has_acl ? acl_get_fd(source->file->fd) : NULL;

	return acl != NULL || (source->has_acl && !posixacl_is_unsupported(errno)) ? acl
		: acl_from_mode(source->mode);
}

/* Give TO, which is open, the ACL for access, as give_attribute.  */
static enum posixacl_result
give_open(const struct posixacl_source *source, const struct openfile *to, bool *none)
{
	const acl_t acl = acl_of(source);

	if (acl == NULL)
		return POSIXACL_UNREAD;
	const int ret = acl_set_fd(to->fd, acl);
	const int err = errno;
	*none = ret < 0 && posixacl_is_unsupported(err) && acl_equiv_mode(acl, NULL) == 0;
	acl_free(acl);
	errno = err;
	return ret == 0 || *none ? POSIXACL_GIVEN : POSIXACL_REFUSED;
}

static int
copy_open(int to, int from, mode_t mode)
{
	(void) mode;
	return perm_copy_fd("", from, "", to, NULL);
}
#else
static enum posixacl_result
give_open(const struct posixacl_source *source, const struct openfile *to, bool *none)
{
	return give_attribute(source, to, ACCESS_ATTRIBUTE, none);
}

static int
copy_open(int to, int from, mode_t mode)
{
	const struct posixacl_source source = { &OPENFILE(from), true, mode };
	bool none;

	return give_attribute(&source, &OPENFILE(to), ACCESS_ATTRIBUTE, &none)
		== POSIXACL_GIVEN ? fchmod(to, mode) : -1;
}
#endif

enum posixacl_result
posixacl_give(const struct posixacl_source *source, const struct openfile *to)
{
	const bool by_path = source->file->path_only || to->path_only;
	bool none = false;
	const enum posixacl_result result = by_path
		? give_attribute(source, to, ACCESS_ATTRIBUTE, &none)
		: give_open(source, to, &none);

	return result == POSIXACL_GIVEN && !none && S_ISDIR(source->mode)
		? give_attribute(source, to, DEFAULT_ATTRIBUTE, &none) : result;
}

int
posixacl_remove(const struct openfile *file)
{
	return openfile_remove_attribute(file, ACCESS_ATTRIBUTE);
}

/* ---- for a file that replaces another ---- */

static bool
has_acl(int fd)
{
	return fgetxattr(fd, ACCESS_ATTRIBUTE, NULL, 0) > 0;
}

int
posixacl_copy(int to, int from, mode_t mode)
{
	/* On FUSE an ACL may be an attribute that the mode doesn't follow.  */
	const bool plain = !has_acl(from) && !has_acl(to);

	return plain ? fchmod(to, mode) : copy_open(to, from, mode);
}
