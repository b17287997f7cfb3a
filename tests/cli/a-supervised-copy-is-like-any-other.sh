#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where a file system may not answer, the supervisor waits and another process copies.
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
# supervised HOW COMMAND...: with one slow read, of the file or of a file in the tree.
supervised() {
	faultfs_rules "$work/mnt" "read@/file#1=delay$delay read@/tree/30=delay$delay"
	run timeout 100 python3 "${srcdir:-.}/tests/tools/supervised.py" "$@"
}

run "$MMCP" mnt/file mnt/copy
check "a copy that works has status 0" went_well
check "and the content" cmp mnt/file mnt/copy
run "$MMCP" mnt/absent mnt/copy
check "one that fails has status 1" status_is 1
check "and cp's words" err_is "mmcp: cannot stat 'mnt/absent': No such file or directory"
run "$MMCP" -v mnt/file mnt/other
check "output comes once" out_is "'mnt/file' -> 'mnt/other'"
printf 'y\nn\n' >answers
mkdir mnt/there
echo old >mnt/there/file; echo old >mnt/there/copy
"$MMCP" -i mnt/file mnt/copy mnt/there <answers >out 2>err
check "a question comes" err_has "overwrite 'mnt/there/copy'? "
check "the answer counts" cmp back/file back/there/file
check "and the other one, too" test "$(cat back/there/copy)" = old

# A supervised copy that waits for an answer looks to its caller like any other.
for how in "stop group" "stop process"; do
	supervised "$how" "$MMCP" -r -j3 mnt/tree "new $how"
	check "$how: all processes stop, continue and finish" out_is "told
status 0"
	check "$how: the copy is equal" same_tree back/tree "new $how"
done
delay=4000
supervised "stop blocked" "$MMCP" mnt/file new0
check "a program that waits for an answer seems to stop" out_is "told
status 0"
check "and finishes its copy" cmp back/file new0
delay=1500
supervised "kill supervisor" "$MMCP" -r -j3 mnt/tree new1
check "a killed supervisor takes all processes with it" out_is "status -9"
supervised "kill program" "$MMCP" -r -j3 mnt/tree new2
check "a killed program gives the caller its status" out_is "status -9"
supervised ask "$MMCP" mnt/file new3
check "SIGUSR1 prints the progress" err_has "mmcp: "
check "and the copy goes on" out_is "status 0"
supervised ignore "$MMCP" mnt/file new4
check "an ignored signal has no effect" out_is "status 0"
supervised alarm "$MMCP" --progress=always mnt/file new5
check "SIGALRM has no effect where a bar uses it" out_is "status 0"
supervised alarm "$MMCP" mnt/file new6
check "and otherwise ends the program and the supervisor" out_is "status -14"

# Where a filter refuses to take signals, there is no supervisor to take them.
taking=$(python3 -c 'import platform
print({"x86_64": 128, "aarch64": 137}.get(platform.machine(), ""))')
if [ -x "${REFUSE:=}" ] && [ -n "$taking" ]; then
	faultfs_rules "$work/mnt" "read@/file#1=delay500"
	run timeout --foreground --preserve-status 0.2 \
		"$REFUSE" EPERM "$taking" "$MMCP" mnt/file new7
	check "where signals can't be taken, one ends the program" status_is 143
	check "which leaves no file" test ! -e new7
fi

faultfs_rules "$work/mnt"
traced() { strace -f -qq -o "$work/calls" -e trace=clone,clone3,fork,vfork "$@"; }
for dir in mnt/tree "$work/mnt/tree" ./././mnt//tree back/../mnt/tree; do
	run traced "$MMCP" -j1 "$dir/1" one
	check "$dir is known to be on such a file system" grep -q SIGCHLD calls
done
ln -s mnt/tree link
run traced "$MMCP" -j1 link/1 one
check "and so is the target of a symlink" grep -q SIGCHLD calls
(cd mnt && traced "$MMCP" -j1 file ../one)
check "and a file in the current directory" grep -q SIGCHLD calls
run traced "$MMCP" -r -j1 back/tree two
check "a copy on other file systems has no supervisor" test ! -s calls

finish
