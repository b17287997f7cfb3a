/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relay.c: what workers say, through pipes to the parent.  */
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

enum record_kind { RECORD_LINE, RECORD_FAILURE, RECORD_OUTPUT, RECORD_RAW,
		   RECORD_STATUS, RECORD_QUESTION, RECORD_GIVEN };

/* Before what a record says.  */
struct record {
	uint32_t size;		/* with this */
	uint16_t kind;
	bool has_subject;
	uint32_t base;		/* of the subject, whose name comes first */
};

/* ---- in a worker ---- */

static struct {
	struct relay *relay;
	int fd, bell;
	_Atomic uint64_t *blocks;
	bool ends;		/* a signal asked us to end while we sent: what is in
				   the block is for the parent to find */
	const struct relay_readers *here;	/* in the parent */
} own;

/* Send LEN bytes.  Return false if a signal asks us to end: nothing can be sent any
   more.  */
static bool
send_all(const void *data, size_t len)
{
	const char *at = data;

	while (len > 0 && !own.ends) {
		const ssize_t n = write(own.fd, at, len);
		own.ends = n < 0 && !signals_retry(n);
		if (n > 0) {
			at += n;
			len -= (size_t) n;
		}
	}
	return !own.ends;
}

void
relay_flush(void)
{
	struct relay *const relay = own.relay;

	if (relay == NULL || relay->block.size == 0)
		return;
	relay->block.number = atomic_fetch_add(own.blocks, 1) + 1;
	if (send_all(&relay->block, sizeof relay->block + relay->block.size))
		relay->block = (struct relay_block) { .size = 0 };
}

/* Return where SIZE more bytes go: into the block or, if they are too many for one, into
   memory for a block of their own; NULL without memory.  */
static char *
room_for(size_t size)
{
	struct relay *const relay = own.relay;

	if (relay->block.size + size > RELAY_ROOM)
		relay_flush();
	if (own.ends && relay->block.size + size > RELAY_ROOM)
		return NULL;
	if (size <= RELAY_ROOM)
		return relay->records + relay->block.size;
	struct relay_block *const block = malloc(sizeof *block + size);
	if (block == NULL)
		return NULL;
	block->size = (uint32_t) size;
	return (char *) (block + 1);
}

/* The record at AT, of SIZE bytes, is complete.  */
static void
commit(char *at, size_t size)
{
	if (size <= RELAY_ROOM) {
		atomic_signal_fence(memory_order_release);
		own.relay->block.size += (uint32_t) size;
		return;
	}
	struct relay_block *const block = (struct relay_block *) (void *) at - 1;
	block->number = atomic_fetch_add(own.blocks, 1) + 1;
	send_all(block, sizeof *block + size);
	free(block);
}

/* Add a record of KIND with LEN bytes of DATA, about the subject.  */
static void
add(enum record_kind kind, const void *data, size_t len)
{
	const struct subject subject = kind == RECORD_FAILURE ? failures_subject()
		: SUBJECT_NONE;
	const size_t name = subject.name != NULL ? strlen(subject.name) + 1 : 0;
	const size_t unit = _Alignof(struct relay_block);
	const struct record record = {
		.size = (uint32_t) ((sizeof record + name + len + 1 + unit - 1)
				    / unit * unit),
		.kind = (uint16_t) kind, .has_subject = subject.name != NULL,
		.base = (uint32_t) subject.base,
	};
	char *const at = room_for(record.size);

	if (at == NULL)
		return;
	memcpy(at, &record, sizeof record);
	if (name > 0)
		memcpy(at + sizeof record, subject.name, name);
	if (len > 0)
		memcpy(at + sizeof record + name, data, len);
	at[sizeof record + name + len] = '\0';
	commit(at, record.size);
}

static void
on_line(bool failure, const char *text)
{
	add(failure ? RECORD_FAILURE : RECORD_LINE, text, strlen(text));
	relay_flush();
}

static void
on_output(bool raw, const char *text, size_t len)
{
	add(raw ? RECORD_RAW : RECORD_OUTPUT, text, len);
}

static void
on_status(void)
{
	add(RECORD_STATUS, NULL, 0);
}

static bool
on_question(const char *text)
{
	struct relay *const relay = own.relay;
	const unsigned asked = atomic_load(&relay->asked) + 1;

	atomic_store(&relay->asked, asked);
	add(RECORD_QUESTION, text, strlen(text));
	relay_flush();
	while (atomic_load(&relay->answered) != asked && signals_fatal() == 0)
		bell_wait(own.bell);
	return atomic_load(&relay->answered) == asked && atomic_load(&relay->yes);
}

void
relay_begin(struct relay *relay, int fd, _Atomic uint64_t *blocks, int bell)
{
	static const struct message_sink sink = { on_line, on_output, on_status,
						  on_question };

	own.relay = relay;
	own.fd = fd;
	own.blocks = blocks;
	own.bell = bell;
	message_divert(&sink);
}

void
relay_give(const void *data, size_t len)
{
	if (own.relay == NULL) {
		own.here->take(own.here->context, data, len);
		return;
	}
	add(RECORD_GIVEN, data, len);
	relay_flush();
}

/* ---- in the parent ---- */

/* Print what RECORD, of a worker, says.  Return whether it is a question, which is
   printed, too.  */
static bool
print(const struct relay_readers *readers, const struct record *record)
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
	case RECORD_GIVEN:
		readers->take(readers->context, data, record->size - sizeof *record);
		break;
	}
	return false;
}

/* Print the records FROM, of SIZE bytes.  Return whether the last one is a question.  */
static bool
print_all(const struct relay_readers *readers, const char *from, size_t size)
{
	bool question = false;

	for (size_t at = 0; at < size; ) {
		struct record record;
		memcpy(&record, from + at, sizeof record);
		question = print(readers, (const void *) (from + at));
		at += record.size;
	}
	return question;
}

/* Return the block at offset AT of READER; NULL if it isn't whole.  */
static const struct relay_block *
block_at(const struct relay_reader *reader, size_t at)
{
	const struct relay_block *const block = (const void *) (reader->data + at);

	if (reader->used - at < sizeof *block
	    || reader->used - at - sizeof *block < block->size)
		return NULL;
	return block;
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
print_first(const struct relay_readers *readers, struct relay_reader *reader)
{
	const struct relay_block *const block = block_at(reader, 0);
	const size_t size = sizeof *block + block->size;
	const bool question = print_all(readers, (const char *) (block + 1), block->size);

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
		if (print_first(readers, reader))
			return (int) (reader - readers->reader);
	return -1;
}

void
relay_here(const struct relay_readers *readers)
{
	own.here = readers;
}

void
relay_open(struct relay_reader *reader, int fd)
{
	*reader = (struct relay_reader) { .fd = fd };
}

void
relay_close(struct relay_readers *readers, struct relay_reader *reader,
	struct relay *relay)
{
	const struct relay_block block = relay->block;

	fill(reader, UINT64_MAX);
	while (block_at(reader, 0) != NULL)
		print_first(readers, reader);
	/* It may have died between the write and the note of that.  */
	if (block.size > 0 && (block.number == 0 || block.number != reader->last))
		print_all(readers, relay->records, block.size);
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
