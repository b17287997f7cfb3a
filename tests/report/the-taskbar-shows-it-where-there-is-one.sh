#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A terminal that is known to have a place for a percentage outside of its text is told it
# (OSC 9;4), and in the end that it is over; no other one is.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_terminals

head -c 3000000 /dev/urandom >medium; echo x >small
export TERM=xterm
unset TERM_PROGRAM VTE_VERSION WT_SESSION ConEmuANSI TMUX STY
escape=$(printf '\033')
# on_terminal VARIABLE ARGUMENT...: the bytes that the terminal gets are in the file out.
on_terminal() {
	variable=$1; shift
	run env "$variable" script -qec "'$MMCP' $*" typescript </dev/null
}
told() { grep -aq "$escape]9;4;$1" out; }
silent() { ! told ""; }

for variable in TERM_PROGRAM=ghostty TERM_PROGRAM=WezTerm VTE_VERSION=8002 WT_SESSION=x \
	ConEmuANSI=ON; do
	on_terminal $variable -g --bwlimit=2M medium new
	check "$variable: the percentage is told" told "1;[1-9][0-9]*"
	check "$variable: and that it is over" told "0;0"
	check "$variable: which is the last of it" \
		test "$(grep -ao '9;4;[0-9]' out | tail -n 1)" = "9;4;0"
done
for variable in TERM_PROGRAM=Apple_Terminal VTE_VERSION=7600 ConEmuANSI=OFF X=y; do
	on_terminal $variable -g --bwlimit=2M medium new
	check "$variable: nothing is told" silent
done
on_terminal TERM_PROGRAM=ghostty --progress=plain --bwlimit=2M medium new
check "nor with --progress=plain" silent
TMUX=x on_terminal TERM_PROGRAM=ghostty -g --bwlimit=2M medium new
check "nor in a multiplexer" silent
on_terminal TERM_PROGRAM=ghostty small new
check "nor where no bar is drawn" silent

finish
