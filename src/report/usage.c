/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usage.c: what is wrong with the command line, in words.  */
#include "config.h"

#include "report/usage.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/locale.h"
#include "report/errortext.h"
#include "report/message.h"
#include "report/quote.h"

/* ---- options ---- */

/* Ask whether the user meant WORD, with DASHES before it, unless it is NULL; not where
   standard error is no terminal and has to be as cp's.  */
static void
did_you_mean(const char *dashes, const char *word)
{
	if (word != NULL && isatty(STDERR_FILENO))
		message_hint(N_("Did you mean '%s%s'?\n"), dashes, word);
}

void
usage_unknown_option(const char *option, const char *similar)
{
	if (strncmp(option, "--", 2) != 0) {
		message_usage(N_("invalid option -- %s"), quote_option(option + 1));
		return;
	}
	did_you_mean("--", similar);
	message_usage(N_("unrecognized option %s"), quote_option(option));
}

void
usage_bad_option(const char *option, const char *reason)
{
	message_usage("%s: %s", quote(option), _(reason));
}

void
usage_ambiguous_option(const char *name, const char *possibilities)
{
	message_usage(N_("option %s is ambiguous; possibilities: %s"),
		      quote_option(name), possibilities);
}

void
usage_no_argument(const char *name)
{
	message_usage(N_("option '--%s' doesn't allow an argument"), name);
}

void
usage_missing_argument(const char *name)
{
	message_usage(N_("option '--%s' requires an argument"), name);
}

void
usage_missing_letter_argument(char letter)
{
	message_usage(N_("option requires an argument -- '%c'"), letter);
}

void
usage_bad_keyword(const char *what, const char *text, bool ambiguous, const char *similar,
	const char *words)
{
	did_you_mean("", similar);
	message_hint(N_("Valid arguments are:%s\n"), words);
	message_usage(ambiguous ? N_("ambiguous argument %s for %s")
		      : N_("invalid argument %s for %s"), quote_word(text),
		      quote_word(_(what)));
}

void
usage_bad_size(const char *name, const char *text, enum units_error result)
{
	message_hint(N_("Sizes are numbers with K, M, G (of 1024), "
			"or KB, MB, GB (of 1000), as in 1.5M.\n"));
	switch (result) {
	case UNITS_OK:
	case UNITS_INVALID:
		message_usage(N_("invalid --%s argument %s"), name, quote(text));
		break;
	case UNITS_BAD_SUFFIX:
		message_usage(N_("invalid suffix in --%s argument %s"), name,
			      quote(text));
		break;
	case UNITS_TOO_LARGE:
		message_usage(N_("--%s argument %s too large"), name, quote(text));
		break;
	}
}

void
usage_bad_jobs(const char *text)
{
	message_usage(N_("invalid number of jobs: %s"), quote(text));
}

void
usage_empty_pattern(const char *name, const char *argument)
{
	message_usage(N_("empty pattern in --%s argument %s"), name, quote(argument));
}

void
usage_many_target_directories(void)
{
	message_error(0, N_("multiple target directories specified"));
}

void
usage_cannot_take(const char *name, const char *argument, int err)
{
	message_error(err, N_("cannot take --%s argument %s"), name, quote(argument));
}

void
usage_ignores_context(void)
{
	message_note(0, N_("warning: ignoring --context; "
			   "it requires an SELinux-enabled kernel"));
}

void
usage_ignores_usual_context(int err)
{
	message_note(err, N_("warning: ignoring --context"));
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
			N_("cannot combine --atomic and --remove-destination"),
		[CONFLICT_ATOMIC_PARTIAL] =
			N_("cannot combine --atomic and --partial"),
		[CONFLICT_RESUME_PARTIAL] =
			N_("cannot combine --resume and --partial"),
		[CONFLICT_RESUME_OLDER] =
			N_("cannot combine --resume and --update=older"),
		[CONFLICT_LINKS] = N_("cannot make both hard and symbolic links"),
		[CONFLICT_BACKUP_NONE] =
			N_("--backup is mutually exclusive with -n or "
			   "--update=none-fail"),
		[CONFLICT_NO_CONTENT] =
			N_("cannot combine --attributes-only and "
			   "--update=checksum"),
		[CONFLICT_REFLINK_SPARSE] =
			N_("--reflink can be used only with --sparse=auto"),
		[CONFLICT_REFLINK_ENGINE] =
			N_("--reflink=always can be used only with --engine=auto"),
		[CONFLICT_KERNEL] =
			N_("--engine=kernel can be used only with --sparse=auto, "
			   "and not with --reflink=never"),
		[CONFLICT_ENGINE_REFLINK] =
			N_("--engine=reflink can be used only with --sparse=auto, "
			   "and not with --reflink=never"),
		[CONFLICT_ENGINE_DIRECT] =
			N_("--engine=direct can't be used with --sparse=always"),
		[CONFLICT_DIRECT] =
			N_("--direct can be used only with --engine=auto, "
			   "and not with --sparse=always"),
		[CONFLICT_RESUME] =
			N_("--resume can be used only with --engine=auto, reflink or "
			   "stream, and not with --direct"),
		[CONFLICT_STDIN] = N_("the list of sources can't be combined "
			   "with what else reads standard input"),
		[CONFLICT_MPI] = N_("with --mpi, names and patterns can't come from "
			   "standard input"),
		[CONFLICT_STDOUT] = N_("only one of --json, --failed-to=- and "
			   "--log-file=- can write to standard output"),
		[CONFLICT_CONTEXTS] = N_("cannot set target context and preserve it"),
		[CONFLICT_NO_SELINUX] = N_("cannot preserve security context "
			   "without an SELinux-enabled kernel"),
	};

	/* As with cp, these two come without a hint.  */
	if (conflict == CONFLICT_CONTEXTS || conflict == CONFLICT_NO_SELINUX)
		message_error(0, "%s", _(texts[conflict]));
	else
		message_usage("%s", _(texts[conflict]));
}

