/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/node.h"
#include "unit.h"

enum { A_SYMLINK, A_LINK, KINDS };

/* NAME becomes a symlink to, or a second name of, the file f.  */
static int
make(int kind, const char *name, bool replace)
{
	return kind == A_SYMLINK ? node_symlink("f", AT_FDCWD, name, replace)
		: node_link(AT_FDCWD, "f", false, AT_FDCWD, name, replace);
}

static ino_t
inode(const char *name)
{
	struct stat st;

	ck_assert_int_eq(lstat(name, &st), 0);
	return st.st_ino;
}

static void
enter_with_file(void)
{
	scratch_enter();
	scratch_text("f", "text");
}

START_TEST(what_has_the_name_is_replaced_only_if_wanted)
{
	ck_assert_int_eq(make(_i, "new", _i == 0), 0);
	scratch_text("old", "old");
	const ino_t old = inode("old");
	ck_assert_int_eq(make(_i, "old", false), -1);
	ck_assert_int_eq(errno, EEXIST);
	ck_assert_uint_eq(inode("old"), old);
	ck_assert_int_ge(make(_i, "old", true), 0);
	ck_assert_int_eq(inode("old") == inode("f"), _i == A_LINK);
	ck_assert_int_eq(mkdir("d", 0777), 0);
	ck_assert_int_eq(make(_i, "d", true), -1);
	ck_assert_int_eq(errno, EISDIR);
	ck_assert_uint_eq(scratch_entries(), 4);
}
END_TEST

START_TEST(a_link_onto_the_same_file_leaves_no_third_name)
{
	ck_assert_int_eq(make(A_LINK, "g", false), 0);
	ck_assert_int_eq(make(A_LINK, "g", true), 1);
	ck_assert_uint_eq(inode("g"), inode("f"));
	ck_assert_uint_eq(scratch_entries(), 2);
}
END_TEST

START_TEST(a_symlink_itself_is_linked_unless_followed)
{
	ck_assert_int_eq(symlink("f", "s"), 0);
	ck_assert_int_eq(node_link(AT_FDCWD, "s", _i, AT_FDCWD, "g", false), 0);
	ck_assert_uint_eq(inode("g"), inode(_i ? "f" : "s"));
}
END_TEST

START_TEST(a_symlink_is_read_whole)
{
	char target[4096];

	memset(target, 'x', sizeof target);
	target[_i] = '\0';
	ck_assert_int_eq(node_symlink(target, AT_FDCWD, "s", false), 0);
	char *const got = node_read_symlink(AT_FDCWD, "s");
	ck_assert_str_eq(got, target);
	free(got);
	ck_assert_ptr_null(node_read_symlink(AT_FDCWD, "f"));
	ck_assert_int_eq(errno, EINVAL);
}
END_TEST

START_TEST(a_special_file_has_its_type_and_mode)
{
	static const mode_t modes[] = { S_IFIFO | 0666, S_IFIFO | 0600, S_IFSOCK | 0777 };
	struct stat st;

	umask(022);
	ck_assert_int_eq(node_special(AT_FDCWD, "p", modes[_i], 77, false), 0);
	ck_assert_int_eq(lstat("p", &st), 0);
	ck_assert_uint_eq(st.st_mode, modes[_i] & ~022U);
	ck_assert_int_eq(node_special(AT_FDCWD, "f", modes[_i], 0, false), -1);
	ck_assert_int_eq(errno, EEXIST);
}
END_TEST

START_TEST(only_what_was_expected_is_opened)
{
	static const struct { const char *name; mode_t type; } there[] = {
		{ "f", S_IFREG }, { "d", S_IFDIR }, { "s", S_IFLNK }, { "p", S_IFIFO },
	};

	ck_assert_int_eq(mkdir("d", 0777), 0);
	ck_assert_int_eq(symlink("f", "s"), 0);
	ck_assert_int_eq(mkfifo("p", 0666), 0);
	for (int i = 0; i < 4; i++) {
		const int fd = node_open(AT_FDCWD, there[i].name, false, there[_i].type);
		ck_assert_int_eq(fd >= 0, i == _i);
		if (fd >= 0)
			close(fd);
		else
			ck_assert_int_eq(errno, ESTALE);
	}
	const int followed = node_open(AT_FDCWD, "s", true, there[_i].type);
	ck_assert_int_eq(followed >= 0, there[_i].type == S_IFREG);
	ck_assert_int_eq(node_open(AT_FDCWD, "none", false, there[_i].type), -1);
	ck_assert_int_eq(errno, ENOENT);
	if (followed >= 0)
		close(followed);
}
END_TEST

Suite *
node_suite(void)
{
	Suite *const suite = suite_create("node");
	TCase *const tc = tcase_create("names without bytes");

	tcase_add_checked_fixture(tc, enter_with_file, scratch_leave);
	tcase_add_loop_test(tc, what_has_the_name_is_replaced_only_if_wanted, 0, KINDS);
	tcase_add_test(tc, a_link_onto_the_same_file_leaves_no_third_name);
	tcase_add_loop_test(tc, a_symlink_itself_is_linked_unless_followed, 0, 2);
	tcase_add_loop_test(tc, a_symlink_is_read_whole, 4094, 4096);
	tcase_add_loop_test(tc, a_special_file_has_its_type_and_mode, 0, 3);
	tcase_add_loop_test(tc, only_what_was_expected_is_opened, 0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
