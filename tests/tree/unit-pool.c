/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/signals.h"
#include "tree/pool.h"
#include "unit.h"

/* Many directories with a few files each, and then a few with many: more of either than a
   batch has room for.  */
enum { DIRS = 27, SMALL_DIRS = 24, FEW = 3, MANY = 45, SIZE = 3000 };
enum { FILES = SMALL_DIRS * FEW + (DIRS - SMALL_DIRS) * MANY };

static const struct copy_policy policy;
static struct pool *pool;
static struct dirpair *root, *dirs[DIRS];

/* What came back.  */
static struct heard {
	unsigned words, there, missing, released;
	unsigned flags;
	char name[256];
	struct pool_word word;
} heard;

static void
hear(void *context, struct dirpair *dir, const char *name, unsigned flags,
	const struct pool_word *word)
{
	struct heard *const h = context;

	ck_assert_ptr_nonnull(dir);
	h->words++;
	h->flags = flags;
	strcpy(h->name, name);
	h->word = *word;
}

static void
landed(void *context, void *tag, bool there)
{
	struct heard *const h = context;

	ck_assert_ptr_eq(tag, &heard);
	if (there)
		h->there++;
	else
		h->missing++;
}

static void
release(void *context, struct dirpair *dir)
{
	struct heard *const h = context;

	h->released++;
	ck_assert(!dirpair_unref(dir));
}

static void
enter_with_root(void)
{
	scratch_enter();
	signals_catch();
	root = scratch_dir(NULL, "", "s", "d");
}

/* Everything was given back.  */
static void
leave(void)
{
	for (unsigned i = 0; i < DIRS && dirs[i] != NULL; i++) {
		ck_assert(dirpair_unref(dirs[i]));
		ck_assert(!dirpair_unref(dirpair_free(dirs[i])));
	}
	ck_assert(dirpair_unref(root));
	dirpair_free(root);
	scratch_leave();
}

static void
open_pool(unsigned workers)
{
	static const struct pool_listener listener = {
		.result = hear, .done = landed, .release = release, .context = &heard,
	};

	pool = pool_new(workers, &policy, false, &listener);
	ck_assert_ptr_nonnull(pool);
}

static int
files_in(unsigned number)
{
	return number < SMALL_DIRS ? FEW : MANY;
}

/* Make file I of directory NUMBER; its name, of LEN digits.  */
static const char *
make_file(unsigned number, int i, int len)
{
	static char path[512];
	const int skip = snprintf(path, sizeof path, "s/%u/", number);

	snprintf(path + skip, sizeof path - (size_t) skip, "%0*d", len, i);
	close(scratch_file(path, SIZE + i));
	return path + skip;
}

static void
kill_children(void)
{
	FILE *const f = fopen("/proc/thread-self/children", "r");
	int pid;

	while (f != NULL && fscanf(f, "%d", &pid) == 1)
		kill(pid, SIGKILL);
	if (f != NULL)
		fclose(f);
}

/* Make and add all files, their directories being put away at times; and when KILLING of
   them were added, kill whoever has been forked.  */
static void
add_all(int len, int killing)
{
	char source[16], dest[16];
	int added = 0;

	for (unsigned n = 0; n < DIRS; n++) {
		snprintf(source, sizeof source, "s/%u", n);
		snprintf(dest, sizeof dest, "d/%u", n);
		dirs[n] = scratch_dir(root, source + 2, source, dest);
		for (int i = 0; i < files_in(n); i++) {
			const char *const name = make_file(n, i, len);
			if (i == (int) n % 4)
				dirpair_close(dirs[n]);
			const int ret = pool_add(pool, dirs[n], name, POOL_FRESH, &heard);
			ck_assert_int_eq(ret, 0);
			if (++added == killing)
				kill_children();
		}
	}
}

static void
all_is_there(int len)
{
	char path[512];

	ck_assert(!pool_is_busy(pool));
	ck_assert_uint_eq(heard.words, 0);
	ck_assert_uint_eq(heard.there, FILES);
	ck_assert_uint_eq(heard.missing, 0);
	for (unsigned n = 0; n < DIRS; n++)
		for (int i = 0; i < files_in(n); i++) {
			snprintf(path, sizeof path, "d/%u/%0*d", n, len, i);
			scratch_is_whole(path, SIZE + i);
		}
}

START_TEST(every_file_is_copied_by_however_many)
{
	static const struct { unsigned workers; int len; } cases[] = {
		{ 1, 1 }, { 2, 1 }, { 3, 1 }, { 1, 255 }, { 2, 255 }, { 3, 255 },
	};

	open_pool(cases[_i].workers);
	add_all(cases[_i].len, 0);
	ck_assert_int_eq(pool_drain(pool), 0);
	all_is_there(cases[_i].len);
	pool_free(pool);
}
END_TEST

