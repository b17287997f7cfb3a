/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-journal.c: a journal as somebody may have made it.  For libFuzzer, by `make
   fuzz-journal'; unit-journal.c calls it, too.  */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/guard.h"
#include "file/journalfile.h"
#include "journals.h"
#include "report/journaltext.h"

/* Make the checksums of the LEN bytes at DATA right, of the seals of the first group
   only.  */
static void
make_right(unsigned char *data, size_t len)
{
	struct journal head;

	if (len < sizeof head)
		return;
	memcpy(&head, data, sizeof head);
	journal_sign(&head);
	memcpy(data, &head, sizeof head);
	const uint64_t at = head.chunk < JOURNAL_PAGE ? len
		: journal_hashes_at(head.source.size, head.chunk);
	if (at > len || len - at < JOURNAL_GROUP * JOURNAL_HASH)
		return;
	for (unsigned i = 0; i < 2; i++) {
		unsigned char *const place = data + sizeof head
			+ i * sizeof(struct journal_seal);
		struct journal_seal seal;
		memcpy(&seal, place, sizeof seal);
		journal_seal_sign(&seal, 0, data + at);
		memcpy(place, &seal, sizeof seal);
	}
}

/* Show READING in each form.  */
static void
show(const struct journal_reading *reading)
{
	char *text = NULL;
	size_t size;
	FILE *const out = open_memstream(&text, &size);

	journaltext_write(out, reading);
	journaltext_write_json(out, reading, clock_date());
	fclose(out);
	free(text);
}

/* Load the journal FD as one to go on with, and seal all.  */
static void
go_on(int fd)
{
	struct journalfile journal = { .fd = dup(fd) };
	const struct journal *head;

	if (journalfile_load(&journal, &head) == JOURNAL_OK) {
		struct blockmarks *const marks = blockmarks_new(journal.size);
		const size_t count = (size_t) journal_groups(journal.size, journal.chunk)
			* JOURNAL_GROUP;
		unsigned char *const bytes = calloc(2, count);
		if (marks != NULL && bytes != NULL
		    && journalfile_read(&journal, marks) == JOURNAL_OK) {
			memset(bytes, 1, count);
			journalfile_seal(&journal, bytes, bytes + count);
			journalfile_restrict(&journal, marks);
		}
		free(bytes);
		blockmarks_free(marks);
	}
	journalfile_close(&journal);
}

void
journals_try(const uint8_t *data, size_t len, bool right)
{
	static struct journal_reading reading;
	static bool guarded;
	unsigned char *const bytes = malloc(len > 0 ? len : 1);
	const int fd = memfd_create("journal", MFD_CLOEXEC);

	if (!guarded)
		guard_install();
	guarded = true;
	if (bytes != NULL && fd >= 0) {
		memcpy(bytes, data, len);
		if (right)
			make_right(bytes, len);
		if (descriptor_write(fd, bytes, len, 0) == 0) {
			if (journal_read_open(fd, &reading) == JOURNAL_OK)
				show(&reading);
			go_on(fd);
		}
	}
	free(bytes);
	if (fd >= 0)
		close(fd);
}

#ifdef FUZZER
int
LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* With --sample, write a whole journal to begin with: from nothing, no head is found.  */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	if (*argc != 2 || strcmp((*argv)[1], "--sample") != 0)
		return 0;
	const struct journals_file sample = journals_sample();
	exit(fwrite(&sample, sizeof sample, 1, stdout) == 1 && fflush(stdout) == 0
	     ? EXIT_SUCCESS : EXIT_FAILURE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	journals_try(data, len, len % 2 == 0);
	return 0;
}
#endif
