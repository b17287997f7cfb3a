/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guard.c: jumps out of a memcpy that meets a page which is unavailable.  It is the one
   signal handler of ours that does more than set a flag.  */
#include "config.h"

#include "base/guard.h"

#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"

static sigjmp_buf guard_exit;
static const char *volatile guard_source;	/* what is being copied; NULL: nothing */
static const char *volatile guard_dest;
static volatile size_t guard_len;

static bool
within(const char *addr, const char *start, size_t len)
{
	const uintptr_t page = ~(uintptr_t) (memory_page_size() - 1);

	/* memcpy may read a word that begins before the range, on the same page.  */
	return (uintptr_t) addr >= ((uintptr_t) start & page) && addr < start + len;
}

static void
on_sigbus(int signo, siginfo_t *info, void *context)
{
	const char *const addr = info->si_addr;

	(void) context;
	if (guard_source != NULL && (within(addr, guard_source, guard_len)
				     || within(addr, guard_dest, guard_len)))
		siglongjmp(guard_exit, 1);
	signal(signo, SIG_DFL);	/* Not ours: the page fault comes again and kills.  */
}

void
guard_install(void)
{
	struct sigaction action = { .sa_sigaction = on_sigbus,
				    .sa_flags = SA_SIGINFO | SA_NODEFER };

	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
}

int
guard_run(guard_work *work, char *dest, const char *source, size_t len, void *context)
{
	guard_len = len;
	guard_dest = dest;
	if (sigsetjmp(guard_exit, 0) != 0) {
		guard_source = NULL;
		return -1;
	}
	guard_source = source;
	atomic_signal_fence(memory_order_seq_cst);	/* No byte moves unguarded.  */
	work(dest, source, len, context);
	atomic_signal_fence(memory_order_seq_cst);
	guard_source = NULL;
	return 0;
}

static void
copy_bytes(char *dest, const char *source, size_t len, void *context)
{
	(void) context;
	memcpy(dest, source, len);
}

int
guard_copy(void *dest, const void *source, size_t len)
{
	return guard_run(copy_bytes, dest, source, len, NULL);
}
