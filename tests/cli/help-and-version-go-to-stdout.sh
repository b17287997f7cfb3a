#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

PATH=$(dirname "$MMCP"):$PATH
for option in --help --help=all --usage --version; do
	run mmcp $option
	check "$option is no error" status_is 0
	check "it prints nothing on stderr" err_empty
	check "but something on stdout" test -s out
	check "in lines that fit" sh -c '! grep -E "^.{81}" out'
	run "$MMCP" $option a b c
	check "it works with any operands" status_is 0
	# As with cp, a reason is known if something is left to be written at the end.
	# That depends on the program's name in the text.
	run sh -c "mmcp $option >/dev/full"
	check "it fails if the output can't be written" status_is 1
	check "with a message" err_is "mmcp: write error: No space left on device"
done

# As with cp, the name is what it was called by, with its directory.
mkdir bin && ln -s "$MMCP" bin/copy
for name in mmcp bin/copy; do
	for option in --help --usage; do
		run $name $option
		echo "Usage: $name [OPTION...] [-T] SOURCE DEST" >first
		check "$name $option begins with the usage" sh -c \
			'head -n 1 out | cmp - first'
		check "$name $option has the name in each form" \
			test "$(grep -c "^  or:  $name " out)" = 2
	done
done
run "$MMCP" --help
check "the help has at most 100 lines" test "$(wc -l <out)" -le 100
check "and says where there is more" out_has "--help=all"
sed -n 's/^ .*\(-[a-zA-Z]\|--[a-z0-9-]*\) .*/\1/p' out >some
run "$MMCP" --help=all
check "which is all of that" test "$(grep -cF -f some out)" -ge "$(wc -l <some)"
check "and what is used less" out_has "--keep-directory-symlink"
run "$MMCP" --help=x
check "there is no other help" err_has "Valid arguments are"
run "$MMCP" --version
check "the version's first line is a name and a number" \
	sh -c 'head -n 1 out | grep -qE "^mmcp [0-9]+\.[0-9]+(\.[0-9]+)?$"'
run "$MMCP" --version --foo
check "--version before a bad option works" status_is 0
run "$MMCP" --foo --version
check "after it, it doesn't" status_is 1

finish
