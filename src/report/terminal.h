/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_TERMINAL_H
#define MMCP_REPORT_TERMINAL_H

/* The terminal on standard error.  */

/* Return its columns, which may change at any time; 80 if they are unknown, or if there
   is no terminal.  */
unsigned
terminal_columns(void);

#endif
