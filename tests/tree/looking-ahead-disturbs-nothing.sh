#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The process that looks ahead holds no file of the copy open, leaves file systems alone
# that may not answer, and ends with the copy.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
no_leak_check

# So many names that they take a second at a tenth of a processor.
mkdir tree; head -c 3000000 /dev/urandom >tree/large
mkdir tree/many; (cd tree/many && seq 1 60000 | xargs touch)
helper() { ps -o pid= --ppid "$pid" | tr -d ' '; }
there() { [ -n "$(helper)" ]; }
begin() { "$MMCP" -rgj1 --bwlimit=100K "$@" 2>err & pid=$!; }
descriptors() { find "/proc/$1/fd" -type l -printf '%l\n' 2>/dev/null; }
only_its_own() {
	! descriptors "$1" | grep -v "^/dev/null\$\|^$work/tree" &&
		[ "$(descriptors "$1" | grep -c /dev/null)" -ge 3 ]
}
begin tree to
check "a process looks ahead" wait_until there
helper=$(helper)
check "it has what it reads open, and nothing else" only_its_own "$helper"
kill -s STOP "$helper"
check "the copy does without it" kill -0 "$pid"
kill -s TERM "$pid"; wait "$pid"; status=$?
check "which ends as it is told" test "$status" = 143
check "and ends it" test ! -e "/proc/$helper"
rm -rf to
begin tree to
wait_until there; helper=$(helper)
kill -s KILL "$helper"
check "its death is no matter" kill -0 "$pid"
kill -s KILL "$pid"; wait "$pid" 2>/dev/null
rm -rf to
begin tree to
wait_until there; helper=$(helper)
kill -s KILL "$pid"; wait "$pid" 2>/dev/null
gone() { [ ! -e "/proc/$helper" ]; }
check "and it dies with the copy" wait_until gone
rm -rf to

# ---- what may not answer ----

out_of_hundred() { grep '^mmcp:  *[0-9]*% ' err || { cat err; false; }; }

if [ -x "${FAULTFS:-}" ] && [ -e /dev/fuse ] && is_root; then
	mkdir back; cp -r tree/large back/large; head -c 1000 tree/large >back/small
	mount_faultfs "$work/back" "$work/mnt"
	run "$MMCP" -rgj1 --bwlimit=1M mnt new
	check "a FUSE file system is copied" same_content back/large new/large
	check "and not searched: there is no percentage" \
		test -z "$(sed -n 1p err | grep %)"
	# The first lines may be too early: they come after 1, 4 and 10 seconds.
	run "$MMCP" -rg --bwlimit=200K back new2
	check "another one is" out_of_hundred
	unmount_faultfs "$work/mnt"
else
	skip "a FUSE file system is not searched" "faultfs can't be mounted"
fi

finish
