/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_NAMESPACE_H
#define MMCP_BASE_NAMESPACE_H

#include <stdbool.h>

/* Return whether our children would be in another PID namespace than we are ("unshare -p"
   without -f).  The first of them would be its init: when it ends, the others are killed,
   and no fork succeeds any more.  Also, their process numbers would differ from those
   that we know.  Return false if it is unknown.  */
bool
namespace_is_new(void);

#endif
