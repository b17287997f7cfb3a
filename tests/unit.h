/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_UNIT_H
#define MMCP_UNIT_H

#include <check.h>
#include <stddef.h>
#include <sys/types.h>

/* One suite for each module.  */
Suite *cpus_suite(void);
Suite *crew_suite(void);
Suite *dest_suite(void);
Suite *extent_suite(void);
Suite *fault_suite(void);
Suite *map_suite(void);
Suite *operands_suite(void);
Suite *plan_suite(void);
Suite *quote_suite(void);
Suite *seen_suite(void);
Suite *source_suite(void);
Suite *stream_suite(void);
Suite *units_suite(void);

/* A new empty directory that is the working directory of the test; and away with it.
   For tcase_add_checked_fixture.  */
void scratch_enter(void);
void scratch_leave(void);

/* Make file NAME of SIZE bytes, byte i being i * 7 + i / 256.  An open descriptor.  */
int scratch_file(const char *name, off_t size);

/* The byte that scratch_file puts at offset I.  */
unsigned char scratch_byte(off_t i);

/* Write TEXT to file NAME.  */
void scratch_text(const char *name, const char *text);

#endif
