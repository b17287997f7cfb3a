#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# ^Z on a terminal stops all walkers of a tree, fg lets them go on, and ^C ends them.  The
# terminal is a real one, tmux.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need tmux
[ -e "/proc/$$/task/$$/children" ] || skip_all "/proc doesn't tell of children"

for d in s s/a s/b s/c; do
	mkdir $d
	for i in $(seq 60); do echo "$d $i" >"$d/$i"; done
done
echo "PS1='\$ '; set -m" >rc
cat >slow <<END
#!/bin/sh
MMCP_SHIM="copy_file_range=delay150" LD_PRELOAD=$SHIM \\
	ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
export MMCP_SHIM LD_PRELOAD ASAN_OPTIONS
echo \$\$ >pid
exec "$MMCP" "\$@"
END
chmod +x slow

socket=$work/tmux
term() { tmux -S "$socket" -f /dev/null "$@"; }
close_terminal() { term kill-server 2>/dev/null; clean_up; }
trap close_terminal EXIT
shows() { term capture-pane -p | grep -q -- "$1"; }
type_in() { term send-keys -l "$1"; term send-keys Enter; }
env LC_ALL=C.UTF-8 ENV="$work/rc" HOME="$work" tmux -S "$socket" -f /dev/null \
	new-session -d -x 80 -y 20 "cd '$work'; exec sh" 2>/dev/null ||
	skip_all "tmux can't be started here"
wait_until shows '^\$' || skip_all "the shell there has no prompt"

have_walkers() {
	[ -s pid ] && pid=$(cat pid) &&
		[ "$(wc -w <"/proc/$pid/task/$pid/children")" -ge 3 ]
}
# The process that looks ahead for the progress line may have ended, and isn't stopped.
all_are() {
	[ "$(for one in $pid $(cat "/proc/$pid/task/$pid/children"); do
		sed 's/.*) \(.\).*/\1/' "/proc/$one/stat"
	done | grep -v Z | sort -u | tr -d '\n')" = "$1" ]
}
files() { find to -type f | wc -l; }
more_than() { [ "$(files)" -gt "$1" ]; }

type_in './slow -a -j4 s to'
check "there are walkers" wait_until have_walkers
for i in 1 2; do
	term send-keys C-z
	check "^Z stops all of them, $i" wait_until all_are T
	before=$(files)
	sleep 0.2
	check "nothing goes on, $i" test "$(files)" = "$before"
	type_in fg
	check "with fg they go on, $i" wait_until more_than "$before"
done
check "to the end" wait_until gone "$pid"
check "with all of it" same_tree s to times

rm -rf to pid
type_in './slow -a -j4 s to'
check "there are walkers again" wait_until have_walkers
walkers=$(cat "/proc/$pid/task/$pid/children")
term send-keys C-c
check "^C ends it" wait_until gone "$pid"
none_is_left() { for one in $walkers; do gone "$one" || return; done; }
check "and all walkers" wait_until none_is_left
check "with whole files only" only_whole_files "$work/s" to
check "and not all of them" test "$(files)" -lt 240
check "nothing is left behind" no_leftovers .

finish
