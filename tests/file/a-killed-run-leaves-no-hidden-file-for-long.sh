#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A file under a hidden name is locked.  A run that is killed leaves it behind unlocked;
# the next run that makes such a file in that directory removes it, but no other user's.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need flock

pattern 3000000 >large
mkdir d
mine=$(printf %08x "$(id -u)")
# Where O_TMPFILE is refused, files have a hidden name from the beginning.
hiding() { shimmed "tmpfile=EOPNOTSUPP${1:+ $1}" "$MMCP" --atomic large d/f; }
hidden() { find d -name '.mmcp-*'; }
count() { hidden | wc -l; }
is_locked() { ! flock -n "$1" true; }
names() { find d -mindepth 1 -printf '%P\n' | LC_ALL=C sort; }
one_is_there() { [ "$(count)" = 1 ]; }

killed() {
	hiding "copy_file_range=EIO" >out 2>err
	check "a copy that fails leaves nothing" test "$(count)" = 0
	(
		MMCP_SHIM="tmpfile=EOPNOTSUPP fsync=delay20000" LD_PRELOAD=$SHIM
		ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
		export MMCP_SHIM LD_PRELOAD ASAN_OPTIONS
		exec "$MMCP" --atomic large d/f
	) &
	pid=$!
	check "a hidden file is there" wait_until one_is_there
	left=$(hidden)
	check "and is locked" is_locked "$left"
	# A hidden file of another run that is still going on.
	run hiding
	check "another run goes on beside it" went_well
	check "whose file is there" cmp large d/f
	check "and leaves the first one's alone" test -e "$left"
	kill -KILL $pid
	wait $pid 2>/dev/null
	check "a killed run leaves it" test -e "$left"
	check "unlocked" flock -n "$left" true
}

echo old >d/f
killed

# Names that are similar.
echo mine >d/.mmcp-notes
echo mine >"d/.mmcp-${mine}89abcdefg"
echo mine >"d/.mmcp-${mine}89abcdef00"
mkdir "d/.mmcp-${mine}89abcdef"
ln -s f "d/.mmcp-${mine}89abcde0"
mkfifo "d/.mmcp-${mine}89abcde1"
echo mine >d/other && ln d/other "d/.mmcp-${mine}89abcde2"
names | grep -vxF "${left#d/}" >wanted
if is_root; then
	# A file of another user; and one of ours whose owner was changed already.
	echo theirs >d/.mmcp-0000000189abcdef
	chown 1 d/.mmcp-0000000189abcdef
	echo .mmcp-0000000189abcdef >>wanted
	echo ours >"d/.mmcp-${mine}01234567"
	chown 1 "d/.mmcp-${mine}01234567"
fi
LC_ALL=C sort -o wanted wanted
run hiding
check "the next run goes well" went_well
as_wanted() { names | diff wanted -; }
check "it removes what was left, and nothing else" as_wanted

# A run that uses a hidden name only for a moment removes old ones, too.
echo left >"d/.mmcp-${mine}aaaaaaaa"
run "$MMCP" --atomic large d/f
check "a run with files without names goes well" went_well
check "and sweeps" absent "d/.mmcp-${mine}aaaaaaaa"
echo left >"d/.mmcp-${mine}aaaaaaaa"
(exec 9<"d/.mmcp-${mine}aaaaaaaa"; flock 9; exec sleep 20) & locker=$!
wait_until is_locked "d/.mmcp-${mine}aaaaaaaa"
run "$MMCP" --atomic large d/f
check "not what is locked" test -e "d/.mmcp-${mine}aaaaaaaa"
kill $locker

# A source of such a name is not removed.
cp large "d/.mmcp-${mine}bbbbbbbb"
run "$MMCP" --atomic "d/.mmcp-${mine}bbbbbbbb" d/f
check "a source that is called so is copied" went_well
check "and stays" cmp large "d/.mmcp-${mine}bbbbbbbb"

finish
