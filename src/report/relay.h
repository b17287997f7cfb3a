/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_RELAY_H
#define MMCP_REPORT_RELAY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Only the parent speaks.  What a worker has to say goes to it as records: they are
   gathered in shared memory, and sent as a block through the worker's pipe.  Blocks have
   numbers, so that the parent prints what one worker said before it gave work to another
   before what that one says.  What a worker hadn't sent when it died is still in its
   memory.  */

enum { RELAY_ROOM = 32768 };

struct relay_block {
	uint32_t size;		/* bytes of records */
	uint32_t unused;
	uint64_t number;	/* from 1; 0: not sent yet */
};

/* A worker's side, in memory that it shares with the parent.  */
struct relay {
	struct relay_block block;
	char records[RELAY_ROOM];
	_Atomic unsigned asked, answered;	/* questions so far */
	_Atomic bool yes;			/* the last answer */
};

/* In a worker: have everything that is reported from now on go through RELAY and pipe FD.
   BLOCKS counts the blocks of all workers; BELL is rung when a question is answered.  */
void
relay_begin(struct relay *relay, int fd, _Atomic uint64_t *blocks, int bell);

/* In the parent of another rank than the first: have everything that is reported from now
   on, also by workers, sent by SEND, and questions asked by ASK behind that; it returns
   the answer.  */
void
relay_begin_far(void (*send)(const void *records, size_t size), bool (*ask)(void));

/* In the first rank: print RECORDS, of SIZE bytes, that another one has sent, and take
   its gifts.  Return whether the last one is a question, which is printed, too.  */
bool
relay_print(const void *records, size_t size);

/* In a worker: send what was gathered.  */
void
relay_flush(void);

/* What a worker gives to the parent besides words.  */
enum relay_gift {
	RELAY_DIRECTORY,	/* that the parent finishes; sent at once */
	RELAY_LISTED,		/* a line of the manifest; sent when there is more */
	RELAY_LOGGED,		/* a line of the log, from another rank; the same */
	RELAY_CALL,		/* to another rank; sent at once */
	RELAY_GIFTS
};

/* In the parent: take it here.  */
void
relay_take_here(enum relay_gift gift, const void *data, size_t len);

/* Gather LEN bytes of DATA for the parent's relay_taker; in the parent, call it.  */
void
relay_give(enum relay_gift gift, const void *data, size_t len);

/* Called with what a worker gave, and perhaps more bytes after it.  */
typedef void relay_taker(void *context, const void *data, size_t len);

/* In the parent: TAKE is called with CONTEXT and each GIFT from now on.  */
void
relay_takes(enum relay_gift gift, relay_taker *take, void *context);

/* The parent's side of one worker's pipe.  */
struct relay_reader {
	int fd;			/* -1: there is no pipe any more */
	char *data;		/* blocks that were read */
	size_t used, size;	/* bytes */
	uint64_t last;		/* the number of the last whole block that was read */
};

/* What the parent knows of all pipes.  */
struct relay_readers {
	struct relay_reader *reader;
	unsigned count;
};

/* Begin to read from FD, which doesn't block.  */
void
relay_open(struct relay_reader *reader, int fd);

/* Print what the workers have said, without waiting for more.  Return the number of a
   reader that has a question; or -1.  */
int
relay_receive(struct relay_readers *readers);

/* The worker of READER has ended, and all that it sent was received: print what is left
   in its RELAY, and close.  */
void
relay_close(struct relay_reader *reader, struct relay *relay);

/* The worker of RELAY waits for an answer: it is YES or not; ring BELL for it.  */
void
relay_answer(struct relay *relay, bool yes, int bell);

#endif
