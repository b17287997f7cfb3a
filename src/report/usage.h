/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_USAGE_H
#define MMCP_REPORT_USAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/units.h"

/* What is wrong with the command line.  Each function reports one error on standard
   error, and the exit status becomes 1; a warning says so.  Names of options are without
   dashes, arguments are as the user gave them, and ERR is an errno.  */

/* ---- options ---- */

/* OPTION, as the user wrote it, is unknown.  The name SIMILAR, unless it is NULL, may be
   what was meant, which a terminal is told.  */
void
usage_unknown_option(const char *option, const char *similar);

/* popt refuses OPTION, as the user wrote it, for REASON.  */
void
usage_bad_option(const char *option, const char *reason);

/* NAME is an abbreviation of several options, POSSIBILITIES.  */
void
usage_ambiguous_option(const char *name, const char *possibilities);

void
usage_no_argument(const char *name);

void
usage_missing_argument(const char *name);

void
usage_missing_letter_argument(char letter);

/* TEXT is none of WORDS, or AMBIGUOUS; it was given for WHAT ("--engine").  SIMILAR is as
   above.  */
void
usage_bad_keyword(const char *what, const char *text, bool ambiguous, const char *similar,
	const char *words);

/* TEXT is no size for option NAME: RESULT says why, UNITS_OK that it is 0.  */
void
usage_bad_size(const char *name, const char *text, enum units_error result);

void
usage_bad_jobs(const char *text);

/* ARGUMENT of option NAME is a pattern that can match nothing.  */
void
usage_empty_pattern(const char *name, const char *argument);

void
usage_many_target_directories(void);

/* ARGUMENT of option NAME can't be kept.  */
void
usage_cannot_take(const char *name, const char *argument, int err);

/* A warning: --context has no effect without SELinux.  */
void
usage_ignores_context(void);

/* A warning, and the exit status stays: -Z has no effect.  */
void
usage_ignores_usual_context(int err);

void
usage_bad_context(const char *context, int err);

/* ---- options that contradict others, or the machine ---- */

enum usage_conflict {
	CONFLICT_NONE,
	CONFLICT_ATOMIC_REMOVES,	/* --atomic, --remove-destination */
	CONFLICT_ATOMIC_PARTIAL,	/* --atomic, --partial */
	CONFLICT_RESUME_PARTIAL,	/* --resume, --partial */
	CONFLICT_RESUME_OLDER,		/* --resume, -u */
	CONFLICT_LINKS,			/* --link, --symbolic-link */
	CONFLICT_BACKUP_NONE,		/* --backup, and nothing is replaced */
	CONFLICT_NO_CONTENT,		/* --attributes-only, --update=checksum */
	CONFLICT_REFLINK_SPARSE,	/* --reflink, --sparse */
	CONFLICT_REFLINK_ENGINE,	/* --reflink, --engine */
	CONFLICT_KERNEL,		/* --engine=kernel, and holes or no reflinks */
	CONFLICT_ENGINE_REFLINK,	/* --engine=reflink, the same */
	CONFLICT_ENGINE_DIRECT,		/* --engine=direct, and holes */
	CONFLICT_DIRECT,		/* --direct, and another engine or holes */
	CONFLICT_RESUME,		/* --resume, and an engine without a journal */
	CONFLICT_STDIN,			/* two options read standard input */
	CONFLICT_MPI,			/* --mpi, and names from standard input */
	CONFLICT_STDOUT,		/* two options write to standard output */
	CONFLICT_CONTEXTS,		/* a context is to be set and preserved */
	CONFLICT_NO_SELINUX,		/* a context is to be preserved without SELinux */
	CONFLICTS
};

void
usage_conflict(enum usage_conflict conflict);

/* ---- operands ---- */

void
usage_missing_operand(void);

/* There is no destination after the operand LAST; or, if that is NULL, at all.  */
void
usage_missing_destination(const char *last);

void
usage_extra_operand(const char *name);

/* NAME is given though OPTION names the sources.  */
void
usage_operand_beside_list(const char *option, const char *name);

/* -t and -T are both given.  */
void
usage_two_targets(void);

/* --parents is given, and the destination isn't a directory.  */
void
usage_not_a_directory(void);

void
usage_bad_target(const char *name, int err);

/* The same for -t's argument.  */
void
usage_bad_target_directory(const char *name, int err);

/* ---- files that options name ---- */

void
usage_cannot_read(const char *file, int err);

void
usage_cannot_write(const char *file, int err);

/* Name number N of the list FILE is empty.  */
void
usage_empty_name(const char *file, size_t n);

/* NAME, number N of the list FILE, would be copied to outside of the directory.  */
void
usage_name_leads_out(const char *file, size_t n, const char *name);

/* What is written besides copies.  */
enum usage_output {
	OUTPUT_FAILED,		/* --failed-to */
	OUTPUT_LOG,		/* --log-file */
	OUTPUT_MANIFEST		/* --manifest */
};

/* Return whether FILE, given to such an option, means standard output.  */
bool
usage_is_stdout(const char *file);

/* OUTPUT's FILE is a source.  */
void
usage_output_is_source(enum usage_output output, const char *file);

/* OUTPUT's FILE is where SOURCE, or what is below it, is copied to.  */
void
usage_output_is_copy(enum usage_output output, const char *file, const char *source);

/* The log was to be appended to FILE, which holds bytes that no text has.  */
void
usage_log_is_binary(const char *file);

/* The log FILE is the list of --failed-to, too.  */
void
usage_log_is_list(const char *file);

/* It is what --files0-from reads.  */
void
usage_log_is_read(const char *file);

/* FILE, given to --exclude-from, isn't text.  */
void
usage_pattern_has_nul(const char *file);

/* FILE, given to --files-from, is one for --files0-from.  */
void
usage_names_end_with_nul(const char *file);

/* FILE, which the manifest was to go to, is standard output.  */
void
usage_manifest_is_no_file(const char *file);

/* FILE, which the manifest was to go to, is the log or the list of what fails.  */
void
usage_manifest_is_taken(const char *file);

/* OPTION needs LIBRARY, which isn't there; BUILT: this build could have used it.  */
void
usage_lacks_library(const char *option, const char *library, bool built);

/* ---- the program itself ---- */

/* Copying can't begin, for lack of memory or the like.  */
void
usage_cannot_begin(int err);

#endif
