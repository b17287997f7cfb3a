/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc32.h"
#include "base/descriptor.h"
#include "base/guard.h"
#include "file/journalfile.h"
#include "journals.h"
#include "report/journaltext.h"
#include "unit.h"

#define NAME ".mmcp-j0123456789abcde"

static struct journals_file sample;
static struct journal_reading reading;

static void
begin(void)
{
	scratch_enter();
	guard_install();
	sample = journals_sample();
}

/* Write SAMPLE, LEN bytes of it, and read it.  */
static enum journal_error
read_back(size_t len)
{
	const int fd = open(NAME, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_int_eq(descriptor_write(fd, &sample, len, 0), 0);
	close(fd);
	return journal_read(AT_FDCWD, NAME, &reading);
}

START_TEST(the_checksum_is_that_of_gzip)
{
	ck_assert_uint_eq(crc32_add(0, "123456789", 9), 0xcbf43926);
	ck_assert_uint_eq(crc32_add(crc32_add(0, "1234", 4), "56789", 5), 0xcbf43926);
}
END_TEST

START_TEST(names_tell_a_journal)
{
	static const unsigned char hash[8] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd,
					       0xef };
	char name[HIDDENNAME_SIZE];

	journal_name(name, 'j', hash);
	ck_assert_str_eq(name, NAME);
	ck_assert(journal_is_name(name));
	journal_name(name, 'r', hash);
	ck_assert_str_eq(name, ".mmcp-r0123456789abcde");
	ck_assert(!journal_is_name(name));
	ck_assert(!journal_is_name(NAME "f"));
	ck_assert(!journal_is_name(".mmcp-j"));
}
END_TEST

