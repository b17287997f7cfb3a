/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_META_H
#define MMCP_META_H

#include "fault.h"

/* Owner, extended attributes, ACL and mode of a file.  */

/* Give the open file TO the owner, group, attributes, ACL and mode of the open file
   FROM, as far as overwriting FROM would have left them to it: file capabilities go, and
   set-ID bits go unless we are privileged.  0, or -1 with a fault if anything can't be
   kept.  */
int
meta_adopt(int to, int from, struct fault *fault);

#endif
