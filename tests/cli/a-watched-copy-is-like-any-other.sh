#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where a file system may not answer, one process waits and another one copies.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_faultfs
need python3 strace
no_leak_check
[ -e "/proc/$$/task/$$/children" ] || skip_all "the kernel doesn't list children"

mount_faultfs "$work/back" "$work/mnt"
pattern 3000000 >mnt/file
mkdir mnt/tree
for i in $(seq 200); do echo "$i" >"mnt/tree/$i"; done
delay=1500
# watched HOW COMMAND...: with one read that is slow, of the file and of a file in the tree.
watched() {
	faultfs_rules "$work/mnt" "read@/file#1=delay$delay read@/tree/30=delay$delay"
	run timeout 60 python3 "${srcdir:-.}/tests/tools/watched.py" "$@"
}

run "$MMCP" mnt/file mnt/copy
check "a copy that works has status 0" went_well
check "and the content" cmp mnt/file mnt/copy
run "$MMCP" mnt/absent mnt/copy
check "one that fails has status 1" status_is 1
check "and cp's words" err_is "mmcp: cannot stat 'mnt/absent': No such file or directory"
run "$MMCP" -v mnt/file mnt/other
check "what is said comes once" out_is "'mnt/file' -> 'mnt/other'"
printf 'y\nn\n' >answers
mkdir mnt/there
echo old >mnt/there/file; echo old >mnt/there/copy
"$MMCP" -i mnt/file mnt/copy mnt/there <answers >out 2>err
check "questions are asked" err_has "overwrite 'mnt/there/copy'? "
check "an answer is heard" cmp back/file back/there/file
check "and the other one" test "$(cat back/there/copy)" = old

# Of what is watched and slow, nothing differs for who waits for it.
for how in "stop group" "stop process"; do
	watched "$how" "$MMCP" -r -j3 mnt/tree "new $how"
	check "$how: all stop, and go on to the end" out_is "told
status 0"
	check "$how: with an equal copy" same_tree back/tree "new $how"
done
delay=4000
watched "stop blocked" "$MMCP" mnt/file new0
check "what can't stop, as it waits for an answer, seems to" out_is "told
status 0"
check "and does its work" cmp back/file new0
delay=1500
watched "kill watcher" "$MMCP" -r -j3 mnt/tree new1
check "who kills the watcher kills everybody" out_is "status -9"
watched "kill program" "$MMCP" -r -j3 mnt/tree new2
check "if the program is killed, the caller hears of it" out_is "status -9"
watched ask "$MMCP" mnt/file new3
check "somebody may ask how far it is" err_has "mmcp: "
check "without harm" out_is "status 0"
watched ignore "$MMCP" mnt/file new4
check "what is ignored is ignored" out_is "status 0"
watched alarm "$MMCP" --progress=always mnt/file new5
check "an alarm is no harm where there is a bar" out_is "status 0"
watched alarm "$MMCP" mnt/file new6
check "and else ends the program and the watcher" out_is "status -14"

# Where a filter lets nobody take signals, nobody watches, and they come to the program.
taking=$(python3 -c 'import platform
print({"x86_64": 128, "aarch64": 137}.get(platform.machine(), ""))')
if [ -x "${REFUSE:=}" ] && [ -n "$taking" ]; then
	faultfs_rules "$work/mnt" "read@/file#1=delay500"
	run timeout --foreground --preserve-status 0.2 "$REFUSE" EPERM "$taking" "$MMCP" mnt/file new7
	check "where signals can't be taken, one ends the program" status_is 143
	check "which leaves nothing" test ! -e new7
fi

faultfs_rules "$work/mnt"
for dir in mnt/tree "$work/mnt/tree" ./././mnt//tree back/../mnt/tree; do
	run strace -f -qq -o calls -e trace=clone,clone3,fork,vfork "$MMCP" -j1 "$dir/1" one
	check "$dir is known to be on such a file system" grep -q SIGCHLD calls
done
ln -s mnt/tree link
run strace -f -qq -o calls -e trace=clone,clone3,fork,vfork "$MMCP" -j1 link/1 one
check "and so is what a symlink leads to" grep -q SIGCHLD calls
(cd mnt && strace -f -qq -o ../calls -e trace=clone,clone3,fork,vfork "$MMCP" -j1 file ../one)
check "and what is in the current directory" grep -q SIGCHLD calls
run strace -f -qq -o calls -e trace=clone,clone3,fork,vfork "$MMCP" -r -j1 back/tree two
check "what is not on one has no watcher" test ! -s calls

finish
