#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

echo a >a
echo b >b
mkdir dir

run "$MMCP" nowhere x
check "a missing source is an error" status_is 1
check "told as cp tells it" err_is \
	"mmcp: cannot stat 'nowhere': No such file or directory"
check "nothing is made" absent x

run "$MMCP" a nowhere b dir
check "one missing source of three is an error" status_is 1
check "the only one" err_is "mmcp: cannot stat 'nowhere': No such file or directory"
check "the one before it is copied" same_content a dir/a
check "and the one after it" same_content b dir/b

run "$MMCP" a nowhere/x
check "a missing directory is an error" status_is 1
check "told as cp tells it" err_is \
	"mmcp: cannot create regular file 'nowhere/x': No such file or directory"

run "$MMCP" dir x
check "a directory is not copied" status_is 1
check "told as cp tells it" err_is "mmcp: -r not specified; omitting directory 'dir'"

run sh -c '"$MMCP" -v a x >/dev/full'
check "what can't be told is an error" status_is 1
check "of writing" err_is "mmcp: write error: No space left on device"
check "and the copy is made" same_content a x

run sh -c 'echo y | "$MMCP" -i a x 2>/dev/full'
check "a question that nobody saw is an error" status_is 1

run sh -c '"$MMCP" a x >&-'
check "a closed stdout that isn't needed is none" went_well
run sh -c '"$MMCP" -v a y >&-'
check "with a closed stdout the copy is made" same_content a y
run sh -c '"$MMCP" nowhere y 2>&-'
check "with a closed stderr an error is one" status_is 1
rm -f x y
run sh -c '"$MMCP" a x <&- >&- 2>&-'
check "with nothing open a copy is made" same_content a x

pattern 3000000 >large
for file in a large; do
	run "$MMCP" --fsync -v $file x
	check "--fsync takes a new file ($file)" status_is 0
	check "which is whole" same_content $file x
	run "$MMCP" --fsync $file x
	check "and an old one" went_well
done
run "$MMCP" --fsync a /dev/null
check "and what can't be flushed" went_well

# Too few descriptors.
# shellcheck disable=SC3045
run sh -c 'exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; ulimit -n 4; exec "$MMCP" a dir/x'
check "with too few descriptors there is an error" status_is 1
check "told in one line" test "$(wc -l <err)" = 1
check "and no file" absent dir/x

if open_to_nobody; then
	chmod 600 a && mkdir -m 755 closed && mkdir -m 700 secret && echo s >secret/s
	chmod 777 dir && echo old >closed/old && chmod 644 closed/old
	run as_nobody "$mmcp" a dir/x
	check "a source that may not be read is an error" status_is 1
	check "told as cp tells it" err_is \
		"mmcp: cannot open 'a' for reading: Permission denied"
	check "and nothing is made" absent dir/x
	run as_nobody "$mmcp" -f a dir/b
	check "an existing file stays if the source can't be read" same_content b dir/b
	run as_nobody "$mmcp" --remove-destination a dir/b
	check "even if it was to be removed" same_content b dir/b
	for file in b large; do
		run as_nobody "$mmcp" $file closed/x
		check "a directory that is not writable is an error ($file)" status_is 1
		check "told as cp tells it" err_is \
			"mmcp: cannot create regular file 'closed/x': Permission denied"
		check "and nothing is made" no_leftovers closed
	done
	run as_nobody "$mmcp" -f b closed/old
	check "so is a file there that can't be removed" status_is 1
	check "told as cp tells it" err_is \
		"mmcp: cannot remove 'closed/old': Permission denied"
	run as_nobody "$mmcp" --remove-destination b closed/old
	check "in every way" err_is "mmcp: cannot remove 'closed/old': Permission denied"
	check "it is as it was" test "$(cat closed/old)" = old
	run as_nobody "$mmcp" secret/s dir/x
	check "a source in a closed directory is an error" err_is \
		"mmcp: cannot stat 'secret/s': Permission denied"
	run as_nobody "$mmcp" b secret/x
	check "a destination in one, too" err_is \
		"mmcp: cannot stat 'secret/x': Permission denied"
	run as_nobody "$mmcp" b dir/b secret
	check "and one to fill" status_is 1
	check "is not filled" test "$(ls secret)" = s
else
	skip "what may not be read or written" "$why"
fi

if mount_fs tmpfs 1M "$work/tmpfs" && echo old >tmpfs/old &&
	mount -o remount,ro tmpfs; then
	run "$MMCP" large tmpfs/x
	check "a read-only file system is an error" status_is 1
	check "told as cp tells it" err_is \
		"mmcp: cannot create regular file 'tmpfs/x': Read-only file system"
	run "$MMCP" b tmpfs/old
	check "for an existing file, too" err_is \
		"mmcp: cannot create regular file 'tmpfs/old': Read-only file system"
else
	skip "a read-only file system" "there is none"
fi

finish
