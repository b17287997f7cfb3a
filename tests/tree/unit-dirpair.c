/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tree/dirpair.h"
#include "unit.h"

static struct dirpair *root, *a, *b;

static void
make_three(void)
{
	scratch_enter();
	root = scratch_dir(NULL, "", "s", "d");
	a = scratch_dir(root, "a", "s/a", "d/a");
	b = scratch_dir(a, "b", "s/a/b", "d/a/b");
}

static void
free_three(void)
{
	dirpair_close(b);
	dirpair_close(a);
	dirpair_close(root);
	ck_assert_uint_eq(dirpair_open_count(), 0);
	scratch_leave();
}

static void
is_called(char *name, const char *expected)
{
	ck_assert_str_eq(name, expected);
	free(name);
}

START_TEST(a_directory_knows_those_it_is_in)
{
	struct stat other = b->source_st;

	other.st_ino++;
	ck_assert(dirpair_has_ancestor(b, &b->source_st));
	ck_assert(dirpair_has_ancestor(b, &root->source_st));
	ck_assert(!dirpair_has_ancestor(a, &b->source_st));
	ck_assert(!dirpair_has_ancestor(b, &root->dest_st));
	ck_assert(!dirpair_has_ancestor(b, &other));
}
END_TEST

static void
is_open(const struct dirpair *dir)
{
	struct stat st;

	ck_assert_int_eq(fstat(dir->source, &st), 0);
	ck_assert_uint_eq(st.st_ino, dir->source_st.st_ino);
	ck_assert_int_eq(fstat(dir->dest, &st), 0);
	ck_assert_uint_eq(st.st_ino, dir->dest_st.st_ino);
}

/* What an operand's directory is called, and f in it, and b/f below.  */
static const struct {
	const char *called, *f, *below;
} names[] = {
	{ "", "f", "b/f" },
	{ "x", "x/f", "x/b/f" },
	{ "x/", "x/f", "x/b/f" },
	{ "x/y", "x/y/f", "x/y/b/f" },
	{ "/", "/f", "/b/f" },
};

START_TEST(a_name_is_put_together_from_all_above)
{
	const char *const called = names[_i].called;
	struct dirpair *const dir = dirpair_new_root(scratch_arena(), called, "to",
						     called, -1);
	struct dirpair *const below = dirpair_new(scratch_arena(), dir, "b");
	is_called(dirpair_source_name(dir, "f"), names[_i].f);
	is_called(dirpair_source_name(below, "f"), names[_i].below);
	is_called(dirpair_dest_path(below, "f"), names[_i].below);
	is_called(dirpair_dest_name(below, "f"), "to/b/f");
	ck_assert_ptr_eq(dirpair_root(below), dir);
	ck_assert_uint_eq(below->depth, 1);
}
END_TEST

START_TEST(what_was_packed_is_the_same_elsewhere)
{
	struct arena *const arena = arena_new(1 << 20, true);
	const size_t size = dirpair_packed_size(b);
	char *const packed = malloc(size);

	b->made = 0700;
	b->inherits = b->dest_is_new = true;
	dirpair_pack(b, packed);
	struct dirpair *const copy = dirpair_unpack(arena, packed);
	ck_assert_ptr_nonnull(copy);
	ck_assert_uint_eq(copy->depth, 2);
	ck_assert_uint_eq(copy->made, 0700);
	ck_assert(copy->inherits && copy->dest_is_new && !copy->above->dest_is_new);
	ck_assert_uint_eq(dirpair_packed_size(copy), size);
	is_called(dirpair_source_name(copy, "f"), "s/a/b/f");
	is_called(dirpair_dest_path(copy, "f"), "d/a/b/f");
	/* It is opened by its names, from the operand on.  */
	ck_assert_int_eq(copy->source, -1);
	ck_assert_int_eq(dirpair_reopen(copy, NULL), 0);
	is_open(copy);
	ck_assert_int_eq(copy->above->source, -1);
	dirpair_close(copy);
	for (struct dirpair *each = copy; each != NULL; each = each->above)
		dirpair_close(each);
	arena_free(arena);
	free(packed);
}
END_TEST

static dev_t
next_device(dev_t device)
{
	return device + 1;
}