START_TEST(killed_workers_cost_no_file)
{
	open_pool(3);
	add_all(1, 48 + 12 * _i);
	ck_assert_int_eq(pool_drain(pool), 0);
	all_is_there(1);
	pool_free(pool);
}
END_TEST

START_TEST(a_pool_is_busy_until_it_is_drained)
{
	open_pool((unsigned) _i);
	ck_assert(!pool_is_busy(pool));
	close(scratch_file("s/f", 10));
	ck_assert_int_eq(pool_add(pool, root, "f", 0, NULL), 0);
	ck_assert_int_eq(pool_is_busy(pool), _i > 1);
	ck_assert_int_eq(pool_flush(pool), 0);
	ck_assert_int_eq(pool_drain(pool), 0);
	ck_assert(!pool_is_busy(pool));
	ck_assert_uint_eq(heard.released, 1);
	ck_assert_uint_eq(heard.there + heard.missing, 0);	/* without a tag */
	scratch_is_whole("d/f", 10);
	pool_free(pool);
}
END_TEST

/* Of the file f, its symlink l, and o, which is there on both sides; without a word it is
   copied.  */
static const struct {
	const char *name;
	unsigned flags;
	int kind;		/* of the last word; -1: none */
	enum error_step step;
} words[] = {
	{ "f", 0, -1, ERROR_NO_STEP },
	{ "f", POOL_LOOKED | POOL_OLD, -1, ERROR_NO_STEP },
	{ "f", POOL_LOOKED | POOL_REMOVE, -1, ERROR_NO_STEP },
	{ "none", POOL_FRESH, POOL_ERROR, ERROR_GIVEN_BACK },
	{ "l", 0, POOL_ERROR, ERROR_GIVEN_BACK },
	{ "l", POOL_FOLLOW, -1, ERROR_NO_STEP },
	{ "o", POOL_LOOKED, POOL_ERROR, ERROR_CREATE },
	{ "o", POOL_LOOKED | POOL_OLD, -1, ERROR_NO_STEP },
	{ "o", POOL_LOOKED | POOL_REMOVE, POOL_REMOVED, ERROR_NO_STEP },
};

START_TEST(what_is_to_be_told_comes_back)
{
	const int count = sizeof words / sizeof *words;
	const char *const name = words[_i % count].name;
	const unsigned flags = words[_i % count].flags;
	const int kind = words[_i % count].kind;

	close(scratch_file("s/f", 10));
	close(scratch_file("s/o", 10));
	ck_assert_int_eq(symlink("f", "s/l"), 0);
	scratch_text("d/o", "old");
	open_pool(1 + (unsigned) (_i / count));
	ck_assert_int_eq(pool_add(pool, root, name, flags, &heard), 0);
	ck_assert_int_eq(pool_flush(pool), 0);
	ck_assert_int_eq(pool_drain(pool), 0);
	ck_assert_uint_eq(heard.words, kind >= 0);
	ck_assert_uint_eq(heard.missing, kind == POOL_ERROR);
	ck_assert_uint_eq(heard.there, kind != POOL_ERROR);
	if (kind >= 0) {
		ck_assert_str_eq(heard.name, name);
		ck_assert_uint_eq(heard.flags, flags);
		ck_assert_int_eq(heard.word.kind, kind);
	}
	if (kind == POOL_ERROR)
		ck_assert_int_eq(heard.word.error.step, words[_i % count].step);
	pool_free(pool);
}
END_TEST

START_TEST(a_signal_ends_it_and_all_is_given_back)
{
	open_pool((unsigned) _i);
	add_all(1, 0);
	kill(getpid(), SIGTERM);
	ck_assert_int_eq(pool_drain(pool), -1);
	pool_free(pool);
}
END_TEST

Suite *
pool_suite(void)
{
	Suite *const suite = suite_create("pool");
	TCase *const tc = tcase_create("small files");

	tcase_add_checked_fixture(tc, enter_with_root, leave);
	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, every_file_is_copied_by_however_many, 0, 6);
	tcase_add_loop_test(tc, killed_workers_cost_no_file, 0, 12);
	tcase_add_loop_test(tc, a_pool_is_busy_until_it_is_drained, 1, 4);
	tcase_add_loop_test(tc, what_is_to_be_told_comes_back, 0,
			    3 * (int) (sizeof words / sizeof *words));
	tcase_add_loop_test(tc, a_signal_ends_it_and_all_is_given_back, 1, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
