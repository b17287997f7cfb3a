/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "base/stripe.h"
#include "unit.h"

/* Put VALUE at AT of LAYOUT.  */
static void
put32(unsigned char *layout, size_t at, uint32_t value)
{
	memcpy(layout + at, &value, sizeof value);
}

static void
put_plain(unsigned char *layout, uint32_t kind, uint32_t size)
{
	put32(layout, 0, kind);
	put32(layout, 24, size);
}

START_TEST(a_plain_layout_has_one_size)
{
	unsigned char layout[48] = { 0 };

	ck_assert_uint_eq(stripe_of_layout(layout, sizeof layout), 0);
	put_plain(layout, 0x0bd10bd0, 1 << 20);
	ck_assert_uint_eq(stripe_of_layout(layout, sizeof layout), 1 << 20);
	put_plain(layout, 0x0bd30bd0, 3 << 20);
	ck_assert_uint_eq(stripe_of_layout(layout, sizeof layout), 3 << 20);
	ck_assert_uint_eq(stripe_of_layout(layout, 28), 3 << 20);
	for (size_t len = 0; len < 28; len++)
		ck_assert_uint_eq(stripe_of_layout(layout, len), 0);
}
END_TEST

START_TEST(of_several_layouts_the_largest_counts)
{
	unsigned char layout[32 + 3 * 48 + 3 * 48] = { 0 };

	put32(layout, 0, 0x0bd60bd0);
	ck_assert_uint_eq(stripe_of_layout(layout, sizeof layout), 0);
	layout[14] = 3;
	for (unsigned i = 0; i < 3; i++) {
		const unsigned at = 32 + 3 * 48 + i * 48;
		put32(layout, 32 + i * 48 + 24, at);
		put_plain(layout + at, 0x0bd10bd0, (i == 1 ? 16 : 1 + i) << 20);
	}
	ck_assert_uint_eq(stripe_of_layout(layout, sizeof layout), 16 << 20);
	/* What isn't there isn't read.  */
	ck_assert_uint_eq(stripe_of_layout(layout, 32 + 3 * 48 + 48), 1 << 20);
	ck_assert_uint_eq(stripe_of_layout(layout, 40), 0);
	put32(layout, 32 + 24, UINT32_MAX);
	layout[15] = 255;
	ck_assert_uint_eq(stripe_of_layout(layout, sizeof layout), 16 << 20);
}
END_TEST

START_TEST(other_file_systems_have_none)
{
	ck_assert_uint_eq(stripe_size(0), 0);
	ck_assert_uint_eq(stripe_size(-1), 0);
}
END_TEST

Suite *
stripe_suite(void)
{
	Suite *const suite = suite_create("stripe");
	TCase *const tc = tcase_create("layout");

	tcase_add_test(tc, a_plain_layout_has_one_size);
	tcase_add_test(tc, of_several_layouts_the_largest_counts);
	tcase_add_test(tc, other_file_systems_have_none);
	suite_add_tcase(suite, tc);
	return suite;
}
