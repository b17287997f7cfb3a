#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The sources that failed are listed at the end, and in a file by which a second run
# copies only these.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

names() { tr '\0' '\n' <"$1"; }
names_are() { printf '%s\n' "$2" >.want; names "$1" | diff .want -; }

# ---- the list ----

# listed COMMAND...: run it, and move the list at the end from err to the file list.
listed() {
	run "$@"
	sed -n '/^mmcp: [0-9]* failed:$/,$p' err >list
	sed -i '/^mmcp: [0-9]* failed:$/,$d' err
	sed -i '/^mmcp: .* in [0-9]* files* in /d' err list
}
list_is() { printf '%s\n' "$1" | diff - list; }
each="mmcp: cannot stat 'one': No such file or directory
mmcp: cannot stat 'two': No such file or directory"

echo x >there; mkdir d
listed "$MMCP" -g there one d
check "a single failure is not told twice" test ! -s list
run "$MMCP" one there two d
check "without an option of ours there is no list, as with cp" err_is "$each"
for option in -v --debug --json --progress=auto --progress=never --direct -j2; do
	run "$MMCP" $option one there two d
	check "with $option, too" err_is "$each"
done
for option in -g --progress=always --stats --failed-to=names; do
	listed "$MMCP" $option one there two d
	check "$option: two are told" err_is "$each"
	check "$option: and listed at the end" list_is "mmcp: 2 failed:
mmcp:   cannot stat 'one': No such file or directory
mmcp:   cannot stat 'two': No such file or directory"
done
check "with exit status 1" status_is 1
check "the others are copied" same_content there d/there
# shellcheck disable=SC2046 # words, to be split
listed "$MMCP" --stats $(seq -f no%.0f 1 25) d
check "of many, 20 are listed" test "$(grep -c '^mmcp:   cannot stat' list)" = 20
check "and the others counted" test "$(tail -n 1 list)" = "mmcp:   and 5 more"
check "behind their number" test "$(head -n 1 list)" = "mmcp: 25 failed:"
run "$MMCP" -g --nonsense
check "bad usage is no such failure" test "$(wc -l <err)" = 2
echo old >d/there
echo x >other; echo old >d/other
listed "$MMCP" -gi there other d </dev/null
check "nor is a no to a question" test "$(grep -c "not replacing" err)" = 2 -a ! -s list

# ---- the names ----

run "$MMCP" --failed-to=failed there d
check "nothing failed: an empty file" test -e failed -a ! -s failed
run "$MMCP" --files0-from=failed d
check "which is nothing to do" went_well
run "$MMCP" --failed-to=failed one there two d
names_are failed "one
two" >said
check "the names of those that failed" names_are failed "one
two"
run "$MMCP" -v --failed-to=- one there two d
mv out failed
check "- is standard output" names_are failed "one
two"
check "which has nothing else" test "$(wc -c <failed)" = 8
check "what -v prints is elsewhere" err_has "'there' -> 'd/there'"
check "and there is no such file" absent -
run "$MMCP" --failed-to=nowhere/failed there d/y
check "a file that can't be written is an error" err_is \
	"mmcp: cannot write 'nowhere/failed': No such file or directory"
check "before anything is copied" absent d/y
run "$MMCP" --failed-to=/dev/full one d
check "and so is a full one" err_has "cannot write '/dev/full': No space left on device"

cp there source
run "$MMCP" --failed-to=source source d
check "a source is not written over" \
	err_is "mmcp: cannot write the names of what fails to 'source': it is a source"
check "and is as it was" same_content there source

# refused FILE SOURCE ARGUMENT...: the names can't go to FILE, to which SOURCE is copied.
refused() {
	file=$1; from=$2; shift 2
	run "$MMCP" --failed-to="$file" "$@"
	check "$* doesn't list to $file" err_is "mmcp: cannot write the names of what \
fails to '$file': it is where '$from' is copied to"
	check "which is an error" status_is 1
}
rm -rf to; mkdir -p to/from/sub from/sub
echo kept | tee to/there to/from/sub/file >target
echo new >from/sub/file
ln -s target link; ln target other-name
for file in target link other-name ./target to/../target; do
	refused "$file" there there target
