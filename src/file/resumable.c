/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resumable.c: is a copy that was interrupted what its journal says, and is its source
   what it was?  */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/guard.h"
#include "base/path.h"
#include "base/signals.h"
#include "base/syscalls.h"
#include "file/resumption.h"

enum { BLOCK = BLOCKHASH_BLOCK };

/* So many of the blocks that were sealed last are compared with their hashes: those that
   a device may have lost which forgets what it was asked to flush.  */
enum { LATEST_MOST = 64 };

/* ---- what is copied ---- */

#ifndef FS_IOC_GETFSUUID	/* Linux 6.9 */
struct fsuuid2 {
	__u8 len;
	__u8 uuid[16];
};
# define FS_IOC_GETFSUUID _IOR(0x15, 0, struct fsuuid2)
#endif

/* Set ID to that of the file system of FD.  Its device number may be another one after a
   reboot.  Return 0, or -1 with errno if that can't be known now.  */
static int
identify(int fd, unsigned char id[static 16])
{
	struct fsuuid2 uuid = { .len = 0 };
	struct statfs fs;

	memset(id, 0, 16);
	const int ret = ioctl(fd, FS_IOC_GETFSUUID, &uuid);
	if (ret < 0 && (error_is_final(errno) || errno == ENOMEM || errno == EINTR))
		return -1;
	if (ret == 0 && uuid.len == sizeof uuid.uuid) {
		memcpy(id, uuid.uuid, 16);
		return 0;
	}
	if (fstatfs(fd, &fs) < 0)
		return -1;
	memcpy(id, &fs.f_fsid, sizeof fs.f_fsid);
	return 0;
}

/* Put the absolute path of NAME into PATH, or the end of NAME if that is too long.  */
static void
put_path(char path[static JOURNAL_PATH], const char *name)
{
	char resolved[PATH_MAX];
	const char *const text = path_resolve(name, resolved) ? resolved : name;
	const size_t len = strlen(text);

	snprintf(path, JOURNAL_PATH, "%s",
		 len < JOURNAL_PATH ? text : text + len - JOURNAL_PATH + 1);
}

int
resumable_describe(const struct resumption *resumption, const struct dest *dest,
	mode_t mode, struct journal *head)
{
	const struct copy *const copy = resumption->copy;
	const struct copy_policy *const policy = copy->policy;
	const struct stat *const st = &copy->source->st;

	memset(head, 0, sizeof *head);
	head->source = (struct journal_source) {
		.size = (uint64_t) st->st_size, .inode = st->st_ino,
		.mtime = st->st_mtim.tv_sec, .mtime_ns = (uint32_t) st->st_mtim.tv_nsec,
		.ctime = st->st_ctim.tv_sec, .ctime_ns = (uint32_t) st->st_ctim.tv_nsec,
	};
	if (identify(copy->source->fd, head->source.file_system) < 0)
		return -1;
	head->chunk = BLOCK;
	head->options = policy->plan.sparse;
	head->mode = mode & 0777;
	head->umask = policy->meta.umask;
	snprintf(head->name, sizeof head->name, "%s", dest->name);
	put_path(head->source_path, copy->order->pair.source_name);
	put_path(head->dest_path, copy->order->pair.dest_name);
	return 0;
}

/* ---- what there is ---- */

/* Return whether A and B are the same source, but for its ctime.  */
static bool
is_same_source(const struct journal_source *a, const struct journal_source *b)
{
	return a->size == b->size && a->inode == b->inode && a->mtime == b->mtime
		&& a->mtime_ns == b->mtime_ns
		&& memcmp(a->file_system, b->file_system, sizeof a->file_system) == 0;
}

static bool
is_same_ctime(const struct journal_source *a, const struct journal_source *b)
{
	return a->ctime == b->ctime && a->ctime_ns == b->ctime_ns;
}

/* Return whether the source that JOURNAL was begun for had changed so shortly before that
   a change since may have left its times as they were: FAT keeps those of two seconds as
   one.  */
static bool
changed_lately(const struct journal *journal)
{
	const struct journal_source *const source = &journal->source;
	const int64_t began = (int64_t) (journal->began / 1000000000);

	return began - source->ctime < 4 || began - source->mtime < 4;
}

