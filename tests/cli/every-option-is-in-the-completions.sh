#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

completions=${srcdir:-.}/completions
helped_options >helped
check "the help has options" test -s helped

# ---- the files are what the table says ----
# The generator has the table from the source, as the program has.
[ -x "${GENERATE:=}" ] || skip_all "the generator is built by make check"
same_as_generated() {	# FORMAT TEMPLATE FILE
	echo "if they differ, run: make completions"
	"$GENERATE" "$1" "$completions/$2" >"generated.$1" &&
		diff "$completions/$3" "generated.$1"
}
check "bash's is what the table of options says" same_as_generated bash bash.in mmcp
check "zsh's is what the table of options says" same_as_generated zsh zsh.in _mmcp
check "fish's is what the table of options says" same_as_generated fish fish.in mmcp.fish

# ---- and the program says the same ----
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
		check "$option, completed by $shell, is in the help" \
			grep -qxe "$option" helped
	done <$shell
done

# Long options, with "=" where an argument is needed, "[=" where it may be missing.
"$MMCP" --help=all | sed -n 's/^  \(-.,\|   \) \(--[^ ]*\).*/\2/p' |
	sed 's/=.*/=/' | sort >helped.arguments
sed -n "/^_mmcp_options='/,/'\$/p" "$completions/mmcp" | grep -oE -e '--[a-z0-9-]+=?' |
	sort | awk '{ name = $0; sub(/=/, "", name); seen[name]++ }
		/=/ { takes[name] = 1 }
		END { for (name in seen)
			print name (seen[name] > 1 ? "[" : "") \
				(name in takes ? "=" : "") }' |
	sort >bash.arguments
sed -n '/^options=(/,/^)/s/\[.*//p' "$completions/_mmcp" | sed "s/^.*['\"{,)*]--/--/" |
	grep -oE -e '^--[a-z0-9-]+=?-?' | sed 's/=-$/[=/' | sort >zsh.arguments
sed -n 's/^complete -c mmcp.* -l \([a-z0-9-]*\) \(-[xrf]\)\{0,1\}.*/--\1\2/p' \
	"$completions/mmcp.fish" | sed 's/-[xr]$/=/; s/-f$/[=/' | sort >fish.arguments
for shell in bash zsh fish; do
	check "$shell knows which options have arguments" \
		diff helped.arguments $shell.arguments
done

check "each option has a description for zsh" sh -c \
	"! sed '/^options=(/,/^)/!d; /^\t[\"'\\'']/!d' '$completions/_mmcp' |
		grep -v '\[..*\]'"
check "each option has a description for fish" sh -c \
	"! grep '^complete ' '$completions/mmcp.fish' | grep -v ' -d [\"'\\''].'"

finish
