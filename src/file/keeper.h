/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_KEEPER_H
#define MMCP_FILE_KEEPER_H

#include <stdbool.h>

#include "base/crew.h"
#include "base/error.h"
#include "file/journalfile.h"

/* The process that keeps a journal while others copy: again and again, it has the blocks
   that are in the copy written to the device, and only then seals them in the journal.
   The copy doesn't wait for it.  */

struct keeper_share;

struct keeper {
	struct crew crew;
	struct keeper_share *share;	/* NULL: there is none */
	int bell;
	bool sealed;	/* it has sealed something; when it was stopped, as the next */
	bool failed;	/* it has not kept the journal to the end */
};

/* Begin to keep JOURNAL of a copy in directory DIR, whose blocks MARKS are of.  DATA is
   the copy, opened for this alone before anything was written, and is closed here: an
   error of writing back is reported once to each open file, and one that somebody else
   has heard of would lead to a seal for what isn't there; so nobody takes the place of a
   process that dies.  Return 0; or -1 with errno: nothing is sealed.  */
int
keeper_start(struct keeper *keeper, const struct journalfile *journal,
	const struct blockmarks *marks, int data, int dir);

/* Have the process end; FINISH: when all that is in the copy is sealed.  One that is
   stopped is continued.  When a signal ends the program, that takes no longer than half a
   second.  Return 0; or -1 with an error if what was copied could not be written to the
   device.  */
int
keeper_stop(struct keeper *keeper, bool finish, struct error *error);

#endif
