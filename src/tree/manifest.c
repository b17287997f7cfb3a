/* SPDX-License-Identifier: GPL-3.0-or-later */
/* manifest.c: what is listed is read from the copy, in memory as a rule, and not noted
   while it is copied: so the manifest proves what stands there.  A line lies in the
   relay, where nothing is lost if its walker dies; the name in hand is done again, and
   the line that comes last counts.  */
#include "config.h"

#include "tree/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/inode.h"
#include "base/path.h"
#include "base/totals.h"
#include "engine/hashfile.h"
#include "file/manifestfile.h"
#include "report/entrymessages.h"
#include "report/relay.h"

enum { REMEMBERED = 16 };

struct manifest {
	struct manifestfile *file;	/* of use in the parent only */
	struct hash *hash;
	enum hash_algorithm algorithm;
	bool nocache;
};

/* What is said of one name.  */
struct line {
	bool listed;
	unsigned char digest[HASH_BYTES];
	char name[PATH_MAX];	/* no more of it is sent than there is */
};

/* ---- in the parent ---- */

static void
take(void *context, const void *data, size_t len)
{
	const struct manifest *const manifest = context;
	const struct line *const line = data;

	(void) len;
	manifestfile_add(manifest->file, line->name,
			 line->listed ? line->digest : NULL);
}

struct manifest *
manifest_new(const char *file, enum hash_algorithm algorithm, bool nocache)
{
	struct manifest *const manifest = calloc(1, sizeof *manifest);

	if (manifest == NULL)
		return NULL;
	manifest->algorithm = algorithm;
	manifest->nocache = nocache;
	if (file != NULL)
		manifest->file = manifestfile_new(file, algorithm);
	if (file == NULL || manifest->file != NULL)
		manifest->hash = hash_new(algorithm);
	if (manifest->hash != NULL) {
		relay_takes(RELAY_LISTED, take, manifest);
		return manifest;
	}
	const int err = errno;
	manifest_free(manifest);
	errno = err;
	return NULL;
}

int
manifest_write(struct manifest *manifest, bool sync)
{
	return manifestfile_write(manifest->file, sync);
}

void
manifest_free(struct manifest *manifest)
{
	if (manifest == NULL)
		return;
	manifestfile_free(manifest->file);
	hash_free(manifest->hash);
	free(manifest);
}

/* ---- in each walker ---- */

/* Set NAME to that of ENTRY's copy below the destination directory.  Return 0, or -1 with
   errno.  */
static int
name_of(const struct entry *entry, char name[static PATH_MAX])
{
	const struct operand operand = entry_operand(entry);
	char *const path = entry_dest_path(entry);
	const char *from = path;

	if (path == NULL)
		return -1;
	/* The destination is itself the copy: a file, or the directory in question.  */
	if (operand.base == AT_FDCWD)
		from += entry_is_operand(entry) ? path_base(path)
			: strlen(operand.dest_path);
	while (*from == '/' || strncmp(from, "./", 2) == 0)
		from += *from == '/' ? 1 : 2;
	const size_t len = strlen(from);
	if (len < PATH_MAX)
		memcpy(name, from, len + 1);
	free(path);
	errno = ENAMETOOLONG;
	return len < PATH_MAX ? 0 : -1;
}

static void
send(const struct line *line)
{
	relay_give(RELAY_LISTED, line,
		   offsetof(struct line, name) + strlen(line->name) + 1);
}

/* Open ENTRY's copy, and set *ST to its status.  Return a descriptor; -1 with errno; or
   -2 if it is no regular file.  */
static int
open_copy(const struct entry *entry, struct stat *st)
{
	const struct pathpair *const pair = &entry->pair;
	const bool follow = entry->dest_is_link;

	if (fstatat(pair->dest_at, pair->dest, st, follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (!S_ISREG(st->st_mode))
		return -2;
	const int fd = openat(pair->dest_at, pair->dest, O_RDONLY | O_CLOEXEC | O_NOCTTY
			      | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW));
	if (fd < 0 || fstat(fd, st) == 0)
		return fd;
	close(fd);
	return -1;
}

/* What was hashed last of files with several names, by their copies' status.  */
static struct {
	struct stat st;
	unsigned char digest[HASH_BYTES];
} remembered[REMEMBERED];

static bool
is_as_remembered(const struct stat *was, const struct stat *is)
{
	return was->st_nlink > 0 && inode_is_same(was, is) && was->st_size == is->st_size
		&& was->st_mtim.tv_sec == is->st_mtim.tv_sec
		&& was->st_mtim.tv_nsec == is->st_mtim.tv_nsec;
}

/* A copy of status ST, other names of which may be listed later, has DIGEST.  */
static void
remember(const struct stat *st, const unsigned char *digest)
{
	static unsigned next;
	unsigned i = 0;

	while (i < REMEMBERED && !inode_is_same(&remembered[i].st, st))
		i++;
	i = i < REMEMBERED ? i : next++ % REMEMBERED;
	remembered[i].st = *st;
	memcpy(remembered[i].digest, digest, HASH_BYTES);
}

/* Set DIGEST to that of ENTRY, of status ST, if it was made a link to a copy that this
   process has hashed.  Return whether it was.  */
static bool
recall(const struct entry *entry, const struct stat *st, unsigned char *digest)
{
	for (unsigned i = 0; i < REMEMBERED && entry->linked; i++)
		if (is_as_remembered(&remembered[i].st, st)) {
			memcpy(digest, remembered[i].digest, HASH_BYTES);
			return true;
		}
	return false;
}

/* Hash the file FD of status ST, and count that.  Return as hashfile_digest.  */
static int
hash_file(struct hash *hash, int fd, const struct stat *st, unsigned char *digest)
{
	const uint64_t begun = clock_now();
	const int ret = hashfile_digest(hash, fd, st, digest);

	totals_add(COUNT_HASHING, clock_now() - begun);
	if (ret == 0)
		totals_add(COUNT_HASHED, (uint64_t) st->st_size);
	return ret;
}

/* Hash ENTRY's copy into *LINE.  Return 1; 0 if it isn't listed; or -1 with errno.  */
static int
hash_copy(const struct manifest *manifest, const struct entry *entry, struct line *line)
{
	struct stat st;
	const int fd = open_copy(entry, &st);

	if (fd < 0)
		return fd == -1 ? -1 : 0;
	const int ret = !S_ISREG(st.st_mode) ? 0
		: recall(entry, &st, line->digest) ? 1
		: hash_file(manifest->hash, fd, &st, line->digest) < 0 ? -1 : 1;
	const int err = errno;
	if (ret > 0 && entry->source.st_nlink > 1)
		remember(&st, line->digest);
	if (manifest->nocache)
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
	errno = err;
	return ret;
}

void
manifest_list(const struct session *session, const struct entry *entry)
{
	static struct line line;	/* too large for a stack that is deep already */
	const struct manifest *const manifest = session->manifest;

	if (manifest == NULL)
		return;
	line.listed = true;
	int ret = hash_copy(manifest, entry, &line);
	if (ret > 0)
		ret = name_of(entry, line.name) < 0 ? -1 : 1;
	if (ret < 0 && errno != EINTR)
		report_cannot_list(entry->pair.dest_name, errno);
	else if (ret > 0 && manifest->algorithm == HASH_XXH128
		 && strchr(line.name, '\n') != NULL)
		report_newline_in_manifest(entry->pair.dest_name);
	else if (ret > 0)
		send(&line);
}

void
manifest_forget(const struct session *session, const struct entry *entry)
{
	static struct line line;

	if (session->manifest != NULL && name_of(entry, line.name) == 0)
		send(&line);
}
