/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_STRIPE_H
#define MMCP_BASE_STRIPE_H

#include <stddef.h>

/* Lustre lays a file out in stripes, each on one server, and tells how in an extended
   attribute.  */

#define STRIPE_ATTRIBUTE "lustre.lov"

/* Return the bytes of a stripe of FD, the largest if it has parts of several layouts; 0
   if it has none.  */
size_t
stripe_size(int fd);

/* Return that of the layout in LAYOUT, LEN bytes, as in the attribute; 0 if it isn't
   understood.  */
size_t
stripe_of_layout(const unsigned char *layout, size_t len);

#endif
