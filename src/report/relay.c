/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relay.c: what workers say, through pipes to the parent: their side.  */
#include "config.h"

#include "report/relay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bell.h"
#include "base/signals.h"
#include "report/failures.h"
#include "report/message.h"
#include "report/relayrecord.h"

static struct {
	struct relay *relay;
	int fd, bell;
	_Atomic uint64_t *blocks;
	bool (*ask)(void);	/* in a parent: ask the first rank */
	bool ends;		/* a signal asked us to end while we sent: what is in
				   the block is for the parent to find */
} own;

/* Return whether the call that returned N is to be made again: it was interrupted, or the
   kernel had no memory for a page of the pipe, which may pass; less often than for 10
   seconds in all.  */
static bool
is_to_be_repeated(ssize_t n)
{
	const struct timespec tick = { .tv_nsec = 10000000 };
	static unsigned tries = 1000;

	if (n < 0 && errno == ENOMEM && signals_fatal() == 0 && tries > 0) {
		tries--;
		nanosleep(&tick, NULL);
		return true;
	}
	return signals_retry(n);
}

/* Send LEN bytes.  Return false if a signal asks us to end: nothing can be sent any
   more.  */
static bool
send_all(const void *data, size_t len)
{
	const char *at = data;

	while (len > 0 && !own.ends) {
		const ssize_t n = write(own.fd, at, len);
		own.ends = n < 0 && !is_to_be_repeated(n);
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
	if (own.ask != NULL) {
		relay_far(relay->records, relay->block.size);
		relay->block.size = 0;
		return;
	}
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
	if (own.ask != NULL) {
		relay_far(at, size);
		free(block);
		return;
	}
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

	if (own.ask != NULL) {
		add(RECORD_QUESTION, text, strlen(text));
		relay_flush();
		return own.ask();
	}
	atomic_store(&relay->asked, asked);
	add(RECORD_QUESTION, text, strlen(text));
	relay_flush();
	while (atomic_load(&relay->answered) != asked && signals_fatal() == 0)
		bell_wait(own.bell);
	return atomic_load(&relay->answered) == asked && atomic_load(&relay->yes);
}

static const struct message_sink sink = { on_line, on_output, on_status, on_question };

void
relay_begin(struct relay *relay, int fd, _Atomic uint64_t *blocks, int bell)
{
	own.relay = relay;
	own.fd = fd;
	own.blocks = blocks;
	own.bell = bell;
	own.ask = NULL;
	message_divert(&sink);
}

void
relay_begin_far(void (*send)(const void *records, size_t size), bool (*ask)(void))
{
	static struct relay relay;

	relay_far = send;
	own.relay = &relay;
	own.ask = ask;
	message_divert(&sink);
}

void
relay_give(enum relay_gift gift, const void *data, size_t len)
{
	static const enum record_kind kinds[] = {
		[RELAY_DIRECTORY] = RECORD_DIRECTORY, [RELAY_LISTED] = RECORD_LISTED,
		[RELAY_LOGGED] = RECORD_LOGGED, [RELAY_CALL] = RECORD_CALL,
	};

	if (own.relay == NULL) {
		relay_take_here(gift, data, len);
		return;
	}
	add(kinds[gift], data, len);
	if (gift != RELAY_LISTED && gift != RELAY_LOGGED)
		relay_flush();
}
