/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-status.c: a status file as somebody may have made it.  For libFuzzer, by
   `make fuzz-status'; unit-status.c calls it, too.  */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "report/statustext.h"
#include "statuses.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	/* No byte behind what there is may be looked at.  */
	struct statusfile *const status = malloc(len > 0 ? len : 1);
	char *text = NULL;
	size_t size;

	if (status == NULL)
		return 0;
	memcpy(status, data, len);
	if (statusfile_check(status, len) == STATUSFILE_OK) {
		FILE *const out = open_memstream(&text, &size);
		statustext_write(out, status, status->updated);
		statustext_write(out, status, clock_date());
		statustext_write_json(out, status, clock_date());
		fclose(out);
		free(text);
	}
	free(status);
	return 0;
}
