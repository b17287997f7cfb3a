#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --fsync: few files are synced one by one, many by one call for their file system, at the
# end.  What can't be written is reported either way.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
! sanitized || skip_all "strace's injection and the sanitizer don't mix"
need_strace
place ext4 || skip_all "${why:-there is no ext4 here}"
cd "$work/ext4" || exit 99

mkdir -p many/a/b few/a
i=0
while [ $i -lt 100 ]; do
	echo "$i" >many/a/$i
	echo "$i" >many/a/b/$i
	i=$((i + 1))
done
echo 1 >few/1; echo 2 >few/a/2; ln -s 1 few/link

# synced OPTION...: the calls that sync, without what workers share, in "calls".
synced() {
	rm -rf to
	run strace -f -qq -y -e trace=fsync,fdatasync,sync,syncfs -o log "$MMCP" "$@"
	sed -n 's/^[0-9]* *\([a-z]*\)([0-9]*<\([^>]*\)>.*/\1 \2/p' log >calls
}
calls_are() { [ "$(cat calls)" = "$1" ] || { cat calls; false; }; }
count_is() { [ "$(grep -c "^$1 " calls)" -eq "$2" ] || { cat calls; false; }; }
here=$PWD

for jobs in 1 2 4; do
	synced -r -j$jobs --fsync many to
	check "-j$jobs, many files: all is well" went_well
	check "-j$jobs, many files: they are there" diff -r many to
	check "-j$jobs, many files: one call syncs them" calls_are "syncfs $here"
	synced -a -j$jobs --fsync few to
	check "-j$jobs, few files: all is well" went_well
	check "-j$jobs, few files: nothing else is synced" count_is syncfs 0
	mkdir box
	run strace -f -qq -y -e trace=fsync,syncfs -o log "$MMCP" -r -j$jobs --fsync \
		--parents few/a few/1 box
	for path in box box/few box/few/a box/few/a/2 box/few/1; do
		check "-j$jobs, --parents: $path is synced" \
			grep -q "fsync([0-9]*<$here/$path>" log
	done
	rm -rf box
	for name in to to/1 to/a to/a/2 .; do
		path=$here/$name
		[ $name != . ] || path=$here
		check "-j$jobs, few files: $name is synced" grep -qx "fsync $path" calls
	done
done

# Over old files, each of which must be whole on the device before the next.
synced -r --fsync many to
run strace -f -qq -y -e trace=fsync,syncfs -o log "$MMCP" -r --fsync many/. to
check "many old files: all is well" went_well
check "many old files: each is synced" test "$(grep -c 'fsync([0-9]*</' log)" -ge 200

# inject FAULT OPTION...: copy with a call that fails.
inject() {
	fault=$1; shift
	rm -rf to
	run strace -f -qq -o log -e inject="$fault" "$MMCP" "$@"
}
inject syncfs:error=EIO -r --fsync many to
check "syncfs fails: exit status 1" status_is 1
check "syncfs fails: that is said" err_has \
	"cannot flush everything that was copied: Input/output error"
check "syncfs fails: the copy stays" diff -r many to
inject syncfs:error=EIO:when=1 -r --fsync -j1 many to
check "syncfs fails, nothing else: exit status 1" status_is 1
inject fsync:error=EIO -r --fsync few to
check "fsync fails: exit status 1" status_is 1
check "fsync fails: a name is said" err_has "cannot flush 'to/a/2' to its device: "
run strace -f -qq -o log -e inject=syncfs:error=ENOSPC \
	-e inject=fsync:error=ENOSPC:when=3 \
	"$MMCP" -r --fsync -j2 many to2
check "syncfs and one file fail: exit status 1" status_is 1
check "syncfs and one file fail: one line" test "$(wc -l <"$work/err")" -eq 1
check "syncfs and one file fail: with a name" err_has "cannot flush 'to2/"

finish
