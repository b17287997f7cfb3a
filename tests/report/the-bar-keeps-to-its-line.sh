#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# On a terminal a bar shows the progress, and leaves only a closing line behind.  The
# terminal is a real one, tmux, and its screen is what is compared.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need tmux

socket=; terminals=0
term() { tmux -S "$socket" -f /dev/null "$@"; }
close_terminal() { term kill-server 2>/dev/null; clean_up; }
trap close_terminal EXIT
screen() { term capture-pane -p; }
echo "PS1='\$ '" >rc
# A shell with nothing but a prompt, WIDTH columns wide.
open_terminal() {
	[ -z "$socket" ] || term kill-server 2>/dev/null
	terminals=$((terminals + 1)); socket=$work/tmux$terminals
	env -u NO_COLOR LC_ALL="${2:-C.UTF-8}" ENV="$work/rc" HOME="$work" \
		tmux -S "$socket" -f /dev/null -u new-session -d -x "$1" -y 20 \
		"cd '$work'; exec sh" || return
	term set -g status off
	wait_until shows '^\$'
}
shows() { screen | grep -q -- "$1"; }
gone_from() { ! shows "$1"; }
type_in() { term send-keys -l "$1"; term send-keys Enter; }
# The command has ended when there is a second prompt, with nothing behind it.
prompts() { [ "$(screen | grep -c '^\$')" -ge "$1" ]; }
ended_there() { prompts 2; }
# A command that lasts for long enough to be looked at is not waited for.
stop_it() { term send-keys C-c; wait_until ended_there; }
rows() { screen | grep -c .; }
# Print the columns of the longest line that shows progress.
width() {
	screen | grep % | sed 's/ *$//' |
		awk '{ if (length($0) > n) n = length($0) } END { print n + 0 }'
}

head -c 3000000 /dev/urandom >medium; echo x >small
ln -s "$MMCP" copy
if ! open_terminal 80; then skip_all "tmux can't be started here"; fi

# ---- when there is one ----

began=$(date +%s%N)
type_in './copy --bwlimit=600K medium new'
check "a bar appears" wait_until shows '%'
check "after a second" test "$(($(date +%s%N) - began))" -ge 900000000
check "with bytes" shows '[0-9.]*/2.9 MiB'
check "with a rate" shows '[0-9.]* [KM]iB/s'
check "with a name" shows 'medium *$'
check "with a bar" shows '^█'
check "in one row" test "$(rows)" = 2
check "it moves" wait_until shows '6[0-9]%'
check "the time that is left is said" wait_until shows 'ETA  0:0[0-9]'
check "it ends" wait_until ended_there
check "and leaves a closing line" \
	shows "^copy: 2.9 MiB in 1 file in [0-9.]* s ([0-9.]* KiB/s) *\$"
check "and nothing else" test "$(rows)" = 3
check "but the copy" same_content medium new

without() {	# SENTENCE COMMAND
	open_terminal 80
	type_in "$2; echo done"
	sleep 1.5
	check "$1: there is none" gone_from '%'
	check "$1: it ends" wait_until shows '^done'
	check "$1: nothing else is said" gone_from 'iB'
}
without "a short copy" './copy small new'
without "into a pipe" './copy --bwlimit=1500K medium new 2>&1 | cat'
without "with --progress=never" './copy --bwlimit=1500K --progress=never medium new'
without "on a dumb terminal" 'TERM=dumb ./copy --bwlimit=1500K medium new'
open_terminal 80
type_in 'set -m; ./copy --bwlimit=1500K medium new & sleep 1.7; '\
'kill -0 $! && echo still there; wait'
check "in the background it runs" wait_until shows '^still there'
check "and shows nothing" gone_from '%'
check "until it ends" wait_until shows 'Done'
check "nor in the end" gone_from 'iB'

# ---- what it looks like ----

for columns in 40 200 20; do
	open_terminal $columns
	type_in './copy -g --bwlimit=300K medium new'
	wait_until shows '[1-9]%'
	check "$columns columns are enough" test "$(width)" -lt "$columns"
	check "$columns columns: one row" test "$(rows)" = $((columns < 40 ? 3 : 2))
	check "$columns columns: it ends" stop_it
	check "$columns columns: and leaves nothing" gone_from '%'
