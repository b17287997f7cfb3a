/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stats.c: what was done, in words for people and in JSON for programs.  */
#include "config.h"

#include "report/stats.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/counts.h"
#include "base/crew.h"
#include "base/syscalls.h"
#include "base/units.h"
#include "report/json.h"
#include "report/message.h"

enum { SCHEMA = 1 };

#define SECOND 1e9

static const struct stats_policy *policy;
static uint64_t began;		/* nanoseconds */
static uint64_t counts[STATS_KINDS];

static const char *const kind_names[STATS_KINDS] = {
	[STATS_DIRECTORY] = "directory", [STATS_SYMLINK] = "symlink",
	[STATS_HARD_LINK] = "hardlink", [STATS_SPECIAL] = "special",
};

void
stats_start(const struct stats_policy *wanted)
{
	policy = wanted;
	began = sys_clock();
}

enum stats_kind
stats_kind(mode_t mode)
{
	return S_ISDIR(mode) ? STATS_DIRECTORY : S_ISLNK(mode) ? STATS_SYMLINK
		: STATS_SPECIAL;
}

bool
stats_wants_names(void)
{
	return policy != NULL && policy->json;
}

/* ---- lines of JSON ---- */

struct object {
	FILE *out;
	char *text;
	size_t size;
};

/* An object about an EVENT.  */
static FILE *
begin(struct object *object, const char *event)
{
	object->out = open_memstream(&object->text, &object->size);
	if (object->out == NULL)
		message_error(ENOMEM, "write error");
	else
		fprintf(object->out, "{\"schema\":%d,\"event\":\"%s\"", SCHEMA, event);
	return object->out;
}

/* Put it out whole.  */
static void
end(struct object *object)
{
	fputs("}\n", object->out);
	if (fclose(object->out) == 0)
		message_put(false, object->text, object->size);
	free(object->text);
}

static void
put_ways(FILE *out, const struct ways *ways)
{
	json_number(out, "cloned", ways->cloned);
	json_number(out, "holes", ways->holes);
	json_number(out, "by_kernel", ways->by_kernel);
	json_number(out, "by_mapping", ways->by_map);
	json_number(out, "by_hand", ways->by_hand);
	json_number(out, "direct", ways->direct);
}

void
stats_made(enum stats_kind kind, const char *source, const char *dest, bool dry)
{
	struct object object;

	counts[kind]++;
	if (!stats_wants_names() || begin(&object, dry ? "planned" : "file") == NULL)
		return;
	json_text(object.out, "type", kind_names[kind]);
	json_text(object.out, "source", source);
	json_text(object.out, "destination", dest);
	end(&object);
}

/* The beginning of an object about a file with content.  */
static FILE *
begin_content(struct object *object, const char *event, const char *source,
	const char *dest,
	uint64_t size)
{
	if (begin(object, event) == NULL)
		return NULL;
	json_text(object->out, "type", "regular");
	json_text(object->out, "source", source);
	json_text(object->out, "destination", dest);
	json_number(object->out, "bytes", size);
	return object->out;
}

void
stats_planned(const char *source, const char *dest, uint64_t size)
{
	struct object object;

	counts_add(COUNT_FILES, 1);
	counts_add(COUNT_BYTES, size);
	if (stats_wants_names()
	    && begin_content(&object, "planned", source, dest, size) != NULL)
		end(&object);
}

void
stats_copied(const char *source, const char *dest, const struct copied *copied)
{
	struct object object;

	/* What kept changing is an error, and was reported as one.  */
	if (!stats_wants_names() || copied->in_motion
	    || begin_content(&object, "file", source, dest, copied->size) == NULL)
		return;
	put_ways(object.out, &copied->ways);
	json_number(object.out, "rounds", copied->rounds);
	json_number(object.out, "nanoseconds", copied->nanoseconds);
	end(&object);
}

void
stats_failed(const char *source, const char *text)
{
	struct object object;

	if (!stats_wants_names() || begin(&object, "error") == NULL)
		return;
	if (source != NULL)
		json_text(object.out, "source", source);
	json_text(object.out, "message", text);
	end(&object);
}

/* ---- the end ---- */

/* Nanoseconds of processors that we and our workers had.  */
static uint64_t
cpu_time(void)
{
	static const int who[] = { RUSAGE_SELF, RUSAGE_CHILDREN };
	uint64_t time = 0;

	for (unsigned i = 0; i < 2; i++) {
		struct rusage usage;
		if (getrusage(who[i], &usage) < 0)
			continue;
		time += (uint64_t) (usage.ru_utime.tv_sec
				    + usage.ru_stime.tv_sec) * 1000000000
			+ (uint64_t) (usage.ru_utime.tv_usec
				      + usage.ru_stime.tv_usec) * 1000;
	}
	return time;
}

