/* SPDX-License-Identifier: GPL-3.0-or-later */
/* operand.c: what becomes of one operand; walk.c deals with what is below.  */
#include "config.h"

#include "tree/operand.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/descriptor.h"
#include "base/path.h"
#include "report/entrymessages.h"
#include "tree/content.h"
#include "tree/directory.h"
#include "tree/redo.h"
#include "tree/share.h"

/* With --fsync, sync the directory of PAIR's copy, a link or a special file.  */
static void
sync_entry(const struct walk *walk, const struct pathpair *pair)
{
	if (!walk->session->copy->dest.fsync)
		return;
	const int dir = path_open_parent(pair->dest_at, pair->dest, O_PATH);
	if (descriptor_sync_directory_or_all(dir, ".") < 0)
		report_cannot_flush_directory_of(pair->dest_name, errno);
	path_close_parent(dir, pair->dest_at);
}

struct walked
operand_copy(struct walk *walk, const struct pathpair *pair, bool again)
{
	struct entry entry = { .pair = *pair, .revisited = again };
	const struct subject before = failures_about(entry_subject(&entry));

	const bool redo = walk->position->redo;
	const enum entry_next next = redo ? redo_visit(walk, &entry)
		: content_visit(walk, &entry);
	const bool existed = walk->finds_old = entry.exists || entry.backup;
	if (next == ENTRY_DIRECTORY)
		directory_enter(walk, &entry, true);
	if (next == ENTRY_DONE)
		sync_entry(walk, pair);
	if (next == ENTRY_WAIT)
		share_wait(walk, entry.link);
	if (redo)
		linktable_give_up(walk->session->links);
	failures_about(before);
	return (struct walked) { next, entry.made, entry.linked, existed };
}

/* Copy PAIR, an operand that depends on no other, if it is a small file, and has no copy
   as far as we know.  Return false if it has to be looked at.  */
static bool
copy_by_type(struct walk *walk, const struct pathpair *pair)
{
	if (!walk->type_suffices || walk->position->redo || walk->finds_old
	    || walk->session->policy->link)
		return false;
	const struct subject before = failures_about((struct subject) {
		pair->source_name, strlen(pair->source_name) });
	const bool copied = content_copy_operand(walk, pair) == 0;
	failures_about(before);
	return copied;
}

void
operand_step(struct walk *walk, struct level *level)
{
	struct pathpair pair;
	uint32_t i;

	if (!level_next_operand(level, &i)) {
		directory_leave(walk);
		return;
	}
	content_use_policy(walk, walk->durable.device);
	if (walk->operand(walk->operands, i, &pair) == 0
	    && !copy_by_type(walk, &pair)
	    && operand_copy(walk, &pair, false).next == ENTRY_WAIT)
		return;		/* It is the next again.  */
	if (walk_level(walk) == level)
		level_skip(level);
}
