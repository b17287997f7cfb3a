/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_WRITEBACK_H
#define MMCP_ENGINE_WRITEBACK_H

#include <sys/types.h>

/* Write the first SIZE bytes of FD back to the device and wait for that, piece by piece,
   so that progress is shown and a signal is obeyed.  Return 0,
   also where the file system can't do it so; or -1 with errno.  */
int
writeback_range(int fd, off_t size);

/* The same, and fsync(2).  */
int
writeback_file(int fd, off_t size);

#endif
