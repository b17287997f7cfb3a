/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>

#include "base/locale.h"
#include "report/quote.h"
#include "unit.h"

/* In NAME, whatever the user has.  */
static void
in_locale(const char *name)
{
	locale_begin();
	setlocale(LC_ALL, name);
}

/* What coreutils' quoteaf makes of the same names, in C.UTF-8.  */
static const struct {
	const char *name;
	const char *quoted;
} names[] = {
	{ "", "''" },
	{ "a", "'a'" },
	{ "a b", "'a b'" },
	{ "-", "'-'" },
	{ "a\\nb", "'a\\nb'" },
	{ "\"", "'\"'" },
	{ "it's", "\"it's\"" },
	{ "'", "\"'\"" },
	{ "a' b", "\"a' b\"" },
	{ "a'!b", "'a'\\''!b'" },
	{ "a'$b", "'a'\\''$b'" },
	{ "a'\\", "'a'\\''\\'" },
	{ "a\nb", "'a'$'\\n''b'" },
	{ "\t'", "''$'\\t'\\'''" },
	{ "\t'x", "''$'\\t'\\''x'" },
	{ "\r", "''$'\\r'" },
	{ "\033[1m", "''$'\\033''[1m'" },
	{ "\377\376", "''$'\\377\\376'" },
	{ "\001\002x", "''$'\\001\\002''x'" },
	{ "\303\251", "'\303\251'" },
	{ "\303", "''$'\\303'" },
	{ "a\303", "'a'$'\\303'" },
};

START_TEST(a_name_is_quoted_as_coreutils_quote_it)
{
	in_locale("C.UTF-8");
	ck_assert_str_eq(quote(names[_i].name), names[_i].quoted);
}
END_TEST

START_TEST(a_locale_without_a_letter_escapes_it)
{
	in_locale("C");
	ck_assert_str_eq(quote("\303\251x"), "''$'\\303\\251''x'");
}
END_TEST

START_TEST(two_names_stand_in_one_message)
{
	const char *const a = quote("a");
	const char *const b = quote("b");

	ck_assert_str_eq(a, "'a'");
	ck_assert_str_eq(b, "'b'");
}
END_TEST

/* As ls --quoting-style=shell-escape has them.  */
static const struct {
	const char *name;
	const char *quoted;
} plain_names[] = {
	{ "", "''" },
	{ "a", "a" },
	{ "a/b.c", "a/b.c" },
	{ "-", "-" },
	{ "%+,@]_", "%+,@]_" },
	{ "a:b", "'a:b'" },
	{ "a b", "'a b'" },
	{ "#a", "'#a'" },
	{ "a#", "a#" },
	{ "~", "'~'" },
	{ "a~", "a~" },
	{ "{", "'{'" },
	{ "}", "'}'" },
	{ "{}", "{}" },
	{ "it's", "\"it's\"" },
	{ "a\nb", "'a'$'\\n''b'" },
	{ "\177", "''$'\\177'" },
	{ "\303\251", "\303\251" },
	{ "\303", "''$'\\303'" },
};

START_TEST(a_plain_name_needs_no_quotes)
{
	in_locale("C.UTF-8");
	ck_assert_str_eq(quote_if_needed(plain_names[_i].name), plain_names[_i].quoted);
}
END_TEST

START_TEST(what_a_shell_acts_upon_needs_quotes)
{
	static const char special[] = " !\"$&()*;<=>?[\\^`|";
	const char name[] = { 'a', special[_i], '\0' };

	ck_assert_str_eq(quote_if_needed(name), quote(name));
}
END_TEST

START_TEST(a_word_has_the_quotes_of_the_language)
{
	in_locale("C");
	ck_assert_str_eq(quote_word("older"), "'older'");
	ck_assert_str_eq(quote_word("o'der\\\303\274"), "'o\\'der\\\\\\303\\274'");
	in_locale("C.UTF-8");
	ck_assert_str_eq(quote_word("older"), "\342\200\230older\342\200\231");
	ck_assert_str_eq(quote_word("o'\342\200\231\303\274"),
			 "\342\200\230o'\\\342\200\231\303\274\342\200\231");
	ck_assert_str_eq(quote_word("\n\033[m\377"),
			 "\342\200\230\\n\\033[m\\377\342\200\231");
}
END_TEST

START_TEST(an_option_is_quoted_as_getopt_quotes_it)
{
	in_locale("C.UTF-8");
	ck_assert_str_eq(quote_option("--foo=o'b \\a"), "'--foo=o'b \\a'");
	ck_assert_str_eq(quote_option("--\303\274"), "'--\303\274'");
	ck_assert_str_eq(quote_option("--\033[m"), quote("--\033[m"));
	ck_assert_str_eq(quote_option("\303"), quote("\303"));
}
END_TEST

Suite *
quote_suite(void)
{
	Suite *const suite = suite_create("quote");
	TCase *const tc = tcase_create("names");

	tcase_add_loop_test(tc, a_name_is_quoted_as_coreutils_quote_it, 0,
			    sizeof names / sizeof *names);
	tcase_add_test(tc, a_locale_without_a_letter_escapes_it);
	tcase_add_test(tc, two_names_stand_in_one_message);
	tcase_add_loop_test(tc, a_plain_name_needs_no_quotes, 0,
			    sizeof plain_names / sizeof *plain_names);
	tcase_add_loop_test(tc, what_a_shell_acts_upon_needs_quotes, 0, 18);
	tcase_add_test(tc, a_word_has_the_quotes_of_the_language);
	tcase_add_test(tc, an_option_is_quoted_as_getopt_quotes_it);
	suite_add_tcase(suite, tc);
	return suite;
}
