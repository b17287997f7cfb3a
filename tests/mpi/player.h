/* SPDX-License-Identifier: GPL-3.0-or-later */
/* player.h: what player.c has of player_frames.c.  */
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "mpi/module.h"

extern int fd;			/* the way to the agent */
extern struct mpi_hello hello;
extern struct mpi_frame frame;	/* the head of the last one that came */
extern unsigned char *data;	/* of that one, or of the next one that is sent */

/* End this rank's child.  */
_Noreturn void
fail(const char *what);

void
get_all(void *to, size_t size);

void
put_frame(uint32_t rank, uint32_t size);

void
get_frame(void);

void
say_goodbye(void);

/* A second process that sends, while the first one reads.  As fork.  */
pid_t
sends(void);

void
sender_ended(pid_t pid);
