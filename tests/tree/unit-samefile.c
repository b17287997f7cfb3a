/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include "tree/samefile.h"
#include "unit.h"

/* What cp 9.1 makes of the file f, which has a second name h, and another file g; of the
   symlinks l and m to f, and k, a second name of l.  */
static const struct {
	const char *source, *dest;
	struct samefile_policy policy;
	enum same same;
} cases[] = {
#define AS_IS { .no_dereference = true }
#define LINK { .link = true }
#define LINK_AS_IS { .link = true, .no_dereference = true }
#define SYMLINK { .symbolic_link = true }
#define REMOVE { .remove_destination = true }
#define REMOVE_AS_IS { .remove_destination = true, .no_dereference = true }
#define BACK_UP { .backup = true }
#define BACK_UP_AS_IS { .backup = true, .no_dereference = true }
#define BACK_UP_LINK { .backup = true, .link = true }
	{ "f", "f", { 0 }, SAME_REFUSED },
	{ "f", "./f", { 0 }, SAME_REFUSED },
	{ "f", "g", { 0 }, SAME_GO_ON },
	{ "f", "h", { 0 }, SAME_REFUSED },
	{ "f", "l", { 0 }, SAME_REFUSED },
	{ "l", "f", { 0 }, SAME_REFUSED },
	{ "l", "g", { 0 }, SAME_GO_ON },
	{ "l", "l", { 0 }, SAME_REFUSED },
	{ "l", "m", { 0 }, SAME_REFUSED },
	{ "g", "l", { 0 }, SAME_GO_ON },
	{ "f", "f", AS_IS, SAME_REFUSED },
	{ "f", "h", AS_IS, SAME_REFUSED },
	{ "l", "f", AS_IS, SAME_REFUSED },
	{ "l", "g", AS_IS, SAME_GO_ON },
	{ "l", "l", AS_IS, SAME_REFUSED },
	{ "l", "m", AS_IS, SAME_GO_ON },
	{ "l", "k", AS_IS, SAME_NOTHING_TO_DO },
	{ "f", "f", LINK, SAME_NOTHING_TO_DO },
	{ "f", "h", LINK, SAME_NOTHING_TO_DO },
	{ "f", "g", LINK, SAME_GO_ON },
	{ "f", "l", LINK, SAME_GO_ON },
	{ "l", "f", LINK, SAME_NOTHING_TO_DO },
	{ "f", "l", LINK_AS_IS, SAME_GO_ON },
	{ "l", "f", LINK_AS_IS, SAME_NOTHING_TO_DO },
	{ "l", "k", LINK_AS_IS, SAME_NOTHING_TO_DO },
	{ "l", "m", LINK_AS_IS, SAME_GO_ON },
	{ "f", "f", SYMLINK, SAME_REFUSED },
	{ "f", "h", SYMLINK, SAME_REFUSED },
	{ "f", "g", SYMLINK, SAME_GO_ON },
	{ "f", "l", SYMLINK, SAME_GO_ON },
	{ "l", "f", SYMLINK, SAME_REFUSED },
	{ "f", "f", BACK_UP, SAME_REFUSED },
	{ "f", "./f", BACK_UP, SAME_REFUSED },
	{ "f", "h", BACK_UP, SAME_GO_ON },
	{ "l", "f", BACK_UP, SAME_REFUSED },
	{ "l", "m", BACK_UP, SAME_GO_ON },
	{ "l", "f", BACK_UP_AS_IS, SAME_GO_ON },
	{ "l", "l", BACK_UP_AS_IS, SAME_REFUSED },
	{ "l", "m", BACK_UP_AS_IS, SAME_GO_ON },
	{ "l", "k", BACK_UP_AS_IS, SAME_GO_ON },
	{ "f", "h", BACK_UP_AS_IS, SAME_GO_ON },
	{ "f", "h", BACK_UP_LINK, SAME_NOTHING_TO_DO },
	{ "f", "f", REMOVE, SAME_REFUSED },
	{ "f", "./f", REMOVE, SAME_REFUSED },
	{ "f", "h", REMOVE, SAME_GO_ON },
	{ "f", "l", REMOVE, SAME_GO_ON },
	{ "l", "f", REMOVE, SAME_REFUSED },
	{ "l", "l", REMOVE, SAME_REFUSED },	/* where cp removes it */
	{ "l", "m", REMOVE, SAME_GO_ON },
	{ "l", "k", REMOVE, SAME_GO_ON },
	{ "f", "f", REMOVE_AS_IS, SAME_REFUSED },
	{ "f", "h", REMOVE_AS_IS, SAME_GO_ON },
	{ "f", "l", REMOVE_AS_IS, SAME_GO_ON },
	{ "l", "f", REMOVE_AS_IS, SAME_REFUSED },
	{ "l", "l", REMOVE_AS_IS, SAME_REFUSED },
	{ "l", "m", REMOVE_AS_IS, SAME_GO_ON },
};

START_TEST(one_file_by_two_names_is_judged_as_cp_judges_it)
{
	const struct samefile_policy *const policy = &cases[_i].policy;
	const struct pathpair pair = {
		.source_at = AT_FDCWD, .source = cases[_i].source,
		.dest_at = AT_FDCWD, .dest = cases[_i].dest,
		.follow = !policy->no_dereference,
	};
	struct stat source, dest;

	scratch_text("f", "f");
	scratch_text("g", "g");
	ck_assert_int_eq(link("f", "h"), 0);
	ck_assert_int_eq(symlink("f", "l"), 0);
	ck_assert_int_eq(symlink("f", "m"), 0);
	ck_assert_int_eq(linkat(AT_FDCWD, "l", AT_FDCWD, "k", 0), 0);
	ck_assert_int_eq((policy->no_dereference ? lstat : stat)(pair.source, &source),
			 0);
	/* Bytes go through a symlink that stands there; all else takes its place.  */
	const bool through = S_ISREG(source.st_mode) && !policy->link
		&& !policy->symbolic_link && !policy->remove_destination;
	ck_assert_int_eq((through ? stat : lstat)(pair.dest, &dest), 0);
	ck_assert_msg(samefile_decide(policy, &pair, &source, &dest) == cases[_i].same,
		      "case %d: %s to %s", _i, pair.source, pair.dest);
}
END_TEST

Suite *
samefile_suite(void)
{
	Suite *const suite = suite_create("samefile");
	TCase *const tc = tcase_create("judgements");

	tcase_add_checked_fixture(tc, scratch_enter, scratch_leave);
	tcase_add_loop_test(tc, one_file_by_two_names_is_judged_as_cp_judges_it, 0,
			    sizeof cases / sizeof *cases);
	suite_add_tcase(suite, tc);
	return suite;
}
