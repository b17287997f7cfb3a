/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_JOURNALFILE_H
#define MMCP_FILE_JOURNALFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/journal.h"
#include "engine/blockhash.h"

/* The journal of a copy on its way: a file beside the copy, locked as long as this
   process lives, and mapped, so that workers write the hashes of chunks into it.  */

struct journalfile {
	int fd;			/* -1: there is none */
	bool is_new;		/* it was made now */
	bool stays;		/* it was not; it may be of use to another run even if
				   it can't be opened now */
	char name[HIDDENNAME_SIZE];
	char *mapped;		/* or NULL */
	size_t len;
	uint64_t size;		/* of the source, bytes */
	uint32_t chunk;		/* bytes */
};

#define JOURNALFILE_NONE ((struct journalfile) { .fd = -1 })

/* Open the journal NAME in directory DIR, or make it, and lock it.  What is there and is
   no file of this user alone is removed.  Return 0; or -1 with errno, EBUSY if another
   process has it, and journal->stays.  */
int
journalfile_open(struct journalfile *journal, int dir, const char *name);

/* Close JOURNAL, which stays.  */
void
journalfile_close(struct journalfile *journal);

/* Map JOURNAL, check it, and set *HEAD to its head, which holds until the next call.
   Without JOURNAL_OK it isn't mapped.  */
enum journal_error
journalfile_load(struct journalfile *journal, const struct journal **head);

/* Unmap JOURNAL, and empty it, so that no run goes on from it, also after a power loss.
   Return 0, or -1 with errno.  */
int
journalfile_empty(struct journalfile *journal);

/* Begin JOURNAL, which is empty, with HEAD, whose size and crc are set here.  Return 0,
   or -1 with errno.  */
int
journalfile_begin(struct journalfile *journal, struct journal *head);

/* ---- journalseals.c ---- */

/* Return the hashes in JOURNAL, which is mapped.  */
struct blockhash *
journalfile_hashes(const struct journalfile *journal);

/* A page of JOURNAL was unavailable: return whether it is damaged, since somebody has cut
   the file.  If not, errno says why it can't be read now.  */
bool
journalfile_is_cut(const struct journalfile *journal);

/* Set MARKS to the chunks that JOURNAL, which is mapped, has seals for.  Return
   JOURNAL_OK, JOURNAL_DAMAGED, or JOURNAL_REFUSED with errno.  */
enum journal_error
journalfile_read(const struct journalfile *journal, struct blockmarks *marks);

/* Set the hashes of chunks [FROM, END) of JOURNAL, which have no seals, to zeros.  Return
   0, or -1 with errno.  */
int
journalfile_forget(const struct journalfile *journal, size_t from, size_t end);

/* Seal the chunks whose byte of PLACED, one for each chunk, isn't 0, where those of a
   group are others than in BEFORE.  Only one process may do that.  Return 0; or -1 if a
   page of the journal is unavailable.  */
int
journalfile_seal(const struct journalfile *journal, const unsigned char *placed,
	const unsigned char *before);

/* The copy is to be changed where it was sealed: have no run go on from JOURNAL any more,
   also after a power loss.  Return 0, or -1 with errno.  */
int
journalfile_spoil(const struct journalfile *journal);

/* Seal the chunks that have a mark in MARKS, and no others, on the device.  Return 0, or
   -1 with errno.  */
int
journalfile_restrict(const struct journalfile *journal, const struct blockmarks *marks);

/* Have all of JOURNAL on the device.  Return 0, or -1 with errno.  */
int
journalfile_sync(const struct journalfile *journal);

#endif
