#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Setting a locale takes time that small files show.  Only messages and the matching of
# names need it.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_strace

echo x >one; mkdir tree; echo x >tree/one

# opened ARGUMENT...: note the files that mmcp opens.
opened() { run strace -f -qq -e trace=open,openat -o log "$MMCP" "$@"; }
has_locale() { grep -q /locale log; }
no_locale() { ! has_locale || { grep /locale log; return 1; }; }

opened one copy
check "a copy of a file does its work" went_well
check "and asks for no locale" no_locale
opened -a -j2 tree copy.tree
check "nor does one of a tree" went_well
check "in none of its processes" no_locale
# To another file system, which refuses faster engines.
if other=$(mktemp -d /dev/shm/mmcp-test.XXXXXX 2>/dev/null); then
	opened one "$other/copy"
	check "nor does one that can't go the fastest way" no_locale
	rm -r "$other"
else
	skip "nor does one that can't go the fastest way" "there is no /dev/shm"
fi
opened missing copy
check "a message is one of the user's locale" has_locale
opened -v one copy
check "a name is quoted by it" has_locale

mkdir d e
for name in 'é' aa a; do : >"d/$name"; done
run "$MMCP" -r --exclude='?' d/. e
check "and matched by it, in characters and not in bytes" test "$(ls e)" = aa

finish
