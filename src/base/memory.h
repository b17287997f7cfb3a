/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_MEMORY_H
#define MMCP_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes in a page of memory.  */
size_t
memory_page_size(void);

/* The bytes of the folio that a page fault brings in after memory_advise_huge; 0 where
   that is not known, or does nothing (Linux before 5.18, or built without huge pages).  */
size_t
memory_huge_page(void);

/* Have a page fault of a mapping [ADDR, ADDR+LEN) of a file bring in one folio of
   memory_huge_page() bytes, where the file system has such, and no more than it.  0, or
   -1 with errno.  */
int
memory_advise_huge(void *addr, size_t len);

/* Have the pages of a mapping [ADDR, ADDR+LEN) present for reading (or writing),
   with an errno instead of SIGBUS: EFAULT where a page can't be had.  0, also where
   the kernel is too old to know; or -1.  ADDR is on a page boundary.  */
int
memory_populate(void *addr, size_t len, bool for_writing);

#endif
