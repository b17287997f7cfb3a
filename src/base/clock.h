/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_CLOCK_H
#define MMCP_BASE_CLOCK_H

#include <stdint.h>

/* Nanoseconds, on a clock that only goes forward.  */
uint64_t
clock_now(void);

/* Nanoseconds of processor time that this process has had.  */
uint64_t
clock_processor(void);

#endif
