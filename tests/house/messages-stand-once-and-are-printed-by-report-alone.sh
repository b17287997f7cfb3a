#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The texts of messages are in src/report/, each in one place, and only its functions
# print: there they are compared with cp's, and translated.  messages.py says what to do
# about a place that breaks this.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3

top=$(CDPATH='' cd -- "${srcdir:-.}" && pwd) || exit 99
python3 "$top/tests/house/messages.py" "$top" . || broken "messages.py failed"

none() { [ ! -s "$1" ] || { cat "$1"; false; }; }
check "only src/report/ prints" none speakers
check "no text of a message stands twice" none twice
check "each is marked for translation" none unmarked

# A tree that breaks both rules, in each way.
mkdir -p bad/src/report bad/src/base found
cat >bad/src/report/told.c <<'END'
	message_error(0, "cannot do %s", name);
	message_error(0, "cannot "
		"do %s", name);
	message_print("a text of another room");
	/* "cannot undo %s" */
	json_text(out, "name", "%s -> %s");
	message_error(err, "cannot undo %s", "name");
	message_print("%s -> %s");
	message_error(err, N_("cannot redo %s"), name);
	message_note(0, locale_plural("%s undone",
				      "%s undone", n), name);
	message_print(_("all was %s"), name);
END
cat >bad/src/base/told.c <<'END'
	printf("x");
	fprintf(stderr, "x");
	message_usage("x");
	write(STDERR_FILENO, "x", 1);
	hooks->error("printf(stdout)");
	fflush(stdout);		/* printf() */
	puts("a text of another room");
END
python3 "$top/tests/house/messages.py" bad found || broken "messages.py failed"
places() { cut -d ' ' -f 1 found/speakers | tr '\n' ' '; }
check "each way to print is found, and nothing else" \
	test "$(places)" = "$(printf 'src/base/told.c:%s ' 1 2 3 4 7)"
finds() { grep -q "^$1" found/twice || { cat found/twice; false; }; }
check "a text that stands twice in report/ is found" finds \
	'"cannot do %s" stands in src/report/told.c:1 and src/report/told.c:2:'
check "so is one of another room" finds \
	'"a text of another room" stands in src/base/told.c:7'
check "and nothing else" test "$(wc -l <found/twice)" = 2
unmarked() { cut -d ' ' -f 1 found/unmarked | tr '\n' ' '; }
check "each that isn't marked is found" \
	test "$(unmarked)" = "$(printf 'src/report/told.c:%s ' 1 2 4 7)"

finish
