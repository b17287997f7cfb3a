#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# On a terminal or with -g, three of the errors that differ in names alone are printed,
# and the others counted.  Elsewhere each has its line, as with cp.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_terminals

mkdir d; echo x >there
lines() { [ "$(grep -c -- "$1" "$2")" = "$3" ] || { cat "$2"; false; }; }
# on_terminal COMMAND...: run it; what it prints on the terminal is in the file err.
on_terminal() {
	command=
	for word; do command="$command '$word'"; done
	run script -qec "$command" typescript </dev/null
	tr -d '\r' <out >err
}
many=$(seq -f no%.0f 1 25)

# shellcheck disable=SC2086 # words, to be split
set -- $many
run "$MMCP" "$@" d
check "without a terminal, each has its line" lines "^mmcp: cannot stat 'no" err 25
check "and there is nothing else" test "$(wc -l <err)" = 25
on_terminal "$MMCP" "$@" d
check "on a terminal, three have" lines "^mmcp: cannot stat 'no" err 3
check "and the others are counted" \
	err_has "mmcp: cannot stat: No such file or directory (and 22 more)"
check "the status is that of an error" status_is 1
on_terminal "$MMCP" no1 no2 no3 there d
check "three are nothing to fold" lines "^mmcp: cannot stat 'no" err 3
check "and not counted" lines more err 0

run "$MMCP" -g "$@" d
check "with -g, three are printed" lines "^mmcp: cannot stat 'no" err 3
check "and listed at the end" lines "^mmcp:   cannot stat 'no" err 3
check "and the others counted" lines "^mmcp:   and 22 more" err 1
check "behind the number of all" lines "^mmcp: 25 failed:" err 1
run "$MMCP" -g --json --log-file=log --failed-to=names "$@" d
check "--json has each" lines '"event":"error"' out 25
check "and so has the log" lines "cannot stat 'no" log 25
check "and so has --failed-to" test "$(tr '\0' '\n' <names | wc -l)" = 25

mkdir tree to; for i in 1 2 3 4 5 6; do echo x >tree/$i; mkdir -p to/tree/$i; done
ln -s tree/1 loop
run "$MMCP" -rgj1 tree no1 no2 to
check "what differs in more isn't folded" lines "^mmcp: cannot stat 'no" err 2
check "and is listed beside what is" lines "^mmcp:   cannot overwrite directory" err 3

if mount_fs tmpfs 1m "$work/small"; then
	mkdir full; for i in $(seq 1 40); do head -c 100000 /dev/zero >"full/$i"; done
	run "$MMCP" -rgj1 full small
	check "on a full device, most errors are folded" \
		lines '^mmcp: error.*No space left' err 3
	check "and what had no room is told" lines '^mmcp: 2.* MiB had no room' err 1
	check "though each file was tried" lines '^mmcp:   and [0-9]* more' err 1
else
	skip "on a full device, most errors are folded" "$why"
fi

finish
