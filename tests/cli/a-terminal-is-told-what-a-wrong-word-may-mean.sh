#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_terminals

LC_ALL=C		# where words have plain quotes
hint="Try '$MMCP --help' for more information."
# said LINES ARGUMENT: what a terminal is told.
said() {
	run script -qec "'$MMCP' $2 a b" /dev/null </dev/null
	tr -d '\r' <out >said
	printf '%s\n%s\n' "$1" "$hint" | diff - said
}
check "an option is guessed" said "mmcp: unrecognized option '--no-cache'
Did you mean '--nocache'?" --no-cache
check "without its argument" said "mmcp: unrecognized option '--bwlimt=10'
Did you mean '--bwlimit'?" --bwlimt=10
check "but not if it is like no other" \
	said "mmcp: unrecognized option '--foo'" --foo
check "nor if it is a letter" said "mmcp: invalid option -- 'y'" -y
check "a word is guessed" said "mmcp: invalid argument 'nevre' for '--reflink'
Did you mean 'never'?
Valid arguments are:
  - 'auto'
  - 'always'
  - 'never'" --reflink=nevre
check "but not if it begins several" said "mmcp: ambiguous argument 'a' for '--reflink'
Valid arguments are:
  - 'auto'
  - 'always'
  - 'never'" --reflink=a
run "$MMCP" --no-cache a b
check "no other output has a guess" err_is "mmcp: unrecognized option '--no-cache'
$hint"

finish
