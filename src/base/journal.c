/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal.c: what is in a journal, and whether that can be.  */
#include "config.h"

#include "base/journal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/crc32.h"

/* doc/formats.md says so.  */
static_assert(sizeof(struct journal) == 32768
	      && offsetof(struct journal, source) == 24
	      && offsetof(struct journal, data_inode) == 80
	      && offsetof(struct journal, name) == 112
	      && offsetof(struct journal, source_path) == 496
	      && offsetof(struct journal, words) == 12784
	      && offsetof(struct journal, command) == 12792
	      && sizeof(struct journal_seal) == 64, "there are no gaps");

/* ---- names ---- */

enum { DIGITS = 15 };

void
journal_name(char name[static HIDDENNAME_SIZE], char kind, const unsigned char *hash)
{
	char digits[2 * 8 + 1];

	for (unsigned i = 0; i < 8; i++)
		snprintf(digits + 2 * i, 3, "%02x", hash[i]);
	snprintf(name, HIDDENNAME_SIZE, ".mmcp-%c%.*s", kind, DIGITS, digits);
}

bool
journal_is_name(const char *name)
{
	static const char prefix[] = ".mmcp-j";
	const size_t len = sizeof prefix - 1;

	return strncmp(name, prefix, len) == 0
		&& strspn(name + len, "0123456789abcdef") == DIGITS
		&& name[len + DIGITS] == '\0';
}

/* ---- sizes ---- */

uint64_t
journal_groups(uint64_t size, uint32_t chunk)
{
	const uint64_t chunks = size / chunk + (size % chunk != 0);

	return (chunks + JOURNAL_GROUP - 1) / JOURNAL_GROUP;
}

uint64_t
journal_hashes_at(uint64_t size, uint32_t chunk)
{
	const uint64_t seals = journal_groups(size, chunk)
		* 2 * sizeof(struct journal_seal);

	return sizeof(struct journal)
		+ (seals + JOURNAL_PAGE - 1) / JOURNAL_PAGE * JOURNAL_PAGE;
}

uint64_t
journal_size(uint64_t size, uint32_t chunk)
{
	return journal_hashes_at(size, chunk)
		+ journal_groups(size, chunk) * JOURNAL_GROUP * JOURNAL_HASH;
}

/* ---- the head ---- */

static uint32_t
head_crc(const struct journal *journal)
{
	static const uint32_t none;
	const size_t at = offsetof(struct journal, crc);
	const char *const bytes = (const char *) journal;
	uint32_t crc = crc32_add(0, bytes, at);

	crc = crc32_add(crc, &none, sizeof none);
	return crc32_add(crc, bytes + at + sizeof none, sizeof *journal - at
			 - sizeof none);
}

void
journal_sign(struct journal *journal)
{
	journal->crc = head_crc(journal);
}

static bool
ends(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

/* Return whether COMMAND has as many words as JOURNAL says.  */
static bool
has_words(const struct journal *journal)
{
	const uint32_t len = journal->command_len;
	uint32_t n = 0;

	if (len > sizeof journal->command
	    || (len > 0 && journal->command[len - 1] != '\0'))
		return false;
	for (uint32_t i = 0; i < len; i++)
		n += journal->command[i] == '\0';
	return n == journal->words;
}

static bool
is_sound(const struct journal *journal)
{
	const uint32_t chunk = journal->chunk;

	return journal->crc == head_crc(journal)
		&& chunk >= JOURNAL_PAGE && chunk <= 1u << 30
		&& (chunk & (chunk - 1)) == 0
		&& journal->source.size > 0 && journal->source.size <= INT64_MAX
		&& ends(journal->name, sizeof journal->name) && journal->name[0] != '\0'
		&& strchr(journal->name, '/') == NULL
		&& ends(journal->source_path, sizeof journal->source_path)
		&& ends(journal->dest_path, sizeof journal->dest_path)
		&& ends(journal->directory, sizeof journal->directory)
		&& has_words(journal);
}

enum journal_error
journal_check(const struct journal *journal, size_t len, uint64_t file_size)
{
	static const char none[sizeof journal->magic];

	if (len == 0 || (len >= sizeof none
			 && memcmp(journal->magic, none, sizeof none) == 0))
		return JOURNAL_NONE;
	if (len < offsetof(struct journal, source)
	    || memcmp(journal->magic, JOURNAL_MAGIC, sizeof journal->magic) != 0)
		return JOURNAL_FOREIGN;
	if (journal->order != JOURNAL_ORDER)
		return journal->order == JOURNAL_OTHER_ORDER ? JOURNAL_ORDERED
			: JOURNAL_FOREIGN;
	if (journal->version != JOURNAL_VERSION)
		return JOURNAL_OTHER;
	return len >= sizeof *journal && journal->size == sizeof *journal
		&& file_size <= JOURNAL_MOST && is_sound(journal)
		&& file_size == journal_size(journal->source.size, journal->chunk)
		? JOURNAL_OK : JOURNAL_DAMAGED;
}

const char *
journal_word(const struct journal *journal, const char *word)
{
	const char *const next = word == NULL ? journal->command
		: word + strlen(word) + 1;

	return next < journal->command + journal->command_len ? next : NULL;
}

/* ---- seals ---- */

static uint32_t
seal_crc(const struct journal_seal *seal, uint64_t group, const unsigned char *hashes)
{
	uint32_t crc = crc32_add(0, &group, sizeof group);

	crc = crc32_add(crc, &seal->generation, sizeof *seal - sizeof seal->crc);
	for (unsigned i = 0; i < JOURNAL_GROUP; i++)
		if (journal_seal_has(seal, i))
			crc = crc32_add(crc, hashes + i * JOURNAL_HASH, JOURNAL_HASH);
	return crc;
}

void
journal_seal_sign(struct journal_seal *seal, uint64_t group, const unsigned char *hashes)
{
	seal->crc = seal_crc(seal, group, hashes);
}

static bool
is_blank(const struct journal_seal *seal)
{
	static const struct journal_seal blank;

	return memcmp(seal, &blank, sizeof blank) == 0;
}

const struct journal_seal *
journal_seal_newest(const struct journal_seal pair[static 2], uint64_t group,
	const unsigned char *hashes)
{
	const struct journal_seal *newest = NULL;

	for (unsigned i = 0; i < 2; i++) {
		const struct journal_seal *const seal = &pair[i];
		if (!is_blank(seal) && (seal->generation == 0
					|| seal->crc != seal_crc(seal, group, hashes)))
			continue;
		if (newest == NULL || seal->generation > newest->generation)
			newest = seal;
	}
	return newest;
}
