/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sorter.c: records grow from the beginning of a buffer, pointers to them from its end.
   When they meet, what there is becomes a run.  In the end the buffer is shared among the
   runs, to read them.  */
#include "config.h"

#include "base/sorter.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/descriptor.h"

enum { UNIT = _Alignof(struct sorter_record), WRITTEN_AT_ONCE = 65536 };

/* So much of each run is in memory at least: two records.  */
enum { READ_AT_ONCE = 2 * (SORTER_RECORD_MOST + 64) };

/* A run in the file, and what of it is in memory.  */
struct run {
	off_t at, end;		/* what hasn't been read yet */
	char *buffer;
	size_t from, used;	/* what is in it: the first record begins at FROM */
};

struct sorter {
	int (*open)(void *context);
	void *context;
	char *buffer;
	size_t room;		/* its size */
	size_t used;		/* bytes of records */
	size_t count;		/* of them */
	uint64_t added;		/* since the beginning */
	int err;		/* why nothing can be added; 0: it can */

	int fd;			/* of the runs; -1: there are none */
	off_t size;		/* its size */
	struct run *run;
	size_t runs;
};

struct sorter *
sorter_new(size_t room, int (*open)(void *context), void *context)
{
	struct sorter *const sorter = calloc(1, sizeof *sorter);

	if (sorter == NULL)
		return NULL;
	sorter->open = open;
	sorter->context = context;
	sorter->room = room / UNIT * UNIT;
	sorter->fd = -1;
	sorter->buffer = malloc(sorter->room);
	if (sorter->buffer != NULL)
		return sorter;
	sorter_free(sorter);
	return NULL;
}

void
sorter_free(struct sorter *sorter)
{
	if (sorter == NULL)
		return;
	if (sorter->fd >= 0)
		close(sorter->fd);
	free(sorter->run);
	free(sorter->buffer);
	free(sorter);
}

/* Return the bytes that RECORD takes.  */
static size_t
size_of(const struct sorter_record *record)
{
	return (sizeof *record + record->key + record->value + UNIT - 1) / UNIT * UNIT;
}

/* Compare the keys of A and B.  */
static int
compare_keys(const struct sorter_record *a, const struct sorter_record *b)
{
	const int ret = memcmp(a->bytes, b->bytes, a->key < b->key ? a->key : b->key);

	return ret != 0 ? ret : (a->key > b->key) - (a->key < b->key);
}

static int
compare(const struct sorter_record *a, const struct sorter_record *b)
{
	const int ret = compare_keys(a, b);

	return ret != 0 ? ret : (a->number > b->number) - (a->number < b->number);
}

static int
compare_pointers(const void *a, const void *b)
{
	return compare(*(const struct sorter_record *const *) a,
		       *(const struct sorter_record *const *) b);
}

/* ---- what is in memory ---- */

/* Return the pointers to all records in memory; sorted, once sort_all was called.  */
static struct sorter_record **
pointers(const struct sorter *sorter)
{
	return (struct sorter_record **) (void *) (sorter->buffer + sorter->room)
		- sorter->count;
}

/* Call VISIT with CONTEXT and each record in memory as sorter_visit does.  */
static int
visit_all(struct sorter *sorter,
	int (*visit)(void *context, const struct sorter_record *record), void *context)
{
	struct sorter_record **const record = pointers(sorter);
	int ret = 0;

	qsort(record, sorter->count, sizeof *record, compare_pointers);
	for (size_t i = 0; i < sorter->count && ret == 0; i++)
		if (i + 1 == sorter->count || compare_keys(record[i], record[i + 1]) != 0)
			ret = visit(context, record[i]);
	return ret;
}

/* What is about to be written to the file.  */
struct output {
	struct sorter *sorter;
	size_t used;
	char bytes[WRITTEN_AT_ONCE];
};

static int
write_out(struct output *output)
{
	struct sorter *const sorter = output->sorter;

	if (descriptor_write(sorter->fd, output->bytes, output->used, sorter->size) < 0)
		return -1;
	sorter->size += (off_t) output->used;
	output->used = 0;
	return 0;
}

static int
append(void *context, const struct sorter_record *record)
{
	struct output *const output = context;
	const size_t size = size_of(record);

	if (output->used + size > sizeof output->bytes && write_out(output) < 0)
		return -1;
	memcpy(output->bytes + output->used, record, size);
	output->used += size;
	return 0;
}

/* Make a run of what is in memory.  Return 0, or -1 with errno.  */
static int
spill(struct sorter *sorter)
{
	struct run *const run = realloc(sorter->run, (sorter->runs + 1) * sizeof *run);
	struct output *const output = malloc(sizeof *output);
	int ret = -1;

	if (run != NULL)
		sorter->run = run;
	if (sorter->fd < 0 && run != NULL && output != NULL)
		sorter->fd = sorter->open(sorter->context);
	if (sorter->fd < 0 || run == NULL || output == NULL)
		goto out;
	const off_t begin = sorter->size;
	output->sorter = sorter;
	output->used = 0;
	ret = visit_all(sorter, append, output);
	if (ret == 0)
		ret = write_out(output);
	run[sorter->runs++] = (struct run) { .at = begin, .end = sorter->size };
	sorter->used = sorter->count = 0;
out:
	free(output);
	return ret;
}