static struct ways
all_ways(void)
{
	return (struct ways) {
		.cloned = counts_read(COUNT_CLONED), .holes = counts_read(COUNT_HOLES),
		.by_kernel = counts_read(COUNT_BY_KERNEL),
		.by_map = counts_read(COUNT_BY_MAP),
		.by_hand = counts_read(COUNT_BY_HAND),
		.direct = counts_read(COUNT_DIRECT),
	};
}

static void
put_summary(uint64_t time, uint64_t cpu, size_t failed)
{
	const struct ways ways = all_ways();
	struct object object;

	if (begin(&object, "summary") == NULL)
		return;
	json_number(object.out, "regular", counts_read(COUNT_FILES));
	for (unsigned i = 0; i < STATS_KINDS; i++)
		json_number(object.out, kind_names[i], counts[i]);
	json_number(object.out, "errors", failed);
	json_number(object.out, "bytes", counts_read(COUNT_BYTES));
	put_ways(object.out, &ways);
	json_number(object.out, "followed", counts_read(COUNT_FOLLOWED));
	json_number(object.out, "rounds", counts_read(COUNT_ROUNDS));
	json_number(object.out, "workers", crew_most());
	json_number(object.out, "nanoseconds", time);
	json_number(object.out, "cpu_nanoseconds", cpu);
	end(&object);
}

/* Bytes that came to be in copies, and so no holes.  */
static uint64_t
moved(const struct ways *ways)
{
	return ways->cloned + ways->by_kernel + ways->by_map + ways->by_hand
		+ ways->direct;
}

/* "12% copy_file_range, " of all that moved.  */
static int
share(char *buf, size_t size, uint64_t part, uint64_t all, const char *name)
{
	char percent[8];

	return part == 0 ? 0
		: snprintf(buf, size, "%s %s, ",
			   units_format_share(part, all, percent, sizeof percent), name);
}

static void
say_engines(const struct ways *ways)
{
	const uint64_t all = moved(ways);
	char text[256] = "nothing moved, ";
	int used = 0;

	used += share(text + used, sizeof text - (size_t) used, ways->cloned, all,
		      "cloned");
	used += share(text + used, sizeof text - (size_t) used, ways->by_kernel, all,
		      "copy_file_range");
	used += share(text + used, sizeof text - (size_t) used, ways->by_map, all,
		      "mapped");
	used += share(text + used, sizeof text - (size_t) used, ways->by_hand, all,
		      "read and write");
	share(text + used, sizeof text - (size_t) used, ways->direct, all, "direct");
	message_say("engines: %sworkers: %u", text, crew_most());
}

static void
say_summary(uint64_t time, uint64_t cpu, size_t failed)
{
	const struct ways ways = all_ways();
	const uint64_t bytes = counts_read(COUNT_BYTES);
	const double seconds = (double) time / SECOND;
	char size[32], cloned[32], holes[32], rate[32];

	message_say("files: %" PRIu64 " regular, %" PRIu64 " directories, %" PRIu64
		    " symbolic links, %" PRIu64 " hard links, %" PRIu64 " special",
		    counts_read(COUNT_FILES), counts[STATS_DIRECTORY],
		    counts[STATS_SYMLINK],
		    counts[STATS_HARD_LINK], counts[STATS_SPECIAL]);
	message_say("bytes: %" PRIu64 " (%s), of them cloned: %s, in holes: %s", bytes,
		    units_format_size(bytes, size, sizeof size),
		    units_format_size(ways.cloned, cloned, sizeof cloned),
		    units_format_size(ways.holes, holes, sizeof holes));
	message_say("seconds: %.3f, %s/s, CPU seconds: %.3f", seconds,
		    units_format_size((uint64_t) ((double) moved(&ways) / (seconds > 0
		    ? seconds : 1)),
				      rate, sizeof rate), (double) cpu / SECOND);
	say_engines(&ways);
	if (counts_read(COUNT_FOLLOWED) > 0)
		message_say("followed: files: %" PRIu64 ", rounds: %" PRIu64,
			    counts_read(COUNT_FOLLOWED), counts_read(COUNT_ROUNDS));
	message_say("errors: %zu", failed);
}

void
stats_tell(size_t failed)
{
	if (policy == NULL || (!policy->stats && !policy->json))
		return;
	const uint64_t time = sys_clock() - began, cpu = cpu_time();
	if (policy->json)
		put_summary(time, cpu, failed);
	if (policy->stats)
		say_summary(time, cpu, failed);
}
