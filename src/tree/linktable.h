/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_TREE_LINKTABLE_H
#define MMCP_TREE_LINKTABLE_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Sources that have been copied, by device and inode.  Other names of a file become links
   to its first copy, and no directory given as an operand is copied twice.  All walkers
   share one table.  */

struct linktable;

enum link_state {
	LINK_COMING,		/* a walker copies it, and may fail */
	LINK_THERE,		/* the copy is complete */
	LINK_FAILED		/* there is none, and it isn't found any more */
};

/* One source, and the name that its copy has.  */
struct link {
	dev_t dev;
	ino_t ino;
	_Atomic enum link_state state;
	unsigned owner;	/* the walker that copies it */
	uint64_t next;	/* for linktable.c */
	int base;	/* the directory that path is relative to, or AT_FDCWD */
	size_t trusted;	/* bytes of path from the user: symlinks in them are followed */
	char path[];
};

/* Return an empty table, or NULL with errno.  */
struct linktable *
linktable_new(void);

/* Free LINKS, which may be NULL, and all links in it.  */
void
linktable_free(struct linktable *links);

/* Before walkers are forked: share what is in LINKS with them.  BELLS are COUNT bells of
   all that may wait, the parent among them.  Return 0, or -1 with errno.  */
int
linktable_share(struct linktable *links, const int *bells, unsigned count);

/* In a walker: be number OWNER, whose bell is BELL, or the parent if that is -1.  */
void
linktable_is_walker(struct linktable *links, unsigned owner, int bell);

/* Other ranks have names, too: ask them for what is known of source DEV, INO, and have
   linktable_put called for that.  With a PATH, which is as for linktable_claim, we shall
   copy it if nobody does; with IN_ALL, linktable_put is called in all ranks.  Return 0,
   or -1 with errno.  */
typedef int linktable_asker(dev_t dev, ino_t ino, int base, const char *path,
	size_t trusted, bool in_all);

void
linktable_asks(struct linktable *links, linktable_asker *asker);

/* In the parent: add what another rank has said, or a name that OWNER of ours is to copy.
   Return the link, or NULL with errno.  */
#define LINKTABLE_FAR UINT_MAX

struct link *
linktable_put(struct linktable *links, dev_t dev, ino_t ino, int base, const char *path,
	size_t trusted, unsigned owner, enum link_state state);

/* What was coming from another rank isn't any more; if it is THERE, linktable_put is
   called before.  */
void
linktable_settle_far(struct linktable *links, dev_t dev, ino_t ino);

/* Return the walker that linktable_is_walker was called for.  */
unsigned
linktable_owner(const struct linktable *links);

/* Return the link of source DEV, INO, which the table owns, in the source of this rank;
   or NULL.  */
struct link *
linktable_find(const struct linktable *links, dev_t dev, ino_t ino);

/* The same in any rank.  */
struct link *
linktable_look(struct linktable *links, dev_t dev, ino_t ino);

/* Have the source DEV, INO copied by us to PATH below directory BASE; the first TRUSTED
   bytes of PATH are from the user.  Return the link, which is coming and is ours, until
   linktable_settle; or another walker's, who was faster.  NULL with errno.  */
struct link *
linktable_claim(struct linktable *links, dev_t dev, ino_t ino, int base, const char *path,
	size_t trusted);

/* The directory DEV, INO, an operand, is copied to PATH below BASE: who finds it again,
   in any rank, finds its link.  Return 0, or -1 with errno.  */
int
linktable_add_operand(struct linktable *links, dev_t dev, ino_t ino, int base,
	const char *path);

/* Return whether LINK is coming, from us.  */
bool
linktable_is_ours(const struct linktable *links, const struct link *link);

/* LINK's copy is THERE; or it failed, and the next name that is found is the first.  */
void
linktable_settle(struct linktable *links, struct link *link, bool there);

/* What is coming from us is given up: it has failed.  */
void
linktable_give_up(struct linktable *links);

/* Wait while another walker makes LINK's copy.  */
void
linktable_wait(struct linktable *links, struct link *link);

/* The same in the parent, by WAIT with CONTEXT, which returns when the parent's bell was
   rung, or anything else has happened.  Return what it returns; or true if there was
   nothing to wait for.  */
bool
linktable_wait_by(struct linktable *links, const struct link *link,
	bool (*wait)(void *context), void *context);

/* Return the directory of LINK's copy, open by O_PATH until the next call, or AT_FDCWD;
   -1 with errno.  Symlinks are followed only in the part that the user gave, or if
   FOLLOW. *NAME is the copy's name in that directory, in LINK's memory.  */
int
linktable_parent(struct linktable *links, const struct link *link, bool follow,
	const char **name);

/* Close that directory.  */
void
linktable_close_parent(struct linktable *links);

/* Descriptors are scarce: don't keep it open after linktable_done.  */
void
linktable_keep_nothing(struct linktable *links);

/* The directory that linktable_parent returned isn't used any more.  */
void
linktable_done(struct linktable *links);

#endif
