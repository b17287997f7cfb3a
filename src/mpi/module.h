/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_MPI_MODULE_H
#define MMCP_MPI_MODULE_H

#include <sys/types.h>

#include "base/rankframe.h"

/* What mmcp-mpi.so has for the program that opens it.  The process that MPI has started
   becomes an agent: it knows nothing of copies, and carries frames between its child,
   which it has forked before, and the agents of the other ranks.  */

#define MPI_MODULE_EXPORT __attribute__((visibility("default")))

/* Be the agent of CHILD, which has the other end of the stream socket FD, until all
   ranks have ended.  No other process of this side may have that other end.  It calls
   MPI_Init: the process doesn't fork afterwards.

   Return the exit status of this process, which is the same on all ranks: that of rank
   0's child, or 128 + N if signal N ended it; where that is 0, the largest of all
   children.  If a child ends early or a signal asks this process to end, it ends the
   job by MPI_Abort, and doesn't return.  */
MPI_MODULE_EXPORT int
mmcp_mpi_run(int fd, pid_t child);

/* The PACKAGE_VERSION of the module: a program of another version doesn't use it.  */
MPI_MODULE_EXPORT extern const char mmcp_mpi_version[];

#endif
