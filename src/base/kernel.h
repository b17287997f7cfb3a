/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_KERNEL_H
#define MMCP_BASE_KERNEL_H

#include <stdbool.h>

/* Return whether the kernel is MAJOR.MINOR or newer: for what no call tells.  */
bool
kernel_is(unsigned major, unsigned minor);

#endif
