/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bell.h"
#include "base/inode.h"
#include "tree/linktable.h"
#include "unit.h"

static struct linktable *links;

static void
make_table(void)
{
	scratch_enter();
	links = linktable_new();
	ck_assert_ptr_nonnull(links);
}

static void
free_table(void)
{
	linktable_free(links);
	scratch_leave();
}

START_TEST(a_source_is_known_by_device_and_inode)
{
	ck_assert_ptr_null(linktable_find(links, 1, 2));
	struct link *const link = linktable_claim(links, 1, 2, AT_FDCWD, "a", 0);
	ck_assert_ptr_nonnull(link);
	ck_assert_str_eq(link->path, "a");
	ck_assert(linktable_is_ours(links, link));
	linktable_settle(links, link, true);
	ck_assert_int_eq(link->state, LINK_THERE);
	ck_assert(!linktable_is_ours(links, link));
	ck_assert_ptr_eq(linktable_find(links, 1, 2), link);
	ck_assert_ptr_null(linktable_find(links, 2, 1));
	ck_assert_ptr_null(linktable_find(links, 1, 3));
	ck_assert_ptr_null(linktable_find(links, 3, 2));
}
END_TEST

START_TEST(the_first_copy_is_the_one_that_is_remembered)
{
	const struct link *const link = linktable_claim(links, 1, 2, AT_FDCWD, "first",
							0);

	ck_assert_ptr_eq(linktable_claim(links, 1, 2, AT_FDCWD, "second", 0), link);
	ck_assert_str_eq(link->path, "first");
}
END_TEST

START_TEST(what_failed_can_be_claimed_again)
{
	linktable_settle(links, linktable_claim(links, 1, 2, AT_FDCWD, "a", 0), false);
	ck_assert_ptr_null(linktable_find(links, 1, 2));
	struct link *const link = linktable_claim(links, 1, 2, AT_FDCWD, "b", 0);
	ck_assert_str_eq(link->path, "b");
	ck_assert_ptr_eq(linktable_find(links, 1, 2), link);
}
END_TEST

/* Several processes claim the same sources, and each is claimed once.  */
START_TEST(walkers_share_one_table)
{
	enum { WALKERS = 4, SOURCES = 5000 };
	int bells[WALKERS], status;

	for (unsigned i = 0; i < WALKERS; i++)
		bells[i] = bell_new();
	ck_assert_int_eq(linktable_share(links, bells, WALKERS), 0);
	for (unsigned i = 0; i < WALKERS; i++)
		if (fork() == 0) {
			linktable_is_walker(links, i + 1, bells[i]);
			for (ino_t ino = 1; ino <= SOURCES; ino++) {
				struct link *const link =
					linktable_claim(links, 7, ino, (int) i, "x", 0);
				if (linktable_is_ours(links, link))
					linktable_settle(links, link, ino % 9 != 0
							 || link->base == 3);
				else
					linktable_wait(links, link);
			}
			_exit(0);
		}
	for (unsigned i = 0; i < WALKERS; i++) {
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
		close(bells[i]);
	}
	for (ino_t ino = 1; ino <= SOURCES; ino++) {
		const struct link *const link = linktable_find(links, 7, ino);
		ck_assert(link != NULL || ino % 9 == 0);
		ck_assert(link == NULL || link->state == LINK_THERE);
	}
}
END_TEST

