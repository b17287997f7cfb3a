#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

pattern 3000000 >large
echo new >small
inode() { stat -L -c %i "$1"; }

for source in small large; do
	echo old >old; chmod 640 old
	before=$(inode old)
	run "$MMCP" --atomic $source old
	check "$source: it is copied" cmp $source old
	check "$source: it is another file" test "$(inode old)" != "$before"
	check "$source: of the same mode" test "$(stat -c %a old)" = 640
	check "$source: nothing is printed" err_empty
	rm -f new
	run "$MMCP" --atomic $source new
	check "$source: a new file is copied as ever" cmp $source new
	check "$source: with the mode it would have" test "$(stat -c %a new)" = 644
	check "$source: nothing is left behind" no_leftovers .
done

printf piped | "$MMCP" --atomic /dev/stdin old
check "a pipe replaces a file too" test "$(cat old)" = piped

mkdir d; echo old >d/file; ln -s d/file link; before=$(inode link)
run "$MMCP" --atomic small link
check "a symlink stays one" test "$(readlink link)" = d/file
check "and its target is replaced" cmp small d/file
check "by another file" test "$(inode link)" != "$before"
check "and nothing is left behind" no_leftovers .

echo old >linked; ln linked second
run "$MMCP" --atomic small linked
check "hard links can't be kept, and so it is refused" \
	err_is "mmcp: cannot replace 'linked' atomically: it has other hard links"
check "with exit status 1" status_is 1
check "and the old file is there" grep -q old linked second
mkfifo fifo
run "$MMCP" --atomic small fifo
check "a FIFO can't be replaced" err_is \
	"mmcp: cannot replace 'fifo' atomically: not a regular file"
check "and is there" test -p fifo
run "$MMCP" --atomic --remove-destination small old
check "removing first is no replacing" err_is \
"mmcp: cannot combine --atomic and --remove-destination
Try '$MMCP --help' for more information."

# As if it were written over, also where the mode isn't the source's by an option.
for option in --preserve=ownership --no-preserve=mode --preserve=timestamps; do
	echo old >y
	chmod 1701 y
	"$MMCP" --atomic $option small y
	check "$option: the old mode is kept" test "$(stat -c %a y)" = 1701
	check "$option: it is copied" cmp small y
done
if have setfattr && echo old >x && setfattr -n user.colour -v red x 2>/dev/null; then
	"$MMCP" --atomic small x
	check "extended attributes are kept" test \
		"$(getfattr --only-values -n user.colour x)" = red
else
	skip "extended attributes are kept" "setfattr or the file system has none"
fi
if have setfacl && echo old >y && setfacl -m u:1:rw,m::rw y 2>/dev/null; then
	getfacl -c y >before.acl
	"$MMCP" --atomic small y
	getfacl -c y >after.acl
	check "the ACL is kept" cmp before.acl after.acl
	chmod +t y
	before=$(stat -c %a y)
	"$MMCP" --atomic small y
	check "and so is the sticky bit beside it" test "$(stat -c %a y)" = "$before"
else
	skip "the ACL is kept" "setfacl or the file system has none"
fi
if is_root && have setpriv; then
	echo old >owned; chown 1:2 owned; chmod 604 owned
	"$MMCP" --atomic small owned
	check "root keeps the owner" test "$(stat -c %u:%g:%a owned)" = 1:2:604
	chmod 777 .; echo old >foreign; chmod 666 foreign
	run setpriv --reuid 65534 --regid 65534 --clear-groups "$MMCP" \
		--atomic small foreign
	check "a user who can't keep the owner is refused" \
		err_has "cannot keep the owner of 'foreign'"
	check "and the old file is there" grep -q old foreign
	chmod 644 foreign
	run setpriv --reuid 65534 --regid 65534 --clear-groups "$MMCP" \
		--atomic small foreign
	check "a user who may not write the file may not replace it" err_is \
		"mmcp: cannot create regular file 'foreign': Permission denied"
	check "and nothing is left behind" no_leftovers .
else
	skip "root keeps the owner" "not root, or no setpriv"
fi

if [ -e "${SHIM:=}" ]; then
	for rule in madvise=SIGKILL ftruncate=ENOSPC renameat=EIO fsync=EIO linkat=EIO \
		"close@(deleted)=EIO" tmpfile=EOPNOTSUPP_renameat=EIO; do
		echo old >old
		run shimmed "$(echo $rule | tr _ ' ')" "$MMCP" --atomic --fsync \
			--engine=mmap \
			large old
		check "$rule: exit status 1" status_is 1
		check "$rule: the old file is there" grep -qx old old
		check "$rule: nothing is left behind" no_leftovers .
	done
	MMCP_SHIM_RUN="rm old; echo theirs >old"; export MMCP_SHIM_RUN
	run shimmed "linkat=run" "$MMCP" --atomic large old
	check "what took the old file's name meanwhile is not replaced" \
		grep -qx theirs old
	check "and that is reported" err_has "cannot replace 'old' atomically"
fi

# Where inode numbers change, our file is recognized by its random name and the rest of
# its status.
mkdir ram
if is_root && [ -e "${SHIM:=}" ] && mount -t ramfs none ram 2>/dev/null; then
	mounts="$work/ram $mounts"
	for file in large small; do
		echo old >ram/old
		head -c 5 large >small
		run shimmed "tmpfile=EOPNOTSUPP fstatat=renumber fchmod=EIO" "$MMCP" \
			--atomic \
			$file ram/old
		check "inode numbers change, $file: exit status 1" status_is 1
		check "inode numbers change, $file: the old file is there" \
			grep -qx old ram/old
		check "inode numbers change, $file: nothing is left behind" \
			no_leftovers ram
	done
else
	skip "nothing is left where inode numbers change" \
		"it needs root, ramfs and the shim"
fi

# Whoever reads all the time sees the one or the other, whole.
pattern 3000000 | tr '\000-\377' '\001-\377\000' >other
cp large seen
(while [ ! -e stop ]; do
	cp seen look && { cmp -s look large || cmp -s look other || echo torn >>torn; }
done) &
reader=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	"$MMCP" --atomic --engine=mmap --chunk-size=64K -j3 other seen
	"$MMCP" --atomic --engine=mmap --chunk-size=64K -j3 large seen
done
: >stop
wait "$reader"
check "a reader never sees half of it" absent torn

finish
