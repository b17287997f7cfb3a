/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_JOURNAL_H
#define MMCP_BASE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hiddenname.h"

/* The journal of a copy that can go on after it was interrupted (--resume).
   doc/formats.md has its bytes: a head; for each group of chunks two seals; and for each
   chunk a hash.  Nothing in a journal is believed.  */

#define JOURNAL_MAGIC "MMCPJRNL"

enum { JOURNAL_VERSION = 1, JOURNAL_ORDER = 0x01020304,
       JOURNAL_OTHER_ORDER = 0x04030201 };
enum { JOURNAL_NAME = 256, JOURNAL_PATH = 4096, JOURNAL_COMMAND = 19976 };
enum { JOURNAL_GROUP = 256, JOURNAL_HASH = 16, JOURNAL_PAGE = 4096 };

/* No journal is larger, which is enough for sources of 60 TiB.  */
#define JOURNAL_MOST (UINT64_C(1) << 30)

/* The source as it was when the copy began.  */
struct journal_source {
	uint64_t size;			/* bytes */
	uint64_t inode;
	int64_t mtime, ctime;		/* seconds */
	uint32_t mtime_ns, ctime_ns;	/* nanoseconds of them */
	unsigned char file_system[16];	/* its UUID, or what statfs(2) calls it */
};

struct journal {
	char magic[8];
	uint32_t order;
	uint32_t version;
	uint32_t size;			/* of this head */
	uint32_t crc;			/* of this head, with 0 here */
	struct journal_source source;
	uint64_t data_inode;		/* of the file with the data */
	uint64_t began;			/* nanoseconds since 1970 */
	uint32_t chunk;			/* bytes */
	uint32_t options;		/* those that matter */
	uint32_t mode, umask;		/* of the file with the data, when it was made */
	char name[JOURNAL_NAME];	/* the final one */
	uint8_t reserved[128];
	char source_path[JOURNAL_PATH];
	char dest_path[JOURNAL_PATH];
	char directory[JOURNAL_PATH];	/* in which the command was given */
	uint32_t words;			/* of the command that goes on; 0: unknown */
	uint32_t command_len;		/* bytes, with a NUL behind each word */
	char command[JOURNAL_COMMAND];
};

/* Which chunks of a group are on the device.  The newer one of two that is sound holds:
   one that was being written when the machine stopped isn't.  */
struct journal_seal {
	uint32_t crc;			/* of all else, the group, and the hashes */
	uint32_t generation;		/* 0: never written */
	unsigned char bits[JOURNAL_GROUP / 8];
	unsigned char reserved[24];
};

enum journal_error {
	JOURNAL_OK,
	JOURNAL_NONE,		/* there is none, or it was never begun */
	JOURNAL_REFUSED,	/* with errno */
	JOURNAL_FOREIGN,	/* no journal */
	JOURNAL_ORDERED,	/* of a machine with another byte order */
	JOURNAL_OTHER,		/* of another version */
	JOURNAL_DAMAGED
};

/* Make the NAME of the journal ('j') or the data ('r'), as KIND says, of what HASH, at
   least 8 bytes, is the hash of the final name of.  */
void
journal_name(char name[static HIDDENNAME_SIZE], char kind, const unsigned char *hash);

/* Return whether NAME is one of a journal.  */
bool
journal_is_name(const char *name);

/* Return the groups of a source of SIZE bytes in chunks of CHUNK.  */
uint64_t
journal_groups(uint64_t size, uint32_t chunk);

/* Return the bytes of the journal for it, and where in there the hashes begin.  */
uint64_t
journal_size(uint64_t size, uint32_t chunk);
uint64_t
journal_hashes_at(uint64_t size, uint32_t chunk);

/* Set JOURNAL's crc, or return whether it is right.  */
void
journal_sign(struct journal *journal);

/* Check the head JOURNAL, of which there are LEN bytes, of a journal that has FILE_SIZE.
   In one that is JOURNAL_OK all texts end, and all sizes are in bounds.  */
enum journal_error
journal_check(const struct journal *journal, size_t len, uint64_t file_size);

/* Set the crc of SEAL, of group number GROUP, whose HASHES are JOURNAL_GROUP times
   JOURNAL_HASH bytes.  */
void
journal_seal_sign(struct journal_seal *seal, uint64_t group,
	const unsigned char *hashes);

/* Return the one of the PAIR of seals that holds, or NULL if both are damaged.  */
const struct journal_seal *
journal_seal_newest(const struct journal_seal pair[static 2], uint64_t group,
	const unsigned char *hashes);

static inline bool
journal_seal_has(const struct journal_seal *seal, unsigned chunk)
{
	return (seal->bits[chunk / 8] & 1u << chunk % 8) != 0;
}

/* A journal of a run that has ended, or not.  */
struct journal_reading {
	struct journal head;
	bool ours;		/* this user made it */
	bool alive;		/* a process has it */
	uint64_t sealed;	/* bytes that are on the device; if it isn't alive */
};

/* Read the journal NAME in directory DIR, or the open file FD.  */
enum journal_error
journal_read(int dir, const char *name, struct journal_reading *reading);
enum journal_error
journal_read_open(int fd, struct journal_reading *reading);

/* Return the word of the command behind WORD, the first one for NULL; NULL behind the
   last.  */
const char *
journal_word(const struct journal *journal, const char *word);

#endif
