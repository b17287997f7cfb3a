/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relayread.c: what workers say, printed by the parent.  */
#include "config.h"

#include "report/relay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bell.h"
#include "base/signals.h"
#include "report/failures.h"
#include "report/message.h"
#include "report/relayrecord.h"

static struct {
	relay_taker *take;
	void *context;
} takers[RELAY_GIFTS];

void (*relay_far)(const void *records, size_t size);

void
relay_takes(enum relay_gift gift, relay_taker *take, void *context)
{
	takers[gift].take = take;
	takers[gift].context = context;
}

void
relay_take_here(enum relay_gift gift, const void *data, size_t len)
{
	takers[gift].take(takers[gift].context, data, len);
}

/* Print what RECORD, of a worker, says.  Return whether it is a question, which is
   printed, too.  */
static bool
print(const struct record *record)
{
	const char *const name = (const char *) (record + 1);
	const char *const data = name + (record->has_subject ? strlen(name) + 1 : 0);

	switch ((enum record_kind) record->kind) {
	case RECORD_LINE:
		message_line(false, data);
		break;
	case RECORD_FAILURE: {
		const struct subject before = failures_about((struct subject) {
			record->has_subject ? name : NULL, record->base });
		message_line(true, data);
		failures_about(before);
		break;
	}
	case RECORD_OUTPUT:
	case RECORD_RAW:
		message_output(record->kind == RECORD_RAW, data, strlen(data));
		break;
	case RECORD_STATUS:
		message_fail();
		break;
	case RECORD_QUESTION:
		if (signals_fatal() != 0)
			break;
		message_question(data);
		return true;
	case RECORD_DIRECTORY:
		relay_take_here(RELAY_DIRECTORY, data, record->size - sizeof *record);
		break;
	case RECORD_LISTED:
		relay_take_here(RELAY_LISTED, data, record->size - sizeof *record);
		break;
	case RECORD_LOGGED:
		relay_take_here(RELAY_LOGGED, data, record->size - sizeof *record);
		break;
	case RECORD_CALL:
		relay_take_here(RELAY_CALL, data, record->size - sizeof *record);
		break;
	}
	return false;
}

/* Send RECORD, of a worker, to the first rank, unless it is for us.  Return whether it is
   a question.  */
static bool
pass_on(const struct record *record)
{
	if (record->kind == RECORD_CALL)
		return print(record);
	relay_far(record, record->size);
	return record->kind == RECORD_QUESTION;
}

/* Print the records FROM, of SIZE bytes.  Return whether the last one is a question.  */
static bool
print_all(const char *from, size_t size)
{
	bool question = false;

	for (size_t at = 0; at < size; ) {
		struct record record;
		memcpy(&record, from + at, sizeof record);
		question = (relay_far != NULL ? pass_on : print)((const void *)
								 (from + at));
		at += record.size;
	}
	return question;
}

bool
relay_print(const void *records, size_t size)
{
	return print_all(records, size);
}

/* Return the block at offset AT of READER; NULL if it isn't whole.  */
static const struct relay_block *
block_at(const struct relay_reader *reader, size_t at)
{
	if (reader->used - at < sizeof(struct relay_block))
		return NULL;
	const struct relay_block *const block = (const void *) (reader->data + at);
	return reader->used - at - sizeof *block < block->size ? NULL : block;
}

/* Make room to read into.  Return 0, or -1 without memory.  */
static int
make_room(struct relay_reader *reader)
{
	enum { STEP = 65536 };

	if (reader->size - reader->used >= STEP)
		return 0;
	char *const data = realloc(reader->data, 2 * reader->size + STEP);
	if (data == NULL)
		return -1;
	reader->data = data;
	reader->size = 2 * reader->size + STEP;
	return 0;
}

/* Read what there is in READER's pipe, until the number of a whole block is UNTIL or
   more.  */
static void
fill(struct relay_reader *reader, uint64_t until)
{
	while (reader->fd >= 0 && reader->last < until && make_room(reader) == 0) {
		const ssize_t n = read(reader->fd, reader->data + reader->used,
				       reader->size - reader->used);
		if (n <= 0 && !(n < 0 && errno == EINTR))
			return;
		reader->used += n > 0 ? (size_t) n : 0;
		const struct relay_block *block;
		for (size_t at = 0; (block = block_at(reader, at)) != NULL;
		     at += sizeof *block + block->size)
			reader->last = block->number;
	}
}

/* Return the reader whose first block is whole and the oldest, up to number LAST; NULL if
   there is none.  */
static struct relay_reader *
oldest(const struct relay_readers *readers, uint64_t last)
{
	struct relay_reader *found = NULL;

	for (unsigned i = 0; i < readers->count; i++) {
		const struct relay_block *const block = block_at(&readers->reader[i], 0);
		if (block != NULL && block->number <= last) {
			last = block->number;
			found = &readers->reader[i];
		}
	}
	return found;
}

/* Print the first block of READER, and drop it.  Return whether it ends in a
   question.  */
static bool
print_first(struct relay_reader *reader)
{
	const struct relay_block *const block = block_at(reader, 0);
	const size_t size = sizeof *block + block->size;
	const bool question = print_all((const char *) (block + 1), block->size);

	reader->used -= size;
	memmove(reader->data, reader->data + size, reader->used);
	return question;
}

int
relay_receive(struct relay_readers *readers)
{
	uint64_t last = 0;
	struct relay_reader *reader;

	/* What was sent before the last block that we have is in the pipes by now.  */
	for (unsigned i = 0; i < readers->count; i++) {
		fill(&readers->reader[i], 1);
		fill(&readers->reader[i], readers->reader[i].last + 1);
		if (readers->reader[i].last > last)
			last = readers->reader[i].last;
	}
	for (unsigned i = 0; i < readers->count; i++)
		fill(&readers->reader[i], last);
	while ((reader = oldest(readers, last)) != NULL)
		if (print_first(reader))
			return (int) (reader - readers->reader);
	return -1;
}

void
relay_open(struct relay_reader *reader, int fd)
{
	*reader = (struct relay_reader) { .fd = fd };
}

void
relay_close(struct relay_reader *reader, struct relay *relay)
{
	const struct relay_block block = relay->block;

	fill(reader, UINT64_MAX);
	while (block_at(reader, 0) != NULL)
		print_first(reader);
	/* It may have died between the write and the note of that.  */
	if (block.size > 0 && (block.number == 0 || block.number != reader->last))
		print_all(relay->records, block.size);
	relay->block = (struct relay_block) { .size = 0 };
	if (reader->fd >= 0)
		close(reader->fd);
	free(reader->data);
	*reader = (struct relay_reader) { .fd = -1 };
}

void
relay_answer(struct relay *relay, bool yes, int bell)
{
	atomic_store(&relay->yes, yes);
	atomic_store(&relay->answered, atomic_load(&relay->asked));
	bell_ring(bell);
}
