#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Operands that can't be copied side by side are copied by the walker that is there, or by
# walkers that remain: not by new ones for each of them.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_strace
no_leak_check

mkdir s links empty
for i in $(seq 300); do
	echo "$i" >"s/f$i"; ln -s "../s/f$i" "links/l$i"
done

# forks TO OPTIONS FROM: set $forks to how often it is forked to copy what is in FROM into
# TO.
forks() {
	to=$1 from=$3
	# shellcheck disable=SC2086 # OPTIONS and names without spaces
	strace -f -qq -o .trace -e trace=clone,clone3,fork,vfork \
		"$MMCP" -j3 $2 "$from"/* "$to" >.out 2>.err
	status=$?
	forks=$(grep -c '(' .trace)
}
few() {
	echo "status $status, $forks forks: $(cat .err)" >&2
	[ "$status" = 0 ] && [ "$forks" -le 6 ]
}
were_several() { [ "$forks" -ge 2 ]; }

# What was changed only just now may be the copy of another operand.
old_copy() { rm -rf old; cp -r s old; sleep 0.2; }
old_copy; forks old "" s
check "files that exist are written over" few
check "by several walkers" were_several
check "and are right" diff -r s old
for options in -n -u -b --atomic -f "-f -l" "-s -f"; do
	old_copy
	from=s; [ "$options" = "-s -f" ] && from=$PWD/s
	forks old "$options" "$from"
	check "with $options, too, by few forks" few
done
forks empty -d links
check "symlinks are copied by few forks" few

finish
