/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "tree/level.h"
#include "unit.h"

static struct arena *arena;
static struct level *level;
static struct dirpair dir;	/* never looked at */

static void
make_level(void)
{
	arena = arena_new(1 << 20, true);
	level = level_new(arena, NULL, &dir, arena_top(arena));
	ck_assert_ptr_nonnull(level);
}

static void
free_level(void)
{
	level_free(level);
	arena_free(arena);
}

static void
add(const char *name, unsigned char type)
{
	ck_assert_int_eq(level_add(level, arena, name, type), 0);
}

/* Assert that NAME of TYPE is next, in PHASE.  */
static void
is_next(enum level_phase phase, const char *name, unsigned char type)
{
	unsigned char found;
	const char *const next = level_next(level, &found);

	ck_assert_ptr_nonnull(next);
	ck_assert_str_eq(next, name);
	ck_assert_uint_eq(found, type);
	ck_assert_int_eq(level_phase(level), phase);
}

static void
is_done(void)
{
	unsigned char type;

	ck_assert_ptr_null(level_next(level, &type));
	ck_assert_int_eq(level_phase(level), LEVEL_DONE);
}

START_TEST(an_empty_directory_has_nothing_to_do)
{
	is_done();
	is_done();
}
END_TEST

START_TEST(subdirectories_and_links_come_later)
{
	add("a", DT_REG);
	add("sub", DT_DIR);
	add("link", DT_REG);
	add("led", DT_LNK);
	is_next(LEVEL_NAMES, "a", DT_REG);
	is_next(LEVEL_NAMES, "a", DT_REG);
	level_skip(level);
	is_next(LEVEL_NAMES, "sub", DT_DIR);
	level_keep(level, DT_DIR);
	is_next(LEVEL_NAMES, "link", DT_REG);
	level_keep(level, LEVEL_WAITS);
	is_next(LEVEL_NAMES, "led", DT_LNK);
	level_keep(level, LEVEL_LED);
	is_next(LEVEL_DIRECTORIES, "sub", DT_DIR);
	level_skip(level);
	is_next(LEVEL_DIRECTORIES, "led", LEVEL_LED);
	level_skip(level);
	is_next(LEVEL_LINKS, "link", LEVEL_WAITS);
	level_skip(level);
	is_done();
}
END_TEST

static void
hold_next(void)
{
	unsigned char type;

	ck_assert_ptr_nonnull(level_next(level, &type));
	level_hold(level);
	level_skip(level);
}

START_TEST(what_is_held_comes_behind_the_last_name)
{
	add("a", DT_REG);
	add("sub", DT_DIR);
	add("b", DT_REG);
	add("c", DT_UNKNOWN);
	hold_next();
	is_next(LEVEL_NAMES, "sub", DT_DIR);
	level_keep(level, DT_DIR);
	is_next(LEVEL_NAMES, "b", DT_REG);
	level_skip(level);
	hold_next();
	is_next(LEVEL_GROUP, "a", LEVEL_HELD);
	level_skip(level);
	is_next(LEVEL_GROUP, "c", LEVEL_HELD);
	is_next(LEVEL_GROUP, "c", LEVEL_HELD);
	level_keep(level, LEVEL_WAITS);
	is_next(LEVEL_DIRECTORIES, "sub", DT_DIR);
	level_skip(level);
	is_next(LEVEL_LINKS, "c", LEVEL_WAITS);
	level_skip(level);
	is_done();
}
END_TEST

START_TEST(a_group_may_end_between_two_names)
{
	struct level_cut cut;

	add("a", DT_REG);
	add("b", DT_REG);
	add("c", DT_REG);
	add("d", DT_REG);
	add("e", DT_REG);
	hold_next();
	hold_next();
	is_next(LEVEL_NAMES, "c", DT_REG);
	level_end_group(level);
	is_next(LEVEL_GROUP, "a", LEVEL_HELD);
	ck_assert_uint_eq(level_halve(level, 1 << 16, &cut), 0);
	level_skip(level);
	is_next(LEVEL_GROUP, "b", LEVEL_HELD);
	level_skip(level);
	is_next(LEVEL_NAMES, "c", DT_REG);
	hold_next();
	is_next(LEVEL_NAMES, "d", DT_REG);
	ck_assert_uint_eq(level_halve(level, 1 << 16, &cut), 1);
	level_apply(&cut);
	hold_next();
	is_next(LEVEL_GROUP, "c", LEVEL_HELD);
	level_skip(level);
	is_next(LEVEL_GROUP, "d", LEVEL_HELD);
	level_skip(level);
	is_done();
}
END_TEST

