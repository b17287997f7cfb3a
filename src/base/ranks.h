/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_RANKS_H
#define MMCP_BASE_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The processes of one copy on many machines: each rank is a parent with its walkers,
   and exchanges messages with the others through an agent, which speaks MPI.  Messages
   from one rank to another arrive in the order in which they were sent.  Without --mpi
   this rank is the only one.  */

/* What a message is about.  */
enum ranks_kind {
	RANKS_FACTS,		/* 0 to all: what the copy is of */
	RANKS_READY,		/* to 0: it is the same here, or why it isn't */
	RANKS_BEGIN,		/* 0 to all: everybody is ready */
	RANKS_HUNGRY,		/* to 0: workers are idle */
	RANKS_WANT,		/* 0 to one that works: others are idle */
	RANKS_TASK,
	RANKS_SAYS,		/* to 0: records of a relay */
	RANKS_ASKS,		/* to 0: the records before this ended in a question */
	RANKS_ANSWER,		/* from 0: to that */
	RANKS_COUNTS,		/* to 0 */
	RANKS_CALL,		/* to the home of a link or lock */
	RANKS_RETURN,		/* from there */
	RANKS_END,		/* 0 to all: everything is copied */
	RANKS_LEAVES		/* to 0: what was to be done in the end is done */
};

struct ranks_message {
	unsigned from;		/* the rank */
	enum ranks_kind kind;
	const char *data;	/* valid until the next message is received */
	size_t len;		/* bytes */
};

/* This process talks to its agent through FD, a stream socket.  Wait for what that says
   of us.  Return 0; or -1 if it has ended, which it has explained.  */
int
ranks_open(int fd);

/* Return whether there are several ranks.  */
bool
ranks_are_many(void);

/* Return this rank; how many there are; how many of them are on this node; and the name
   of the node.  */
unsigned
ranks_own(void);

unsigned
ranks_count(void);

unsigned
ranks_here(void);

const char *
ranks_host(void);

/* Return the descriptor that is readable when there is a message; or -1.  */
int
ranks_descriptor(void);

/* Send rank TO, which isn't this one, a message of KIND: LEN bytes of DATA, and REST more
   of MORE.  */
void
ranks_send(unsigned to, enum ranks_kind kind, const void *data, size_t len,
	const void *more, size_t rest);

/* The same, to all other ranks.  */
void
ranks_send_all(enum ranks_kind kind, const void *data, size_t len);

/* Set *MESSAGE to the next one; if there is none, with WAIT, wait for it.  Return false
   if there is none, or a signal asks us to end.  */
bool
ranks_receive(struct ranks_message *message, bool wait);

/* There will be no more messages from us.  */
void
ranks_close(void);

#endif
