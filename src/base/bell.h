/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_BELL_H
#define MMCP_BASE_BELL_H

/* What one process waits for and others ring: a descriptor that children inherit.  A bell
   that was rung stays so until it is heard.  */

/* Return a new bell, a descriptor that poll(2) finds readable once it is rung; -1 with
   errno.  */
int
bell_new(void);

void
bell_ring(int bell);

/* Silence BELL.  */
void
bell_hear(int bell);

/* Wait until BELL is rung, and silence it.  Returns early when a signal comes.  */
void
bell_wait(int bell);

#endif