/* ---- operands ---- */

void
usage_missing_operand(void)
{
	message_usage(N_("missing file operand"));
}

void
usage_missing_destination(const char *last)
{
	if (last == NULL)
		message_usage(N_("missing destination operand"));
	else
		message_usage(N_("missing destination file operand after %s"),
			      quote(last));
}

void
usage_extra_operand(const char *name)
{
	message_usage(N_("extra operand %s"), quote(name));
}

void
usage_operand_beside_list(const char *option, const char *name)
{
	message_usage(N_("extra operand %s; file operands cannot be combined with --%s"),
		      quote(name), option);
}

void
usage_two_targets(void)
{
	message_error(0, N_("cannot combine --target-directory (-t) "
			    "and --no-target-directory (-T)"));
}

void
usage_not_a_directory(void)
{
	message_usage(N_("with --parents, the destination must be a directory"));
}

void
usage_bad_target(const char *name, int err)
{
	message_failure("open", name, err, N_("target %s"), quote(name));
}

void
usage_bad_target_directory(const char *name, int err)
{
	message_failure("open", name, err, N_("target directory %s"), quote(name));
}

/* ---- files that options name ---- */

void
usage_cannot_read(const char *file, int err)
{
	message_failure("read", file, err, N_("cannot read %s"), quote(file));
}

void
usage_cannot_write(const char *file, int err)
{
	message_failure("write", file, err, N_("cannot write %s"), quote(file));
}

void
usage_empty_name(const char *file, size_t n)
{
	message_failure("read", file, 0, N_("%s:%zu: invalid zero-length file name"),
			quote_if_needed(file), n);
}

void
usage_name_leads_out(const char *file, size_t n, const char *name)
{
	message_failure("read", file, 0,
			N_("%s:%zu: the path in %s leads out of the directory"),
			quote_if_needed(file), n, quote(name));
}

bool
usage_is_stdout(const char *file)
{
	return strcmp(file, "-") == 0;
}

void
usage_output_is_source(enum usage_output output, const char *file)
{
	switch (output) {
	case OUTPUT_FAILED:
		message_error(0, N_("cannot write the names of what fails to %s: "
				    "it is a source"), quote(file));
		break;
	case OUTPUT_LOG:
		message_error(0, N_("cannot write the log to %s: it is a source"),
			      quote(file));
		break;
	case OUTPUT_MANIFEST:
		message_error(0, N_("cannot write the manifest to %s: it is a source"),
			      quote(file));
		break;
	}
}

void
usage_output_is_copy(enum usage_output output, const char *file, const char *source)
{
	switch (output) {
	case OUTPUT_FAILED:
		message_error(0, N_("cannot write the names of what fails to %s: "
				    "it is where %s is copied to"), quote(file),
			      quote(source));
		break;
	case OUTPUT_LOG:
		message_error(0, N_("cannot write the log to %s: "
				    "it is where %s is copied to"), quote(file),
			      quote(source));
		break;
	case OUTPUT_MANIFEST:
		message_error(0, N_("cannot write the manifest to %s: "
				    "it is where %s is copied to"), quote(file),
			      quote(source));
		break;
	}
}

void
usage_log_is_binary(const char *file)
{
	message_error(0, N_("cannot write the log to %s: it isn't a text file"),
		      quote(file));
}

void
usage_log_is_list(const char *file)
{
	message_error(0, N_("cannot write the log to %s: "
			    "the names of what fails go there"), quote(file));
}

void
usage_manifest_is_no_file(const char *file)
{
	message_error(0, N_("cannot write the manifest to %s: it needs a file"),
		      quote(file));
}

void
usage_manifest_is_taken(const char *file)
{
	message_error(0, N_("cannot write the manifest to %s: "
			    "something else is written there"), quote(file));
}

void
usage_lacks_library(const char *option, const char *library, bool built)
{
	message_error(0, built ? N_("--%s needs %s, which can't be opened")
		      : N_("--%s needs %s, which this build of mmcp lacks"),
		      option, library);
}

void
usage_log_is_read(const char *file)
{
	message_error(0, N_("cannot write the log to %s: "
			    "names are read from there"), quote(file));
}

void
usage_pattern_has_nul(const char *file)
{
	message_error(0, N_("cannot read %s: a pattern has a NUL"), quote(file));
}

void
usage_names_end_with_nul(const char *file)
{
	message_error(0, N_("cannot read %s: names end with NUL there; "
			    "use --files0-from"), quote(file));
}

/* ---- the program itself ---- */

void
usage_cannot_begin(int err)
{
	message_error(err, N_("cannot copy"));
}
