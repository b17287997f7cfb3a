#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Each catalogue has every text of the sources, translated, and no other.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need make msgfmt msgcmp xgettext
top=$(CDPATH='' cd -- "${srcdir:-.}" && pwd) || exit 99
build=$(dirname "$MMCP")
[ -e "$build/Makefile" ] || skip_all "mmcp is not in the directory it was built in"
unset MAKEFLAGS MFLAGS MAKELEVEL

grep -v '^#' "$top/po/POTFILES.in" >listed
(cd "$top" && grep -lE '\b(N_|NN_|_|locale_plural)\("?' src/*/*.c |
	grep -vx src/base/locale.c) | LC_ALL=C sort >marked
check "po/POTFILES.in lists the sources that have texts" diff marked listed

# texts FILE: those of a catalogue, one in each line.
texts() { msgattrib --no-obsolete --no-location --no-wrap "$1" | grep '^msgid'; }
make -s -C "$build" po/mmcp.pot >made 2>&1 || { cat made; broken "xgettext failed"; }
cp "$build/po/mmcp.pot" .
texts mmcp.pot | LC_ALL=C sort >wanted
check "there are texts" test "$(wc -l <wanted)" -gt 100
for po in "$top"/po/*.po; do
	name=$(basename "$po" .po)
	check "$name: formats fit" msgfmt --check --statistics -o /dev/null "$po"
	LC_ALL=C msgfmt --statistics -o /dev/null "$po" 2>said
	check "$name: none is fuzzy or untranslated" \
		grep -qx '[0-9]* translated messages\.' said
	texts "$po" | LC_ALL=C sort >there
	check "$name: every text is there, and no other (make update-po)" \
		diff wanted there
	check "$name: none of them lacks a translation" msgcmp "$po" mmcp.pot
	check "$name: it is built" grep -qw "po/$name.po" "$top/po/po.mk"
done

finish
