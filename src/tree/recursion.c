/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recursion.c: refuse to copy a directory into itself, or without end.  Everything made
   for an operand is below its destination, so it is enough not to enter that as a
   source.  */
#include "config.h"

#include "tree/recursion.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/inode.h"
#include "report/entrymessages.h"

/* Return true if LINK's copy has the path that ENTRY's will have.  */
static bool
is_same_copy(const struct entry *entry, const struct link *link)
{
	char *const path = entry_dest_path(entry);
	const bool same = path != NULL && strcmp(path, link->path) == 0
		&& link->base == entry_operand(entry).base;

	free(path);
	return same;
}

/* ENTRY was copied before, as the operand LINK.  Return true if it is copied again, as
   what a symlink leads to; otherwise report why not.  */
static bool
is_copied_again(const struct session *session, const struct entry *entry,
	const struct link *link)
{
	const enum dereference deref = session->policy->dereference;

	if (is_same_copy(entry, link)) {
		report_source_directory_again(entry_operand(entry).source_name);
		return false;
	}
	if (deref == DEREFERENCE_ALWAYS
	    || (entry->dir == NULL && deref == DEREFERENCE_OPERANDS))
		return true;
	char *const there = entry_display_name(entry, link->path);
	report_directory_linked(entry->pair.dest_name,
				there != NULL ? there : link->path);
	free(there);
	return false;
}

bool
recursion_is_safe(const struct session *session, const struct entry *entry,
	const struct stat *st)
{
	struct linktable *const links = session->links;
	const struct operand operand = entry_operand(entry);

	if (entry->dir != NULL
	    && inode_is_same(st, &dirpair_root(entry->dir)->dest_st)) {
		report_directory_into_itself(operand.source_name, operand.dest_name);
		return false;
	}
	const struct link *const link = linktable_find(links, st->st_dev, st->st_ino);
	if (link != NULL && !is_copied_again(session, entry, link))
		return false;
	if (entry->dir == NULL && link == NULL
	    && linktable_add_operand(links, st->st_dev, st->st_ino, operand.base,
				     operand.dest_path) < 0) {
		report_cannot_copy(entry->pair.source_name, errno);
		return false;
	}
	if (dirpair_has_ancestor(entry->dir, st)) {
		report_cyclic_symlink(entry->pair.source_name);
		return false;
	}
	return true;
}
