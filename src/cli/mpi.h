/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_MPI_H
#define MMCP_CLI_MPI_H

#include <stdbool.h>

/* --mpi: this process is one of several, which mpirun has started.  It becomes the agent
   of a child, which goes on as any mmcp does (base/ranks.h).  So nothing is forked after
   MPI_Init, and MPI takes part in nothing that workers share.  */

/* If ARGV asks for that, and this isn't the first rank, what is wrong with the command
   line is for that to say: until mpi_speak, nothing is printed.  The rank is known only
   from the environment then; nothing else depends on that.  */
void
mpi_hush(int argc, char **argv);

/* From now on, it is; say so if that FAILED here, but not for the first rank.  */
void
mpi_speak(bool failed);

/* Become an agent, and return in the child, which knows all ranks: 0; or -1 if that can't
   be, which is reported.  */
int
mpi_begin(void);

#endif
