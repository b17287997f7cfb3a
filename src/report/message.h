/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_REPORT_MESSAGE_H
#define MMCP_REPORT_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Printing: one line on standard error for what went wrong, one on standard output for
   what the user wants to see; and the exit status.  The functions that take a text are
   for report/ only, which has one function for each message.  Names in the arguments are
   already quoted.  */

/* ---- the run ---- */

/* Call BEFORE before anything is printed, to clear what is drawn; and FAILED with the
   text of each error that is about a file.  NULL: no call.  */
void
message_hooks(void (*before)(void), void (*failed)(const char *text));

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
bool
message_diverts_question(bool *yes, const char *format, va_list args);

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

/* Flush standard output, once, at the end.  A full device there is an error; where
   messages were lost, only the exit status becomes 1.  */
void
message_flush(void);

/* Return 0, or 1 after any error.  */
int
message_status(void);

/* ---- lines ---- */

/* Print "PROGRAM: TEXT", and ": REASON" if ERR, an errno, isn't 0.  The exit status
   becomes 1.  Nothing is printed for an EINTR of a signal that ends the program.  */
__attribute__((format(printf, 2, 3))) void
message_error(int err, const char *format, ...);

/* The same, and the exit status stays.  */
__attribute__((format(printf, 2, 3))) void
message_note(int err, const char *format, ...);

/* Print "PROGRAM: warning: TEXT".  The exit status stays.  */
__attribute__((format(printf, 1, 2))) void
message_warning(const char *format, ...);

/* Do as message_error without a reason, and print the line that points at --help.  */
__attribute__((format(printf, 1, 2))) void
message_usage(const char *format, ...);

/* Report that output can't be written, because of ERR if that isn't 0.  */
void
message_write_error(int err);

/* Print "PROGRAM: TEXT? " on standard error, for an answer behind it.  */
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
