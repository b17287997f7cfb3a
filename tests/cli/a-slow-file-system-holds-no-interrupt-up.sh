#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_faultfs
need python3 flock
no_leak_check

mount_faultfs "$work/back" "$work/mnt"

# What the user sees, and what becomes of what remains.
pattern 300000 >new
pattern 300000 >mnt/old
hidden() { find back -name '.mmcp-*' -printf '%f\n' | grep .; }
faultfs_rules "$work/mnt" write=delay30000
"$MMCP" --atomic new mnt/old 2>err 9>>theirs &	# and 9 is none of its own
pid=$!
wait_until hidden >/dev/null
sleep 1				# until it writes
kill "$pid"
status=0
wait "$pid" 2>/dev/null || status=$?
check "a shell sees the signal" status_is 143
remains=$work/mnt/$(hidden)
check "a message names what may remain" \
	err_is "mmcp: a file system does not answer; '$remains' may be half written"
faultfs_rules "$work/mnt"
check "the old file is as it was" cmp new back/old
left=$(hidden)
wait_until flock -n "mnt/$left" true	# until it is answered, and gone
run "$MMCP" --atomic new mnt/old
check "the next run works" went_well
check "and removes what remained ($left)" no_leftovers back

mkdir local
python3 "${srcdir:-.}/tests/tools/slow.py" "$work/mnt" "$work/back" >said ||
	broken "$(tail -n 1 said)"
while IFS= read -r line; do
	case $line in
	"ok - "* | "not ok - "*)
		checks=$((checks + 1))
		echo "${line%% - *} $checks - ${line#* - }" ;;
	*) echo "$line" ;;
	esac
done <said

finish
