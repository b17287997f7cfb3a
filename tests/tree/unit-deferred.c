/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "tree/deferred.h"
#include "unit.h"

static struct deferred_list list;
static struct dirpair *dir;

static void
make_list(void)
{
	deferred_init(&list);
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
	ck_assert_int_eq(deferred_add(&list, dir, name, link == NULL, link), 0);
}

/* The first name of FROM is NAME (NULL: there is none).  */
static void
comes(struct deferred_list *from, const char *name)
{
	struct deferred *const deferred = deferred_take(from);

	ck_assert_ptr_eq(deferred == NULL ? NULL : deferred->dir, name == NULL ? NULL
			 : dir);
	if (name == NULL)
		return;
	ck_assert_str_eq(deferred->name, name);
	ck_assert_int_eq(deferred->here, deferred->link == NULL);
	ck_assert(!dirpair_unuse(deferred->dir));
	free(deferred);
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
	struct deferred_list ready;

	deferred_init(&ready);
	deferred_move(&list, &mine, &ready);
	comes(&ready, NULL);
	add("a", &mine);
	add("b", &other);
	add("c", &mine);
	deferred_move(&list, &mine, &ready);
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
deferred_suite(void)
{
	Suite *const suite = suite_create("deferred");
	TCase *const tc = tcase_create("names that wait");

	tcase_add_checked_fixture(tc, make_list, free_directory);
	tcase_add_test(tc, the_first_in_is_the_first_out);
	tcase_add_test(tc, those_that_waited_for_a_link_are_moved_in_their_order);
	suite_add_tcase(suite, tc);
	return suite;
}
