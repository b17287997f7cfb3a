/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statustext.c: what a status file says, in the reader's language.  Names in it are
   quoted, so that no terminal acts upon them.  */
#include "config.h"

#include "report/statustext.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/locale.h"
#include "base/units.h"
#include "report/message.h"
#include "report/progressline.h"
#include "report/quote.h"

#define SECOND UINT64_C(1000000000)

/* Seconds after which it is said that a file hasn't changed.  */
enum { OLD = 3 };

/* Write what is copied where.  */
static void
write_names(FILE *out, const struct statusfile *status)
{
	const char *const first = statusfile_source(status, NULL);
	const uint32_t others = status->sources > 0 ? status->sources - 1 : 0;

	if (others == 0)
		fprintf(out, "%s -> %s\n", quote(first), quote(status->dest));
	else
		fprintf(out, locale_plural("%s and %ju other -> %s\n",
					   "%s and %ju others -> %s\n", others),
			quote(first), (uintmax_t) others, quote(status->dest));
}

/* Return whether the only row of STATUS is that of the process that was started, which
   has no workers.  */
static bool
is_alone(const struct statusfile *status)
{
	return status->workers == 1 && status->worker[0].number == 0;
}

/* Return NAME quoted if need be, or NULL if there is none.  */
static const char *
shown(const char *name)
{
	return *name != '\0' ? quote_if_needed(name) : NULL;
}

/* Write how far it is.  */
static void
write_line(FILE *out, const struct statusfile *status)
{
	static const struct progressline_style style = { .columns = 200 };
	const struct progressline_facts facts = {
		.moved = status->moved, .total = status->total,
		.done = status->done, .found = status->found,
		.whole = status->whole != 0, .percent_of_it = -1,
		.rate = status->rate == STATUSFILE_UNKNOWN ? -1 : (double) status->rate,
		.elapsed = (double) status->elapsed / 1e9,
		.left = status->left == STATUSFILE_UNKNOWN ? -1
			: (double) status->left / 1e9,
		.flushing = status->state == STATUSFILE_FLUSHING, .dirty = status->to_go,
		.verifying = status->state == STATUSFILE_VERIFYING,
		.unread = status->to_go,
		.name = is_alone(status) && status->found != 1
			? shown(status->worker[0].where) : NULL,
	};
	char line[2048];

	progressline_format(line, sizeof line, &facts, &style);
	if (status->state == STATUSFILE_COPYING)
		fprintf(out, "  %s: %s\n", _("copying"), line);
	else		/* The line begins with what it does.  */
		fprintf(out, "  %s\n", line + strspn(line, " "));
}

/* Write what WORKER does.  */
static void
write_worker(FILE *out, const struct statusfile_worker *worker)
{
	const char *const where = shown(worker->where);
	const uintmax_t number = worker->number;
	char moved[32];

	units_format_size(worker->moved, moved, sizeof moved);
	if (worker->doing == STATUSFILE_WAITS)
		fprintf(out, _("  worker %ju: %s copied, waits for work\n"), number,
			moved);
	else if (where != NULL)
		fprintf(out, _("  worker %ju: %s copied, now in %s\n"), number, moved,
			where);
	else
		fprintf(out, _("  worker %ju: %s copied\n"), number, moved);
}

/* Return the nanoseconds since STATUS changed, at NOW.  */
static uint64_t
age(const struct statusfile *status, uint64_t now)
{
	return now > status->updated ? now - status->updated : 0;
}

void
statustext_write(FILE *out, const struct statusfile *status, uint64_t now)
{
	const uint64_t old = age(status, now) / SECOND;

	locale_begin();
	write_names(out, status);
	write_line(out, status);
	for (uint32_t i = 0; !is_alone(status) && i < status->workers; i++)
		write_worker(out, &status->worker[i]);
	if (status->processes > status->workers)
		fprintf(out, locale_plural("  %ju more worker\n", "  %ju more workers\n",
					   status->processes - status->workers),
			(uintmax_t) (status->processes - status->workers));
	if (old >= OLD)
		fprintf(out, locale_plural("  no news for %ju second\n",
					   "  no news for %ju seconds\n", old),
			(uintmax_t) old);
}

void
statustext_print(const struct statusfile *status, bool json)
{
	char *text = NULL;
	size_t len = 0;
	FILE *const out = open_memstream(&text, &len);

	if (out == NULL)
		return;
	(json ? statustext_write_json : statustext_write)(out, status, clock_date());
	if (fclose(out) == 0)
		message_put(false, text, len);
	free(text);
}

void
statustext_none(bool json)
{
	static const char line[] =
		"{\"event\":\"status\",\"schema\":2,\"state\":\"none\"}\n";

	if (json)
		message_put(false, line, sizeof line - 1);
	else
		message_print(N_("no copy is running"));
}

const char statustext_damaged[] = N_("it is damaged");
const char statustext_of_another_version[] = N_("it is of another version of mmcp");

/* Return why a file can't be read, if there is no errno for that.  */
static const char *
reason(enum statusfile_error error)
{
	switch (error) {
	case STATUSFILE_OK:
	case STATUSFILE_GONE:
	case STATUSFILE_REFUSED:
		break;
	case STATUSFILE_FOREIGN:
		return N_("it is no status file");
	case STATUSFILE_OTHER:
		return statustext_of_another_version;
	case STATUSFILE_DAMAGED:
		return statustext_damaged;
	case STATUSFILE_BUSY:
		return N_("it never stops changing");
	}
	return NULL;
}

void
statustext_report(const char *dir, const char *name, enum statusfile_error error,
	int err)
{
	char path[8192];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	message_explain(&(struct failure) { .operation = "read", .path = path,
		.err = error == STATUSFILE_REFUSED ? err : 0, .reason = reason(error) },
		N_("cannot read status file %s"), quote(path));
}
