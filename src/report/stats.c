/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stats.c: what was done, as text for people (--stats) and as JSON for programs.  */
#include "config.h"

#include "report/stats.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/crew.h"
#include "base/totals.h"
#include "base/units.h"
#include "report/json.h"
#include "report/message.h"

enum { SCHEMA = 1 };

#define SECOND 1e9

static const struct stats_policy *policy;
static uint64_t began;		/* nanoseconds */

void
stats_start(const struct stats_policy *wanted)
{
	policy = wanted;
	began = clock_now();
}

enum count
stats_kind(mode_t mode)
{
	return S_ISDIR(mode) ? COUNT_DIRECTORIES : S_ISLNK(mode) ? COUNT_SYMLINKS
		: COUNT_SPECIAL;
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

/* Begin an object about an EVENT.  Return its stream; NULL without memory, which was
   reported.  */
static FILE *
begin(struct object *object, const char *event)
{
	object->out = open_memstream(&object->text, &object->size);
	if (object->out == NULL)
		message_write_error(ENOMEM);
	else
		fprintf(object->out, "{\"schema\":%d,\"event\":\"%s\"", SCHEMA, event);
	return object->out;
}

/* Print OBJECT in one piece.  */
static void
end(struct object *object)
{
	fputs("}\n", object->out);
	if (fclose(object->out) == 0)
		message_put(false, object->text, object->size);
	free(object->text);
}

/* Write those of COUNTS that belong to GROUP.  */
static void
put_group(FILE *out, const struct counts *counts, enum count_group group)
{
	for (unsigned i = 0; i < COUNTS; i++)
		if (count_info[i].group == group && count_info[i].key != NULL)
			json_number(out, count_info[i].key, counts_get(counts, i));
}

void
stats_made(enum count kind, const char *source, const char *dest, bool dry)
{
	struct object object;

	totals_add(kind, 1);
	if (!stats_wants_names() || begin(&object, dry ? "planned" : "file") == NULL)
		return;
	json_text(object.out, "type", count_info[kind].key);
	json_text(object.out, "source", source);
	json_text(object.out, "destination", dest);
	end(&object);
}

/* Begin an object about a file with content, as begin does.  */
static FILE *
begin_content(struct object *object, const char *event, const char *source,
	const char *dest, uint64_t size)
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

	totals_add(COUNT_REGULAR, 1);
	totals_add(COUNT_BYTES, size);
	if (stats_wants_names()
	    && begin_content(&object, "planned", source, dest, size) != NULL)
		end(&object);
}

void
stats_copied(const char *source, const char *dest, const struct copied *copied)
{
	const struct counts *const counts = &copied->counts;
	struct object object;

	/* A source that kept changing was reported as an error.  */
	if (!stats_wants_names() || copied->in_motion
	    || begin_content(&object, "file", source, dest,
			     counts_get(counts, COUNT_BYTES)) == NULL)
		return;
	put_group(object.out, counts, COUNT_GROUP_ENGINE);
	json_number(object.out, "rounds", counts_get(counts, COUNT_ROUNDS));
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

/* Return the nanoseconds of processor time that we and our workers used.  */
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

static void
put_summary(const struct counts *counts, uint64_t time, uint64_t cpu, size_t failed)
{
	struct object object;

	if (begin(&object, "summary") == NULL)
		return;
	put_group(object.out, counts, COUNT_GROUP_MADE);
	json_number(object.out, "errors", failed);
	put_group(object.out, counts, COUNT_GROUP_SIZE);
	put_group(object.out, counts, COUNT_GROUP_ENGINE);
	put_group(object.out, counts, COUNT_GROUP_FOLLOWED);
	json_number(object.out, "workers", crew_most());
	json_number(object.out, "nanoseconds", time);
	json_number(object.out, "cpu_nanoseconds", cpu);
	end(&object);
}

/* Return the bytes that copies have, without holes.  */
static uint64_t
bytes_there(const struct counts *counts)
{
	return counts_moved(counts) + counts_get(counts, COUNT_CLONED);
}

static void
say_engines(const struct counts *counts)
{
	const uint64_t all = bytes_there(counts);
	char text[256] = "nothing moved, ";
	char percent[8];
	int used = 0;

	for (unsigned i = 0; i < COUNTS; i++) {
		const struct count_info *const info = &count_info[i];
		const uint64_t part = counts_get(counts, i);
		if (info->group == COUNT_GROUP_ENGINE && info->label != NULL && part > 0)
			used += snprintf(text + used, sizeof text - (size_t) used,
					 "%s %s, ", units_format_share(part, all, percent,
							    sizeof percent), info->label);
	}
	message_print("engines: %sworkers: %u", text, crew_most());
}

static void
say_made(const struct counts *counts)
{
	message_print("files: %" PRIu64 " regular, %" PRIu64 " directories, %" PRIu64
		      " symbolic links, %" PRIu64 " hard links, %" PRIu64 " special",
		      counts_get(counts, COUNT_REGULAR),
		      counts_get(counts, COUNT_DIRECTORIES),
		      counts_get(counts, COUNT_SYMLINKS),
		      counts_get(counts, COUNT_HARD_LINKS),
		      counts_get(counts, COUNT_SPECIAL));
}

static void
say_bytes(const struct counts *counts)
{
	const uint64_t bytes = counts_get(counts, COUNT_BYTES);
	const uint64_t cloned = counts_get(counts, COUNT_CLONED);
	const uint64_t holes = counts_get(counts, COUNT_HOLES);
	char size[3][32];

	message_print("bytes: %" PRIu64 " (%s), of them cloned: %s, in holes: %s", bytes,
		      units_format_size(bytes, size[0], sizeof size[0]),
		      units_format_size(cloned, size[1], sizeof size[1]),
		      units_format_size(holes, size[2], sizeof size[2]));
}

static void
say_time(const struct counts *counts, uint64_t time, uint64_t cpu)
{
	const double seconds = (double) time / SECOND;
	const double rate = (double) bytes_there(counts) / (seconds > 0 ? seconds : 1);
	char size[32];

	message_print("seconds: %.3f, %s/s, CPU seconds: %.3f", seconds,
		      units_format_size((uint64_t) rate, size, sizeof size),
		      (double) cpu / SECOND);
}

static void
say_summary(const struct counts *counts, uint64_t time, uint64_t cpu, size_t failed)
{
	say_made(counts);
	say_bytes(counts);
	say_time(counts, time, cpu);
	say_engines(counts);
	if (counts_get(counts, COUNT_FOLLOWED) > 0)
		message_print("followed: files: %" PRIu64 ", rounds: %" PRIu64,
			      counts_get(counts, COUNT_FOLLOWED),
			      counts_get(counts, COUNT_ROUNDS));
	message_print("errors: %zu", failed);
}

void
stats_print(size_t failed)
{
	struct counts counts;

	if (policy == NULL || (!policy->stats && !policy->json))
		return;
	const uint64_t time = clock_now() - began, cpu = cpu_time();
	totals_read_all(&counts);
	if (policy->json)
		put_summary(&counts, time, cpu, failed);
	if (policy->stats)
		say_summary(&counts, time, cpu, failed);
}
