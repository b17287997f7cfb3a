/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_INORDER_H
#define MMCP_ENGINE_INORDER_H

#include "engine/sequential.h"

/* Copy all of S's source, which was begun, and finish S: data by s->move, holes as
   planned; to hugetlbfs by hugetlb_read.  Return 0; or -1 with an error, which may be
   that of s->move: then dest->whole bytes are in place, and another engine goes on from
   there.  */
int
inorder_copy(struct sequential *s);

#endif
