#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

completions=${srcdir:-.}/completions
helped_options >helped
check "the help has options" test -s helped

# The options that each file knows, without descriptions and arguments.
words() {
	grep -oE -e '(^|[^a-zA-Z-])--?[a-zA-Z][a-zA-Z0-9-]*' |
		sed 's/^[^-]//; s/-$//' | sort -u
}
sed -n "/^_mmcp_options='/,/'\$/p" "$completions/mmcp" | words >bash
sed -n '/^options=(/,/^)/s/\[.*\].*//p' "$completions/_mmcp" | words >zsh
sed -n 's/ -[ad] .*//; s/^complete -c mmcp//p' "$completions/mmcp.fish" |
	sed 's/ -[xfr]$//; s/ -[xfr] / /; s/ -l \([a-z]\)/ --\1/g; s/ -s \(.\)/ -\1/g' |
	words >fish

for shell in bash zsh fish; do
	while read -r option; do
		check "$option is completed by $shell" grep -qxe "$option" $shell
	done <helped
	while read -r option; do
		check "$option, completed by $shell, is in the help" grep -qxe "$option" helped
	done <$shell
done

check "each option has a description for zsh" sh -c \
	"! sed '/^options=(/,/^)/!d; /^\t[\"'\\'']/!d' '$completions/_mmcp' | grep -v '\[..*\]'"
check "each option has a description for fish" sh -c \
	"! grep '^complete ' '$completions/mmcp.fish' | grep -v ' -d [\"'\\''].'"

finish
