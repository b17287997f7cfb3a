/* SPDX-License-Identifier: GPL-3.0-or-later */
/* linktable.c: the table that keeps hard links, in memory that walkers share.  An entry
   takes its path and some 70 bytes, and only files with several names have one.  One that
   failed stays in its list, and isn't found any more.  */
#include "config.h"

#include "tree/linktable.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/bell.h"
#include "base/path.h"
#include "base/robustlock.h"
#include "base/signals.h"

enum { HEADS = 1 << 16, LOCKS = 64 };

/* The size of the table where the address space is limited.  */
enum { LIMITED = 1 << 24 };

/* The mapping: links are made at its end, and found by their offsets.  If a walker dies
   while it holds a lock, the list is whole: it changes by one store.  */
struct share {
	size_t size;
	_Atomic size_t used;		/* bytes, with this header */
	_Atomic unsigned waiting;	/* walkers that wait for a copy */
	struct robustlock lock[LOCKS];	/* each for every LOCKS-th list */
	_Atomic uint64_t head[HEADS];	/* the offset of the first; 0: none */
};

struct linktable {
	struct share *share;		/* NULL: no link so far */
	unsigned owner;
	const int *bells;
	unsigned bell_count;
	int bell;
	linktable_asker *asker;	/* NULL: there is no other rank */

	/* The last directory that a link was in: many names of a file are in one.  */
	struct {
		bool is_brief;	/* it is closed after each use */
		int fd, base;
		bool follow;
		char *path;	/* with the slash at its end */
	} parent;
};

struct linktable *
linktable_new(void)
{
	struct linktable *const links = calloc(1, sizeof *links);

	if (links != NULL)
		links->bell = links->parent.fd = -1;
	return links;
}

void
linktable_free(struct linktable *links)
{
	if (links == NULL)
		return;
	if (links->share != NULL)
		munmap(links->share, links->share->size);
	linktable_close_parent(links);
	free(links);
}

/* Map the table: much address space, since memory is taken as it is used; where that is
   limited, little of it.  Return 0, or -1 with errno.  */
