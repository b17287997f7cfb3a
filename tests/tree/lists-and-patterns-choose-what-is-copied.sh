#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

# ---- --files0-from ----

echo a >a; echo b >'b
b'; echo dash >-dash; mkdir d
printf 'a\0b\nb\0-dash\0' >list
run "$MMCP" --files0-from=list d
check "a list of names is copied" went_well
check "whatever they are" test -e d/a -a -e 'd/b
b' -a -e d/-dash
rm -rf d/*; rm -f d/-dash
run "$MMCP" --files0-from=- -t d <list
check "from standard input, too" test "$(find d -type f -printf x)" = xxx
rm -rf d; mkdir d
printf 'a\0-dash' | { run "$MMCP" --files0-from=- d; cp err err2; }
check "the last NUL may be missing" test -e d/a -a -e d/-dash
printf 'a\0' >one
run "$MMCP" --files0-from=one new
check "a single name may have a new one" same_content a new
run "$MMCP" --files0-from=list new
check "several need a directory" err_is "mmcp: target 'new': Not a directory"
printf '' >none
run "$MMCP" --files0-from=none d
check "an empty list is nothing to do" went_well
printf 'a\0\0-dash\0' >holed
rm -rf d; mkdir d
run "$MMCP" --files0-from=holed d
check "a name without bytes is an error" err_is \
	"mmcp: holed:2: invalid zero-length file name"
check "with exit status 1" status_is 1
check "and the others are copied" test -e d/a -a -e d/-dash
run "$MMCP" --files0-from=missing d
check "a list that isn't there is an error" err_is \
	"mmcp: cannot read 'missing': No such file or directory"
check "and nothing else happens" status_is 1
run "$MMCP" --files0-from=. d
check "and one that is a directory" err_is "mmcp: cannot read '.': Is a directory"
run "$MMCP" --files0-from=list a d
check "names on the command line can't be had as well" err_is \
	"mmcp: extra operand 'a'; file operands cannot be combined with --files0-from
Try '$MMCP --help' for more information."
run "$MMCP" --files0-from=list -t d a
check "nor with -t" err_has "extra operand 'a'"
run "$MMCP" --files0-from=list
check "and where to is still to be said" err_has "missing destination operand"

# ---- --files-from ----

echo c >'#c'
rm -rf d; mkdir d
printf 'a\n\n-dash\n#c' >lines
run "$MMCP" --files-from=lines d
check "a list may have a name in each line, and empty ones" went_well
check "and nothing is a comment" test -e d/a -a -e d/-dash -a -e 'd/#c'
rm -rf d; mkdir d
run "$MMCP" --files0-from=list --files-from=- d <lines
check "the last list counts" test "$(find d -type f -printf x)" = xxx
printf 'a\0b\0' >nuls
run "$MMCP" --files-from=nuls d
check "names that end with NUL are no lines" err_is \
	"mmcp: cannot read 'nuls': names end with NUL there; use --files0-from"
run "$MMCP" --files-from=lines a d
check "its option is named where it can't be combined" err_is \
	"mmcp: extra operand 'a'; file operands cannot be combined with --files-from
Try '$MMCP --help' for more information."

# ---- where their copies are ----

mkdir -p p/q/r other; echo deep >p/q/r/f; chmod 750 p/q
printf 'p/./q/r/f\0' >marked
run "$MMCP" --files0-from=marked other
check "what is behind /./ is the path of the copy" same_content p/q/r/f other/q/r/f
check "and nothing else is made" test "$(find other | wc -l)" = 4
rm -rf other; mkdir other
run "$MMCP" -p --files0-from=marked other
check "with what is kept of the directories" test "$(stat -c %a other/q)" = 750
rm -rf other; mkdir other
printf 'p/./q/./r/f\0././a\0' >marked
run "$MMCP" --files0-from=marked other
check "the last one counts" test -e other/r/f -a -e other/a
rm -rf other; mkdir other
printf 'p/./../q\0p/./q/../../x\0a\0' >out-of-it
run "$MMCP" --files0-from=out-of-it other
check "what would lead out of the directory is refused" err_is \
	"mmcp: out-of-it:1: the path in 'p/./../q' leads out of the directory
mmcp: out-of-it:2: the path in 'p/./q/../../x' leads out of the directory"
check "and the others are copied" test -e other/a
run "$MMCP" -i --files0-from=- other <list
check "nobody can answer on a list's input" err_has "what else reads standard input"
run "$MMCP" --exclude-from=- --files0-from=- other </dev/null
check "nor are two lists there" err_has "what else reads standard input"
rm -rf other; mkdir other
run "$MMCP" --parents p/./q/r/f other
check "on the command line it is nothing" test -e other/p/q/r/f
seq -f n%.0f 1 20000 | tr '\n' '\0' >many
mkdir numbers; (cd numbers && seq -f n%.0f 1 20000 | xargs touch)
rm -rf other; mkdir other
(cd numbers && "$MMCP" --files0-from=../many ../other) >out 2>err; status=$?
check "a long list is copied" went_well
check "all of it" test "$(find other -type f | wc -l)" = 20000
rm -rf numbers other

# ---- --exclude ----

tree() {
	rm -rf s to; mkdir -p s/build/x s/src/build s/src/deep/er s/.git
	for f in a.o a.c build/b.o build/x/y src/c.o src/c.c src/build/z src/deep/er/d.o \
		src/deep/er/d.c .git/config .hidden.o 'a b.o'; do
		echo "$f" >"s/$f"
	done
}
left() { (cd to && find . -mindepth 1 | sort | tr '\n' ' '); }
# leaves NAMES ARGUMENT...: with those, NAMES are what isn't copied.
leaves() {
	names=$1; shift
	tree; cp -R s expected
	# shellcheck disable=SC2086 # several
	(cd expected && rm -rf $names 'a b.o'.never)
	run "$MMCP" -r "$@" s to
	check "$*: it is copied" went_well
	check "$*: but for $names" same_tree expected to
	for jobs in 1 4; do
		rm -rf to; mkdir to
		run "$MMCP" -rv -j$jobs "$@" -T s/ to
		check "$*: onto what is there, -j$jobs" same_tree expected to
	done
	rm -rf expected
}
leaves "a.o build/b.o src/c.o src/deep/er/d.o .hidden.o ./a?b.o" --exclude='*.o'
leaves "build src/build" --exclude=build
leaves "build src/build" --exclude=build/
leaves "" --exclude=a.o/ --exclude='*.c/'
leaves "build" --exclude=/build
leaves "src/build" --exclude=src/build
leaves "src/deep/er" --exclude=deep/er
leaves "src/deep/er/d.o src/deep/er/d.c" --exclude='deep/*/d*'
leaves "src/deep/er/d.c src/deep/er/d.o" --exclude='deep/*d.[co]'
leaves "src/c.c" --exclude='src/?.c'
leaves ".git .hidden.o" --exclude='.[a-z]*'
leaves ".git .hidden.o" --exclude='?git' --exclude='?hidden*'
leaves "" --exclude=nothing --exclude='*/nothing'
leaves "build src/build a.c src/c.c src/deep/er/d.c" --exclude='*.c' --exclude=build
leaves "a.c" --exclude=/a.c
leaves "src/build" --exclude=s/src/build
leaves "build" --exclude=./s/build
leaves "a.o build/b.o .hidden.o ./a?b.o" --include='src/**' --exclude='*.o'
leaves "build src/build" --exclude=build --include=build
leaves "a.o build/b.o build/x/y src/c.o src/build/z src/deep/er/d.o .git/config .hidden.o
	./a?b.o" --include='*.c' --include='*/' --include=s --exclude='*'
