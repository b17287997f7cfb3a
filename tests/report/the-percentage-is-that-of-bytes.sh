#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# On a terminal that is recorded, the percentage of a tree is that of the bytes that are
# in the copy, whatever the tree is made of; the line doesn't jump, and a closing line
# stays.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3
need_terminals
tools=$(cd "${srcdir:-.}/tests/tools" && pwd)
export TERM=xterm
unset NO_COLOR

head -c 12000000 /dev/urandom >large
# in_blocks FILE...: the bytes that their blocks have, each file once.
in_blocks() { du -sk "$@" | awk '{ n += $1 } END { print n * 1024 }'; }
# watched SENTENCE COLUMNS OPTION...: copy tree to to; $all bytes are to come there.
watched() {
	what=$1; columns=$2; shift 2
	mkdir -p to
	run python3 "$tools/watch.py" "$columns" to "$all" \
		"$MMCP" -r --bwlimit=4M --engine=stream "$@" tree to
	check "$what: it is copied" status_is 0
	check "$what: it was looked at ten times" \
		test "$(sed -n 's/^moments //p' out)" -ge 10
	off=$(sed -n 's/^off //p' out)
	if [ "$off" -gt 3 ] && [ "$(cut -d. -f1 /proc/loadavg)" -ge 1 ]; then
		skip "$what: and was right" "the machine is busy, and shows it late"
	else
		check "$what: and was right" test "$off" -le 3
	fi
	check "$what: no part changed its place" \
		test "$(sed -n 's/^columns //p' out | wc -w)" = 1
	check "$what: a closing line stays" \
		grep -q '^mmcp: [0-9.]* MiB in [0-9]* files in [0-9.]* s (' out
	# A narrow terminal makes two lines of it.
	check "$what: which is all" test "$(grep -vc '^mmcp: [0-9]' out)" = 3
}

mkdir -p tree/small; cp large tree/large
for i in $(seq 1 400); do head -c 4096 large >"tree/small/$i"; done
all=$(in_blocks tree/*)
watched "one large and many small files" 80
rm -rf to tree

mkdir tree; cp large tree/large; truncate -s 3G tree/sparse
head -c 4000000 large >tree/mixed; truncate -s 1G tree/mixed
for i in 1 2 3; do ln tree/large tree/name$i; done
all=$(in_blocks tree)
watched "sparse files and hard links" 120 -a
rm -rf to

mkdir to; cp -rp tree to; rm to/tree/large to/tree/name*; touch tree/sparse
cp large tree/excluded.o; cp large tree/excluded.a
all=$(in_blocks large)
watched "-u half done, and excluded files" 40 -au --exclude='*.[oa]'
check "-u half done: what stayed is told" grep -q '[0-9] skipped$' out

finish
