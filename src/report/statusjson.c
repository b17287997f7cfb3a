/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statusjson.c: what a status file says, for programs.  */
#include "config.h"

#include "report/statustext.h"

#include "report/json.h"

static const char *const states[] = { "copying", "flushing", "verifying" };
static const char *const doings[] = { "copying", "waiting" };

/* Write "KEY":N, unless N is unknown.  */
static void
write_known(FILE *out, const char *key, uint64_t n)
{
	if (n != STATUSFILE_UNKNOWN)
		json_number(out, key, n);
}

static void
write_sources(FILE *out, const struct statusfile *status)
{
	const char *source = NULL;
	unsigned n = 0;

	fputs(",\"sources\":[", out);
	while ((source = statusfile_source(status, source)) != NULL) {
		json_begin_item(out, n, n + 1);
		json_text(out, "path", source);
		putc('}', out);
		n++;
	}
	putc(']', out);
}

static void
write_workers(FILE *out, const struct statusfile *status)
{
	fputs(",\"workers\":[", out);
	for (uint32_t i = 0; i < status->workers; i++) {
		const struct statusfile_worker *const worker = &status->worker[i];
		json_begin_item(out, i, worker->number);
		json_text(out, "state", doings[worker->doing]);
		json_number(out, "bytes", worker->moved);
		if (*worker->where != '\0')
			json_text(out, "path", worker->where);
		putc('}', out);
	}
	putc(']', out);
}

void
statustext_write_json(FILE *out, const struct statusfile *status, uint64_t now)
{
	fputs("{\"event\":\"status\",\"schema\":2", out);
	json_text(out, "state", states[status->state]);
	json_number(out, "source_count", status->sources);
	write_sources(out, status);
	json_text(out, "destination", status->dest);
	json_number(out, "bytes", status->moved);
	if (status->whole || status->total > 0)
		json_number(out, status->whole ? "bytes_expected" : "bytes_found",
			    status->total);
	json_number(out, "files", status->done);
	json_number(out, status->whole ? "files_expected" : "files_found", status->found);
	write_known(out, "bytes_per_second", status->rate);
	if (status->left != STATUSFILE_UNKNOWN)
		json_seconds(out, "seconds_left", status->left);
	if (status->state == STATUSFILE_FLUSHING)
		json_number(out, "bytes_to_flush", status->to_go);
	else if (status->state == STATUSFILE_VERIFYING)
		json_number(out, "bytes_to_verify", status->to_go);
	json_seconds(out, "seconds", status->elapsed);
	json_seconds(out, "age", now > status->updated ? now - status->updated : 0);
	json_number(out, "pid", status->pid);
	json_number(out, "processes", status->processes);
	write_workers(out, status);
	fputs("}\n", out);
}
