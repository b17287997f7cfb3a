/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layout.c: new files with the layout of their sources.  */
#include "config.h"

#include "file/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/xattr.h>

#include "base/stripe.h"

/* What Lustre calls O_LOV_DELAY_CREATE (lustre_user.h): flags that mean nothing where a
   regular file is opened.  */
enum { WITHOUT_LAYOUT = O_NOCTTY | O_ASYNC };

/* The largest attribute that Linux has.  */
enum { MOST = 65536 };

static struct {
	char bytes[MOST];
	ssize_t size;		/* 0: none is prepared */
	dev_t device;		/* files here have none, unless that is 0 */
} layout;

void
layout_prepare(const struct metadata_policy *policy, int fd, const struct stat *st)
{
	layout.size = 0;
	if (!policy->attributes || !S_ISREG(st->st_mode)
	    || (layout.device != 0 && st->st_dev == layout.device))
		return;
	const ssize_t size = fgetxattr(fd, STRIPE_ATTRIBUTE, layout.bytes, MOST);
	if (size > 0)
		layout.size = size;
	else if (size < 0 && errno == EOPNOTSUPP)
		layout.device = st->st_dev;
}

void
layout_forget(void)
{
	layout.size = 0;
}

int
layout_create(int dir, const char *name, int access, mode_t mode)
{
	const int flags = access | O_CREAT | O_EXCL | O_CLOEXEC;
	const int fd = openat(dir, name, layout.size > 0 ? flags | WITHOUT_LAYOUT : flags,
			      mode);

	/* Elsewhere it isn't allowed, and then the copy has what its directory gives.  */
	if (fd >= 0 && layout.size > 0) {
		const int err = errno;
		fsetxattr(fd, STRIPE_ATTRIBUTE, layout.bytes, (size_t) layout.size, 0);
		errno = err;
	}
	return fd;
}
