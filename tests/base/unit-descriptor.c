/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/inode.h"
#include "unit.h"

/* In a child: return whether FD alone is kept, or the kernel can't do that.  */
static bool
keeps_only(int fd)
{
	struct stat before, after;
	unsigned open_count = 0;

	if (fstat(fd, &before) < 0)
		return false;
	const int kept = descriptor_keep_only(fd);
	if (fstat(kept, &after) < 0 || !inode_is_same(&before, &after))
		return false;
	for (int i = 0; i < 64; i++)
		open_count += fcntl(i, F_GETFD) >= 0;
	return open_count == 4 || kept == fd;
}

START_TEST(a_child_keeps_one_descriptor_more)
{
	int status;

	for (int i = 3; i < 20; i++)
		if (fcntl(i, F_GETFD) < 0)
			ck_assert_int_eq(dup3(STDERR_FILENO, i, O_CLOEXEC), i);
	const int fd = open("/", O_RDONLY | O_CLOEXEC);
	const pid_t child = fork();
	if (child == 0)
		_exit(!keeps_only(dup2(fd, _i) < 0 ? fd : _i));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	close(fd);
}
END_TEST

START_TEST(what_is_closed_at_once_is_that_and_no_more)
{
	enum { FIRST = 40, COUNT = 9 };
	const int fds[] = { 40, 41, 42, 44, 45, 47, 43, 46 };	/* not 48 */
	const unsigned given = (unsigned) _i;

	for (int fd = FIRST; fd < FIRST + COUNT; fd++)
		ck_assert_int_eq(dup3(STDERR_FILENO, fd, O_CLOEXEC), fd);
	descriptor_close_all(fds, given);
	for (unsigned i = 0; i < sizeof fds / sizeof *fds; i++)
		ck_assert_int_eq(fcntl(fds[i], F_GETFD) >= 0, i >= given);
	ck_assert_int_ge(fcntl(FIRST + COUNT - 1, F_GETFD), 0);
	for (int fd = FIRST; fd < FIRST + COUNT; fd++)
		close(fd);
}
END_TEST

Suite *
descriptor_suite(void)
{
	Suite *const suite = suite_create("descriptor");
	TCase *const tc = tcase_create("open files");

	tcase_add_loop_test(tc, a_child_keeps_one_descriptor_more, 3, 8);
	tcase_add_loop_test(tc, what_is_closed_at_once_is_that_and_no_more, 0, 9);
	suite_add_tcase(suite, tc);
	return suite;
}
