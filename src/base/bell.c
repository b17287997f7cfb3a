/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bell.c: an eventfd.  */
#include "config.h"

#include "base/bell.h"

#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/signals.h"

int
bell_new(void)
{
	return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

void
bell_ring(int bell)
{
	const uint64_t one = 1;

	while (write(bell, &one, sizeof one) < 0 && signals_retry(-1))
		;
}

void
bell_hear(int bell)
{
	uint64_t count;

	while (read(bell, &count, sizeof count) < 0 && signals_retry(-1))
		;
}

void
bell_wait(int bell)
{
	struct pollfd fd = { .fd = bell, .events = POLLIN };

	signals_block();
	if (signals_fatal() == 0 && signals_poll(&fd, 1, -1) > 0)
		bell_hear(bell);
	signals_unblock();
}
