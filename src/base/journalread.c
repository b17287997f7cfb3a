/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journalread.c: the journal of another run, for those who want to know how far it
   got.  */
#include "config.h"

#include "base/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"

/* Return the bytes of CHUNK of HEAD's source.  */
static uint64_t
chunk_bytes(const struct journal *head, uint64_t chunk)
{
	const uint64_t at = chunk * head->chunk, left = head->source.size - at;

	return at >= head->source.size ? 0 : left < head->chunk ? left : head->chunk;
}

/* Add up what is sealed in the journal FD.  */
static enum journal_error
add_up(int fd, struct journal_reading *reading)
{
	static unsigned char hashes[JOURNAL_GROUP * JOURNAL_HASH];
	const struct journal *const head = &reading->head;
	const uint64_t hashes_at = journal_hashes_at(head->source.size, head->chunk);
	const uint64_t groups = journal_groups(head->source.size, head->chunk);
	struct journal_seal pair[2];

	for (uint64_t i = 0; i < groups; i++) {
		const off_t seals = (off_t) (sizeof *head + i * sizeof pair);
		const off_t at = (off_t) (hashes_at + i * sizeof hashes);
		if (descriptor_read(fd, pair, sizeof pair, seals) != sizeof pair
		    || descriptor_read(fd, hashes, sizeof hashes, at) != sizeof hashes)
			return JOURNAL_DAMAGED;
		const struct journal_seal *const seal = journal_seal_newest(pair, i,
									    hashes);
		if (seal == NULL)
			return JOURNAL_DAMAGED;
		for (unsigned c = 0; c < JOURNAL_GROUP; c++)
			if (journal_seal_has(seal, c))
				reading->sealed += chunk_bytes(head,
							       i * JOURNAL_GROUP + c);
	}
	return JOURNAL_OK;
}

enum journal_error
journal_read_open(int fd, struct journal_reading *reading)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return JOURNAL_REFUSED;
	if (!S_ISREG(st.st_mode))
		return JOURNAL_FOREIGN;
	reading->ours = st.st_uid == geteuid();
	reading->alive = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	memset(&reading->head, 0, sizeof reading->head);
	const ssize_t len = descriptor_read(fd, &reading->head, sizeof reading->head, 0);
	if (len < 0)
		return JOURNAL_REFUSED;
	const enum journal_error error = journal_check(&reading->head, (size_t) len,
						       (uint64_t) st.st_size);
	reading->sealed = 0;
	return error == JOURNAL_OK && !reading->alive ? add_up(fd, reading) : error;
}

enum journal_error
journal_read(int dir, const char *name, struct journal_reading *reading)
{
	const int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
			      | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? JOURNAL_NONE
			: errno == ELOOP ? JOURNAL_FOREIGN : JOURNAL_REFUSED;
	const enum journal_error error = journal_read_open(fd, reading);
	const int err = errno;
	close(fd);
	errno = err;
	return error;
}
