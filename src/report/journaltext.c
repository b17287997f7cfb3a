/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journaltext.c: what a journal says, in the reader's language.  Names and words in it
   are quoted, so that neither a terminal nor a shell acts upon them.  */
#include "config.h"

#include "report/journaltext.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/locale.h"
#include "base/units.h"
#include "report/json.h"
#include "report/message.h"
#include "report/quote.h"
#include "report/statustext.h"

/* Return whether the command that HEAD has was given to mpirun.  */
static bool
is_for_ranks(const struct journal *head)
{
	const char *word = NULL;

	while ((word = journal_word(head, word)) != NULL)
		if (strcmp(word, "--mpi") == 0 || strcmp(word, "--mp") == 0)
			return true;
	return false;
}

/* Write the command to go on.  */
static void
write_command(FILE *out, const struct journal *head)
{
	const char *word = NULL;

	if (head->words == 0) {
		fputs(_("  to go on, run the same command again\n"), out);
		return;
	}
	/* TRANSLATORS: a command follows.  */
	fputs(is_for_ranks(head) ? _("  to go on, by mpirun as before:")
	      : _("  to go on:"), out);
	if (*head->directory != '\0') {
		fputs(" cd ", out);
		fputs(quote_if_needed(head->directory), out);
		fputs(" &&", out);
	}
	while ((word = journal_word(head, word)) != NULL)
		fprintf(out, " %s", quote_if_needed(word));
	putc('\n', out);
}

void
journaltext_write(FILE *out, const struct journal_reading *reading)
{
	const struct journal *const head = &reading->head;
	const uint64_t size = head->source.size;
	char sealed[32], all[32];

	locale_begin();
	fprintf(out, "%s -> %s\n", quote(head->source_path), quote(head->dest_path));
	fprintf(out, _("  interrupted: %s of %s are on the device (%u%%)\n"),
		units_format_size(reading->sealed, sealed, sizeof sealed),
		units_format_size(size, all, sizeof all),
		(unsigned) ((double) reading->sealed / (double) size * 100));
	if (reading->ours)
		write_command(out, head);
}

void
journaltext_write_json(FILE *out, const struct journal_reading *reading, uint64_t now)
{
	const struct journal *const head = &reading->head;
	const char *word = NULL;
	unsigned n = 0;

	fputs("{\"event\":\"status\",\"schema\":2", out);
	json_text(out, "state", "interrupted");
	json_number(out, "source_count", 1);
	fputs(",\"sources\":[", out);
	json_begin_item(out, 0, 1);
	json_text(out, "path", head->source_path);
	fputs("}]", out);
	json_text(out, "destination", head->dest_path);
	json_number(out, "bytes", reading->sealed);
	json_number(out, "bytes_expected", head->source.size);
	json_seconds(out, "age", now > head->began ? now - head->began : 0);
	if (reading->ours && head->words > 0) {
		json_text(out, "directory", head->directory);
		fputs(",\"command\":[", out);
		while ((word = journal_word(head, word)) != NULL) {
			json_begin_item(out, n, n);
			json_text(out, "word", word);
			putc('}', out);
			n++;
		}
		putc(']', out);
	}
	fputs("}\n", out);
}

void
journaltext_print(const struct journal_reading *reading, bool json)
{
	char *text = NULL;
	size_t len = 0;
	FILE *const out = open_memstream(&text, &len);

	if (out == NULL)
		return;
	if (json)
		journaltext_write_json(out, reading, clock_date());
	else
		journaltext_write(out, reading);
	if (fclose(out) == 0)
		message_put(false, text, len);
	free(text);
}

/* Return why a journal can't be read, if there is no errno for that.  */
static const char *
reason(enum journal_error error)
{
	switch (error) {
	case JOURNAL_OK:
	case JOURNAL_NONE:
	case JOURNAL_REFUSED:
		break;
	case JOURNAL_FOREIGN:
		return N_("it is no journal");
	case JOURNAL_ORDERED:
		return N_("it has another byte order");
	case JOURNAL_OTHER:
		return statustext_of_another_version;
	case JOURNAL_DAMAGED:
		return statustext_damaged;
	}
	return NULL;
}

void
journaltext_report(const char *path, enum journal_error error, int err)
{
	message_explain(&(struct failure) { .operation = "read", .path = path,
		.err = error == JOURNAL_REFUSED ? err : 0, .reason = reason(error) },
		N_("cannot read journal %s"), quote(path));
}
