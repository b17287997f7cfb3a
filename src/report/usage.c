/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usage.c: what is wrong with the command line, in words.  */
#include "config.h"

#include "report/usage.h"

#include <assert.h>
#include <string.h>

#include "report/errortext.h"
#include "report/message.h"
#include "report/quote.h"

/* ---- options ---- */

void
usage_unknown_option(const char *option)
{
	if (strncmp(option, "--", 2) == 0)
		message_usage("unrecognized option %s", quote_option(option));
	else
		message_usage("invalid option -- %s", quote_option(option + 1));
}

void
usage_bad_option(const char *option, const char *reason)
{
	message_usage("%s: %s", quote(option), reason);
}

void
usage_ambiguous_option(const char *name, const char *possibilities)
{
	message_usage("option %s is ambiguous; possibilities:%s", quote_option(name),
		      possibilities);
}

void
usage_no_argument(const char *name)
{
	message_usage("option '--%s' doesn't allow an argument", name);
}

void
usage_missing_argument(const char *name)
{
	message_usage("option '--%s' requires an argument", name);
}

void
usage_missing_letter_argument(char letter)
{
	message_usage("option requires an argument -- '%c'", letter);
}

void
usage_bad_keyword(const char *what, const char *text, bool ambiguous, const char *words)
{
	message_usage("%s argument %s for %s\nValid arguments are:%s",
		      ambiguous ? "ambiguous" : "invalid", quote_word(text),
		      quote_word(what), words);
}

void
usage_bad_size(const char *name, const char *text, enum units_error result)
{
	switch (result) {
	case UNITS_OK:
	case UNITS_INVALID:
		message_usage("invalid --%s argument %s", name, quote(text));
		break;
	case UNITS_BAD_SUFFIX:
		message_usage("invalid suffix in --%s argument %s", name, quote(text));
		break;
	case UNITS_TOO_LARGE:
		message_usage("--%s argument %s too large", name, quote(text));
		break;
	}
}

void
usage_bad_jobs(const char *text)
{
	message_usage("invalid number of jobs: %s", quote(text));
}

void
usage_many_target_directories(void)
{
	message_error(0, "multiple target directories specified");
}

void
usage_cannot_exclude(const char *pattern, int err)
{
	message_error(err, "cannot exclude %s", quote(pattern));
}

void
usage_ignores_context(void)
{
	message_warning("ignoring --context; "
			"it requires an SELinux-enabled kernel");
}

void
usage_ignores_usual_context(int err)
{
	message_note(err, "warning: ignoring --context");
}

void
usage_bad_context(const char *context, int err)
{
	errortext_print(ERROR_NEW_CONTEXT, context, err);
}

/* ---- options that contradict others, or the machine ---- */

void
usage_conflict(enum usage_conflict conflict)
{
	static const char *const texts[CONFLICTS] = {
		[CONFLICT_ATOMIC_REMOVES] =
			"cannot combine --atomic and --remove-destination",
		[CONFLICT_LINKS] = "cannot make both hard and symbolic links",
		[CONFLICT_BACKUP_NONE] =
			"--backup is mutually exclusive with -n or --update=none-fail",
		[CONFLICT_REFLINK_SPARSE] =
			"--reflink can be used only with --sparse=auto",
		[CONFLICT_REFLINK_ENGINE] =
			"--reflink=always can be used only with --engine=auto",
		[CONFLICT_KERNEL] =
			"--engine=kernel can be used only with --sparse=auto, "
			"and not with --reflink=never",
		[CONFLICT_ENGINE_REFLINK] =
			"--engine=reflink can be used only with --sparse=auto, "
			"and not with --reflink=never",
		[CONFLICT_ENGINE_DIRECT] =
			"--engine=direct can't be used with --sparse=always",
		[CONFLICT_DIRECT] =
			"--direct can be used only with --engine=auto, "
			"and not with --sparse=always",
		[CONFLICT_STDIN] = "--files0-from=- can't be combined "
			"with what else reads standard input",
		[CONFLICT_CONTEXTS] = "cannot set target context and preserve it",
		[CONFLICT_NO_SELINUX] = "cannot preserve security context "
			"without an SELinux-enabled kernel",
	};

	/* As with cp, these two come without a hint.  */
	if (conflict == CONFLICT_CONTEXTS || conflict == CONFLICT_NO_SELINUX)
		message_error(0, "%s", texts[conflict]);
	else
		message_usage("%s", texts[conflict]);
}

/* ---- operands ---- */

void
usage_missing_operand(void)
{
	message_usage("missing file operand");
}

void
usage_missing_destination(const char *last)
{
	if (last == NULL)
		message_usage("missing destination operand");
	else
		message_usage("missing destination file operand after %s", quote(last));
}

void
usage_extra_operand(const char *name)
{
	message_usage("extra operand %s", quote(name));
}

void
usage_operand_beside_list(const char *name)
{
	message_usage("extra operand %s; "
		      "file operands cannot be combined with --files0-from", quote(name));
}

void
usage_two_targets(void)
{
	message_error(0, "cannot combine --target-directory (-t) "
		      "and --no-target-directory (-T)");
}

void
usage_not_a_directory(void)
{
	message_usage("with --parents, the destination must be a directory");
}

void
usage_bad_target(const char *name, int err)
{
	message_error(err, "target %s", quote(name));
}

void
usage_bad_target_directory(const char *name, int err)
{
	message_error(err, "target directory %s", quote(name));
}

/* ---- files that options name ---- */

void
usage_cannot_read(const char *file, int err)
{
	message_error(err, "cannot read %s", quote(file));
}

void
usage_cannot_write(const char *file, int err)
{
	message_error(err, "cannot write %s", quote(file));
}

void
usage_empty_name(const char *file, size_t n)
{
	message_error(0, "%s:%zu: invalid zero-length file name",
		      quote_if_needed(file), n);
}

void
usage_name_leads_out(const char *file, size_t n, const char *name)
{
	message_error(0, "%s:%zu: the path in %s leads out of the directory",
		      quote_if_needed(file), n, quote(name));
}

void
usage_failed_to_is_copy(const char *file, const char *source)
{
	message_error(0, "cannot write the names of what fails to %s: "
		      "it is where %s is copied to", quote(file), quote(source));
}

/* ---- the program itself ---- */

void
usage_cannot_begin(int err)
{
	message_error(err, "cannot copy");
}
