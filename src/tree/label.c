/* SPDX-License-Identifier: GPL-3.0-or-later */
/* label.c: have context.c label a copy, and report what it returns.  */
#include "config.h"

#include "tree/label.h"

#include "report/copymessages.h"

static void
report(const struct pathpair *pair, const struct remarks *remarks,
	const struct error *error)
{
	report_remarks(pair, remarks);
	report_error(pair, error, CUT_NONE);
}

int
label_next(const struct session *session, const struct pathpair *pair,
	const struct context_source *source, bool is_new)
{
	const struct context_policy *const policy = &session->copy->meta.context;
	struct remarks remarks = { .count = 0 };
	struct error error = ERROR_NONE;

	if (!context_is_wanted(policy))
		return 0;
	const int ret = context_prepare(policy, source, pair->dest_at, pair->dest, is_new,
					&remarks, &error);
	report(pair, &remarks, &error);
	return ret;
}

int
label_existing(const struct session *session, const struct pathpair *pair,
	const struct context_source *source, int fd, bool path_only)
{
	const struct context_policy *const policy = &session->copy->meta.context;
	const struct context_target target = { .fd = fd, .path_only = path_only };
	struct remarks remarks = { .count = 0 };
	struct error error = ERROR_NONE;

	if (!context_is_wanted(policy))
		return 0;
	const int ret = context_give(policy, source, &target, &remarks, &error);
	report(pair, &remarks, &error);
	return ret;
}

int
label_directory(const struct session *session, const struct pathpair *pair,
	const struct context_source *source, int dest, bool path_only)
{
	if (label_next(session, pair, source, dest < 0) < 0)
		return -1;
	return dest < 0 ? 0 : label_existing(session, pair, source, dest, path_only);
}
