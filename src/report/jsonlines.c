/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jsonlines.c: the lines of --json, an object each.  */
#include "config.h"

#include "report/jsonlines.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/crew.h"
#include "base/missing.h"
#include "base/ranks.h"
#include "report/errnoname.h"
#include "report/json.h"

enum { SCHEMA = 2, RANGES = 1000 };	/* no more ranges are listed */

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
		fprintf(object->out, "{\"event\":\"%s\",\"schema\":%d", event, SCHEMA);
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

/* Write TEXT, if there is one.  */
static void
put_text(FILE *out, const char *key, const char *text)
{
	if (text != NULL)
		json_text(out, key, text);
}

/* Write those of COUNTS that belong to GROUP.  */
static void
put_group(FILE *out, const struct counts *counts, enum count_group group)
{
	for (unsigned i = 0; i < COUNTS; i++)
		if (count_info[i].group == group && count_info[i].key != NULL)
			json_number(out, count_info[i].key, counts_get(counts, i));
}

/* ---- one name ---- */

static void
put_copied(FILE *out, const struct copied *copied)
{
	const struct counts *const counts = &copied->counts;

	if (counts_there(counts) > 0)
		put_text(out, "engine", copied->engine);
	json_seconds(out, "seconds", copied->nanoseconds);
	put_group(out, counts, COUNT_GROUP_ENGINE);
	json_number(out, "rounds", counts_get(counts, COUNT_ROUNDS));
	put_group(out, counts, COUNT_GROUP_VERIFIED);
}

void
jsonlines_file(const struct event *event)
{
	struct object object;
	FILE *const out = begin(&object, "file");

	if (out == NULL)
		return;
	json_text(out, "action", event->action);
	put_text(out, "reason", event->reason);
	put_text(out, "kind", event->kind);
	put_text(out, "source", event->source);
	put_text(out, "destination", event->dest);
	if (event->sized)
		json_number(out, "bytes", event->bytes);
	if (event->copied != NULL)
		put_copied(out, event->copied);
	end(&object);
}

/* Write what is MISSING of a copy that was kept.  */
static void
put_missing(FILE *out, const struct missing *missing)
{
	const size_t most = missing->count < RANGES ? missing->count : RANGES;

	json_number(out, "missing_bytes", missing->bytes);
	json_number(out, "missing_count", missing->count);
	fputs(",\"missing\":[", out);
	for (size_t i = 0; i < most; i++) {
		const struct missing_range *const range = &missing->range[i];
		fprintf(out, "%s{\"offset\":%jd,\"bytes\":%jd}", i > 0 ? "," : "",
			(intmax_t) range->from, (intmax_t) (range->end - range->from));
	}
	putc(']', out);
}

void
jsonlines_error(const struct failure *failure, const char *text, const char *source)
{
	struct object object;
	FILE *const out = begin(&object, "error");

	if (out == NULL)
		return;
	put_text(out, "operation", failure->operation);
	put_text(out, "path", failure->path);
	if (failure->err != 0)
		json_text(out, "errno", errnoname(failure->err));
	put_text(out, "source", source);
	if (failure->differs) {
		json_number(out, "offset", (uint64_t) failure->offset);
		if (failure->differing > 0)
			json_number(out, "differing_bytes", failure->differing);
	}
	if (failure->missing != NULL)
		put_missing(out, failure->missing);
	json_text(out, "message", text);
	end(&object);
}

/* ---- all of them ---- */

void
jsonlines_summary(const struct run_summary *summary)
{
	const struct counts *const counts = summary->counts;
	struct object object;
	FILE *const out = begin(&object, "summary");

	if (out == NULL)
		return;
	json_number(out, "exit_status", (uint64_t) summary->status);
	put_group(out, counts, COUNT_GROUP_MADE);
	json_number(out, "skipped", counts_sum(counts, COUNT_GROUP_SKIPPED));
	fputs(",\"skipped_by\":{", out);
	const char *comma = "";
	for (unsigned i = 0; i < COUNTS; i++)
		if (count_info[i].group == COUNT_GROUP_SKIPPED) {
			fprintf(out, "%s\"%s\":%" PRIu64, comma, count_info[i].key,
				counts_get(counts, i));
			comma = ",";
		}
	putc('}', out);
	json_number(out, "failed", summary->failed);
	put_group(out, counts, COUNT_GROUP_SIZE);
	put_group(out, counts, COUNT_GROUP_ENGINE);
	put_group(out, counts, COUNT_GROUP_COMPARED);
	put_group(out, counts, COUNT_GROUP_FOLLOWED);
	put_group(out, counts, COUNT_GROUP_VERIFIED);
	json_seconds(out, "verify_seconds", counts_get(counts, COUNT_VERIFYING));
	put_group(out, counts, COUNT_GROUP_HASHED);
	json_seconds(out, "hash_seconds", counts_get(counts, COUNT_HASHING));
	if (ranks_are_many())
		json_number(out, "ranks", ranks_count());
	json_number(out, "workers", crew_most());
	json_number(out, "walkers", summary->walkers);
	json_seconds(out, "seconds", summary->time);
	json_seconds(out, "cpu_seconds", summary->cpu);
	end(&object);
}