START_TEST(a_mark_without_a_step_is_none)
{
	add("a", DT_REG);
	add("b", DT_REG);
	is_next(LEVEL_NAMES, "a", DT_REG);
	level_hold(level);	/* And then its worker died.  */
	is_next(LEVEL_NAMES, "a", DT_UNKNOWN);
	level_skip(level);
	is_next(LEVEL_NAMES, "b", DT_REG);
	level->has[LEVEL_LINKS] = true;
	level->names[level_offset(level)] = (char) LEVEL_WAITS;
	is_next(LEVEL_NAMES, "b", DT_UNKNOWN);
	level_skip(level);
	is_done();
}
END_TEST

/* Return how many names CUT has, which are copied to TEXT by turns.  */
static unsigned
copy(const struct level_cut *cut, char *text)
{
	static char names[1 << 16];
	const size_t size = level_copy(cut, names);
	unsigned n = 0;

	*text = '\0';
	for (size_t at = 0; at < size; at += strlen(names + at + 1) + 2) {
		strcat(strcat(text, names + at + 1), " ");
		n++;
	}
	return n;
}

START_TEST(half_of_the_names_are_given_away)
{
	struct level_cut cut;
	char text[256];

	add("a", DT_REG); add("b", DT_DIR); add("c", DT_REG); add("d", DT_REG);
	add("e", DT_REG);
	is_next(LEVEL_NAMES, "a", DT_REG);
	ck_assert(!level_has_gift(level));
	ck_assert_uint_eq(level_halve(level, 1000, &cut), 2);
	ck_assert_uint_eq(copy(&cut, text), 2);
	ck_assert_str_eq(text, "d e ");
	/* Until it is given, all is as it was.  */
	is_next(LEVEL_NAMES, "a", DT_REG);
	level_apply(&cut);
	level_apply(&cut);
	ck_assert_uint_eq(level_halve(level, 1000, &cut), 1);
	ck_assert_uint_eq(copy(&cut, text), 1);
	ck_assert_str_eq(text, "c ");
	level_apply(&cut);
	level_skip(level);
	is_next(LEVEL_NAMES, "b", DT_DIR);
	level_keep(level, DT_DIR);
	is_next(LEVEL_DIRECTORIES, "b", DT_DIR);
	ck_assert_uint_eq(level_halve(level, 1000, &cut), 0);
	level_skip(level);
	is_done();
}
END_TEST

START_TEST(subdirectories_are_given_away_first)
{
	struct level_cut cut;
	char text[256];

	add("a", DT_DIR); add("b", DT_REG); add("c", DT_DIR); add("d", DT_REG);
	add("e", DT_REG); add("f", DT_DIR);
	is_next(LEVEL_NAMES, "a", DT_DIR);
	level_keep(level, DT_DIR);
	level_skip(level);
	level_keep(level, DT_DIR);
	is_next(LEVEL_NAMES, "d", DT_REG);
	ck_assert_uint_eq(level_halve(level, 1000, &cut), 1);
	ck_assert_uint_eq(copy(&cut, text), 1);
	ck_assert_str_eq(text, "c ");
	level_apply(&cut);
	ck_assert_uint_eq(level_halve(level, 1000, &cut), 1);
	ck_assert_uint_eq(copy(&cut, text), 1);
	ck_assert_str_eq(text, "a ");
	level_skip(level);
	level_skip(level);
	level_keep(level, DT_DIR);
	is_next(LEVEL_DIRECTORIES, "a", DT_DIR);
	ck_assert_uint_eq(level_halve(level, 1000, &cut), 1);
	ck_assert_uint_eq(copy(&cut, text), 1);
	ck_assert_str_eq(text, "f ");
	level_apply(&cut);
	level_skip(level);
	is_done();
}
END_TEST

START_TEST(names_are_searched_once_for_what_is_given_away)
{
	struct level_cut cut;
	char name[16];

	add("a", DT_DIR);
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "%u", i);
		add(name, DT_REG);
	}
	is_next(LEVEL_NAMES, "a", DT_DIR);
	level_keep(level, DT_DIR);
	ck_assert(level_has_gift(level));
	ck_assert_uint_eq(level->gift, 0);
	while (level_phase(level) == LEVEL_NAMES) {
		unsigned char type;
		level_next(level, &type);
		if (level_phase(level) == LEVEL_NAMES)
			level_skip(level);
	}
	is_next(LEVEL_DIRECTORIES, "a", DT_DIR);
	ck_assert(!level_has_gift(level));
	ck_assert_uint_eq(level->gift, level->end);
	ck_assert_uint_eq(level_halve(level, 1000, &cut), 0);
}
END_TEST

