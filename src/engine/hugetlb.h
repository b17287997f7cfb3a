/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_ENGINE_HUGETLB_H
#define MMCP_ENGINE_HUGETLB_H

#include <sys/types.h>

#include "engine/sequential.h"

/* Read all of the source into mapped pages of the destination, which is on hugetlbfs:
   the engine hugetlb, and what kernel and stream do there.  Return the bytes read, or -1
   with an error.  */
off_t
hugetlb_read(struct sequential *s);

#endif
