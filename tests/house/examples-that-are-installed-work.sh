#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The files of doc/examples/.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

examples=${srcdir:-.}/doc/examples
mkdir bin home
ln -s "$MMCP" bin/mmcp
PATH=$work/bin:$PATH HOME=$work/home
export PATH HOME

# ---- backup, with excludes ----

mkdir -p tree/.cache tree/below
echo old >tree/below/file; echo x >tree/below/file.o; echo x >tree/.cache/file
cp "$examples/backup" "$examples/excludes" .
run sh backup tree copy
check "backup copies a directory" same_content tree/below/file copy/below/file
check "and says nothing" went_well
check "but not what excludes has" absent copy/.cache
check "nor what a pattern there matches" absent copy/below/file.o
check "a log has what was done" grep -q 'copied .*below/file' copy.log
echo newer >tree/below/file
run sh backup tree copy
check "what is changed is copied again" same_content tree/below/file copy/below/file
check "and what it replaces stays" grep -qx old 'copy/below/file.~1~'
run sh backup tree
check "it says how it is to be called" err_has "usage: backup SOURCE DEST"
check "and fails" status_is 2

echo x >tree/taken; mkdir copy/taken
run sh backup tree copy
check "what failed is tried again" test "$(grep -c 'failed.*taken' copy.log)" = 2
check "and is a failure" status_is 1

# ---- settings ----

cp "$examples/popt" home/.popt
run "$MMCP" --mirror tree mirror
check ".popt has an option of its own" same_content tree/below/file mirror/below/file
check "which says how much it was" grep -q Copied out err
completions=${srcdir:-.}/completions/mmcp
sed "s|/usr/share/bash-completion/completions/mmcp|$completions|" \
	"$examples/bashrc" >bashrc
if have bash; then
	check "with bashrc, cp is mmcp, with its completion" \
		bash -c 'shopt -s expand_aliases; . ./bashrc; complete -p cp && alias cp'
else
	skip "with bashrc, cp is mmcp, with its completion" "bash is not installed"
fi

finish