/* Also where a name is as long as they get, and the directories are many.  */
START_TEST(all_numbers_of_what_is_packed_are_translated)
{
	struct arena *const arena = arena_new(1 << 20, true);
	char longest[256];

	memset(longest, 'x', 255);
	longest[255] = '\0';
	struct dirpair *const dir = dirpair_new_root(scratch_arena(), "s", "to", "d", 77);
	struct dirpair *const below = dirpair_new(scratch_arena(), dir, longest);
	struct dirpair *const lowest = dirpair_new(scratch_arena(), below, "");
	dir->source_st.st_dev = below->source_st.st_dev = 10;
	dir->dest_st.st_dev = below->dest_st.st_dev = lowest->dest_st.st_dev = 20;
	lowest->source_st.st_dev = 30;
	const size_t size = dirpair_packed_size(lowest);
	char *const packed = malloc(size + 1);
	packed[size] = 'x';
	dirpair_pack(lowest, packed);
	dirpair_translate(packed, next_device, 99);
	ck_assert_int_eq(packed[size], 'x');
	struct dirpair *const copy = dirpair_unpack(arena, packed);
	ck_assert_ptr_nonnull(copy);
	ck_assert_uint_eq(copy->source_st.st_dev, 31);
	ck_assert_uint_eq(copy->dest_st.st_dev, 21);
	ck_assert_uint_eq(copy->above->source_st.st_dev, 11);
	ck_assert_uint_eq(copy->above->above->source_st.st_dev, 11);
	ck_assert_uint_eq(copy->above->above->dest_st.st_dev, 21);
	ck_assert_int_eq(copy->above->above->dest_base, 99);
	ck_assert_str_eq(copy->above->name, longest);
	ck_assert_ptr_null(copy->above->above->above);
	arena_free(arena);
	free(packed);
}
END_TEST

START_TEST(the_current_directory_is_that_of_each_rank)
{
	char *const packed = malloc(dirpair_packed_size(root));
	struct arena *const arena = arena_new(1 << 20, true);

	ck_assert_int_eq(root->dest_base, AT_FDCWD);
	dirpair_pack(root, packed);
	dirpair_translate(packed, next_device, 99);
	ck_assert_int_eq(dirpair_unpack(arena, packed)->dest_base, AT_FDCWD);
	arena_free(arena);
	free(packed);
}
END_TEST

START_TEST(what_is_packed_needs_no_more_than_was_said)
{
	const size_t size = dirpair_packed_size(b);
	char *const packed = malloc(size + 1);

	packed[size] = 'x';
	dirpair_pack(b, packed);
	ck_assert_int_eq(packed[size], 'x');
	ck_assert_int_eq(packed[size - 1], '\0');
	free(packed);
}
END_TEST

START_TEST(what_was_put_away_comes_back_from_above)
{
	ck_assert_uint_eq(dirpair_open_count(), 6);
	dirpair_close(a);
	dirpair_close(a);
	dirpair_close(b);
	ck_assert_uint_eq(dirpair_open_count(), 2);
	ck_assert_int_eq(b->source, -1);
	ck_assert_int_eq(dirpair_reopen(b, NULL), 0);
	is_open(b);
	ck_assert_int_eq(a->source, -1);
	ck_assert_uint_eq(dirpair_open_count(), 4);
	ck_assert_int_eq(dirpair_reopen(b, NULL), 0);
	ck_assert_uint_eq(dirpair_open_count(), 4);
}
END_TEST

START_TEST(what_was_moved_comes_back_from_below)
{
	dirpair_close(a);
	ck_assert_int_eq(rename("s/a", "s/moved"), 0);
	ck_assert_int_eq(dirpair_reopen(a, NULL), -1);
	ck_assert_int_eq(dirpair_reopen(a, b), 0);
	is_open(a);
}
END_TEST

/* On each side in turn.  */
START_TEST(what_was_exchanged_does_not_come_back)
{
	const char *const name = _i == 0 ? "s/a" : "d/a";

	dirpair_close(a);
	ck_assert_int_eq(rename(name, "elsewhere"), 0);
	ck_assert_int_eq(mkdir(name, 0777), 0);
	ck_assert_int_eq(dirpair_reopen(a, NULL), -1);
	ck_assert_int_eq(errno, ESTALE);
	ck_assert_int_eq(rmdir(name), 0);
	ck_assert_int_eq(symlink("../elsewhere", name), 0);
	ck_assert_int_eq(dirpair_reopen(a, NULL), -1);
	ck_assert_int_eq(a->source, -1);
	ck_assert_int_eq(a->dest, -1);
	ck_assert_uint_eq(dirpair_open_count(), 4);
	a->followed = true;
	ck_assert_int_eq(dirpair_reopen(a, NULL), 0);
}
END_TEST

Suite *
dirpair_suite(void)
{
	Suite *const suite = suite_create("dirpair");
	TCase *const tc = tcase_create("three directories");

	tcase_add_checked_fixture(tc, make_three, free_three);
	tcase_add_test(tc, a_directory_knows_those_it_is_in);
	tcase_add_loop_test(tc, a_name_is_put_together_from_all_above, 0,
			    sizeof names / sizeof *names);
	tcase_add_test(tc, what_was_packed_is_the_same_elsewhere);
	tcase_add_test(tc, what_is_packed_needs_no_more_than_was_said);
	tcase_add_test(tc, what_was_put_away_comes_back_from_above);
	tcase_add_test(tc, what_was_moved_comes_back_from_below);
	tcase_add_loop_test(tc, what_was_exchanged_does_not_come_back, 0, 2);
	tcase_add_test(tc, all_numbers_of_what_is_packed_are_translated);
	tcase_add_test(tc, the_current_directory_is_that_of_each_rank);
	suite_add_tcase(suite, tc);
	return suite;
}
