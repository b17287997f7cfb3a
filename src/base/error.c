/* SPDX-License-Identifier: GPL-3.0-or-later */
/* error.c: what went wrong, as data.  */
#include "config.h"

#include "base/error.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

int
error_set(struct error *error, enum error_step step, int err)
{
	return error_set_at(error, step, err, -1);
}

int
error_set_at(struct error *error, enum error_step step, int err, off_t at)
{
	error->step = step;
	error->err = err;
	error->at = at;
	error->reason = REASON_NONE;
	error->name[0] = '\0';
	return -1;
}

void
error_set_name(struct error *error, const char *name)
{
	const size_t len = strnlen(name, sizeof error->name - 1);

	*(char *) mempcpy(error->name, name, len) = '\0';
}

int
error_set_engine(struct error *error, const char *engine, enum reason reason, int err)
{
	error_set(error, ERROR_ENGINE, err);
	error->reason = reason;
	error_set_name(error, engine);
	return -1;
}

struct error *
remarks_add(struct remarks *remarks, enum error_step step, int err)
{
	const unsigned max = sizeof remarks->errors / sizeof remarks->errors[0];

	if (remarks->count >= max)
		return NULL;
	error_set(&remarks->errors[remarks->count], step, err);
	return &remarks->errors[remarks->count++];
}

void
remarks_fail(struct remarks *remarks, enum error_step step, int err)
{
	remarks->failed = true;
	remarks_add(remarks, step, err);
}

bool
error_is_final(int err)
{
	return err == EIO || error_is_full(err);
}

bool
error_is_full(int err)
{
	return err == ENOSPC || err == EDQUOT;
}