static int
map_share(struct linktable *links)
{
	const size_t most = sizeof(size_t) > 4 ? (size_t) 1 << 36 : (size_t) 1 << 28;
	struct share *share = MAP_FAILED;
	size_t size;

	if (links->share != NULL)
		return 0;
	for (size = most; size > sizeof *share; size = size > LIMITED ? LIMITED
	     : size / 2) {
		share = mmap(NULL, size, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (share != MAP_FAILED)
			break;
	}
	if (share == MAP_FAILED)
		return -1;
	share->size = size;
	share->used = sizeof *share;
	for (unsigned i = 0; i < LOCKS; i++)
		if (robustlock_make(&share->lock[i]) < 0) {
			munmap(share, share->size);
			return -1;
		}
	links->share = share;
	return 0;
}

int
linktable_share(struct linktable *links, const int *bells, unsigned count)
{
	links->bells = bells;
	links->bell_count = count;
	return map_share(links);
}

void
linktable_is_walker(struct linktable *links, unsigned owner, int bell)
{
	links->owner = owner;
	links->bell = bell;
}

unsigned
linktable_owner(const struct linktable *links)
{
	return links->owner;
}

/* ---- lists ---- */

static unsigned
list_of(dev_t dev, ino_t ino)
{
	const uint64_t mixed = ((uint64_t) ino ^ (uint64_t) dev << 32)
		* 0x9e3779b97f4a7c15;

	return (unsigned) (mixed >> 48) % HEADS;
}

static struct link *
at(const struct share *share, uint64_t offset)
{
	return offset == 0 ? NULL : (struct link *) (void *) ((char *) share + offset);
}

/* Return the link of DEV, INO in LIST, which is locked; or NULL.  */
static struct link *
find(const struct share *share, unsigned list, dev_t dev, ino_t ino)
{
	struct link *link = at(share, share->head[list]);

	while (link != NULL && !(link->ino == ino && link->dev == dev
				 && link->state != LINK_FAILED))
		link = at(share, link->next);
	return link;
}

/* Make a link of DEV, INO to PATH, in no list yet.  NULL with errno.  */
static struct link *
make(const struct linktable *links, dev_t dev, ino_t ino, const char *path)
{
	const size_t unit = _Alignof(struct link);
	const size_t size = (sizeof(struct link) + strlen(path) + unit) / unit * unit;
	struct share *const share = links->share;
	const size_t offset = atomic_fetch_add(&share->used, size);

	if (offset > share->size || share->size - offset < size) {
		errno = ENOMEM;
		return NULL;
	}
	struct link *const link = at(share, offset);
	link->dev = dev;
	link->ino = ino;
	link->state = LINK_COMING;
	link->owner = links->owner;
	strcpy(link->path, path);
	return link;
}

struct link *
linktable_find(const struct linktable *links, dev_t dev, ino_t ino)
{
	const unsigned list = list_of(dev, ino);

	if (links->share == NULL)
		return NULL;
	struct robustlock *const lock = &links->share->lock[list % LOCKS];
	robustlock_take(lock);
	struct link *const link = find(links->share, list, dev, ino);
	robustlock_release(lock);
	return link;
}

/* Put LINK, below BASE, into LIST, which is locked.  */
static void
enlist(struct share *share, unsigned list, struct link *link, int base, size_t trusted)
{
	link->base = base;
	link->trusted = trusted;
	link->next = share->head[list];
	share->head[list] = (uint64_t) ((char *) link - (char *) share);
}

/* As linktable_claim, and IN_ALL as for a linktable_asker.  */
static struct link *
claim(struct linktable *links, dev_t dev, ino_t ino, int base, const char *path,
	size_t trusted, bool in_all)
{
	const unsigned list = list_of(dev, ino);
	struct link *link = NULL;

	if (map_share(links) < 0)
		return NULL;
	while (links->asker != NULL && (link = linktable_find(links, dev, ino)) == NULL)
		if (links->asker(dev, ino, base, path, trusted, in_all) < 0)
			return NULL;
	if (link != NULL)
		return link;
	struct share *const share = links->share;
	struct robustlock *const lock = &share->lock[list % LOCKS];
	robustlock_take(lock);
	link = find(share, list, dev, ino);
	if (link == NULL && (link = make(links, dev, ino, path)) != NULL)
		enlist(share, list, link, base, trusted);
	robustlock_release(lock);
	return link;
}

struct link *
linktable_claim(struct linktable *links, dev_t dev, ino_t ino, int base, const char *path,
	size_t trusted)
{
	return claim(links, dev, ino, base, path, trusted, false);
}

int
linktable_add_operand(struct linktable *links, dev_t dev, ino_t ino, int base,
	const char *path)
{
	struct link *const link = claim(links, dev, ino, base, path, strlen(path), true);

	if (link == NULL)
		return -1;
	linktable_settle(links, link, true);
	return 0;
}

/* ---- other ranks ---- */

void
linktable_asks(struct linktable *links, linktable_asker *asker)
{
	links->asker = asker;
}

struct link *
linktable_look(struct linktable *links, dev_t dev, ino_t ino)
{
	struct link *const link = linktable_find(links, dev, ino);

	if (link != NULL || links->asker == NULL
	    || links->asker(dev, ino, 0, NULL, 0, false) < 0)
		return link;
	return linktable_find(links, dev, ino);
}

struct link *
linktable_put(struct linktable *links, dev_t dev, ino_t ino, int base, const char *path,
	size_t trusted, unsigned owner, enum link_state state)
{
	const unsigned list = list_of(dev, ino);

	if (map_share(links) < 0)
		return NULL;
	struct share *const share = links->share;
	struct robustlock *const lock = &share->lock[list % LOCKS];
	robustlock_take(lock);
	struct link *const link = make(links, dev, ino, path);
	if (link != NULL) {
		link->owner = owner;
		link->state = state;
		enlist(share, list, link, base, trusted);
	}
	robustlock_release(lock);
	return link;
}

void
linktable_settle_far(struct linktable *links, dev_t dev, ino_t ino)
{
	struct link *link;

	for (link = links->share == NULL ? NULL
	     : at(links->share, links->share->head[list_of(dev, ino)]);
	     link != NULL; link = at(links->share, link->next))
		if (link->owner == LINKTABLE_FAR && link->state == LINK_COMING
		    && link->ino == ino && link->dev == dev)
			linktable_settle(links, link, false);
}

bool
linktable_is_ours(const struct linktable *links, const struct link *link)
{
	return link->state == LINK_COMING && link->owner == links->owner;
}

/* ---- waiting ---- */

void
linktable_settle(struct linktable *links, struct link *link, bool there)
{
	link->state = there ? LINK_THERE : LINK_FAILED;
	/* The parent may have promised it to other ranks.  */
	if (links->asker != NULL && links->bell_count > 0)
		bell_ring(links->bells[links->bell_count - 1]);
	if (links->share->waiting > 0)
		for (unsigned i = 0; i < links->bell_count; i++)
			bell_ring(links->bells[i]);
}

void
linktable_give_up(struct linktable *links)
{
	const struct share *const share = links->share;
	struct link *link;

	for (unsigned list = 0; share != NULL && list < HEADS; list++)
		for (link = at(share, share->head[list]); link != NULL;
		     link = at(share, link->next))
			if (linktable_is_ours(links, link))
				linktable_settle(links, link, false);
}

void
linktable_wait(struct linktable *links, struct link *link)
{
	/* The parent goes on alone only when who had it is dead.  */
	if (links->bell < 0 && link->state == LINK_COMING)
		linktable_settle(links, link, false);
	links->share->waiting++;
	while (link->state == LINK_COMING && signals_fatal() == 0)
		bell_wait(links->bell);
	links->share->waiting--;
}

bool
linktable_wait_by(struct linktable *links, const struct link *link,
	bool (*wait)(void *context), void *context)
{
	links->share->waiting++;
	const bool ret = link->state != LINK_COMING || wait(context);
	links->share->waiting--;
	return ret;
}

/* ---- directories of copies ---- */

void
linktable_close_parent(struct linktable *links)
{
	if (links->parent.fd >= 0)
		path_close_parent(links->parent.fd, links->parent.base);
	links->parent.fd = -1;
	free(links->parent.path);
	links->parent.path = NULL;
}

void
linktable_keep_nothing(struct linktable *links)
{
	links->parent.is_brief = true;
}

void
linktable_done(struct linktable *links)
{
	if (links->parent.is_brief)
		linktable_close_parent(links);
}

int
linktable_parent(struct linktable *links, const struct link *link, bool follow,
	const char **name)
{
	const char *const last = path_last(link->path);
	const size_t len = (size_t) (last - link->path);

	if (links->parent.path != NULL && links->parent.base == link->base
	    && links->parent.follow == follow && link->trusted <= len
	    && strlen(links->parent.path) == len
	    && strncmp(links->parent.path, link->path, len) == 0) {
		*name = last;
		return links->parent.fd;
	}
	linktable_close_parent(links);
	const int fd = path_descend(link->base, link->path, link->trusted, follow, name);
	if (fd < 0 || *name != last)
		return fd;
	links->parent.fd = fd;
	links->parent.base = link->base;
	links->parent.follow = follow;
	links->parent.path = strndup(link->path, len);
	return fd;
}
