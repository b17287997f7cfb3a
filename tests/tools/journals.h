/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_JOURNALS_H
#define MMCP_JOURNALS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/journal.h"

enum { JOURNALS_CHUNK = 4096, JOURNALS_SIZE = 300 * JOURNALS_CHUNK - 100 };

/* A whole journal: of two groups, of which 3 blocks are sealed, the last one among
   them.  */
struct journals_file {
	struct journal head;
	struct journal_seal seals[2][2];
	unsigned char rest[JOURNAL_PAGE - 4 * sizeof(struct journal_seal)];
	unsigned char hashes[2][JOURNAL_GROUP * JOURNAL_HASH];
};

static inline struct journals_file
journals_sample(void)
{
	static const char command[] = "mmcp\0--resume\0a b\0/dest";
	struct journals_file file = {
		.head = {
			.magic = JOURNAL_MAGIC, .order = JOURNAL_ORDER,
			.version = JOURNAL_VERSION, .size = sizeof file.head,
			.source = { .size = JOURNALS_SIZE, .inode = 7 },
			.chunk = JOURNALS_CHUNK, .name = "dest", .source_path = "/a b",
			.dest_path = "/dest", .directory = "/", .words = 4,
			.command_len = sizeof command,
			.began = UINT64_C(1800000000000000000),
		},
		.seals = { { { .generation = 2, .bits = { 3 } },
			     { .generation = 1, .bits = { 1 } } },
			   { { .generation = 2, .bits = { [5] = 1 << 3 } } } },
	};

	memcpy(file.head.command, command, sizeof command);
	memset(file.hashes, 0x5a, sizeof file.hashes);
	journal_sign(&file.head);
	journal_seal_sign(&file.seals[0][0], 0, file.hashes[0]);
	journal_seal_sign(&file.seals[0][1], 0, file.hashes[0]);
	journal_seal_sign(&file.seals[1][0], 1, file.hashes[1]);
	return file;
}

/* Have LEN bytes at DATA read as a journal in each way, and shown in each form.  Without
   RIGHT, as they are; else with checksums that are right.  */
void
journals_try(const uint8_t *data, size_t len, bool right);

#endif
