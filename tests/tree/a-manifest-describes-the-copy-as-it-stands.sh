#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Which files have a line in the manifest, under which name, and what the file is that the
# lines are in.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

echo a >a; echo b >b; echo old >old
run "$MMCP" --manifest=m --manifest-algorithm=sha256 a c
[ "$status" = 0 ] || skip_all "$(cat err)"
need sha256sum

# listed NAME...: these have lines, in this order; and all of them are good below $in.
listed() {
	[ $# = 0 ] || printf '%s\n' "$@" >names
	[ $# != 0 ] || : >names
	sed 's/^[0-9a-f]\{64\}  //' m | diff names - || return
	[ $# = 0 ] || (cd "$in" && sha256sum --quiet -c "$work/m")
}
# copy ARGUMENT...: with a manifest.
copy() { run "$MMCP" --manifest=m --manifest-algorithm=sha256 "$@"; }

# ---- names ----

in=.
check "a file's copy is listed by its name" listed c
mkdir d
in=d
copy a d/x
check "the name alone: its directory is the destination's" listed x
copy -T a ./d//x
check "however it was given" listed x
copy a b d
check "files in a directory have their names there" listed a b
mkdir -p s/below/deep; echo 1 >s/one; echo 2 >s/below/two; echo 3 >s/below/deep/three
in=new
copy -r s new
check "a new directory is where names begin" listed below/deep/three below/two one
copy -rT s new/
check "also if it is there already" listed below/deep/three below/two one
copy -r s/. new
check "or if all of a directory is copied into it" \
	listed below/deep/three below/two one
in=d
copy -r s a d
check "a tree in a directory has its name" \
	listed a s/below/deep/three s/below/two s/one
copy --parents s/below/two d
check "and with --parents its path" listed s/below/two
printf 's/./below/two\0a\0' >list
copy --files0-from=list d
check "a list's names are as they are copied" listed a below/two
copy -r --exclude=below s d
check "what is left out is not listed" listed s/one

# ---- kinds ----

rm -rf d; mkdir d
mkdir k; echo file >k/file; ln k/file k/link; ln -s file k/symlink; mkfifo k/fifo
copy -a k d
check "each name of a file has a line, and nothing else has" listed k/file k/link
copy -a k d
check "also if they are there" listed k/file k/link
copy -rl --remove-destination k d
check "also if they are links to the source, for which symlinks are followed" \
	listed k/file k/link k/symlink
rm -rf d/k
copy -rs "$work/k" d
check "symlinks have none" listed
rm -rf d/k
copy -r --copy-contents a k/file d
check "files have" listed a file
ln -s file d/to-file
copy a d/to-file
check "a file that a symlink leads to has one" listed to-file
rm d/to-file
copy -b a d
check "a backup has none" listed a
check "it is there" test -e d/a~
truncate -s 100M hole; echo end >>hole
copy hole d
check "holes are zeros" listed hole
copy --attributes-only hole d/empty
check "what has no content is listed as it is" listed empty

# ---- what stays ----

touch -d 2001-01-01 a; echo stays >d/a
copy -u a b d
check "what isn't older stays, and is listed as it is" listed a b
check "it stayed" grep -q stays d/a
copy -n a b d
check "so is what isn't to be replaced" listed a b
copy --update=none-fail a d
check "unless that is an error" listed
check "which it is" status_is 1
mkdir d/b.d
cp b b.d
copy a b.d d
check "what fails has no line" listed a
check "and the status says so" status_is 1
mkdir one two; echo 1 >one/f; echo 2 >two/f; echo 1 >one/g
copy -r one/. two/. d
check "what is copied twice has one line, of what is there" listed f g
if have setpriv && is_root; then
	mkdir -m 777 open
	chmod 711 "$work"
	(umask 0777 && cd open && run setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$MMCP" --manifest=m --manifest-algorithm=sha256 ../a ../b .
	cp "$work/err" "$work/unreadable"; echo "$status" >"$work/status")
	check "what can't be read again is said" grep -qF \
		"cannot list './a' in the manifest: Permission denied" unreadable
	check "and is an error" grep -qx 1 status
else
	skip "what can't be read again" "only root can try"
fi

# ---- the file ----

echo old >m
chmod 640 m
copy -N a d/dry
check "a dry run writes none" grep -qx old m
copy a d
check "one that was there is replaced" listed a
check "and keeps its mode" test "$(stat -c %a m)" = 640
ln -s m leads
run "$MMCP" --manifest=leads --manifest-algorithm=sha256 b d
check "a symlink to it stays" test -L leads
check "and leads to the new one" listed b
ln -s nowhere dangling
run "$MMCP" --manifest=dangling a d
check "one that leads nowhere is refused" err_has "cannot write 'dangling'"
run "$MMCP" --manifest=/dev/stdout --manifest-algorithm=sha256 a d
mv out m
check "a pipe or device is written to" listed a
copy --fsync --atomic a d
check "it is synced if all is" listed a
echo mine >d/mine
run "$MMCP" --manifest=d/mine a b d
check "it may lie among the copies" test "$(wc -l <d/mine)" = 2

# refused MESSAGE ARGUMENT...: nothing is copied, and this is said.
refused() {
	message=$1; shift
	run "$MMCP" "$@"
	check "$*: is refused" status_is 1
	check "$*: with a reason" err_has "$message"
	check "$*: and nothing is copied" absent d/new
}
refused "cannot write 'none/m': No such file" --manifest=none/m a d/new
refused "cannot write 'd': Is a directory" --manifest=d a d/new
refused "cannot write the manifest to 'a': it is a source" --manifest=a a d/new
refused "cannot write the manifest to '-': it needs a file" --manifest=- a d/new
refused "it is where 'a' is copied to" --manifest=d/new a d/new
refused "it is where 's' is copied to" --manifest=new/one -rT s new
refused "something else is written there" --manifest=l --log-file=l a d/new
refused "something else is written there" --manifest=./l --failed-to=l a d/new
refused "invalid argument" --manifest=m --manifest-algorithm=md5 a d/new

if is_root && mount_fs tmpfs 1M "$work/small"; then
	echo before >small/m
	head -c 2M /dev/zero >small/full 2>/dev/null
	run "$MMCP" --manifest=small/m a d
	check "a full disk is an error" err_has "cannot write 'small/m'"
	check "and the old manifest stays" grep -qx before small/m
	check "no hidden file is left" no_leftovers small
else
	skip "a full disk" "${why:-only root can mount}"
fi
if [ -e "${SHIM:-}" ]; then
	echo before >m
	run shimmed copy_file_range#2=SIGTERM "$MMCP" -rj1 --manifest=m s d/stopped
	check "a run that is stopped writes none" grep -qx before m
	check "no hidden file is left then" no_leftovers .
else
	skip "a run that is stopped" "the shim isn't built"
fi

# ---- holes aren't read ----

if have strace && strace -D -f -qq -o trace -e trace=pread64 true 2>/dev/null; then
	truncate -s 200M d/large; echo >>d/large
	no_leak_check
	run strace -D -f -qq -o trace -e trace=pread64 "$MMCP" -n --manifest=m hole d
	check "holes aren't read" test "$(grep -c pread64 trace)" -lt 20
	run strace -D -f -qq -o trace -e trace=openat "$MMCP" a d
	check "without --manifest no library is opened" \
		sh -c '! grep -e xxhash -e crypto trace'
else
	skip "holes aren't read" "strace doesn't work here"
fi

finish
