/* SPDX-License-Identifier: GPL-3.0-or-later */
/* errnoname.c: the names of errno's values, for programs.  Not every C library has
   strerrorname_np.  */
#include "config.h"

#include "report/errnoname.h"

#include <errno.h>
#include <stddef.h>

/* Those that a call about files may fail with.  */
#define N(name) [name] = #name
static const char *const names[] = {
	N(EPERM), N(ENOENT), N(ESRCH), N(EINTR), N(EIO), N(ENXIO), N(E2BIG), N(ENOEXEC),
	N(EBADF), N(ECHILD), N(EAGAIN), N(ENOMEM), N(EACCES), N(EFAULT), N(ENOTBLK),
	N(EBUSY), N(EEXIST), N(EXDEV), N(ENODEV), N(ENOTDIR), N(EISDIR), N(EINVAL),
	N(ENFILE), N(EMFILE), N(ENOTTY), N(ETXTBSY), N(EFBIG), N(ENOSPC), N(ESPIPE),
	N(EROFS), N(EMLINK), N(EPIPE), N(EDOM), N(ERANGE), N(EDEADLK), N(ENAMETOOLONG),
	N(ENOLCK), N(ENOSYS), N(ENOTEMPTY), N(ELOOP), N(ENODATA), N(ETIME), N(ENOLINK),
	N(EPROTO), N(EBADMSG), N(EOVERFLOW), N(EILSEQ), N(EUSERS), N(EMSGSIZE),
	N(ENOTSUP), N(EADDRINUSE), N(ENETDOWN), N(ENETUNREACH), N(ENETRESET),
	N(ECONNABORTED), N(ECONNRESET), N(ENOBUFS), N(ENOTCONN), N(ESHUTDOWN),
	N(ETIMEDOUT), N(ECONNREFUSED), N(EHOSTDOWN), N(EHOSTUNREACH), N(EALREADY),
	N(EINPROGRESS), N(ESTALE), N(EUCLEAN), N(EREMOTEIO), N(EDQUOT), N(ENOMEDIUM),
	N(EMEDIUMTYPE), N(ECANCELED), N(ENOKEY), N(EKEYEXPIRED), N(EKEYREVOKED),
	N(EKEYREJECTED), N(EOWNERDEAD), N(ENOTRECOVERABLE), N(EREMCHG), N(ENOTUNIQ),
	N(ECOMM), N(ERESTART), N(EHWPOISON),
};

const char *
errnoname(int err)
{
	const size_t count = sizeof names / sizeof *names;

	return err > 0 && (size_t) err < count && names[err] != NULL ? names[err]
		: "UNKNOWN";
}
