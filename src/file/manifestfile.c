/* SPDX-License-Identifier: GPL-3.0-or-later */
/* manifestfile.c: names are sorted as they come (sorter.h), and written when all are
   there (doc/formats.md).  */
#include "config.h"

#include "file/manifestfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/path.h"
#include "base/sorter.h"
#include "file/hiddenfile.h"

enum { ROOM = 8 << 20, WRITTEN_AT_ONCE = 65536 };

struct manifestfile {
	enum hash_algorithm algorithm;
	char *path;		/* of the file, after all symlinks */
	int dir;		/* that it is in, by O_PATH; -1: it is no regular file */
	mode_t mode;		/* of the file that was there; 0: there was none */
	int fd;			/* that is written to; -1: it isn't open */
	char hidden[HIDDENNAME_SIZE];	/* its name until then; "": it has its own */
	struct sorter *sorter;
	size_t used;		/* bytes that are to be written */
	char bytes[WRITTEN_AT_ONCE];
};

/* ---- the beginning ---- */

/* Open the directory of the manifest, and see whether a file can be made there.  Return
   0, or -1 with errno.  */
static int
open_dir(struct manifestfile *manifest)
{
	manifest->dir = path_open_real_parent(AT_FDCWD, manifest->path);
	return manifest->dir < 0 ? -1
		: faccessat(manifest->dir, ".", W_OK | X_OK, AT_EACCESS);
}

/* Learn what FILE is, and open what is needed.  Return 0, or -1 with errno.  */
static int
look_at(struct manifestfile *manifest, const char *file)
{
	struct stat st;

	if (stat(file, &st) == 0 && !S_ISREG(st.st_mode)) {
		manifest->fd = open(file, O_WRONLY | O_NOCTTY | O_CLOEXEC);
		return manifest->fd < 0 ? -1 : 0;
	}
	manifest->path = realpath(file, NULL);
	if (manifest->path != NULL)
		manifest->mode = st.st_mode & 07777;
	/* A symlink that leads nowhere is left alone.  */
	else if (errno == ENOENT && lstat(file, &st) < 0 && *path_last(file) != '\0')
		manifest->path = strdup(file);
	return manifest->path == NULL ? -1 : open_dir(manifest);
}

/* Open a file without a name for what memory is too small for: beside the manifest, or
   where there is room for such things.  Return its descriptor, or -1 with errno.  */
static int
open_runs(void *context)
{
	const struct manifestfile *const manifest = context;
	const char *const given = getenv("TMPDIR");
	char name[HIDDENNAME_SIZE];
	const int dir = manifest->dir >= 0 ? manifest->dir
		: open(given != NULL && *given != '\0' ? given : "/tmp",
		       O_PATH | O_DIRECTORY | O_CLOEXEC);
	const int fd = dir < 0 ? -1 : hiddenfile_create(dir, name, O_RDWR, 0600);
	const int err = errno;

	if (fd >= 0)
		unlinkat(dir, name, 0);
	if (dir >= 0 && dir != manifest->dir)
		close(dir);
	errno = err;
	return fd;
}

struct manifestfile *
manifestfile_new(const char *file, enum hash_algorithm algorithm)
{
	struct manifestfile *const manifest = calloc(1, sizeof *manifest);

	if (manifest == NULL)
		return NULL;
	manifest->algorithm = algorithm;
	manifest->dir = manifest->fd = -1;
	if (look_at(manifest, file) == 0)
		manifest->sorter = sorter_new(ROOM, open_runs, manifest);
	if (manifest->sorter != NULL)
		return manifest;
	const int err = errno;
	manifestfile_free(manifest);
	errno = err;
	return NULL;
}

int
manifestfile_add(struct manifestfile *manifest, const char *name,
	const unsigned char *digest)
{
	return sorter_add(manifest->sorter, name, strlen(name), digest,
			  digest != NULL ? hash_size(manifest->algorithm) : 0);
}

/* ---- the lines ---- */