START_TEST(who_takes_over_has_what_the_dead_one_claimed)
{
	const int bell = bell_new();
	int status;

	ck_assert_int_eq(linktable_share(links, &bell, 1), 0);
	const pid_t pid = fork();
	if (pid == 0) {
		linktable_is_walker(links, 1, bell);
		linktable_claim(links, 1, 2, AT_FDCWD, "a", 0);
		raise(SIGKILL);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	struct link *const link = linktable_find(links, 1, 2);
	ck_assert_ptr_nonnull(link);
	ck_assert(!linktable_is_ours(links, link));
	linktable_is_walker(links, 1, bell);
	ck_assert(linktable_is_ours(links, link));
	/* And the parent doesn't wait for the dead.  */
	linktable_is_walker(links, 0, -1);
	linktable_wait(links, link);
	ck_assert_int_eq(link->state, LINK_FAILED);
	close(bell);
}
END_TEST

struct settling {
	struct link *link;
	int bell;
	unsigned waits;
};

/* Wait as the parent does, by its bell, while another walker settles the link.  */
static bool
wait_for_bell(void *context)
{
	struct settling *const settling = context;
	struct pollfd rung = { .fd = settling->bell, .events = POLLIN };

	settling->waits++;
	const pid_t pid = fork();
	if (pid == 0) {
		linktable_is_walker(links, 1, -1);
		linktable_settle(links, settling->link, true);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(poll(&rung, 1, 0), 1);
	return true;
}

START_TEST(the_parent_s_bell_is_rung_when_it_waits)
{
	const int bell = bell_new();
	struct settling settling = { .bell = bell };

	ck_assert_int_eq(linktable_share(links, &bell, 1), 0);
	linktable_is_walker(links, 1, bell);
	settling.link = linktable_claim(links, 1, 2, AT_FDCWD, "a", 0);
	linktable_is_walker(links, 0, -1);
	ck_assert(linktable_wait_by(links, settling.link, wait_for_bell, &settling));
	ck_assert_uint_eq(settling.waits, 1);
	/* It doesn't wait for what is there.  */
	ck_assert(linktable_wait_by(links, settling.link, wait_for_bell, &settling));
	ck_assert_uint_eq(settling.waits, 1);
	close(bell);
}
END_TEST

START_TEST(who_takes_over_gives_up_what_comes_to_nothing)
{
	const int bell = bell_new();

	ck_assert_int_eq(linktable_share(links, &bell, 1), 0);
	linktable_is_walker(links, 1, bell);
	struct link *const there = linktable_claim(links, 1, 2, AT_FDCWD, "a", 0);
	linktable_settle(links, there, true);
	struct link *const ours = linktable_claim(links, 1, 3, AT_FDCWD, "b", 0);
	linktable_is_walker(links, 2, bell);
	struct link *const theirs = linktable_claim(links, 1, 4, AT_FDCWD, "c", 0);
	linktable_is_walker(links, 1, bell);
	linktable_give_up(links);
	ck_assert_int_eq(there->state, LINK_THERE);
	ck_assert_int_eq(ours->state, LINK_FAILED);
	ck_assert_int_eq(theirs->state, LINK_COMING);
	close(bell);
}
END_TEST

/* Where real/sub are directories, link leads to real and real/s to sub.  */
static const struct {
	const char *path;
	size_t trusted;
	bool follow;
	const char *parent;	/* NULL: it is not to be had */
} places[] = {
	{ "f", 0, false, "." },
	{ "f", 1, false, "." },
	{ "real/f", 0, false, "real" },
	{ "real/f", 4, false, "real" },
	{ "real/sub/f", 4, false, "real/sub" },
	{ "real//sub///f", 4, false, "real/sub" },
	{ "./real/f", 6, false, "real" },
	{ "link/f", 4, false, NULL },
	{ "link/f", 5, false, "real" },
	{ "link/sub/f", 8, false, "real/sub" },
	{ "link/s/f", 6, false, NULL },
	{ "link/s/f", 6, true, "real/sub" },
	{ "real/s/f", 4, false, NULL },
	{ "real/s/f", 4, true, "real/sub" },
	{ "none/f", 0, true, NULL },
	{ "none/none/f", 9, true, NULL },
};

START_TEST(only_the_user_s_part_of_a_path_leads_through_symlinks)
{
	const char *const path = places[_i].path;
	const int here = open(".", O_PATH | O_CLOEXEC);
	struct stat found, parent;
	const char *name;

	ck_assert_int_eq(mkdir("real", 0777), 0);
	ck_assert_int_eq(mkdir("real/sub", 0777), 0);
	ck_assert_int_eq(symlink("real", "link"), 0);
	ck_assert_int_eq(symlink("sub", "real/s"), 0);
	for (ino_t ino = 0; ino < 2; ino++) {
		const int base = ino == 0 ? AT_FDCWD : here;
		const struct link *const link = linktable_claim(links, 1, ino, base,
								path,
								places[_i].trusted);
		const int fd = linktable_parent(links, link, places[_i].follow, &name);
		ck_assert_int_eq(fd == -1, places[_i].parent == NULL);
		if (fd == -1)
			continue;
		ck_assert_str_eq(name, "f");
		ck_assert_int_eq(stat(places[_i].parent, &parent), 0);
		const char *const empty = fd == AT_FDCWD ? "." : "";
		ck_assert_int_eq(fstatat(fd, empty, &found, AT_EMPTY_PATH), 0);
		ck_assert(inode_is_same(&found, &parent));
		ck_assert_int_eq(linktable_parent(links, link, places[_i].follow, &name),
				 fd);
		ck_assert_str_eq(name, "f");
	}
	ck_assert_int_eq(close(here), 0);
}
END_TEST

/* ---- other ranks ---- */

/* What they will say.  */
static struct {
	enum link_state state;
	bool ours, unknown, fails, in_all;
	unsigned asked;
} others;

static int
ask(dev_t dev, ino_t ino, int base, const char *path, size_t trusted, bool in_all)
{
	others.asked++;
	others.in_all = in_all;
	if (others.fails) {
		errno = ENOMEM;
		return -1;
	}
	if (others.ours && path != NULL)
		linktable_put(links, dev, ino, base, path, trusted,
			      linktable_owner(links), LINK_COMING);
	else if (!others.ours && !others.unknown)
		linktable_put(links, dev, ino, AT_FDCWD, "far", 0, LINKTABLE_FAR,
			      others.state);
	return 0;
}

START_TEST(what_nobody_copies_is_ours_to_copy)
{
	others.ours = true;
	linktable_asks(links, ask);
	linktable_is_walker(links, 3, -1);
	struct link *const link = linktable_claim(links, 1, 2, 5, "mine", 1);
	ck_assert_str_eq(link->path, "mine");
	ck_assert_int_eq(link->base, 5);
	ck_assert_uint_eq(link->trusted, 1);
	ck_assert(linktable_is_ours(links, link));
	ck_assert_ptr_eq(linktable_claim(links, 1, 2, 5, "again", 0), link);
	ck_assert_uint_eq(others.asked, 1);
	linktable_is_walker(links, 4, -1);
	ck_assert(!linktable_is_ours(links, link));
}
END_TEST

START_TEST(an_operand_is_told_to_all_ranks)
{
	others.ours = true;
	linktable_asks(links, ask);
	ck_assert_int_eq(linktable_add_operand(links, 1, 2, 5, "operand"), 0);
	ck_assert(others.in_all);
	const struct link *const link = linktable_find(links, 1, 2);
	ck_assert_ptr_nonnull(link);
	ck_assert_str_eq(link->path, "operand");
	ck_assert_uint_eq(link->trusted, strlen("operand"));
	ck_assert_int_eq(link->state, LINK_THERE);
	linktable_claim(links, 1, 3, 5, "file", 0);
	ck_assert(!others.in_all);
}
END_TEST

START_TEST(what_is_there_is_found_wherever_it_was_copied)
{
	others.state = LINK_THERE;
	linktable_asks(links, ask);
	ck_assert_ptr_null(linktable_find(links, 1, 2));
	struct link *const link = linktable_look(links, 1, 2);
	ck_assert_str_eq(link->path, "far");
	ck_assert_int_eq(link->state, LINK_THERE);
	ck_assert(!linktable_is_ours(links, link));
	ck_assert_ptr_eq(linktable_look(links, 1, 2), link);
	ck_assert_ptr_eq(linktable_claim(links, 1, 2, AT_FDCWD, "mine", 0), link);
	ck_assert_uint_eq(others.asked, 1);
	others.unknown = true;
	ck_assert_ptr_null(linktable_look(links, 1, 3));
}
END_TEST

START_TEST(what_another_rank_fails_to_copy_can_be_claimed_again)
{
	others.state = LINK_COMING;
	linktable_asks(links, ask);
	struct link *const link = linktable_claim(links, 1, 2, AT_FDCWD, "mine", 0);
	ck_assert_int_eq(link->state, LINK_COMING);
	ck_assert(!linktable_is_ours(links, link));
	linktable_settle_far(links, 2, 1);
	linktable_settle_far(links, 1, 3);
	ck_assert_int_eq(link->state, LINK_COMING);
	linktable_settle_far(links, 1, 2);
	ck_assert_int_eq(link->state, LINK_FAILED);
	ck_assert_ptr_null(linktable_find(links, 1, 2));
	others.ours = true;
	struct link *const mine = linktable_claim(links, 1, 2, AT_FDCWD, "mine", 0);
	ck_assert(linktable_is_ours(links, mine));
	/* That isn't theirs.  */
	linktable_settle_far(links, 1, 2);
	ck_assert_int_eq(mine->state, LINK_COMING);
}
END_TEST

START_TEST(who_waits_finds_what_has_come_from_another_rank)
{
	others.state = LINK_COMING;
	linktable_asks(links, ask);
	struct link *const link = linktable_claim(links, 1, 2, AT_FDCWD, "mine", 0);
	linktable_put(links, 1, 2, AT_FDCWD, "there", 0, LINKTABLE_FAR, LINK_THERE);
	linktable_settle_far(links, 1, 2);
	ck_assert_int_ne(link->state, LINK_COMING);
	ck_assert_str_eq(linktable_claim(links, 1, 2, AT_FDCWD, "mine", 0)->path,
			 "there");
}
END_TEST

START_TEST(without_an_answer_nothing_is_claimed)
{
	others.fails = true;
	linktable_asks(links, ask);
	ck_assert_ptr_null(linktable_claim(links, 1, 2, AT_FDCWD, "mine", 0));
	ck_assert_int_eq(errno, ENOMEM);
	ck_assert_ptr_null(linktable_look(links, 1, 2));
}
END_TEST

Suite *
linktable_suite(void)
{
	Suite *const suite = suite_create("linktable");
	TCase *const tc = tcase_create("copies by source");

	tcase_add_checked_fixture(tc, make_table, free_table);
	tcase_add_test(tc, a_source_is_known_by_device_and_inode);
	tcase_add_test(tc, the_first_copy_is_the_one_that_is_remembered);
	tcase_add_test(tc, what_failed_can_be_claimed_again);
	tcase_add_test(tc, walkers_share_one_table);
	tcase_add_test(tc, who_takes_over_has_what_the_dead_one_claimed);
	tcase_add_test(tc, the_parent_s_bell_is_rung_when_it_waits);
	tcase_add_test(tc, who_takes_over_gives_up_what_comes_to_nothing);
	tcase_add_loop_test(tc, only_the_user_s_part_of_a_path_leads_through_symlinks, 0,
			    sizeof places / sizeof *places);
	tcase_add_test(tc, what_nobody_copies_is_ours_to_copy);
	tcase_add_test(tc, an_operand_is_told_to_all_ranks);
	tcase_add_test(tc, what_is_there_is_found_wherever_it_was_copied);
	tcase_add_test(tc, what_another_rank_fails_to_copy_can_be_claimed_again);
	tcase_add_test(tc, who_waits_finds_what_has_come_from_another_rank);
	tcase_add_test(tc, without_an_answer_nothing_is_claimed);
	suite_add_tcase(suite, tc);
	return suite;
}
