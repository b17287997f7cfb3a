/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_CLOCK_H
#define MMCP_BASE_CLOCK_H

#include <stdint.h>

/* Nanoseconds, on a clock that only goes forward.  */
uint64_t
clock_now(void);

/* The same, some milliseconds behind, and in less time: no system call is made.  */
uint64_t
clock_rough(void);

/* Nanoseconds since 1970, on the clock that people set.  */
uint64_t
clock_date(void);

/* Nanoseconds of processor time that this process has had.  */
uint64_t
clock_processor(void);

#endif
