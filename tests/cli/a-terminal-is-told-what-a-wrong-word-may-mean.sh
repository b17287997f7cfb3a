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
check "what rsync calls it is known" said "mmcp: unrecognized option '--ignore-existing'
Did you mean '--update=none'?" --ignore-existing
check "and what others do" said "mmcp: unrecognized option '--threads=3'
Did you mean '--jobs'?" --threads=3
check "but not if there is no such thing" \
	said "mmcp: unrecognized option '--compress'" --compress
check "so is another word" said "mmcp: invalid argument 'none' for '--progress'
Did you mean 'never'?
Valid arguments are:
  - 'auto'
  - 'always'
  - 'plain'
  - 'never'" --progress=none
# foreign PROGRAM: each name that others have stands for an option that is there.
foreign() {
	sed -n 's/^\t{ "\([a-z0-9-]*\)", "\([a-z0-9=-]*\)" },$/\1 \2/p' \
		"${srcdir:-.}/src/cli/foreign.c" | sed '/^xattrs/q' |
	while read -r theirs ours; do
		case $ours in
		*=*) "$MMCP" "--$ours" --version >/dev/null 2>&1 ;;
		*) "$MMCP" --help=all | grep -q -e "--$ours\>" ;;
		esac || echo "--$ours isn't there"
		! "$MMCP" "--$theirs" --version >/dev/null 2>&1 || echo "--$theirs is"
	done | tee wrong
	! grep . wrong && [ "$(grep -c '", "' "${srcdir:-.}/src/cli/foreign.c")" -gt 20 ]
}
check "all that is known is true" foreign
run "$MMCP" --no-cache a b
check "no other output has a guess" err_is "mmcp: unrecognized option '--no-cache'
$hint"

finish
