/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MMCP_BASE_LOCALE_H
#define MMCP_BASE_LOCALE_H

#include <stdbool.h>
#include <stdint.h>

/* The user's language, which matters only for what people read and for matching names.

   Texts stand in the sources in English.  N_ marks one for translation where it is a
   constant that is looked up later; the functions of report/message.h translate their
   formats themselves, so that these are marked by N_, too.  _ marks a text and translates
   it.  A text is a whole sentence, or an item of a list; it takes names and numbers as
   arguments, which a translation may reorder (%2$s).  What programs read is not marked.
   doc/contributing.md says more.  */
#define N_(text) text
#define NN_(one, many) one, many	/* a text about one thing, or about many */
#define _(text) locale_text(text)

/* Set the user's locale on the first call; before it, the locale is C.  Call this before
   asking libc about characters or for texts.  errno stays.  */
void
locale_begin(void);

/* Return the translation of TEXT into the user's language, or TEXT.  Static storage;
   errno stays.  */
__attribute__((format_arg(1))) const char *
locale_text(const char *text);

/* The same for a text about N things, which is ONE or MANY in English.  */
__attribute__((format_arg(1), format_arg(2))) const char *
locale_plural(const char *one, const char *many, uintmax_t n);

/* Have numbers formatted from now on in ENGLISH, or as the user is used to again.  */
void
locale_english_numbers(bool english);

/* Return strerror's text for ERR in the user's language.  Static storage, valid until
   the next call.  */
const char *
locale_reason(int err);

/* Return the text for ERR in the C locale, valid as above.  */
const char *
locale_english_reason(int err);

#endif
