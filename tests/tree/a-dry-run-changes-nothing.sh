#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# With -N it is said what would be done, in the words in which -v then says it.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

set_up() {
	chmod -R u+rwx w 2>/dev/null
	rm -rf w; mkdir w; cd w || exit 99
	mkdir -p s/d/e s/empty to/there/d; echo f >s/f; echo g >s/d/g; echo h >s/d/e/h
	ln -s f s/link; mkfifo s/fifo; ln s/f s/d/hard; chmod 750 s/d
	echo old >to/f; echo old >to/there/f; ln -s nowhere to/dangling
	mkdir p; echo one >p/x; mkdir q; echo two >q/x; echo mine >b
	head -c 100000 /dev/zero >big
	touch -d 2001-01-01 s/f; touch -d 2002-01-01 to/there/f
	cd ..
}
state() { (cd w && find . -printf '%P %y %m %s %T@ %C@ %l %i %n\n' | sort); }

# same SENTENCE ARGUMENT...: says what it then does, and does nothing.
same() {
	what=$1; shift
	set_up
	state >before
	run sh -c 'cd w && exec "$@"' - "$MMCP" -N "$@" </dev/null
	state >after
	check "$what: nothing has changed" diff before after
	cp out dry.out; grep -v '^mmcp: would copy' err >dry.err; dry=$status
	check "$what: and in the end the sum" test "$(tail -n 1 err | \
		grep -c '^mmcp: would copy .* in [0-9]* files*')" = 1
	run sh -c 'cd w && exec "$@"' - "$MMCP" -v "$@" </dev/null
	# What is a link to another copy waits for it, and so has its line later.
	sort -o dry.out dry.out; sort -o out out
	check "$what: the lines are those of -v" diff dry.out out
	check "$what: and what is wrong" diff dry.err err
	check "$what: and the exit status" test "$dry" = "$status"
	if [ "$status" = 0 ] && [ -s out ]; then
		state >after
		check "$what: which does it" test -n "$(diff before after)"
	fi
}
same "a file" b new
same "a file into a directory" b to
same "a file over another" b to/f
same "a large one, mapped" --engine=mmap big to/f
same "files" b p/x to
same "two of a name" p/x q/x to
same "a source twice" b b to
same "a tree to a new name" -r s new
same "a tree into a directory" -r s to
same "all of a tree" -a s new
same "all of a tree, onto another" -aT s to/there
same "with backups" -ab s/. to
same "with numbered ones" -r --backup=numbered s/. to/there
same "removing what is there" -r --remove-destination s/. to
same "hard links" -rl s new
same "symbolic links" -s b link
same "into a new place" --parents s/d/e/h to
same "a tree into a new place" -r --parents s/d to
same "what is newer" -ru s/. to/there
same "nothing that exists" -rn s/. to/there
same "but some" -a --exclude='*.o' --exclude=d s new
same "a directory without -r" s new
same "what isn't there" nothing b to
same "onto itself" b b
same "a directory onto a file" -r s b
same "a file onto a directory" -T b to
same "into itself" -r s s/d
same "through a dangling symlink" b to/dangling
same "with --fsync" --fsync -r s new
same "with --atomic" --atomic b to/f
same "into nowhere" b nowhere/new
same "of one file" -rx s new
same "with --debug's skips" --update=none s/f to

set_up
run sh -c 'cd w && exec "$@"' - "$MMCP" -Ni b to/f </dev/null
check "no question is asked" err_is \
	"mmcp: would copy 5 B in 1 file, 1 replaced"
check "and what it is about counts as replaced" out_is "'b' -> 'to/f'"
if open_to_nobody; then
	set_up; chmod 600 w/b; chmod 777 w
	run sh -c 'cd w && exec "$@"' - \
		setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$mmcp" -N b new
	check "what can't be read is said" err_is \
		"mmcp: cannot open 'b' for reading: Permission denied
mmcp: would copy 0 B in 0 files, 1 failed"
	check "with exit status 1" status_is 1
else
	skip "what can't be read is said" "$why"
fi
set_up
run sh -c 'cd w && exec "$@"' - "$MMCP" -Na --stats s new
check "what would be made is counted" test \
	"$(sed '1,/^To be copied:/d; /^[^ ]/,$d' out | tr -s ' \n' ' ')" = \
	" regular files 3 directories 4 symbolic links 1 hard links 1 special files 1 "
set_up
echo kept >w/failed
run sh -c 'cd w && exec "$@"' - "$MMCP" -N --failed-to=failed none nothing to
check "what fails is not written down" test "$(cat w/failed)" = kept
mkdir -p deep
(cd deep && i=0; while [ "$i" -lt 400 ]; do mkdir d && cd d || exit; i=$((i + 1)); done
	echo x >f)
run sh -c 'ulimit -n 100; exec "$@"' - "$MMCP" -Nr deep new
check "however deep it is" err_is "mmcp: would copy 2 B in 1 file"
check "all of it is said" test "$(wc -l <out)" = 402
check "and nothing made" absent new

finish