/* Return what speaks against a journal that was found to be as ERROR says.  */
static enum error_step
objection(enum journal_error error)
{
	switch (error) {
	case JOURNAL_OK:
	case JOURNAL_NONE:
	case JOURNAL_REFUSED:
		break;
	case JOURNAL_OTHER:
		return ERROR_RESUME_VERSION;
	case JOURNAL_ORDERED:
		return ERROR_RESUME_ORDER;
	case JOURNAL_FOREIGN:
	case JOURNAL_DAMAGED:
		return ERROR_RESUME_DAMAGED;
	}
	return ERROR_NO_STEP;
}

/* Return what speaks against the journal that begins with THERE, for a copy for which
   HEAD would be made, and for DATA, the status of the data; or NULL: there is none.  */
static enum error_step
compare_heads(const struct journal *there, const struct journal *head,
	const struct stat *data)
{
	if (!is_same_source(&there->source, &head->source))
		return ERROR_RESUME_CHANGED;
	if (there->chunk != head->chunk || strcmp(there->name, head->name) != 0)
		return ERROR_RESUME_VERSION;
	if (there->options != head->options || there->mode != head->mode
	    || there->umask != head->umask)
		return ERROR_RESUME_OPTIONS;
	if (data == NULL || !S_ISREG(data->st_mode) || data->st_nlink != 1
	    || data->st_uid != geteuid() || data->st_ino != there->data_inode)
		return ERROR_RESUME_DATA;
	return ERROR_NO_STEP;
}

/* ---- hashes ---- */

struct checking {
	const struct resumption *resumption;
	struct hash *hash;
	char *buffer;
	bool unread;		/* it wasn't the journal that could not be read */
};

/* Return whether LEN bytes of the buffer have the hash OF: 1 or 0; or -1 with errno.  */
static int
has_hash(const struct checking *checking, size_t len, const struct blockhash *of)
{
	static const struct blockhash hole;
	const char *const bytes = checking->buffer;
	unsigned char digest[HASH_BYTES];
	struct blockhash there = { .bytes = { 0 } };

	if (guard_copy(there.bytes, of->bytes, sizeof there.bytes) < 0) {
		if (journalfile_is_cut(&checking->resumption->journal))
			errno = ESTALE;
		return -1;
	}
	if (memcmp(&there, &hole, sizeof hole) == 0)
		return bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0;
	return hash_begin(checking->hash) == 0
		&& hash_add(checking->hash, bytes, len) == 0
		&& hash_end(checking->hash, digest) == 0
		&& memcmp(there.bytes, digest, sizeof there.bytes) == 0;
}

/* Return whether block I of FD has its hash: 1 or 0; or -1 with errno.  */
static int
check_block(struct checking *checking, int fd, size_t i)
{
	const struct journalfile *const journal = &checking->resumption->journal;
	const uint64_t at = (uint64_t) i * BLOCK, left = journal->size - at;
	const size_t len = left < BLOCK ? (size_t) left : BLOCK;

	if (signals_fatal() != 0) {
		errno = EINTR;
		return -1;
	}
	const ssize_t got = descriptor_read(fd, checking->buffer, len, (off_t) at);
	checking->unread = got < 0;
	if (got < 0)
		return -1;
	/* What lies behind the end of the copy is a hole of it.  */
	memset(checking->buffer + got, 0, len - (size_t) got);
	return has_hash(checking, len, &journalfile_hashes(journal)[i]);
}

/* Compare the blocks of FD that are in the copy with their hashes: all, or the LATEST.
   Return as check_block.  */
static int
check_blocks(struct checking *checking, int fd, bool latest)
{
	const struct blockmarks *const marks = checking->resumption->marks;
	unsigned checked = 0;
	int ret = 1;

	for (size_t i = marks->count; i > 0 && ret > 0; i--) {
		const unsigned mark = atomic_load(&marks->of[i - 1]);
		if (mark == BLOCKMARK_NONE || (latest && mark != BLOCKMARK_LATEST)
		    || (latest && checked++ >= LATEST_MOST))
			continue;
		ret = check_block(checking, fd, i - 1);
	}
	return ret;
}

