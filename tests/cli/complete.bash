# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# complete.bash COMPLETIONS QUERIES ANSWERS: what bash offers for each line of QUERIES, in
# the files ANSWERS.1, ANSWERS.2 and so on.  $PACKAGE is loaded before, if it is set.

# shellcheck source=/dev/null
[[ -z ${PACKAGE-} ]] || . "$PACKAGE" || exit
# shellcheck source=completions/mmcp
. "$1/mmcp" && complete -F _mmcp cp || exit

# Part LINE into COMP_WORDS, as readline does.
part() {
	local line=$1
	[[ $COMP_WORDBREAKS != *=* ]] || line=${line//=/ = }
	# shellcheck disable=SC2206 # there is no quoting in it
	COMP_WORDS=($line)
	[[ $1 != *' ' && $1 != *= ]] || COMP_WORDS+=('')
	[[ $1 != *= ]] || unset 'COMP_WORDS[-1]'
}

set -f
n=0
while IFS= read -r COMP_LINE; do
	n=$((n + 1))
	COMP_POINT=${#COMP_LINE} COMP_TYPE=9 COMP_KEY=9 COMPREPLY=()
	part "$COMP_LINE"
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	set +f
	[[ $(complete -p "${COMP_WORDS[0]}") =~ \ -F\ ([^ ]+) ]] || exit
	"${BASH_REMATCH[1]}" "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	set -f
	printf '%s\n' "${COMPREPLY[@]}" >"$3.$n"
done <"$2"