START_TEST(no_more_is_given_away_than_there_is_room_for)
{
	struct level_cut cut;
	char name[16];

	for (unsigned i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "name%04u", i);
		add(name, DT_REG);
	}
	is_next(LEVEL_NAMES, "name0000", DT_REG);
	ck_assert_uint_eq(level_halve(level, 1000, &cut), 50);
	ck_assert_uint_eq(level_halve(level, 105, &cut), 10);
	ck_assert_uint_eq(level_halve(level, 9, &cut), 0);
	level->led = true;
	ck_assert_uint_eq(level_halve(level, 1000, &cut), 0);
}
END_TEST

START_TEST(operands_are_a_range)
{
	struct level *const range = level_of_operands(arena, 3, 8);
	struct level_cut cut;
	uint32_t i;

	ck_assert(level_next_operand(range, &i));
	ck_assert_uint_eq(i, 3);
	ck_assert_uint_eq(level_halve(range, 0, &cut), 2);
	ck_assert_uint_eq(cut.from, 6);
	ck_assert_uint_eq(cut.to, 8);
	level_apply(&cut);
	for (uint32_t n = 3; n < 6; n++) {
		ck_assert(level_next_operand(range, &i));
		ck_assert_uint_eq(i, n);
		level_skip(range);
	}
	ck_assert(!level_next_operand(range, &i));
	ck_assert_uint_eq(level_halve(range, 0, &cut), 0);
}
END_TEST

/* The arena has 1 MiB.  */
START_TEST(what_the_arena_has_no_room_for_goes_to_the_heap)
{
	struct level_cut cut;
	char name[32];
	unsigned char type;
	unsigned n = 0;

	for (unsigned i = 0; i < 100000; i++) {
		snprintf(name, sizeof name, "name%06u", i);
		add(name, DT_REG);
	}
	ck_assert(level->on_heap);
	for (const char *next; (next = level_next(level, &type)) != NULL; n++) {
		snprintf(name, sizeof name, "name%06u", n);
		ck_assert_str_eq(next, name);
		level_skip(level);
	}
	ck_assert_uint_eq(n, 100000);
	ck_assert_uint_eq(level_halve(level, 1000, &cut), 0);
}
END_TEST

START_TEST(what_is_dropped_does_not_come_again)
{
	add("a", DT_DIR); add("b", DT_DIR);
	is_next(LEVEL_NAMES, "a", DT_DIR);
	level_drop(level);
	level_keep(level, DT_DIR);
	is_next(LEVEL_DIRECTORIES, "b", DT_DIR);
	level_skip(level);
	is_done();
}
END_TEST

START_TEST(names_of_another_level_are_taken_as_they_are)
{
	static const char names[] = "\004sub\0\004tree";

	ck_assert_int_eq(level_add_all(level, arena, names, sizeof names), 0);
	level_skip_to_directories(level);
	is_next(LEVEL_DIRECTORIES, "sub", DT_DIR);
	level_skip(level);
	is_next(LEVEL_DIRECTORIES, "tree", DT_DIR);
	level_skip(level);
	is_done();
}
END_TEST

Suite *
level_suite(void)
{
	Suite *const suite = suite_create("level");
	TCase *const tc = tcase_create("the names of a directory");

	tcase_add_checked_fixture(tc, make_level, free_level);
	tcase_add_test(tc, an_empty_directory_has_nothing_to_do);
	tcase_add_test(tc, subdirectories_and_links_come_later);
	tcase_add_test(tc, what_is_held_comes_behind_the_last_name);
	tcase_add_test(tc, a_group_may_end_between_two_names);
	tcase_add_test(tc, a_mark_without_a_step_is_none);
	tcase_add_test(tc, half_of_the_names_are_given_away);
	tcase_add_test(tc, subdirectories_are_given_away_first);
	tcase_add_test(tc, names_are_searched_once_for_what_is_given_away);
	tcase_add_test(tc, no_more_is_given_away_than_there_is_room_for);
	tcase_add_test(tc, operands_are_a_range);
	tcase_add_test(tc, what_the_arena_has_no_room_for_goes_to_the_heap);
	tcase_add_test(tc, what_is_dropped_does_not_come_again);
	tcase_add_test(tc, names_of_another_level_are_taken_as_they_are);
	suite_add_tcase(suite, tc);
	return suite;
}
