/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arena.c: a stack in a shared mapping.  */
#include "config.h"

#include "base/arena.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/memory.h"

enum { LEAST = 1 << 18, LIMITED = 1 << 24 };

/* What was used before is given back to the system from so many bytes on.  */
enum { GIVEN_BACK = 1 << 20 };

struct arena {
	size_t size, used;	/* bytes of data */
	size_t touched;		/* the most that was used since memory was given back */
	bool shared;
	_Alignas(max_align_t) char data[];
};

static size_t
aligned(size_t len)
{
	const size_t unit = _Alignof(max_align_t);

	return (len + unit - 1) / unit * unit;
}

/* Return whether memory that isn't shared is limited.  */
static bool
data_is_limited(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

/* Return MOST; or less where the address space is limited, so that several arenas leave
   something to all else.  */
static size_t
affordable(size_t most)
{
	enum { PART = 128 };
	struct rlimit limit;

	if (getrlimit(RLIMIT_AS, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY
	    || limit.rlim_cur / PART >= most)
		return most;
	return limit.rlim_cur / PART > LEAST ? (size_t) limit.rlim_cur / PART : LEAST;
}

struct arena *
arena_new(size_t most, bool shared)
{
	shared = shared || data_is_limited();	/* That doesn't count there.  */
	for (size_t size = affordable(most); size >= LEAST;
	     size = size > LIMITED ? LIMITED : size / 2) {
		struct arena *const arena = mmap(NULL, size, PROT_READ | PROT_WRITE,
						 (shared ? MAP_SHARED : MAP_PRIVATE)
						 | MAP_ANONYMOUS | MAP_NORESERVE,
						 -1, 0);
		if (arena == MAP_FAILED)
			continue;
		arena->size = size - sizeof *arena;
		arena->shared = shared;
		return arena;
	}
	return NULL;
}

void
arena_free(struct arena *arena)
{
	if (arena != NULL)
		munmap(arena, arena->size + sizeof *arena);
}

/* Set what is used to LEN bytes.  */
static void
set_used(struct arena *arena, size_t len)
{
	arena->used = len;
	if (len > arena->touched)
		arena->touched = len;
}

void *
arena_push(struct arena *arena, size_t len)
{
	void *const top = arena->data + arena->used;

	if (len > arena->size - arena->used
	    || aligned(len) > arena->size - arena->used) {
		errno = ENOMEM;
		return NULL;
	}
	set_used(arena, arena->used + aligned(len));
	return top;
}

int
arena_resize(struct arena *arena, void *last, size_t len)
{
	const size_t at = (size_t) ((char *) last - arena->data);

	if (len > arena->size - at || aligned(len) > arena->size - at) {
		errno = ENOMEM;
		return -1;
	}
	set_used(arena, at + aligned(len));
	return 0;
}

/* Give the pages back that are not used any more.  */
static void
give_back(struct arena *arena)
{
	const uintptr_t page = memory_page_size();
	const uintptr_t from = ((uintptr_t) (arena->data + arena->used) + page - 1)
		/ page * page;
	const uintptr_t to = (uintptr_t) (arena->data + arena->touched) / page * page;

	if (to > from)
		madvise((void *) from, to - from,
			arena->shared ? MADV_REMOVE : MADV_DONTNEED);
	arena->touched = arena->used;
}

void
arena_pop(struct arena *arena, void *from)
{
	arena->used = (size_t) ((char *) from - arena->data);
	if (arena->touched - arena->used >= GIVEN_BACK)
		give_back(arena);
}

void *
arena_top(struct arena *arena)
{
	return arena->data + arena->used;
}