printf '# objects\n*.o\n\n; what is made\n/build\nsrc/build' >patterns
leaves "a.o build src/c.o src/build src/deep/er/d.o .hidden.o ./a?b.o" \
	--exclude-from=patterns
leaves "a.o a.c build src/c.o src/build src/deep .hidden.o ./a?b.o" \
	--exclude-from=patterns \
	--exclude=deep --exclude=a.c
tree
run "$MMCP" -r --exclude-from=- s to <patterns
check "patterns may come by standard input" test ! -e to/a.o -a ! -e to/build -a -e to/a.c
run "$MMCP" -r --exclude-from=nowhere s to2
check "a file of patterns that isn't there is an error" err_is \
	"mmcp: cannot read 'nowhere': No such file or directory"
check "and nothing is copied" absent to2
printf '*.o\nsecret\0*\n' >nul
run "$MMCP" -r --exclude-from=nul s to2
check "a pattern with a NUL is an error" err_is \
	"mmcp: cannot read 'nul': a pattern has a NUL"
check "with exit status 1" status_is 1
check "and nothing is copied then" absent to2
mkdir to2
run "$MMCP" --exclude='*.o' s/a.o s/a.c to2
check "operands are left out by their names" test "$(ls to2)" = a.c
check "which is no failure" went_well
run "$MMCP" -r --exclude=s s/ to3
check "a source that is left out is not copied" absent to3
printf 's/./build/x/y\0./s/a.c\0s/src/build/z\0s/src/c.c\0s/./src/deep/er\0' >listed
rm -rf to4; mkdir to4
run "$MMCP" -r --exclude=build --exclude='er/*.o' --files0-from=listed to4
check "of a list, what is below a directory that is left out is, too" test \
	"$(cd to4 && find . -type f | sort | tr '\n' ' ')" = \
	"./a.c ./c.c ./src/deep/er/d.c "
