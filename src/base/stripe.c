/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stripe.c: the layout of a file on Lustre, as lustre_user.h describes it: of one kind
   (lov_user_md_v1 or _v3), or composed of several (lov_comp_md_v1).  */
#include "config.h"

#include "base/stripe.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/xattr.h>

enum {
	PLAIN_1 = 0x0bd10bd0, PLAIN_3 = 0x0bd30bd0, COMPOSED = 0x0bd60bd0,
	PLAIN_STRIPE = 24,	/* where a plain one has its stripe size */
	PARTS_COUNT = 14,	/* where a composed one has the number of its parts, */
	PARTS = 32,		/* the first, */
	PART = 48,		/* so many bytes of each, */
	PART_LAYOUT = 24	/* and in a part, where its layout is */
};

static bool
load(void *value, size_t size, const unsigned char *layout, size_t len, size_t at)
{
	if (at > len || len - at < size)
		return false;
	memcpy(value, layout + at, size);
	return true;
}

/* Return the stripe size of the plain layout at AT.  */
static size_t
of_plain(const unsigned char *layout, size_t len, size_t at)
{
	uint32_t kind, size;

	return load(&kind, sizeof kind, layout, len, at)
		&& (kind == PLAIN_1 || kind == PLAIN_3)
		&& load(&size, sizeof size, layout, len, at + PLAIN_STRIPE) ? size : 0;
}

size_t
stripe_of_layout(const unsigned char *layout, size_t len)
{
	size_t most = of_plain(layout, len, 0);
	uint32_t kind, at;
	uint16_t count;

	if (!load(&kind, sizeof kind, layout, len, 0) || kind != COMPOSED
	    || !load(&count, sizeof count, layout, len, PARTS_COUNT))
		return most;
	for (size_t part = PARTS; count > 0; count--, part += PART) {
		if (!load(&at, sizeof at, layout, len, part + PART_LAYOUT))
			break;
		const size_t size = of_plain(layout, len, at);
		if (size > most)
			most = size;
	}
	return most;
}

size_t
stripe_size(int fd)
{
	unsigned char layout[4096];	/* the objects of a plain one come behind it */
	const ssize_t n = fgetxattr(fd, STRIPE_ATTRIBUTE, layout, sizeof layout);

	return n > 0 ? stripe_of_layout(layout, (size_t) n) : 0;
}
