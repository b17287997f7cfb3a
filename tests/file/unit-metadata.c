/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "file/finish.h"
#include "file/mode.h"
#include "file/posixacl.h"
#include "unit.h"

/* The source s and its copy d, both open.  */
static int source, dest;
static struct remarks remarks;

static void
open_both(void)
{
	umask(022);
	scratch_enter();
	source = scratch_file("s", 10);
	dest = scratch_file("d", 10);
}

static void
close_both(void)
{
	close(source);
	close(dest);
	scratch_leave();
}

static struct stat
look(int fd)
{
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	return st;
}

static mode_t
mode_of(int fd)
{
	return look(fd).st_mode & 07777;
}

/* Give d what POLICY wants of s.  */
static void
give(const struct metadata_policy *policy, bool old, mode_t made)
{
	const struct stat st = look(source), was = look(dest);
	const struct metadata meta = metadata_read(policy, &OPENFILE(source), &st);
	const struct metadata_target target = { .file = OPENFILE(dest), .old = old
					       ? &was : NULL,
					    .made_mode = made, .inherits = old };

	finish_file(policy, &meta, &target, &remarks);
}

#define PLAIN { .umask = 022 }
#define MODE { .mode = true, .umask = 022 }
#define OWNER { .owner = true, .umask = 022 }
#define DEFAULT { .default_mode = true, .umask = 022 }

/* The mode of s, the old mode of d (0: it is new), and the final one.  */
static const struct {
	struct metadata_policy policy;
	mode_t mode, old, final;
} modes[] = {
	{ PLAIN, 0666, 0, 0644 },
	{ PLAIN, 04755, 0, 0755 },
	{ PLAIN, 0755, 0600, 0600 },
	{ MODE, 0666, 0, 0666 },
	{ MODE, 06755, 0, 06755 },
	{ MODE, 0755, 0600, 0755 },
	{ OWNER, 0666, 0, 0644 },
	{ OWNER, 0666, 0604, 0604 },
	{ { .owner = true, .mode = true }, 04711, 0, 04711 },
	{ { .owner = true, .mode = true }, 0711, 04777, 0711 },
	{ DEFAULT, 0700, 0, 0644 },
	{ DEFAULT, 0700, 0604, 0604 },
};

START_TEST(a_file_has_the_mode_that_is_wanted)
{
	const struct metadata_policy *const policy = &modes[_i].policy;

	ck_assert_int_eq(fchmod(source, modes[_i].mode), 0);
	const struct metadata meta = { .st = look(source) };
	const mode_t first = mode_first(policy, &meta) & ~022U;
	if (modes[_i].old == 0)		/* It must never be wider.  */
		ck_assert_uint_eq(first & 0077 & ~modes[_i].final, 0);
	ck_assert_int_eq(fchmod(dest, modes[_i].old != 0 ? modes[_i].old : first), 0);
	give(policy, modes[_i].old != 0, 0);
	ck_assert_uint_eq(mode_of(dest), modes[_i].final);
	ck_assert_uint_eq(remarks.count, 0);
}
END_TEST

/* The mode of s, with which d is made, and the final one.  */
static const struct {
	struct metadata_policy policy;
	mode_t mode, first, final;
} directories[] = {
	{ PLAIN, 0777, 0755, 0755 },
	{ { .umask = 002 }, 0777, 0755, 0775 },
	{ PLAIN, 0510, 0710, 0510 },
	{ PLAIN, 01777, 01755, 01755 },
	{ MODE, 0777, 0700, 0777 },
	{ MODE, 01511, 01700, 01511 },
	{ OWNER, 0775, 0700, 0755 },
	{ DEFAULT, 0700, 0700, 0755 },
};

START_TEST(a_directory_can_be_filled_and_then_has_its_mode)
{
	const struct metadata_policy *const policy = &directories[_i].policy;

	umask(policy->umask);
	ck_assert_int_eq(close(source) + close(dest), 0);
	ck_assert_int_eq(mkdir("source", 0777), 0);
	ck_assert_int_eq(chmod("source", directories[_i].mode), 0);
	const mode_t first = mode_first_directory(policy, directories[_i].mode);
	ck_assert_uint_eq(first, directories[_i].first);
	ck_assert_int_eq(mkdir("dest", first), 0);
	source = open("source", O_RDONLY | O_CLOEXEC);
	dest = open("dest", O_RDONLY | O_CLOEXEC);
	give(policy, false, look(dest).st_mode);
	ck_assert_uint_eq(mode_of(dest), directories[_i].final);
}
END_TEST

START_TEST(times_are_kept_if_wanted)
{
	const struct metadata_policy policy = { .times = _i };
	const struct timespec times[2] = { { 1000, 1 }, { 2000, 2 } };

	ck_assert_int_eq(futimens(source, times), 0);
	give(&policy, true, 0);
	ck_assert_int_eq(look(dest).st_mtim.tv_sec == 2000, _i);
	ck_assert_int_eq(look(dest).st_mtim.tv_nsec == 2, _i);
	ck_assert_int_eq(look(dest).st_atim.tv_sec == 1000, _i);
}
END_TEST

