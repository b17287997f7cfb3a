/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "tree/waitlist.h"
#include "unit.h"

static struct waitlist list;
static struct dirpair *dir;

static void
make_list(void)
{
	waitlist_init(&list);
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
	ck_assert_int_eq(waitlist_add(&list, dir, name, link == NULL, link), 0);
}

/* The first name of FROM is NAME (NULL: there is none).  */
static void
comes(struct waitlist *from, const char *name)
{
	struct waiting *const waiting = waitlist_take(from);

	ck_assert_ptr_eq(waiting == NULL ? NULL : waiting->dir, name == NULL ? NULL
			 : dir);
	if (name == NULL)
		return;
	ck_assert_str_eq(waiting->name, name);
	ck_assert_int_eq(waiting->by_parent, waiting->link == NULL);
	ck_assert(!dirpair_unref(waiting->dir));
	free(waiting);
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
	struct waitlist ready;

	waitlist_init(&ready);
	waitlist_move(&list, &mine, &ready);
	comes(&ready, NULL);
	add("a", &mine);
	add("b", &other);
	add("c", &mine);
	waitlist_move(&list, &mine, &ready);
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
waitlist_suite(void)
{
	Suite *const suite = suite_create("waitlist");
	TCase *const tc = tcase_create("names that wait");

	tcase_add_checked_fixture(tc, make_list, free_directory);
	tcase_add_test(tc, the_first_in_is_the_first_out);
	tcase_add_test(tc, those_that_waited_for_a_link_are_moved_in_their_order);
	suite_add_tcase(suite, tc);
	return suite;
}
