#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

tests=${srcdir:-.}/tests
completions=${srcdir:-.}/completions
mkdir home here here/sub1 here/sub2
touch here/-file here/file1 'here/file two' here/notes here/same
HOME=$work/home XDG_CONFIG_HOME=$work/home XDG_DATA_HOME=$work/home
export HOME XDG_CONFIG_HOME XDG_DATA_HOME

# vocabulary OPTION: the words that mmcp takes for it, as it says itself.
vocabulary() {
	LC_ALL=C "$MMCP" "$1=?" from to 2>&1 | tr '\n' ' ' |
		sed 's/^.*Valid arguments are//; s/ Try .*//' |
		grep -o "'[^']*'" | tr -d "'" | tr '\n' ' '
}
with_words="--update --backup --preserve --no-preserve --sparse --reflink --engine --help"

# A line, in which cp is an alias, and what is to be offered, in any order; a _ stands
# for a space.
cases() {
	echo "mmcp -|$(helped_options | tr '\n' ' ')-file"
	for option in $with_words; do
		echo "mmcp $option=|$(vocabulary "$option")"
	done
	cat <<-END
		mmcp --upd|--update
		mmcp --no-t|--no-target-directory
		mmcp -a --eng|--engine
		mmcp --engine=mm|mmap
		mmcp --engine k|kernel
		mmcp --sparse a|always auto
		mmcp --update=none|none none-fail
		mmcp --update no|notes
		mmcp --preserve=mode,ti|timestamps
		mmcp --preserve=mode,links,|ownership timestamps context xattr all
		mmcp --no-preserve l|links
		mmcp --no-preserve mode,l|links
		mmcp -t s|sub1 sub2
		mmcp -rt s|sub1 sub2
		mmcp -ts|sub1 sub2
		mmcp --target-directory s|sub1 sub2
		mmcp --target-directory=s|sub1 sub2
		mmcp |-file file1 file_two notes same sub1 sub2
		mmcp fi|file1 file_two
		mmcp -a sub1 s|same sub1 sub2
		mmcp -St s|same sub1 sub2
		mmcp -- -|-file
		mmcp -- --eng|
		mmcp -t sub1 -- fi|file1 file_two
		mmcp -j |
		mmcp --jobs=|
		mmcp -S |
		mmcp --chunk-size |
		cp --nocac|--nocache
		cp --engine=mm|mmap
	END
}
cases >table
for option in $with_words; do
	check "mmcp says which words $option takes" grep -q "^mmcp $option=|." table
done
# The last is for itself: a bundle of short options.
{ sed 's/|.*//' table; echo "mmcp -rv"; } >queries

# Answers come with descriptions, and some with what is already there.
plain() {
	cut -f 1 "$1" | sed 's/^--[^=]*=\(.\)/\1/; s/=$//; s/^-t\(.\)/\1/; s/^.*,//
		s/\\//g; s/\/$//; s/ /_/g; /^$/d' | sort -u
}
# offers ANSWERS LINE WORDS: these are all the answers.
offers() {
	echo "$3" | tr ' ' '\n' | sed '/^$/d' | sort -u >want
	# Only some think of files that begin with a dash when there are options.
	{ plain "$1"; [ "$2" != "mmcp -" ] || echo "-file"; } | sort -u | diff want -
}
# Some offer what else can be bundled.
offers_bundle() { [ -s "$1" ] && ! cut -f 1 "$1" | grep -vx -e '-rv[A-Za-z]\{0,1\}'; }

# judge NAME STATUS: the answers of a shell, NAME.1 and so on.
judge() {
	check "$1 answers" test "$2" = 0
	n=0
	while IFS='|' read -r line words; do
		n=$((n + 1))
		check "$1: $line" offers "$1.$n" "$line" "$words"
	done <table
	check "$1: mmcp -rv" offers_bundle "$1.$((n + 1))"
}
# ask NAME COMMAND ARGUMENT...: have COMMAND ask a shell for the answers to the queries.
ask() {
	name=$1; shift
	status=0
	set -- "$@" "$completions" "$work/queries" "$work/$name"
	(cd here && timeout 100 "$@") >log 2>&1 || status=$?
	diag <log
	judge "$name" "$status"
}

if have bash; then
	ask bash bash --norc "$tests/cli/complete.bash"
	package=/usr/share/bash-completion/bash_completion
	if [ -e $package ]; then
		PACKAGE=$package; export PACKAGE
		ask bash-completion bash --norc "$tests/cli/complete.bash"
	else
		skip "bash with bash-completion answers" \
			"bash-completion is not installed"
	fi
else
	skip "bash answers" "bash is not installed"
fi
if have zsh; then
	ask zsh zsh -f "$tests/cli/complete.zsh"
else
	skip "zsh answers" "zsh is not installed"
fi
if have fish; then
	ask fish fish "$tests/cli/complete.fish"
else
	skip "fish answers" "fish is not installed"
fi

finish
