/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_STEPS_H
#define MMCP_ENGINE_STEPS_H

/* Bytes read and written at a time: what stays in the processor's cache; or, from a
   device, as many as it is to read ahead (doc/measurements.md#buffer-size); or, as
   WAY_WRITE_SMALL, so few that a new file gets small folios.  */
enum { STEP = 256 << 10, STEP_OF_DEVICE = 1 << 20, STEP_SMALL = 16 << 10 };

#endif
