/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.c: what is said about a file, by whoever knows its names.  */
#include "config.h"

#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "msg.h"
#include "quote.h"
#include "units.h"

void
report_copy(const char *source, const char *dest)
{
	msg_say("%s -> %s", quote(source), quote(dest));
}

void
report_removed(const char *name)
{
	msg_say("removed %s", quote(name));
}

/* For the end of a message: that an old file was CUT to so many bytes; -1: it wasn't.  */
static const char *
cut_short(off_t cut)
{
	static char text[80];

	snprintf(text, sizeof text, " (cut to the %jd bytes that are whole)", (intmax_t) cut);
	return cut >= 0 ? text : "";
}

/* DETAIL with the files' names in the places that are marked for them.  To be freed;
   NULL where there is no memory.  */
static char *
fill_names(const char *detail, const struct job *job)
{
	const size_t len = strcspn(detail, FAULT_SOURCE_MARK FAULT_DEST_MARK);
	char *text = NULL;

	if (detail[len] == '\0')
		return strdup(detail);
	const char *const name = detail[len] == *FAULT_DEST_MARK ? job->dest_name
		: job->source_name;
	return asprintf(&text, "%.*s%s%s", (int) len, detail, quote(name), detail + len + 1) < 0
		? NULL : text;
}

/* FAULT in words, without its reason.  To be freed; NULL where there is no memory.  */
static char *
in_words(const struct copy_policy *policy, const struct job *job, const struct fault *fault)
{
	const char *const words = fault_words(fault->step);
	const char *const source = quote(job->source_name);
	const char *const dest = quote(job->dest_name);
	char *text = NULL;
	int ret = 0;

	if (fault->step == FAULT_ATTRIBUTES && fault->detail[0] != '\0')
		return fill_names(fault->detail, job);
	if (fault->step == FAULT_ENGINE)
		ret = asprintf(&text, "cannot copy %s to %s with --engine=%s: %s", source, dest,
			       plan_engine_name(policy->plan.engine), fault->detail);
	else if (fault_about(fault->step) == ABOUT_BOTH)
		ret = asprintf(&text, words, source, dest);
	else
		ret = asprintf(&text, words,
			       fault_about(fault->step) == ABOUT_SOURCE ? source : dest);
	return ret < 0 ? NULL : text;
}

void
report_fault(const struct copy_policy *policy, const struct job *job,
	const struct fault *fault, off_t cut)
{
	const char *const reason = fault->err != 0 ? strerror(fault->err) : "";

	if (fault_about(fault->step) == ABOUT_NOTHING)
		return;
	char *const text = in_words(policy, job, fault);
	msg_error(0, "%s%s%s%s", text != NULL ? text : fault_words(fault->step),
		  fault->err != 0 ? ": " : "", reason, cut_short(cut));
	free(text);
}

void
report_remarks(const struct job *job, const struct remarks *remarks)
{
	for (unsigned i = 0; i < remarks->count; i++) {
		const struct fault *const fault = &remarks->faults[i];
		char *const text = in_words(NULL, job, fault);
		msg_tell(fault->err, "%s", text != NULL ? text : fault_words(fault->step));
		free(text);
	}
	if (remarks->failed)
		msg_fail();
}

void
report_rounded(const struct job *job, off_t bytes)
{
	msg_warning("the size of %s is rounded up to whole huge pages, %jd bytes",
		    quote(job->dest_name), (intmax_t) bytes);
}

void
report_way(const struct plan *plan, const struct tally *tally)
{
	enum { SHOWN = 16 };		/* of more workers, a line shows no more */
	char moved[SHOWN * 24] = "";
	char size[32];
	int used = 0;

	for (unsigned i = 0; i < tally->workers && i < SHOWN; i++)
		used += sprintf(moved + used, "%s %.0f%%%s", i > 0 ? "," : "",
				100.0 * (double) tally->moved[i]
				/ (double) (tally->copied != 0 ? tally->copied : 1),
				tally->by_kernel == 0 ? "" : i == 0 ? " (kernel)" : " (mmap)");
	const char *const because = plan->why != NULL ? ", because: " : "";
	const char *const why = plan->why != NULL ? plan->why : "";
	if (plan->method == METHOD_MAP)
		msg_say("engine: mmap, workers: %u, chunk size: %s, moved:%s%s%s%s",
			tally->workers, units_format_size(plan->chunk, size, sizeof size), moved,
			tally->workers > SHOWN ? " ..." : "", because, why);
	else
		msg_say("engine: %s%s%s", plan_method_name(plan->method), because, why);
}