int
sorter_add(struct sorter *sorter, const void *key, size_t key_len, const void *value,
	size_t value_len)
{
	const struct sorter_record record = {
		.number = sorter->added++, .key = (uint32_t) key_len,
		.value = (uint32_t) value_len };
	const size_t size = size_of(&record);

	if (key_len + value_len > SORTER_RECORD_MOST && sorter->err == 0)
		sorter->err = EMSGSIZE;
	if (sorter->err == 0
	    && sorter->used + size + (sorter->count + 1) * sizeof (void *) > sorter->room
	    && spill(sorter) < 0)
		sorter->err = errno;
	if (sorter->err != 0) {
		errno = sorter->err;
		return -1;
	}
	struct sorter_record *const place = (void *) (sorter->buffer + sorter->used);
	memset(place, 0, size);
	*place = record;
	if (key_len > 0)
		memcpy(place->bytes, key, key_len);
	if (value_len > 0)
		memcpy(place->bytes + key_len, value, value_len);
	sorter->used += size;
	sorter->count++;
	*pointers(sorter) = place;
	return 0;
}

/* ---- runs ---- */

/* Return the record that RUN is at, all of which is in memory.  */
static const struct sorter_record *
first_of(const struct run *run)
{
	return (const void *) (run->buffer + run->from);
}

/* Return whether the record that RUN is at is in memory.  */
static bool
is_whole(const struct run *run)
{
	const size_t left = run->used - run->from;

	return left >= sizeof(struct sorter_record) && left >= size_of(first_of(run));
}

/* Have the record that RUN is at in memory, in a buffer of SIZE.  Return 1; 0 if there is
   none; or -1 with errno.  */
static int
fetch(struct run *run, int fd, size_t size)
{
	if (is_whole(run))
		return 1;
	run->used -= run->from;
	memmove(run->buffer, run->buffer + run->from, run->used);
	run->from = 0;
	const size_t free = size - run->used;
	const size_t len = run->end - run->at < (off_t) free
		? (size_t) (run->end - run->at) : free;
	const ssize_t n = descriptor_read(fd, run->buffer + run->used, len, run->at);
	if (n < 0)
		return -1;
	run->at += n;
	run->used += (size_t) n;
	if (is_whole(run))
		return 1;
	errno = EIO;		/* Somebody cut the file.  */
	return run->used == 0 && run->at == run->end ? 0 : -1;
}

/* Let the run at PLACE of the heap of COUNT runs sink to where it belongs.  */
static void
sink(struct run *run, size_t count, size_t place)
{
	for (;;) {
		size_t least = place;
		for (size_t i = 2 * place + 1; i <= 2 * place + 2 && i < count; i++)
			if (compare(first_of(&run[i]), first_of(&run[least])) < 0)
				least = i;
		if (least == place)
			return;
		const struct run other = run[place];
		run[place] = run[least];
		run[least] = other;
		place = least;
	}
}

/* Return whether the first record of the heap is followed by one with the same key.  */
static bool
is_superseded(const struct run *run, size_t count)
{
	for (size_t i = 1; i <= 2 && i < count; i++)
		if (compare_keys(first_of(run), first_of(&run[i])) == 0)
			return true;
	return false;
}

/* Visit the records of all runs, each of which has SIZE bytes of the buffer.  */
static int
merge(struct sorter *sorter, size_t size,
	int (*visit)(void *context, const struct sorter_record *record), void *context)
{
	struct run *const run = sorter->run;
	size_t count = sorter->runs;
	int ret = 0;

	for (size_t i = 0; i < count; i++) {
		run[i].buffer = sorter->buffer + i * size;
		if (fetch(&run[i], sorter->fd, size) <= 0)
			return -1;
	}
	for (size_t i = count; i-- > 0; )
		sink(run, count, i);
	while (count > 0 && ret == 0) {
		if (!is_superseded(run, count))
			ret = visit(context, first_of(run));
		run->from += size_of(first_of(run));
		const int more = ret < 0 ? 1 : fetch(run, sorter->fd, size);
		if (more < 0)
			ret = -1;
		else if (more == 0)
			*run = run[--count];
		if (ret == 0 && count > 0)
			sink(run, count, 0);
	}
	return ret;
}

int
sorter_visit(struct sorter *sorter,
	int (*visit)(void *context, const struct sorter_record *record), void *context)
{
	if (sorter->err != 0) {
		errno = sorter->err;
		return -1;
	}
	if (sorter->runs == 0)
		return visit_all(sorter, visit, context);
	if (sorter->count > 0 && spill(sorter) < 0)
		return -1;
	size_t size = sorter->room / sorter->runs / UNIT * UNIT;
	if (size < READ_AT_ONCE) {
		size = READ_AT_ONCE;
		free(sorter->buffer);
		sorter->buffer = malloc(sorter->runs * size);
		if (sorter->buffer == NULL)
			return -1;
	}
	return merge(sorter, size, visit, context);
}
