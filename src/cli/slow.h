/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_SLOW_H
#define MMCP_CLI_SLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/operands.h"

/* Whether the destination's device is so slow that what is copied must not pile up in
   memory, where somebody watches.  doc/decisions/020-slow-devices.md has the rules.  */

/* Before anything is copied: learn what is known of the device that OPERANDS are copied
   to.  */
void
slow_look(const struct operands *operands);

/* At intervals, while progress is shown: measure the device.  */
void
slow_watch(void);

/* Return whether the device was judged slow.  */
bool
slow_is(void);

#endif
