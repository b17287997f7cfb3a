/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_CLI_FOREIGN_H
#define MMCP_CLI_FOREIGN_H

#include <stddef.h>

/* Return what an option that has a name of LEN bytes in rsync or another program is
   called here, without dashes, perhaps with an argument; or NULL.  */
const char *
foreign_option(const char *name, size_t len);

/* Return the first word here for what others call WORD, if N is 0; the second one if it
   is 1; and so on.  NULL if there are no more.  */
const char *
foreign_word(const char *word, size_t n);

#endif