/* Check what the journal says of DATA, and if TOUCHED, of the source.  Return as
   resumable_check.  */
static int
check_hashes(struct resumption *resumption, int data, bool touched, enum error_step *why)
{
	const struct copy *const copy = resumption->copy;
	struct checking checking = { .resumption = resumption, .buffer = malloc(BLOCK),
				     .hash = hash_new(HASH_XXH128) };
	int ret = -1;

	if (checking.buffer == NULL || checking.hash == NULL)
		goto out;
	*why = ERROR_RESUME_CHANGED;
	ret = touched ? check_blocks(&checking, copy->source->fd, false) : 1;
	if (ret < 0 && checking.unread)
		signals_set_error(&resumption->error, ERROR_READ);
	if (ret <= 0)
		goto out;
	*why = ERROR_RESUME_DATA;
	ret = check_blocks(&checking, data, copy->policy->plan.verify == VERIFY_NEVER);
out:
	hash_free(checking.hash);
	free(checking.buffer);
	return ret;
}

/* ---- what isn't sealed ---- */

/* No holes can be made in DATA: go on from the part at its beginning.  Return 0, or -1
   with errno.  */
static int
keep_beginning(struct resumption *resumption, int data, size_t from)
{
	const struct journalfile *const journal = &resumption->journal;
	struct blockmarks *const marks = resumption->marks;

	for (size_t i = from; i < marks->count; i++)
		atomic_store(&marks->of[i], BLOCKMARK_NONE);
	/* No seal may speak of what is cut off, even if the power fails now.  */
	return journalfile_restrict(journal, marks) < 0
		|| journalfile_forget(journal, from, marks->count) < 0
		? -1 : ftruncate(data, (off_t) from * BLOCK);
}

/* Return whether ERR says that a file system makes no holes.  */
static bool
makes_no_holes(int err)
{
	return err == EOPNOTSUPP || err == ENOSYS || err == EINVAL || err == ENODEV
		|| err == EPERM;
}

/* Make holes of all that isn't sealed: anything may be there.  Return 0, or -1 with
   errno.  */
static int
clear_rest(struct resumption *resumption, int data)
{
	const struct blockmarks *const marks = resumption->marks;
	size_t end;

	for (size_t i = 0; i < marks->count; i = end) {
		const bool there = atomic_load(&marks->of[i]) != BLOCKMARK_NONE;
		for (end = i + 1; end < marks->count
		     && (atomic_load(&marks->of[end]) != BLOCKMARK_NONE) == there; end++)
			;
		if (there)
			continue;
		if (journalfile_forget(&resumption->journal, i, end) < 0)
			return -1;
		if (sys_punch(data, (off_t) i * BLOCK, (off_t) (end - i) * BLOCK) < 0)
			return makes_no_holes(errno) ? keep_beginning(resumption, data, i)
				: -1;
	}
	return 0;
}

/* ---- all together ---- */

int
resumable_check(struct resumption *resumption, int data, const struct journal *head,
	enum error_step *why)
{
	struct journalfile *const journal = &resumption->journal;
	const struct journal *there;
	struct stat st;

	*why = ERROR_NO_STEP;
	if (data >= 0 && fstat(data, &st) < 0)
		return -1;
	const enum journal_error found = journalfile_load(journal, &there);
	*why = objection(found);
	if (found != JOURNAL_OK)
		return found == JOURNAL_REFUSED ? -1 : 0;
	*why = compare_heads(there, head, data >= 0 ? &st : NULL);
	if (*why != ERROR_NO_STEP)
		return 0;
	const enum journal_error read = journalfile_read(journal, resumption->marks);
	*why = objection(read);
	if (read != JOURNAL_OK)
		return read == JOURNAL_REFUSED ? -1 : 0;
	const bool touched = !is_same_ctime(&there->source, &head->source)
		|| changed_lately(there);
	const int ret = check_hashes(resumption, data, touched, why);
	return ret <= 0 ? ret : clear_rest(resumption, data) < 0 ? -1 : 1;
}
