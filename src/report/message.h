/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_MESSAGE_H
#define MMCP_REPORT_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Printing: one line on standard error for what went wrong, one on standard output for
   what the user wants to see; and the exit status.  The functions that take a text are
   for report/ only, which has one function for each message.  They translate their
   formats, which are marked for that by N_ (base/locale.h).  Names in the arguments are
   already quoted.  */

struct missing;

/* ---- the run ---- */

/* An error in its parts.  */
struct failure {
	const char *operation;	/* a word of doc/json.md */
	const char *path;	/* what it failed on; NULL: no file in particular */
	int err;		/* errno, or 0 */
	const char *reason;	/* N_: why, where err doesn't say that; or NULL */
	/* NN_: what is added behind the reason, a format with an intmax_t N; or NULL.  */
	struct { const char *one, *many; intmax_t n; } after;
	bool differs;		/* a copy differs from its source: from this */
	int64_t offset;		/* on, or somewhere in the block that begins here; */
	uint64_t differing;	/* by so many bytes, or 0: this is unknown */
	const struct missing *missing;	/* what a partial copy lacks that was kept; or
					   NULL */
};

/* What is called besides printing; NULL: no call.  */
struct message_hooks {
	void (*before)(void);	/* before anything is printed, to clear what is drawn */
	/* Of each error that is about a file, in the parent; it is printed only if this
	   returns true.  */
	bool (*failed)(const char *text);
	/* Of each error, printed or not, in the process where it happened, with its TEXT
	   in English whatever the locale.  */
	void (*told)(const struct failure *failure, const char *text);
};

void
message_hooks(const struct message_hooks *hooks);

/* Print on standard error what would go to standard output, which has another reader.  */
void
message_print_on_stderr(void);

/* What takes the place of printing in a worker, which must not: a line for standard
   error, which is a FAILURE of a file or not; text for standard output, RAW if it goes
   there in any case; a higher exit status; a question, whose answer is yes if it returns
   true.  */
struct message_sink {
	void (*line)(bool failure, const char *text);
	void (*output)(bool raw, const char *text, size_t len);
	void (*status)(void);
	bool (*question)(const char *text);
};

/* Have everything that would be printed given to SINK.  */
void
message_divert(const struct message_sink *sink);

/* Return the sink's answer to TEXT in *YES, or false if there is no sink.  */
__attribute__((format(printf, 2, 0))) bool
message_diverts_question(bool *yes, const char *format, va_list args);

/* Have nothing printed, until message_divert.  */
void
message_hush(void);

/* Print what the sink of another process got.  */
void
message_line(bool failure, const char *text);

void
message_output(bool raw, const char *text, size_t len);

void
message_question(const char *text);

/* Set the exit status to 1, for an error that was reported.  */
void
message_fail(void);

/* Flush standard output, at the end, and before the exit status is written anywhere.  A
   full device there is an error, which is told once; where messages were lost, only the
   exit status becomes 1.  */
void
message_flush(void);

/* Return 0, or 1 after any error.  */
int
message_status(void);

/* ---- lines ---- */

/* Print "PROGRAM: TEXT", and ": REASON" if ERR, an errno, isn't 0: OPERATION failed on
   PATH, which may be NULL.  The exit status becomes 1.  Nothing is printed for an EINTR
   of a signal that ends the program.  */
__attribute__((format(printf, 4, 5))) void
message_failure(const char *operation, const char *path, int err, const char *format,
	...);

/* The same, with all parts of FAILURE.  */
__attribute__((format(printf, 2, 3))) void
message_explain(const struct failure *failure, const char *format, ...);

/* Print an error that keeps the run from its start, as message_failure.  */
__attribute__((format(printf, 2, 3))) void
message_error(int err, const char *format, ...);

/* The same, and the exit status stays.  */
__attribute__((format(printf, 2, 3))) void
message_note(int err, const char *format, ...);

/* Have FORMAT, whole lines, printed behind the line of the next message_usage.  */
__attribute__((format(printf, 1, 2))) void
message_hint(const char *format, ...);

/* Do as message_error without a reason, and print the hints that were given before, and
   the line that points at --help.  */
__attribute__((format(printf, 1, 2))) void
message_usage(const char *format, ...);

/* Report that output can't be written, because of ERR if that isn't 0.  */
void
message_write_error(int err);

/* Print "PROGRAM: TEXT" on standard error, for an answer behind it.  */
__attribute__((format(printf, 1, 0))) void
message_ask(const char *format, va_list args);

/* Print TEXT and a newline on standard output.  */
__attribute__((format(printf, 1, 2))) void
message_print(const char *format, ...);

/* Print TEXT, of LEN bytes, as it is, on standard output or with ERRORS on standard
   error.  */
void
message_put(bool errors, const char *text, size_t len);

#endif
