/* SPDX-License-Identifier: GPL-3.0-or-later */
/* readnames.c: read a directory to its end before anything in it is dealt with; and put
   its names in the order of their inodes, if it had to be read from a device.  Then the
   inodes will be, too, and files are read in about the order in which they lie there
   (doc/measurements.md#cold-trees).  */
#include "config.h"

#include "tree/readnames.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/clock.h"
#include "base/listing.h"
#include "base/signals.h"
#include "base/timer.h"
#include "report/entrymessages.h"

void
readnames_failed(const struct dirpair *dir, int err)
{
	char *const name = dirpair_own_source_name(dir);
	const struct subject before = failures_about((struct subject) { name,
		dirpair_own_base(dir) });

	report_cannot_access(name != NULL ? name : dir->name, err);
	failures_about(before);
	free(name);
}

/* Where a name lies in a level, and its inode number.  */
struct place {
	uint64_t ino;
	uint32_t at, size;
};

struct places {
	struct place *place;	/* NULL: none are wanted, or there is no memory */
	size_t count, room;
	bool wanted;
};

/* Add a place.  Without memory, there is no order.  */
static void
add_place(struct places *places, struct place place)
{
	if (!places->wanted)
		return;
	if (places->count == places->room) {
		const size_t room = 2 * places->room + 256;
		struct place *const more = realloc(places->place, room * sizeof *more);
		if (more == NULL) {
			places->wanted = false;
			return;
		}
		places->place = more;
		places->room = room;
	}
	places->place[places->count++] = place;
}

/* Move what was read from LISTING to LEVEL.  Return 0, or -1 with errno.  */
static int
add_names(struct walk *walk, struct level *level, struct listing *listing,
	struct places *places)
{
	const char *name;
	unsigned char type;

	while ((name = listing_next(listing, &type)) != NULL) {
		const uint32_t at = level->end;
		if (level_add(level, walk->arena, name, type) < 0)
			return -1;
		add_place(places, (struct place) { listing->ino, at, level->end - at });
	}
	return 0;
}

static int
by_inode(const void *a, const void *b)
{
	const struct place *const x = a, *const y = b;

	return x->ino != y->ino ? (x->ino < y->ino ? -1 : 1) : 0;
}

/* Put LEVEL's names into the order of PLACES' inodes.  */
static void
sort(struct level *level, const struct places *places)
{
	const size_t size = level->end;
	char *const sorted = places->wanted && places->count > 1 ? malloc(size) : NULL;
	size_t used = 0;

	if (sorted == NULL)
		return;
	qsort(places->place, places->count, sizeof *places->place, by_inode);
	for (size_t i = 0; i < places->count; i++) {
		memcpy(sorted + used, level->names + places->place[i].at,
		       places->place[i].size);
		used += places->place[i].size;
	}
	memcpy(level->names, sorted, size);
	free(sorted);
}

/* Return whether most of the time since WALL and CPU was spent waiting.  */
static bool
has_waited(uint64_t wall, uint64_t cpu)
{
	enum { SHORT = 100000 };	/* nanoseconds */
	const uint64_t passed = clock_now() - wall;

	return passed > SHORT && clock_processor() - cpu < passed / 2;
}

void
readnames(struct walk *walk, struct level *level)
{
	struct dirpair *const dir = level->dir;
	struct listing listing = LISTING_EMPTY;
	/* Which backup takes whose name, or a question, depends on cp's order.  */
	struct places places = { .wanted = major(dir->source_st.st_dev) != 0
				 && !walk->keeps_names };
	const uint64_t wall = clock_now(), cpu = places.wanted ? clock_processor() : 0;
	int ret = walk->by_path && dirpair_reopen_source(dir) < 0 ? -1 : 1;

	while (ret > 0 && signals_fatal() == 0) {
		timer_check();
		ret = listing_read(&listing, dir->source, dir->source_st.st_size);
		if (ret > 0 && add_names(walk, level, &listing, &places) < 0)
			ret = -1;
	}
	const int err = errno;
	listing_free(&listing);
	if (places.wanted && has_waited(wall, cpu))
		sort(level, &places);
	free(places.place);
	if (walk->by_path)	/* The descriptor is for what is below.  */
		dirpair_close(dir);
	if (ret < 0)
		readnames_failed(dir, err);
}
