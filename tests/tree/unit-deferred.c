/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "tree/deferred.h"
#include "unit.h"

static struct later_list list;
static struct dirpair *dir;

static void
make_list(void)
{
	later_init(&list);
	dir = dirpair_new_root("s", 1, "d", 1, "d", -1);
	ck_assert_ptr_nonnull(dir);
}

static void
free_directory(void)
{
	dirpair_free(dir);
}

static void
add(const char *name, const struct link *link)
{
	ck_assert_int_eq(later_add(&list, dir, name, link == NULL, link), 0);
}

/* The first name of FROM is NAME (NULL: there is none).  */
static void
comes(struct later_list *from, const char *name)
{
	struct later *const later = later_take(from);

	ck_assert_ptr_eq(later == NULL ? NULL : later->dir, name == NULL ? NULL : dir);
	if (name == NULL)
		return;
	ck_assert_str_eq(later->name, name);
	ck_assert_int_eq(later->here, later->link == NULL);
	ck_assert(!dirpair_unuse(later->dir));
	free(later);
}

START_TEST(the_first_in_is_the_first_out)
{
	comes(&list, NULL);
	add("a", NULL);
	add("b", NULL);
	comes(&list, "a");
	add("c", NULL);
	comes(&list, "b");
	comes(&list, "c");
	comes(&list, NULL);
	add("d", NULL);
	comes(&list, "d");
}
END_TEST

START_TEST(those_that_waited_for_a_link_are_moved_in_their_order)
{
	static struct link mine, other;
	struct later_list ready;

	later_init(&ready);
	later_move(&list, &mine, &ready);
	comes(&ready, NULL);
	add("a", &mine);
	add("b", &other);
	add("c", &mine);
	later_move(&list, &mine, &ready);
	add("d", &mine);
	comes(&ready, "a");
	comes(&ready, "c");
	comes(&ready, NULL);
	comes(&list, "b");
	comes(&list, "d");
	comes(&list, NULL);
}
END_TEST

Suite *
later_suite(void)
{
	Suite *const suite = suite_create("later");
	TCase *const tc = tcase_create("names that wait");

	tcase_add_checked_fixture(tc, make_list, free_directory);
	tcase_add_test(tc, the_first_in_is_the_first_out);
	tcase_add_test(tc, those_that_waited_for_a_link_are_moved_in_their_order);
	suite_add_tcase(suite, tc);
	return suite;
}
