/* SPDX-License-Identifier: GPL-3.0-or-later */
/* smallfile.c: a small new file of a tree, copied by a short path.  The path through
   copy.c takes 2200 instructions, most of them to find out again what is the same for
   each file (doc/measurements.md#small-files).  */
#include "config.h"

#include "file/smallfile.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/fs.h"
#include "base/ratelimit.h"
#include "base/syscalls.h"
#include "base/totals.h"
#include "base/writebehind.h"
#include "engine/extent.h"
#include "file/finish.h"
#include "file/layout.h"
#include "file/mode.h"
#include "file/source.h"
#include "file/transfer.h"

struct smallfile
smallfile_begin(const struct copy_policy *policy, bool hold)
{
	const struct metadata_policy *const meta = &policy->meta;

	return (struct smallfile) {
		.policy = policy,
		.usable = !policy->attributes_only && !policy->reported
			&& !policy->dest.atomic && !policy->dest.resume
			&& !policy->dest.fsync
			&& policy->plan.verify == VERIFY_NEVER,
		.finishes = meta->owner || meta->mode || meta->times || meta->attributes
			|| meta->default_mode || context_is_wanted(&meta->context),
		.most = hold ? SMALLFILE_HELD : 0,
	};
}

void
smallfile_end(struct smallfile *smallfile)
{
	descriptor_close_all(smallfile->fds, smallfile->held);
	smallfile->held = 0;
}

/* Return whether close never fails where ORDER's new file will be.  Asked once for each
   device.  */
static bool
closes_silently(struct smallfile *smallfile, const struct copy_order *order)
{
	if (smallfile->device != order->dest_device) {
		smallfile->device = order->dest_device;
		smallfile->silent = fs_closes_silently(order->pair.dest_at,
						       order->dest_device);
	}
	return smallfile->silent;
}

/* Return true if ORDER describes a plain new file, whose source's status is unknown.  */
static bool
is_new(const struct copy_order *order)
{
	return order->source == NULL && order->dest == NULL && order->dest_device != 0
		&& !order->dangling && !order->backup && !order->remove_destination;
}

/* Return whether SOURCE is moved by one call, has no holes, and no other name that
   matters.  */
static bool
is_small(const struct source *source, const struct copy_order *order)
{
	const struct stat *const st = &source->st;

	return st->st_size < EXTENT_LOOK_FROM
		&& !extent_lacks_blocks(st)
		&& !(order->links_matter && st->st_nlink > 1)
		&& ratelimit_piece((size_t) st->st_size) == (size_t) st->st_size;
}

/* Move the bytes of SOURCE to the new file BEGUN; both are at their beginnings.  Return
   whether all of them were moved and the source has not changed.  */
static bool
move_all(const struct source *source, struct copy_begun *begun)
{
	const off_t size = source->st.st_size;
	char byte;
	/* A file that seems empty may have bytes, as those of /proc have.  */
	const ssize_t n = size == 0 ? pread(source->fd, &byte, 1, 0)
		: sys_copy_range(source->fd, NULL, begun->fd, NULL, (size_t) size);
	struct error error;
	struct stat now;

	begun->err = n < 0 && size > 0 ? errno : 0;
	return n == size && source_stat(source, &now, &error) == 0
		&& source_is_same(&source->st, &now);
}

static void
count(off_t size)
{
	const uint64_t bytes = (uint64_t) size;

	totals_add(COUNT_OPENED, 1);
	totals_add(COUNT_EXPECTED, bytes);
	totals_moved(totals_own(), COUNT_KERNEL, bytes);
	totals_add(COUNT_REGULAR, 1);
	totals_add(COUNT_BYTES, bytes);
}

/* Close the descriptors SOURCE and DEST: later, if they may be held.  */
static void
close_later(struct smallfile *smallfile, int source, int dest)
{
	smallfile->fds[smallfile->held++] = source;
	smallfile->fds[smallfile->held++] = dest;
	if (smallfile->held >= smallfile->most)
		smallfile_end(smallfile);
}

/* Give the copy FD what it has besides its bytes.  */
static void
finish_copy(const struct smallfile *smallfile, const struct copy_order *order,
	const struct metadata *meta, int fd, struct copy_outcome *outcome)
{
	const struct metadata_target target = { .file = OPENFILE(fd),
					       .inherits = order->inherits };

	outcome_clear(outcome);
	finish_file(&smallfile->policy->meta, meta, &target, &outcome->remarks);
}

/* Have the new file of PAIR labelled as a copy of META.  Return whether that left
   nothing to report.  */
static bool
prepare_context(const struct metadata_policy *policy, const struct metadata *meta,
	const struct pathpair *pair)
{
	const struct context_source source = metadata_context_source(meta);
	struct remarks remarks = { .count = 0 };
	struct error error;

	return context_prepare(&policy->context, &source, pair->dest_at, pair->dest, true,
			       &remarks, &error) == 0
		&& remarks.count == 0;
}

/* Copy SOURCE, which is open and small.  Return whether that is done; if not, BEGUN says
   how far it came.  */
static bool
copy_small(struct smallfile *smallfile, const struct copy_order *order,
	const struct source *source, struct copy_begun *begun,
	struct copy_outcome *outcome)
{
	const struct metadata_policy *const policy = &smallfile->policy->meta;
	const struct pathpair *const pair = &order->pair;
	struct metadata meta;

	if (smallfile->finishes)
		meta = metadata_read(policy, &OPENFILE(source->fd), &source->st);
	if (context_is_wanted(&policy->context) && !prepare_context(policy, &meta, pair))
		return false;
	const mode_t mode = smallfile->finishes ? mode_first(policy, &meta)
		: source->st.st_mode;
	layout_prepare(policy, source->fd, &source->st);
	begun->fd = layout_create(pair->dest_at, pair->dest, O_WRONLY, mode & 0777);
	layout_forget();
	if (begun->fd < 0 || !move_all(source, begun))
		return false;
	writebehind_moved(begun->fd, 0, source->st.st_size);
	if (writebehind_leave() < 0)
		return false;	/* The general way writes it again, and reports.  */
	if (smallfile->finishes)
		finish_copy(smallfile, order, &meta, begun->fd, outcome);
	count(source->st.st_size);
	close_later(smallfile, source->fd, begun->fd);
	return true;
}

int
smallfile_copy(struct smallfile *smallfile, const struct copy_order *order,
	struct copy_outcome *outcome)
{
	const struct copy_policy *const policy = smallfile->policy;
	const bool usable = smallfile->usable && is_new(order)
		&& closes_silently(smallfile, order);
	struct source source;
	struct error error;
	struct copy_begun begun = COPY_NOT_BEGUN;

	source.fd = -1;
	if (!usable || source_open(&source, &order->pair, NULL, &error) < 0) {
		source_close(&source);
		smallfile_end(smallfile);	/* in case descriptors were lacking */
		return copy_file(policy, order, outcome);
	}
	if (is_small(&source, order)
	    && transfer_is_by_kernel(&policy->plan, &source, order->dest_device)
	    && copy_small(smallfile, order, &source, &begun, outcome))
		return smallfile->finishes && outcome->remarks.count > 0 ? 0 : 1;
	smallfile_end(smallfile);
	return copy_opened(policy, order, &source, begun, outcome);
}
