/* SPDX-License-Identifier: GPL-3.0-or-later */
/* meta.c: what a file is besides its bytes.  libattr and libacl know which attributes
   are permissions in disguise, and where each file system keeps them.  */
#include "config.h"

#include "meta.h"

#include <acl/libacl.h>
#include <attr/libattr.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether attribute NAME outlives a write to the file.  */
static int
outlives_write(const char *name, struct error_context *context)
{
	return strcmp(name, "security.capability") != 0
		&& attr_copy_check_permissions(name, context);
}

int
meta_adopt(int to, int from, struct fault *fault)
{
	struct stat old, new;

	if (fstat(from, &old) < 0 || fstat(to, &new) < 0)
		return fault_set(fault, FAULT_STAT_DEST, errno);
	if ((old.st_uid != new.st_uid || old.st_gid != new.st_gid)
	    && fchown(to, old.st_uid, old.st_gid) < 0)
		return fault_set(fault, FAULT_KEEP_OWNER, errno);
	if (attr_copy_fd("", from, "", to, outlives_write, NULL) < 0)
		return fault_set(fault, FAULT_KEEP_ATTRIBUTES, errno);
	if (perm_copy_fd("", from, "", to, NULL) < 0)
		return fault_set(fault, FAULT_KEEP_MODE, errno);
	if ((old.st_mode & (S_ISUID | S_ISGID)) != 0 && geteuid() != 0
	    && fchmod(to, old.st_mode & 01777) < 0)
		return fault_set(fault, FAULT_KEEP_MODE, errno);
	return 0;
}
