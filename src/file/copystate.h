/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_FILE_COPYSTATE_H
#define MMCP_FILE_COPYSTATE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "engine/blockhash.h"
#include "file/dest.h"
#include "file/journalfile.h"
#include "file/keeper.h"
#include "file/metadata.h"
#include "file/order.h"
#include "file/outcome.h"
#include "file/policy.h"
#include "file/source.h"

/* What verification.c keeps while a copy is made.  */
struct verification {
	int reader;			/* the copy, open for reading; -1: it isn't */
	struct blockhashes hashes;	/* of the source, taken while it is copied */
};

#define VERIFICATION_NONE ((struct verification) { .reader = -1 })

/* What resumption.c keeps while a copy is made.  */
struct resumption {
	const struct copy *copy;	/* NULL: there is no journal to be */
	struct error error;		/* why there can be no copy now: another process
					   makes it, or what there is can't be read */
	int refused;			/* errno: why there is no journal, or 0 */
	struct journalfile journal;
	struct blockhashes hashes;	/* in the journal */
	struct blockmarks *marks;	/* NULL: there is no journal */
	struct keeper keeper;
	uint64_t resumed;		/* bytes that are there already */
};

#define RESUMPTION_NONE ((struct resumption) { .journal = { .fd = -1 } })

/* A copy on its way, which copy.c, opening.c, retry.c and others share.  */
struct copy {
	const struct copy_policy *policy;
	const struct copy_order *order;
	struct source *source;
	struct metadata meta;		/* of the source */
	struct dest dest;
	struct verification verification;
	struct resumption resumption;
	struct copy_outcome *outcome;
	bool made_known;		/* made is the status of the new file when made */
	struct stat made;
	bool unhidden;			/* a new file has its name from the beginning */
	bool as_cp;			/* make only calls that cp makes */
};

/* Return whether the source can be read only once: a pipe, a device.  */
static inline bool
copy_is_stream(const struct copy *copy)
{
	return !S_ISREG(copy->source->st.st_mode);
}

#endif
