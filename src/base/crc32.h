/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_CRC32_H
#define MMCP_BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Return the CRC-32 (of IEEE 802.3, as in gzip) of what CRC is that of, 0 for nothing,
   and LEN bytes of DATA behind it.  */
uint32_t
crc32_add(uint32_t crc, const void *data, size_t len);

#endif