done
refused to/there there there to
refused to/there there -t to there
refused to/from/sub/file from -r from to
refused to/from/sub/file ./from -a ./from to
refused new there there new
check "what is there stays as it was" \
	sh -c "sort -u target to/there to/from/sub/file | grep -qx kept"
check "and what isn't is not made" absent new
run "$MMCP" -r --failed-to=to/from/sub/other from to
check "what is copied beside the list is no matter" went_well
check "though it is in the destination" cmp from/sub/file to/from/sub/file
run "$MMCP" --failed-to=/dev/null there /dev/null
check "nor is a device" went_well

# ---- once more ----

# again WHAT FROM ARGUMENT...: a run fails at files that can't be read.  Then these are
# copied again, with --files0-from instead of sources, and the destination is as FROM.
tree() {
	rm -rf src dest; mkdir -p src/d/e 'src/odd
name' src/closed
	for f in a d/b d/e/c "odd
name/f
" closed/g -dash; do echo "$f" >"src/./$f"; done
	ln -s a src/link
}
if [ -n "${SHIM:-}" ] && [ -e "$SHIM" ]; then
	shut() { rules=$1; }
	again() {
		what=$1; to=$2; shift 2
		run shimmed "$rules" "$MMCP" -r --failed-to=failed "$@"
		check "$what: something fails" status_is 1
		count=$(tr -cd '\0' <failed | wc -c)
		check "$what: its name is written, alone" test "$count" = 2
		touch -d 2001-01-01 "$to/a" 2>/dev/null
		run "$MMCP" -rv --files0-from=failed "$dest"
		check "$what: it can be done again" went_well
		check "$what: and only that is" test "$(grep -c -- ' -> ' out)" = "$lines"
		check "$what: to where it belongs" same_tree src "$to"
	}
	shut "openat@b=EIO openat@g=EACCES"
	lines=2
	tree; mkdir dest; dest=dest
	again "into a directory" dest/src src dest
	tree; dest=dest
	again "to a new name" dest src dest
	tree; mkdir dest; dest=dest
	again "with -T" dest -T src dest
	tree; mkdir dest; dest=dest
	again "with a slash" dest/src src/ dest
	tree; mkdir dest; dest=dest
	again "by an absolute name" dest/src "$work/src" dest
	tree; mkdir dest; dest=dest
	again "from a dot" dest src/. dest
	tree; mkdir dest; dest=$work/dest
	cd src || exit 99
	run shimmed "$rules" "$MMCP" -r --failed-to=../failed . "$dest"
	run "$MMCP" -r --files0-from=../failed "$dest"
	check "from the directory itself" same_tree . "$dest"
	cd "$work" || exit 99
	tree; mkdir dest
	run shimmed "$rules" "$MMCP" -r -j4 --failed-to=failed -t dest src
	run "$MMCP" -r --files0-from=failed -t dest
	check "with workers, and -t" same_tree src dest/src
	tree; mkdir dest
	run shimmed "$rules" "$MMCP" -r --parents --failed-to=failed src/d dest
	run "$MMCP" -r --parents --files0-from=failed dest
	check "with --parents" same_tree src/d dest/src/d
else
	skip "what failed can be done again" "the shim is built by make check"
fi
tree; mkdir dest dest/a
run "$MMCP" --failed-to=failed src/a src/d/b src/d/none "$work/src/d/e" dest
check "operands have the names that were given" names_are failed "src/a
src/d/none
$work/src/d/e"
rmdir dest/a; : >src/d/none
run "$MMCP" -r --files0-from=failed dest
check "and are copied again to where they belong" \
	test -f dest/a -a -f dest/none -a -d dest/e
if open_to_nobody; then
	tree; chmod 0 src/closed; mkdir dest; chown -R 65534 src dest
	chmod 777 .
	run as_nobody "$mmcp" -r --failed-to=closed src dest
	check "a directory that can't be read is one failure" \
		names_are closed "././src/closed"
	chmod 755 src/closed dest/src/closed
	run as_nobody "$mmcp" -r --files0-from=closed dest
	check "and all of it is copied later" diff -r src dest/src
else
	skip "a directory that can't be read is one failure" "$why"
fi

finish
