/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batch.c: what parent and workers have to agree on.  */
#include "config.h"

#include "tree/batch.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/signals.h"

static_assert(BATCH_NAMES <= UINT16_MAX, "an offset for each name");

/* Room for the descriptors beside a message.  */
union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(2 * BATCH_DIRS * sizeof(int))];
};

const char *
batch_name(const struct batch *batch, unsigned i)
{
	return batch->names + batch->item[i].name;
}

bool
batch_has_room(const struct batch *batch, const char *name, unsigned dir)
{
	return batch->items < BATCH_ITEMS && dir < BATCH_DIRS
		&& batch->used + strlen(name) + 1 <= BATCH_NAMES;
}

void
batch_add(struct batch *batch, const char *name, unsigned dir, unsigned flags)
{
	const size_t len = strlen(name) + 1;

	batch->item[batch->items++] = (struct batch_item) {
		.name = (uint16_t) batch->used, .dir = (uint8_t) dir,
			.flags = (uint8_t) flags,
	};
	memcpy(batch->names + batch->used, name, len);
	batch->used += (uint32_t) len;
}

int
batch_send(int fd, const struct batch *batch, const int fds[2 * BATCH_DIRS])
{
	const size_t fds_size = 2u * batch->dirs * sizeof(int);
	union control control;
	struct iovec io = { (void *) batch, offsetof(struct batch, names) + batch->used };
	struct msghdr message = { .msg_iov = &io, .msg_iovlen = 1,
				 .msg_control = &control,
				  .msg_controllen = CMSG_SPACE(fds_size) };
	struct cmsghdr *const head = CMSG_FIRSTHDR(&message);

	memset(&control, 0, sizeof control);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(fds_size);
	memcpy(CMSG_DATA(head), fds, fds_size);
	return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -1 : 0;
}

ssize_t
batch_receive(int fd, struct batch *batch, int fds[2 * BATCH_DIRS], bool wait)
{
	union control control;
	struct iovec io = { batch, sizeof *batch };
	struct msghdr message = { .msg_iov = &io, .msg_iovlen = 1,
				 .msg_control = &control,
				  .msg_controllen = sizeof control };
	ssize_t n;

	do
		n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
	while (signals_retry(n));
	const struct cmsghdr *const head = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (n > 0 && (head == NULL || (message.msg_flags & MSG_CTRUNC) != 0)) {
		errno = EMFILE;
		return -1;
	}
	if (n <= 0)
		return n;
	memcpy(fds, CMSG_DATA(head), head->cmsg_len - CMSG_LEN(0));
	return n;
}

int
batch_copy(const struct batch *batch, unsigned i, int source, int dest,
	struct smallfile *smallfile,
	bool links_matter, struct copy_outcome *outcome)
{
	const struct batch_item *const item = &batch->item[i];
	const char *const name = batch_name(batch, i);
	struct stat st;
	struct copy_order order = {
		.pair = { .source_at = source, .source = name, .source_name = name,
			 .follow = (item->flags & POOL_FOLLOW) != 0,
			 .dest_at = dest, .dest = name, .dest_name = name },
		.dest_device = batch->dir[item->dir].device,
		.inherits = batch->dir[item->dir].inherits,
		.links_matter = links_matter && (item->flags & POOL_LOOKED) == 0,
		.remove_destination = (item->flags & POOL_REMOVE) != 0,
	};

	if ((item->flags & (POOL_OLD | POOL_REMOVE)) != 0
	    && fstatat(dest, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		order.dest = &st;
	return smallfile_copy(smallfile, &order, outcome);
}

void
batch_report(int ret, const struct copy_outcome *outcome, bool copied,
	void (*report)(void *context, const struct pool_word *word), void *context)
{
	if (ret > 0)
		return;
	struct pool_word word = { .kind = POOL_REMOVED, .bytes = -1 };
	if (outcome->removed)
		report(context, &word);
	word.kind = POOL_REMARK;
	word.failed = outcome->remarks.failed;
	for (unsigned i = 0; i < outcome->remarks.count; i++) {
		word.error = outcome->remarks.errors[i];
		report(context, &word);
	}
	word.bytes = outcome->rounded;
	word.kind = POOL_ROUNDED;
	if (ret == 0 && outcome->rounded >= 0)
		report(context, &word);
	word.kind = POOL_COPIED;
	word.copied = outcome->copied;
	if (ret == 0 && copied)
		report(context, &word);
	word.kind = POOL_ERROR;
	word.error = outcome->error;
	word.bytes = outcome->cut;
	if (ret < 0)
		report(context, &word);
}
