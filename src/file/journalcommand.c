/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journalcommand.c: the command that a journal shows to those who find it.  */
#include "config.h"

#include "file/journalcommand.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static struct {
	char directory[JOURNAL_PATH];
	char words[JOURNAL_COMMAND];
	uint32_t count, len;
} command;

/* Append WORD to the command.  Return whether there was room.  */
static bool
append(const char *word)
{
	const size_t len = strlen(word) + 1;

	if (len > sizeof command.words - command.len)
		return false;
	memcpy(command.words + command.len, word, len);
	command.len += (uint32_t) len;
	command.count++;
	return true;
}

void
journalcommand_set(int argc, char *const *argv, const char *more)
{
	bool fits = true;

	/* A directory that no path leads to is "(unreachable)/...".  */
	if (getcwd(command.directory, sizeof command.directory) == NULL
	    || *command.directory != '/')
		*command.directory = '\0';
	for (int i = 0; i < argc && fits; i++)
		fits = append(argv[i]) && (i > 0 || more == NULL || append(more));
	if (!fits)
		command.count = command.len = 0;
}

void
journalcommand_put(struct journal *head)
{
	memcpy(head->directory, command.directory, sizeof head->directory);
	memcpy(head->command, command.words, command.len);
	head->words = command.count;
	head->command_len = command.len;
}
