/* SPDX-License-Identifier: GPL-3.0-or-later */
/* copies.c: the operands of a command line, and the session they are copied in.  */
#include "config.h"

#include "cli/copies.h"

#include <errno.h>
#include <stdlib.h>

#include "base/fingerprint.h"
#include "base/ranks.h"
#include "base/ratelimit.h"
#include "cli/files0_from.h"
#include "report/entrymessages.h"
#include "tree/peermeet.h"

int
copies_find(const struct options *options, struct namelist *list,
	struct operands *operands)
{
	const bool listed = options->files0_from != NULL;

	if (listed && files0_from_read(list, options) < 0)
		return -1;
	if (listed && list->count == 0)
		return 0;
	const enum operands_error error =
		operands_sort(operands, listed ? list->count : options->count,
			      listed ? list->item : options->operand, &options->operands);
	if (error == OPERANDS_OK)
		return 1;
	operands_report(operands, error);
	return -1;
}

int
copies_operand(void *context, size_t i, struct pathpair *pair)
{
	const struct copies *const copies = context;

	if (operands_pair(copies->operands, i, pair) < 0) {
		report_cannot_copy(copies->operands->sources[i], errno);
		return -1;
	}
	pair->follow = copies->session->policy->dereference != DEREFERENCE_NEVER;
	return 0;
}

/* Prepare SESSION for COUNT operands.  Return 0, or -1 with errno.  */
static int
session_open(struct session *session, size_t count)
{
	session->links = linktable_new();
	if (session->links == NULL || count <= 1)
		return session->links != NULL ? 0 : -1;
	session->sources = fileset_new();
	session->created = fileset_new();
	session->linked = fileset_new();
	return session->sources != NULL && session->created != NULL
		&& session->linked != NULL ? 0 : -1;
}

void
copies_close(struct session *session)
{
	linktable_free(session->links);
	fileset_free(session->sources);
	fileset_free(session->created);
	fileset_free(session->linked);
}

int
copies_open(struct copies *copies, const struct tree_policy *policy)
{
	const size_t count = copies->operands->count;

	if (session_open(copies->session, count) == 0)
		copies->tree = tree_new(copies->session, policy, count, copies_operand,
					copies);
	return copies->tree != NULL ? 0 : -1;
}

int
copies_limit_rate(const struct options *options)
{
	const uint64_t rate = options->bwlimit / ranks_count();

	return options->bwlimit == 0 ? 0 : ratelimit_set(rate > 0 ? rate : 1);
}

/* ---- for all ranks ---- */

/* Return the sum of what the environment has a part in.  */
static uint64_t
sum_of_settings(const struct options *options)
{
	const struct copy_policy *const copy = &options->copy;
	uint64_t sum = fingerprint_add(FINGERPRINT_NONE, copy->backup.suffix);

	sum = fingerprint_add_number(sum, copy->backup.kind);
	return fingerprint_add_number(sum, copy->dest.through_dangling ? 1 : 0);
}

/* Return the sum of what was read from files.  */
static uint64_t
sum_of_lists(const struct options *options, const struct operands *operands)
{
	uint64_t sum = exclude_fingerprint(&options->exclude, FINGERPRINT_NONE);

	for (size_t i = 0; i < operands->count; i++)
		sum = fingerprint_add(sum, operands->sources[i]);
	return sum;
}

int
copies_meet(const struct options *options, struct session *session,
	struct operands *operands, mode_t *umask)
{
	struct copies copies = { .session = session, .operands = operands };
	struct peermeet meet = {
		.command = options->sum, .settings = sum_of_settings(options),
		.lists = sum_of_lists(options, operands), .umask = *umask,
		.count = operands->count, .operand = copies_operand, .context = &copies,
		.target = operands->target, .dir = operands->dir,
		.dry_run = options->entry.dry_run, .debug = options->entry.debug,
	};
	const int ret = ranks_own() == 0 ? peermeet_lead(&meet) : peermeet_follow(&meet);

	*umask = meet.umask;
	return ret;
}
