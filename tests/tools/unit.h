/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_UNIT_H
#define MMCP_UNIT_H

#include <check.h>
#include <stddef.h>
#include <sys/types.h>

struct dirpair;

/* One suite for each tests/ROOM/unit-NAME.c, which is named after it.  */
Suite *arena_suite(void);
Suite *backup_suite(void);
Suite *compare_suite(void);
Suite *context_suite(void);
Suite *copy_suite(void);
Suite *counts_suite(void);
Suite *cpus_suite(void);
Suite *crew_suite(void);
Suite *descriptor_suite(void);
Suite *debugmessages_suite(void);
Suite *dest_suite(void);
Suite *dirpair_suite(void);
Suite *disk_suite(void);
Suite *doubt_suite(void);
Suite *engine_suite(void);
Suite *error_suite(void);
Suite *columns_suite(void);
Suite *errortext_suite(void);
Suite *exclude_suite(void);
Suite *extent_suite(void);
Suite *hash_suite(void);
Suite *blockhash_suite(void);
Suite *hiddenname_suite(void);
Suite *json_suite(void);
Suite *keyword_suite(void);
Suite *level_suite(void);
Suite *linktable_suite(void);
Suite *listing_suite(void);
Suite *mapping_suite(void);
Suite *memory_suite(void);
Suite *metadata_suite(void);
Suite *mounts_suite(void);
Suite *node_suite(void);
Suite *relay_suite(void);
Suite *remove_suite(void);
Suite *operands_suite(void);
Suite *optiontable_suite(void);
Suite *similar_suite(void);
Suite *parents_suite(void);
Suite *parts_suite(void);
Suite *path_suite(void);
Suite *plan_suite(void);
Suite *peercalls_suite(void);
Suite *queue_suite(void);
Suite *teamsize_suite(void);
Suite *pace_suite(void);
Suite *progressline_suite(void);
Suite *quote_suite(void);
Suite *samefile_suite(void);
Suite *fileset_suite(void);
Suite *sorter_suite(void);
Suite *source_suite(void);
Suite *sparse_suite(void);
Suite *journal_suite(void);
Suite *status_suite(void);
Suite *statusfile_suite(void);
Suite *stripe_suite(void);
Suite *stream_suite(void);
Suite *timestamps_suite(void);
Suite *trial_suite(void);
Suite *units_suite(void);
Suite *userfault_suite(void);
Suite *zeros_suite(void);

/* A new empty directory that is the working directory of the test; and away with it.
   For tcase_add_checked_fixture.  */
void scratch_enter(void);
void scratch_leave(void);

/* Make file NAME of SIZE bytes, byte i being i * 7 + i / 256.  An open descriptor.  */
int scratch_file(const char *name, off_t size);

/* The byte that scratch_file puts at offset I.  */
unsigned char scratch_byte(off_t i);

/* Write TEXT to file NAME.  */
void scratch_text(const char *name, const char *text);

/* Assert that NAME is what scratch_file makes of SIZE.  */
void scratch_is_whole(const char *name, off_t size);

/* How many names the working directory holds.  */
unsigned scratch_entries(void);

/* The arena that scratch_dir makes directories in.  */
struct arena *scratch_arena(void);

/* Make the directories SOURCE and DEST: NAME in ABOVE (NULL: an operand), open.  */
struct dirpair *scratch_dir(struct dirpair *above, const char *name, const char *source,
	const char *dest);

/* Have stderr go to a file from now on; and what has come to it, in a static buffer.  */
void scratch_hush(void);
const char *scratch_said(void);

#endif