START_TEST(a_reader_sees_how_far_it_got)
{
	ck_assert_int_eq(read_back(sizeof sample), JOURNAL_OK);
	/* The last block is shorter.  */
	ck_assert_uint_eq(reading.sealed, 3 * JOURNALS_CHUNK - 100);
	ck_assert(reading.ours && !reading.alive);
	const int fd = open(NAME, O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	ck_assert_int_eq(journal_read(AT_FDCWD, NAME, &reading), JOURNAL_OK);
	ck_assert(reading.alive);
	close(fd);
}
END_TEST

START_TEST(people_get_the_command_to_go_on)
{
	char *text = NULL;
	size_t size;

	ck_assert_int_eq(read_back(sizeof sample), JOURNAL_OK);
	FILE *out = open_memstream(&text, &size);
	journaltext_write(out, &reading);
	fclose(out);
	ck_assert_str_eq(text, "'/a b' -> '/dest'\n"
			 "  interrupted: 11.9 KiB of 1.2 MiB are on the device (0%)\n"
			 "  to go on: cd / && mmcp --resume 'a b' /dest\n");
	free(text);
	reading.ours = false;
	out = open_memstream(&text, &size);
	journaltext_write(out, &reading);
	fclose(out);
	ck_assert_ptr_null(strstr(text, "to go on"));
	free(text);
}
END_TEST

START_TEST(what_is_no_journal_is_told_apart)
{
	ck_assert_int_eq(read_back(0), JOURNAL_NONE);
	ck_assert_int_eq(read_back(7), JOURNAL_FOREIGN);
	ck_assert_int_eq(read_back(sizeof sample - 1), JOURNAL_DAMAGED);
	ck_assert_int_eq(read_back(sizeof sample.head), JOURNAL_DAMAGED);
	sample.head.order = JOURNAL_OTHER_ORDER;
	ck_assert_int_eq(read_back(sizeof sample), JOURNAL_ORDERED);
	sample.head.order = JOURNAL_ORDER;
	sample.head.version++;
	ck_assert_int_eq(read_back(sizeof sample), JOURNAL_OTHER);
	sample = journals_sample();
	sample.head.source.mtime++;
	ck_assert_int_eq(read_back(sizeof sample), JOURNAL_DAMAGED);
	memset(&sample.head, 0, sizeof sample.head);
	ck_assert_int_eq(read_back(sizeof sample), JOURNAL_NONE);
	ck_assert_int_eq(unlink(NAME), 0);
	ck_assert_int_eq(symlink("/dev/zero", NAME), 0);
	ck_assert_int_eq(journal_read(AT_FDCWD, NAME, &reading), JOURNAL_FOREIGN);
}
END_TEST

START_TEST(of_two_seals_the_sound_one_holds)
{
	/* One was being written when the machine stopped.  */
	sample.seals[0][0].bits[1] = 1;
	ck_assert_int_eq(read_back(sizeof sample), JOURNAL_OK);
	ck_assert_uint_eq(reading.sealed, 2 * JOURNALS_CHUNK - 100);
	/* The first seal of a group was.  */
	sample.seals[1][0].generation++;
	ck_assert_int_eq(read_back(sizeof sample), JOURNAL_OK);
	ck_assert_uint_eq(reading.sealed, JOURNALS_CHUNK);
	/* A hash that both count on is another one.  */
	sample.hashes[0][0]++;
	ck_assert_int_eq(read_back(sizeof sample), JOURNAL_DAMAGED);
	/* Others may be anything.  */
	sample = journals_sample();
	sample.hashes[0][2 * JOURNAL_HASH]++;
	ck_assert_int_eq(read_back(sizeof sample), JOURNAL_OK);
}
END_TEST

START_TEST(a_journal_goes_on)
{
	struct journalfile journal;
	const struct journal *head;
	unsigned char placed[2 * JOURNAL_GROUP] = { 1, 1, 1 };
	unsigned char before[sizeof placed] = { 1, 1 };

	ck_assert_int_eq(read_back(sizeof sample), JOURNAL_OK);
	ck_assert_int_eq(journalfile_open(&journal, AT_FDCWD, NAME), 0);
	ck_assert(!journal.is_new);
	ck_assert_int_eq(journalfile_load(&journal, &head), JOURNAL_OK);
	ck_assert_uint_eq(head->source.size, JOURNALS_SIZE);
	placed[299] = before[299] = 1;
	ck_assert_int_eq(journalfile_seal(&journal, placed, before), 0);
	ck_assert_int_eq(journalfile_sync(&journal), 0);
	journalfile_close(&journal);
	ck_assert_int_eq(journal_read(AT_FDCWD, NAME, &reading), JOURNAL_OK);
	ck_assert_uint_eq(reading.sealed, 4 * JOURNALS_CHUNK - 100);
}
END_TEST

START_TEST(seals_can_be_taken_back)
{
	struct journalfile journal;
	const struct journal *head;
	struct blockmarks *const marks = blockmarks_new(JOURNALS_SIZE);

	ck_assert_int_eq(read_back(sizeof sample), JOURNAL_OK);
	ck_assert_int_eq(journalfile_open(&journal, AT_FDCWD, NAME), 0);
	ck_assert_int_eq(journalfile_load(&journal, &head), JOURNAL_OK);
	atomic_store(&marks->of[0], BLOCKMARK_RESUMED);
	ck_assert_int_eq(journalfile_restrict(&journal, marks), 0);
	ck_assert_int_eq(journalfile_forget(&journal, 1, 300), 0);
	journalfile_close(&journal);
	blockmarks_free(marks);
	ck_assert_int_eq(journal_read(AT_FDCWD, NAME, &reading), JOURNAL_OK);
	ck_assert_uint_eq(reading.sealed, JOURNALS_CHUNK);
}
END_TEST

START_TEST(a_journal_that_is_cut_is_no_crash)
{
	struct journalfile journal;
	const struct journal *head;
	static const unsigned char placed[2 * JOURNAL_GROUP] = { 1 };
	static const unsigned char before[2 * JOURNAL_GROUP];

	ck_assert_int_eq(read_back(sizeof sample), JOURNAL_OK);
	ck_assert_int_eq(journalfile_open(&journal, AT_FDCWD, NAME), 0);
	ck_assert_int_eq(journalfile_load(&journal, &head), JOURNAL_OK);
	ck_assert_int_eq(truncate(NAME, 100), 0);
	ck_assert_int_eq(journalfile_seal(&journal, placed, before), -1);
	journalfile_close(&journal);
}
END_TEST

START_TEST(what_is_not_ours_alone_is_replaced)
{
	struct journalfile journal;
	struct stat st;

	for (unsigned i = 0; i < 4; i++) {
		unlink(NAME);
		unlink("other");
		if (i == 0)
			ck_assert_int_eq(symlink("other", NAME), 0);
		else if (i == 1)
			ck_assert_int_eq(mkfifo(NAME, 0600), 0);
		else
			ck_assert_int_eq(read_back(sizeof sample), JOURNAL_OK);
		if (i == 2)
			ck_assert_int_eq(link(NAME, "other"), 0);
		else if (i == 3)
			ck_assert_int_eq(chmod(NAME, 0666), 0);
		ck_assert_int_eq(journalfile_open(&journal, AT_FDCWD, NAME), 0);
		ck_assert(journal.is_new);
		ck_assert_int_eq(fstat(journal.fd, &st), 0);
		ck_assert(S_ISREG(st.st_mode) && st.st_nlink == 1 && st.st_size == 0
			  && (st.st_mode & 0777) == 0600);
		journalfile_close(&journal);
	}
	unlink(NAME);
	ck_assert_int_eq(mkdir(NAME, 0700), 0);
	ck_assert_int_eq(journalfile_open(&journal, AT_FDCWD, NAME), -1);
}
END_TEST

START_TEST(one_process_has_it_at_a_time)
{
	struct journalfile one, other;

	ck_assert_int_eq(journalfile_open(&one, AT_FDCWD, NAME), 0);
	errno = 0;
	ck_assert_int_eq(journalfile_open(&other, AT_FDCWD, NAME), -1);
	ck_assert_int_eq(errno, EBUSY);
	journalfile_close(&one);
	ck_assert_int_eq(journalfile_open(&other, AT_FDCWD, NAME), 0);
	journalfile_close(&other);
}
END_TEST

/* ---- damaged files ---- */

static uint64_t seed;

/* Return a number below MOST; the same ones in each run.  */
static size_t
below(size_t most)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t) (seed >> 33) % most;
}

