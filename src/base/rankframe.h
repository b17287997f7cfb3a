/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_RANKFRAME_H
#define MMCP_BASE_RANKFRAME_H

#include <stdint.h>

/* What goes through the socket between a rank and its agent.  */

/* The most bytes of data that a frame has.  */
enum { MPI_FRAME_MOST = 16 << 20 };

/* What comes before the data of each frame, in the byte order of the machine.  Frames
   from one rank to another come in the order in which they were sent.  A child may send
   to its own rank, too; but such a frame without data is its goodbye: it has done its
   part, and is going to exit.  A child that ends without it ends the whole job.  */
struct mpi_frame {
	uint32_t size;		/* of the data */
	uint32_t rank;		/* from the child: the destination; to it: the source */
};

/* The data of the first frame to the child, which comes from its own rank.  */
struct mpi_hello {
	uint32_t rank;
	uint32_t ranks;		/* how many there are */
	uint32_t ranks_here;	/* how many of them are on this node */
	uint32_t first_here;	/* the lowest rank on this node */
	char host[256];		/* the name of this node, with a 0 at its end */
};

#endif