ln -s build s/linked
run "$MMCP" -r --exclude='linked/' -T s to6
check "a symlink to a directory is no directory" test -L to6/linked
run "$MMCP" -rL --exclude='linked/' -T s to7
check "unless it is followed" absent to7/linked
rm s/linked
mkdir to5
run sh -c 'cd s && "$@" . ../to5' - "$MMCP" -r --exclude='.*'
check "a dot is no name" test -e to5/a.c -a ! -e to5/.git
ln -s a.c s/link.o
rm -rf to
run "$MMCP" -a --exclude='*.o' s to
check "symlinks, too" absent to/link.o

# ---- --update=changed ----

when() { touch -d "$1" "$2"; }
rm -rf s to; mkdir s to
for f in same size time older newer; do echo "$f" >s/$f; when 2001-01-01 s/$f; done
"$MMCP" -a -T s to
echo SAME >to/same; when 2001-01-01 to/same
echo longer >to/size; when 2001-01-01 to/size
echo TIME >to/time; when '2001-01-01 00:00:00.5' to/time
echo OLDER >to/older; when 2000-01-01 to/older
echo NEWER >to/newer; when 2002-01-01 to/newer
run "$MMCP" -av --update=changed -T s to
check "what has the same size and time stays" test "$(cat to/same)" = SAME
for f in size time older newer; do
	check "another size or time: $f is copied" test "$(cat to/$f)" = $f
done
check "and only those" test "$(grep -c -- ' -> ' out)" = 4
run "$MMCP" -av --update=changed -T s to
check "and nothing a second time" test ! -s out
echo new >s/new
run "$MMCP" -av --update=chan -T s to
check "what isn't there is copied" same_content s/new to/new
truncate -s 8M coarse.img; mkdir coarse
if is_root && have mkfs.ext4 && mkfs.ext4 -q -F -I 128 coarse.img >/dev/null 2>&1 &&
	mount -o loop coarse.img coarse 2>/dev/null; then
	mounts="$mounts $work/coarse"
	when '2001-01-01 00:00:00.123456789' s/same
	"$MMCP" -p s/same coarse
	run "$MMCP" -pv --update=changed s/same coarse
	check "a time that was cut to seconds is the same" test ! -s out
else
	skip "a time that was cut to seconds is the same" "no ext4 can be mounted"
fi

finish