/* Change something in BYTES: in the first ones of the head, near the command's numbers,
   in the seals, or anywhere.  */
static void
mutate(unsigned char *bytes)
{
	static const struct { size_t from, len; } places[] = {
		{ 0, 112 }, { 12784, 40 }, { sizeof(struct journal), 256 },
		{ 0, sizeof sample },
	};
	static const unsigned char odd[] = { 0, 1, 0x1b, '/', 0x7f, 0x80, 0xff };
	const size_t place = below(4);
	const size_t at = below(places[place].len);
	const size_t count = below(4) == 0 ? 1 + below(places[place].len - at) : 1;

	memset(bytes + places[place].from + at,
	       below(2) == 0 ? (int) below(256) : odd[below(sizeof odd)], count);
}

START_TEST(no_journal_is_so_damaged_that_it_crashes)
{
	enum { ROUNDS = 500, CHANGES = 6 };
	static struct journals_file changed;

	seed = (uint64_t) _i;
	for (unsigned i = 0; i < ROUNDS; i++) {
		memcpy(&changed, &sample, sizeof changed);
		for (size_t n = below(CHANGES); n > 0; n--)
			mutate((unsigned char *) &changed);
		const size_t len = below(8) == 0 ? below(sizeof changed) : sizeof changed;
		journals_try((const uint8_t *) &changed, len, below(4) != 0);
	}
}
END_TEST

Suite *
journal_suite(void)
{
	enum { SEEDS = 4 };
	Suite *const suite = suite_create("journal");
	TCase *const tc = tcase_create("file");

	tcase_add_checked_fixture(tc, begin, scratch_leave);
	tcase_add_test(tc, the_checksum_is_that_of_gzip);
	tcase_add_test(tc, names_tell_a_journal);
	tcase_add_test(tc, a_reader_sees_how_far_it_got);
	tcase_add_test(tc, people_get_the_command_to_go_on);
	tcase_add_test(tc, what_is_no_journal_is_told_apart);
	tcase_add_test(tc, of_two_seals_the_sound_one_holds);
	tcase_add_test(tc, a_journal_goes_on);
	tcase_add_test(tc, seals_can_be_taken_back);
	tcase_add_test(tc, a_journal_that_is_cut_is_no_crash);
	tcase_add_test(tc, what_is_not_ours_alone_is_replaced);
	tcase_add_test(tc, one_process_has_it_at_a_time);
	tcase_add_loop_test(tc, no_journal_is_so_damaged_that_it_crashes, 1, 1 + SEEDS);
	suite_add_tcase(suite, tc);
	return suite;
}
