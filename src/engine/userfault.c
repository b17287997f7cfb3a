/* SPDX-License-Identifier: GPL-3.0-or-later */
/* userfault.c: pages come into a mapping with their bytes.  */
#include "config.h"

#include "engine/userfault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "base/memory.h"
#ifdef HAVE_LINUX_USERFAULTFD_H
# include <linux/userfaultfd.h>
# include <sys/ioctl.h>
# include <sys/syscall.h>
#endif

#if defined HAVE_LINUX_USERFAULTFD_H && defined SYS_userfaultfd

# ifndef UFFD_USER_MODE_ONLY
#  define UFFD_USER_MODE_ONLY 1	/* since Linux 5.11: no kernel code waits for us */
# endif

int
userfault_open(void *addr, size_t len)
{
	const size_t page = memory_page_size();
	/* No process serves page faults here: touching a missing page is SIGBUS, and
	   doesn't wait.  */
	struct uffdio_api api = { .api = UFFD_API, .features = UFFD_FEATURE_SIGBUS };
	struct uffdio_register all = {
		.range = { .start = (uintptr_t) addr,
			  .len = (len + page - 1) / page * page },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	const int fd = (int) syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	if (fd < 0)
		return -1;
	if (ioctl(fd, UFFDIO_API, &api) < 0 || ioctl(fd, UFFDIO_REGISTER, &all) < 0) {
		const int err = errno;
		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

int
userfault_supply(int fd, void *dest, const void *source, size_t len)
{
	struct uffdio_copy copy = {
		.dst = (uintptr_t) dest, .src = (uintptr_t) source, .len = len,
	};

	if (ioctl(fd, UFFDIO_COPY, &copy) < 0)
		return -1;
	if (copy.copy != (int64_t) len) {
		errno = EAGAIN;
		return -1;
	}
	return 0;
}

#else

int
userfault_open(void *addr, size_t len)
{
	(void) addr, (void) len;
	errno = ENOSYS;
	return -1;
}

int
userfault_supply(int fd, void *dest, const void *source, size_t len)
{
	(void) fd, (void) dest, (void) source, (void) len;
	errno = ENOSYS;
	return -1;
}

#endif