done
open_terminal 80 C
type_in './copy -g --bwlimit=300K medium new'
wait_until shows '[3-9][0-9]%'
check "where there is no UTF-8, there is ASCII" shows '\[=*> *\]'
stop_it
open_terminal 80
type_in './copy -g --bwlimit=300K medium new'
wait_until shows '[1-9][0-9]%'
green=$(printf '\033')'\[32m'
has_colour() { term capture-pane -ep | grep -q "$green"; }
has_none() { ! has_colour; }
check "it has a colour" has_colour
stop_it
open_terminal 80
type_in 'NO_COLOR=1 ./copy -g --bwlimit=300K medium new'
wait_until shows '[1-9][0-9]%'
check "or not, if that is not wanted" has_none
stop_it

open_terminal 80
type_in './copy --progress=plain --bwlimit=300K medium new'
wait_until shows '[3-9][0-9]%'
check "a plain one is ASCII" shows '\[=*> *\]'
check "without a colour" has_none
stop_it

# ---- a size that changes ----

open_terminal 120
type_in './copy -g --bwlimit=100K medium new'
wait_until shows '[1-9]%'
for columns in 60 45 130; do
	term resize-window -x $columns -y 20
	sleep 0.5
	check "made $columns columns wide: there is one line" \
		test "$(screen | grep -c %)" = 1
	check "$columns: which fits" \
		test "$(screen | grep % | sed 's/ *$//' | wc -m)" -le $columns
done
# Where lines were broken anew there may be more prompts or fewer.
term send-keys C-c
type_in 'echo en""ded'
wait_until shows '^ended'
check "and nothing is left of any" gone_from '%'

# ---- beside messages ----

mkdir d other; for i in 1 2 3 4 5 6; do head -c 500000 medium >d/$i; done
open_terminal 80
type_in './copy -rgv --bwlimit=1500K d missing small d/1 other; echo "status $?"'
check "messages and the bar" wait_until shows '^status 1'
check "an error stands alone" \
	shows "^copy: cannot stat 'missing': No such file or directory *\$"
check "so does each line of -v" \
	test "$(screen | grep -c "^'d/[1-6]' -> 'other/.*' *\$")" -ge 6
check "and nothing is left" gone_from '%'
open_terminal 80
type_in './copy no1 no2 small other; '\
'./copy --bwlimit=1500K no3 no4 medium other; echo "status $?"'
check "where a bar was drawn" wait_until shows '^status 1'
check "failures are listed at the end" shows '^copy: 2 failed:'
check "and only there" test "$(screen | grep -c 'cannot stat')" = 6
open_terminal 80
type_in './copy -g --bwlimit=1500K medium new; ./copy -gi --bwlimit=1M medium new'
check "a question" wait_until shows "overwrite 'new'?"
sleep 0.4
asked="^copy: overwrite 'new'?"
check "is not drawn over" test "$(screen | grep -c "$asked  *\$\|$asked\$")" = 1
type_in y
check "and then it goes on" wait_until shows '[1-9][0-9]%'
check "to the end" wait_until gone_from '%'
open_terminal 80
type_in './copy -g --bwlimit=300K medium new'
wait_until shows '[1-9]%'
term send-keys C-c
check "^C ends it" wait_until prompts 2
check "and the prompt is behind nothing" gone_from '%'
check "but what is to be done" shows "to go on, run the same command again"
open_terminal 80
type_in './copy -rg -j2 --bwlimit=1M d other2'
check "of a tree, files are counted" wait_until shows '[0-6]/≥*[1-6] files'
wait_until ended_there
check "and nothing is left of it" gone_from '/[0-9]* files'

# ---- flushing ----

if have strace && strace -o /dev/null true 2>/dev/null; then
	head -c 200000000 /dev/zero >large
	open_terminal 80
	type_in 'strace -qq -o /dev/null -e inject=sync_file_range:delay_enter=300000 \
./copy -g --fsync large new.large'
	check "what is still to be flushed is said" wait_until shows 'flushing, .* to go'
	check "and nothing when it is done" wait_until gone_from 'flushing, .* to go'
else
	skip "what is still to be flushed is said" "strace doesn't work here"
fi

finish