/* Write what is to be written.  Return 0, or -1 with errno.  */
static int
write_out(struct manifestfile *manifest)
{
	for (size_t at = 0; at < manifest->used; ) {
		const ssize_t n = write(manifest->fd, manifest->bytes + at,
					manifest->used - at);
		if (n < 0 && errno != EINTR)
			return -1;
		at += n > 0 ? (size_t) n : 0;
	}
	manifest->used = 0;
	return 0;
}

static void
put(struct manifestfile *manifest, char byte)
{
	manifest->bytes[manifest->used++] = byte;
}

/* Put the two digits of BYTE.  */
static void
put_digits(struct manifestfile *manifest, unsigned char byte)
{
	static const char digits[] = "0123456789abcdef";

	put(manifest, digits[byte >> 4]);
	put(manifest, digits[byte & 15]);
}

/* Return the letter that stands for BYTE after a backslash in what sha256sum and b2sum
   read; or '\0'.  */
static char
escape_of(char byte)
{
	return byte == '\\' ? '\\' : byte == '\n' ? 'n' : byte == '\r' ? 'r' : '\0';
}

/* Put the line of NAME, of LEN bytes, with DIGEST.  */
static void
put_line(struct manifestfile *manifest, const char *name, size_t len, const char *digest)
{
	const size_t size = hash_size(manifest->algorithm);
	bool escapes = false;

	for (size_t i = 0; i < len && manifest->algorithm != HASH_XXH128; i++)
		escapes = escapes || escape_of(name[i]) != '\0';
	if (escapes)
		put(manifest, '\\');
	for (size_t i = 0; i < size; i++)
		put_digits(manifest, (unsigned char) digest[i]);
	put(manifest, ' ');
	put(manifest, ' ');
	/* "-" is standard input for all these tools.  */
	if (len == 1 && *name == '-') {
		put(manifest, '.');
		put(manifest, '/');
	}
	for (size_t i = 0; i < len; i++) {
		const char escape = escapes ? escape_of(name[i]) : '\0';
		if (escape != '\0')
			put(manifest, '\\');
		put(manifest, escape != '\0' ? escape : name[i]);
	}
	put(manifest, '\n');
}

/* Write the line of RECORD, if it is to have one.  */
static int
write_line(void *context, const struct sorter_record *record)
{
	struct manifestfile *const manifest = context;
	const size_t most = 2 * (size_t) record->key + 2 * HASH_BYTES + 8;

	if (record->value == 0)
		return 0;
	if (manifest->used + most > sizeof manifest->bytes && write_out(manifest) < 0)
		return -1;
	put_line(manifest, record->bytes, record->key, record->bytes + record->key);
	return 0;
}

/* ---- the end ---- */

/* Give the file, which is complete, its name.  Return 0, or -1 with errno.  */
static int
take_name(struct manifestfile *manifest, bool sync)
{
	const int dir = manifest->dir;

	if ((manifest->mode != 0 && fchmod(manifest->fd, manifest->mode) < 0)
	    || (sync && fsync(manifest->fd) < 0)
	    || renameat(dir, manifest->hidden, dir, path_last(manifest->path)) < 0)
		return -1;
	manifest->hidden[0] = '\0';
	return sync ? descriptor_sync_directory(dir, ".") : 0;
}

int
manifestfile_write(struct manifestfile *manifest, bool sync)
{
	const bool regular = manifest->fd < 0;

	if (regular) {
		manifest->fd = hiddenfile_create(manifest->dir, manifest->hidden,
						 O_WRONLY, 0666);
		if (manifest->fd < 0) {
			manifest->hidden[0] = '\0';
			return -1;
		}
	}
	if (sorter_visit(manifest->sorter, write_line, manifest) < 0
	    || write_out(manifest) < 0)
		return -1;
	return regular ? take_name(manifest, sync) : 0;
}

void
manifestfile_free(struct manifestfile *manifest)
{
	if (manifest == NULL)
		return;
	if (manifest->hidden[0] != '\0')
		unlinkat(manifest->dir, manifest->hidden, 0);
	if (manifest->dir >= 0)
		close(manifest->dir);
	if (manifest->fd >= 0)
		close(manifest->fd);
	sorter_free(manifest->sorter);
	free(manifest->path);
	free(manifest);
}
