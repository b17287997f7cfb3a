/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_PARTIAL_H
#define MMCP_FILE_PARTIAL_H

/* --partial: what could be copied of a file whose copy failed is kept under its name.  */

struct copy;

/* COPY has failed, with both files still open.  If its policy wants that, and there is
   something to keep, copy what else can be read, and give it the name.  The outcome says
   what is missing, and its error is the one that kept the copy from being whole.  */
void
partial_keep(struct copy *copy);

#endif