START_TEST(extended_attributes_are_kept_if_wanted)
{
	const struct metadata_policy policy = { .attributes = _i > 0 };
	const bool path_only = _i == 2;
	const int from = path_only ? open("s", O_PATH | O_CLOEXEC) : dup(source);
	const struct stat st = look(source);
	char value[8];

	if (fsetxattr(source, "user.mmcp", "value", 5, 0) == 0) {
		const struct openfile held = { .fd = from, .path_only = path_only };
		const struct metadata meta = metadata_read(&policy, &held, &st);
		const struct metadata_target target = { .file = OPENFILE(dest) };
		finish_file(&policy, &meta, &target, &remarks);
		ck_assert_int_eq(fgetxattr(dest, "user.mmcp", value, sizeof value),
				 _i > 0 ? 5 : -1);
		ck_assert_uint_eq(remarks.count, 0);
	}
	close(from);
}
END_TEST

/* A FIFO can't have attributes of users.  */
static const struct {
	struct metadata_policy policy;
	unsigned count;
	bool failed;
} hopeless[] = {
	{ { .attributes = true }, 1, false },
	{ { .attributes = true, .attributes_quiet = true }, 0, false },
	{ { .attributes = true, .attributes_needed = true }, 1, true },
};

START_TEST(what_cannot_be_kept_is_noted_as_wanted)
{
	if (fsetxattr(source, "user.mmcp", "value", 5, 0) < 0)
		return;
	close(dest);
	ck_assert_int_eq(mkfifo("p", 0600), 0);
	dest = open("p", O_RDWR | O_CLOEXEC);
	give(&hopeless[_i].policy, false, 0);
	ck_assert_uint_eq(remarks.count, hopeless[_i].count);
	ck_assert_int_eq(remarks.failed, hopeless[_i].failed);
	if (remarks.count == 0)
		return;
	ck_assert_int_eq(remarks.errors[0].step, ERROR_SET_ATTRIBUTE);
	ck_assert_str_eq(remarks.errors[0].name, "user.mmcp");
}
END_TEST

/* Give FD an ACL, or directory NAME a default one.  Return whether that worked.  */
static bool
set_acl(int fd, const char *name)
{
	/* u::rw,u:12:r,g::-,m::r,o::- in version 2, as the kernel has it */
	static const unsigned char acl[] = {
		2, 0, 0, 0,
		1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 12, 0, 0, 0,
		4, 0, 0, 0, 255, 255, 255, 255, 16, 0, 4, 0, 255, 255, 255, 255,
		32, 0, 0, 0, 255, 255, 255, 255,
	};

	return name != NULL
		? setxattr(name, "system.posix_acl_default", acl, sizeof acl, 0) == 0
		: fsetxattr(fd, "system.posix_acl_access", acl, sizeof acl, 0) == 0;
}

static bool
has_acl(int fd)
{
	return fgetxattr(fd, "system.posix_acl_access", NULL, 0) > 0;
}

START_TEST(an_acl_is_kept_or_taken_with_the_mode)
{
	const struct metadata_policy policy = { .mode = _i };

	if (!set_acl(source, NULL))
		return;
	give(&policy, true, 0);
	ck_assert_int_eq(has_acl(dest), _i);
	ck_assert_int_eq(fremovexattr(source, "system.posix_acl_access"), 0);
	give(&policy, true, 0);
	ck_assert(!has_acl(dest));
}
END_TEST

START_TEST(a_directory_bequeaths_a_default_acl)
{
	ck_assert_int_eq(mkdir("dir", 0777), 0);
	const int fd = open("dir", O_PATH | O_CLOEXEC);
	ck_assert(!posixacl_is_inherited(fd));
	if (set_acl(-1, "dir"))
		ck_assert(posixacl_is_inherited(fd));
	close(fd);
}
END_TEST

START_TEST(root_gives_the_owner_and_another_loses_the_set_ids)
{
	const struct metadata_policy policy = { .owner = true, .mode = true };

	if (geteuid() != 0 || fchown(source, 12, 34) < 0)
		return;
	ck_assert_int_eq(fchmod(source, 06711), 0);
	give(&policy, false, 0);
	ck_assert_uint_eq(look(dest).st_uid, 12);
	ck_assert_uint_eq(look(dest).st_gid, 34);
	ck_assert_uint_eq(mode_of(dest), 06711);
	ck_assert_int_eq(fchown(dest, 56, 56), 0);
	ck_assert_int_eq(seteuid(56), 0);
	give(&policy, false, 0);
	ck_assert_int_eq(seteuid(0), 0);
	ck_assert_uint_eq(look(dest).st_uid, 56);
	ck_assert_uint_eq(mode_of(dest), 0711);
	ck_assert_uint_eq(remarks.count, 0);
}
END_TEST

Suite *
metadata_suite(void)
{
	Suite *const suite = suite_create("metadata");
	TCase *const tc = tcase_create("besides bytes");

	tcase_add_checked_fixture(tc, open_both, close_both);
	tcase_add_loop_test(tc, a_file_has_the_mode_that_is_wanted, 0,
			    sizeof modes / sizeof *modes);
	tcase_add_loop_test(tc, a_directory_can_be_filled_and_then_has_its_mode, 0,
			    sizeof directories / sizeof *directories);
	tcase_add_loop_test(tc, times_are_kept_if_wanted, 0, 2);
	tcase_add_loop_test(tc, extended_attributes_are_kept_if_wanted, 0, 3);
	tcase_add_loop_test(tc, what_cannot_be_kept_is_noted_as_wanted, 0,
			    sizeof hopeless / sizeof *hopeless);
	tcase_add_loop_test(tc, an_acl_is_kept_or_taken_with_the_mode, 0, 2);
	tcase_add_test(tc, a_directory_bequeaths_a_default_acl);
	tcase_add_test(tc, root_gives_the_owner_and_another_loses_the_set_ids);
	suite_add_tcase(suite, tc);
	return suite;
}
