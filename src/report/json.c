/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json.c: names and numbers in JSON, whose text is Unicode while names are bytes.  */
#include "config.h"

#include "report/json.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Return the length of the UTF-8 character that TEXT begins with, or 0 if it begins with
   none.  Surrogates, overlong forms and what is beyond Unicode are none.  */
static size_t
character(const char *text)
{
	const unsigned char *const c = (const unsigned char *) text;
	const size_t len = c[0] < 0x80 ? 1 : c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2
		: c[0] < 0xf0 ? 3
		: c[0] < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < len; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f)
	    || (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0;
	return len;
}

static void
base64(FILE *out, const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *c = (const unsigned char *) text;

	for (size_t left = strlen(text); left > 0; ) {
		const size_t n = left < 3 ? left : 3;
		const uint32_t bits = (uint32_t) c[0] << 16 | (n > 1
							       ? (uint32_t) c[1] << 8 : 0)
			| (n > 2 ? c[2] : 0);
		for (size_t i = 0; i < 4; i++)
			putc(i <= n ? digits[bits >> (18 - 6 * i) & 63] : '=', out);
		c += n;
		left -= n;
	}
}

/* Write the character TEXT of LEN bytes; one that is none has 0.  */
static void
escaped(FILE *out, const char *text, size_t len)
{
	if (len == 0)
		fputs("\\ufffd", out);
	else if (*text == '"' || *text == '\\')
		fprintf(out, "\\%c", *text);
	else if ((unsigned char) *text < 0x20 || *text == 0x7f)
		fprintf(out, "\\u%04x", (unsigned) *text);
	else
		fwrite(text, 1, len, out);
}

void
json_text(FILE *out, const char *key, const char *text)
{
	bool lost = false;

	fprintf(out, ",\"%s\":\"", key);
	for (const char *at = text; *at != '\0'; ) {
		const size_t len = character(at);
		escaped(out, at, len);
		lost = lost || len == 0;
		at += len > 0 ? len : 1;
	}
	putc('"', out);
	if (!lost)
		return;
	fprintf(out, ",\"%s_base64\":\"", key);
	base64(out, text);
	putc('"', out);
}

void
json_number(FILE *out, const char *key, uint64_t n)
{
	fprintf(out, ",\"%s\":%" PRIu64, key, n);
}

void
json_seconds(FILE *out, const char *key, uint64_t nanoseconds)
{
	const uint64_t second = 1000000000;

	fprintf(out, ",\"%s\":%" PRIu64 ".%09" PRIu64, key, nanoseconds / second,
		nanoseconds % second);
}

void
json_begin_item(FILE *out, unsigned i, unsigned number)
{
	fprintf(out, "%s{\"number\":%u", i > 0 ? "," : "", number);
}
