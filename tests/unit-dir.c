/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dir.h"
#include "unit.h"

static struct dir *root, *a, *b;

/* A directory NAME in ABOVE; SOURCE and DEST are made and opened.  */
static struct dir *
make_open(struct dir *above, const char *name, const char *source, const char *dest)
{
	struct dir *const dir = above != NULL ? dir_new(above, name)
		: dir_new_root("s", 1, "x/d", 3, "d", -1);

	ck_assert_ptr_nonnull(dir);
	ck_assert_int_eq(mkdir(source, 0777), 0);
	ck_assert_int_eq(mkdir(dest, 0777), 0);
	dir->source = open(source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir->dest = open(dest, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_eq(fstat(dir->source, &dir->source_st), 0);
	ck_assert_int_eq(fstat(dir->dest, &dir->dest_st), 0);
	dir_count(2);
	return dir;
}

static void
make_three(void)
{
	scratch_enter();
	root = make_open(NULL, "", "s", "d");
	a = make_open(root, "a", "s/a", "d/a");
	b = make_open(a, "b", "s/a/b", "d/a/b");
}

static void
free_three(void)
{
	ck_assert(dir_unuse(b));
	ck_assert_ptr_eq(dir_free(b), a);
	ck_assert(!dir_unuse(a));
	ck_assert(dir_unuse(a));
	ck_assert_ptr_eq(dir_free(a), root);
	ck_assert(!dir_unuse(root));
	ck_assert_ptr_null(dir_free(root));
	ck_assert_uint_eq(dir_open_count(), 0);
	scratch_leave();
}

static void
is_called(char *name, const char *expected)
{
	ck_assert_str_eq(name, expected);
	free(name);
}

START_TEST(a_name_is_put_together_from_all_above)
{
	is_called(dir_source_name(b, "f"), "s/a/b/f");
	is_called(dir_dest_name(b, "f"), "x/d/a/b/f");
	is_called(dir_dest_path(b, "f"), "d/a/b/f");
	is_called(dir_source_name(root, "f"), "s/f");
	root->source_root = "/";
	is_called(dir_source_name(a, "f"), "/a/f");
	root->source_root = "s//";
	is_called(dir_source_name(root, "f"), "s//f");
	ck_assert_ptr_eq(dir_root(b), root);
	ck_assert_uint_eq(b->depth, 2);
}
END_TEST

START_TEST(a_directory_knows_those_it_is_in)
{
	struct stat other = b->source_st;

	other.st_ino++;
	ck_assert(dir_has_ancestor(b, &b->source_st));
	ck_assert(dir_has_ancestor(b, &root->source_st));
	ck_assert(!dir_has_ancestor(a, &b->source_st));
	ck_assert(!dir_has_ancestor(b, &root->dest_st));
	ck_assert(!dir_has_ancestor(b, &other));
}
END_TEST

static const struct {
	const char *source, *dest;
	const char *source_name, *dest_name;	/* of f in there */
} homes[] = {
	{ "", "", "f", "f" },
	{ "s/", "d", "s/f", "d/f" },
	{ "/", "/", "/f", "/f" },
	{ "s", "", "s/f", "f" },
};

START_TEST(the_operands_home_is_called_by_beginnings_of_their_names)
{
	char source[16], dest[16];
	const size_t source_len = strlen(homes[_i].source), dest_len = strlen(homes[_i].dest);

	strcat(strcpy(source, homes[_i].source), "xyz");
	strcat(strcpy(dest, homes[_i].dest), "zyx");
	struct dir *const home = dir_new_root(source, source_len, dest, dest_len, "", -1);
	ck_assert_ptr_nonnull(home);
	is_called(dir_source_name(home, "f"), homes[_i].source_name);
	is_called(dir_dest_name(home, "f"), homes[_i].dest_name);
	is_called(dir_dest_path(home, "f"), "f");
	ck_assert(dir_unuse(home));
	ck_assert_ptr_null(dir_free(home));
}
END_TEST

static void
is_open(const struct dir *dir)
{
	struct stat st;

	ck_assert_int_eq(fstat(dir->source, &st), 0);
	ck_assert_uint_eq(st.st_ino, dir->source_st.st_ino);
	ck_assert_int_eq(fstat(dir->dest, &st), 0);
	ck_assert_uint_eq(st.st_ino, dir->dest_st.st_ino);
}

START_TEST(what_was_put_away_comes_back_from_above)
{
	ck_assert_uint_eq(dir_open_count(), 6);
	dir_put_away(a);
	dir_put_away(a);
	dir_put_away(b);
	ck_assert_uint_eq(dir_open_count(), 2);
	ck_assert_int_eq(b->source, -1);
	ck_assert_int_eq(dir_take_out(b, NULL), 0);
	is_open(b);
	ck_assert_int_eq(a->source, -1);
	ck_assert_uint_eq(dir_open_count(), 4);
	ck_assert_int_eq(dir_take_out(b, NULL), 0);
	ck_assert_uint_eq(dir_open_count(), 4);
}
END_TEST

START_TEST(what_was_moved_comes_back_from_below)
{
	dir_put_away(a);
	ck_assert_int_eq(rename("s/a", "s/moved"), 0);
	ck_assert_int_eq(dir_take_out(a, NULL), -1);
	ck_assert_int_eq(dir_take_out(a, b), 0);
	is_open(a);
}
END_TEST

/* On each side in turn.  */
START_TEST(what_was_exchanged_does_not_come_back)
{
	const char *const name = _i == 0 ? "s/a" : "d/a";

	dir_put_away(a);
	ck_assert_int_eq(rename(name, "elsewhere"), 0);
	ck_assert_int_eq(mkdir(name, 0777), 0);
	ck_assert_int_eq(dir_take_out(a, NULL), -1);
	ck_assert_int_eq(errno, ESTALE);
	ck_assert_int_eq(rmdir(name), 0);
	ck_assert_int_eq(symlink("../elsewhere", name), 0);
	ck_assert_int_eq(dir_take_out(a, NULL), -1);
	ck_assert_int_eq(a->source, -1);
	ck_assert_int_eq(a->dest, -1);
	ck_assert_uint_eq(dir_open_count(), 4);
	a->followed = true;
	ck_assert_int_eq(dir_take_out(a, NULL), 0);
}
END_TEST

Suite *
dir_suite(void)
{
	Suite *const suite = suite_create("dir");
	TCase *const tc = tcase_create("three directories");

	tcase_add_checked_fixture(tc, make_three, free_three);
	tcase_add_test(tc, a_name_is_put_together_from_all_above);
	tcase_add_test(tc, a_directory_knows_those_it_is_in);
	tcase_add_loop_test(tc, the_operands_home_is_called_by_beginnings_of_their_names, 0,
			    sizeof homes / sizeof *homes);
	tcase_add_test(tc, what_was_put_away_comes_back_from_above);
	tcase_add_test(tc, what_was_moved_comes_back_from_below);
	tcase_add_loop_test(tc, what_was_exchanged_does_not_come_back, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
