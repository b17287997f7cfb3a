#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Each line of errors.cases fails, or is odd, and is done by cp and by mmcp in twin
# directories.  Status, both outputs to the letter, and what is left must be the same.  CP
# may name another cp to compare with.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
# shellcheck source=tests/tools/twins-lib
. "${srcdir:-.}/tests/tools/twins-lib"

# Locales whose characters are not those of UTF-8, where they can be made.
mkdir "$work/locales" && chmod 755 "$work/locales"
for name in de_DE.UTF-8 de_DE.ISO-8859-1 ja_JP.EUC-JP; do
	localedef -i "${name%%.*}" -f "${name#*.}" "$work/locales/$name" \
		>/dev/null 2>&1 ||
		echo "# no $name: localedef or its data are not installed"
done
LOCPATH=$work/locales; export LOCPATH

twins 1 "${srcdir:-.}/tests/report/errors.cases"
