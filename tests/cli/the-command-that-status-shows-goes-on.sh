#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --status shows how a copy by --resume goes on.  That command, run by a shell from
# elsewhere, makes what the copy would have been that nothing interrupts; and a source
# leads to it, if the journal is near.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3 setsid jq
"$MMCP" --resume /dev/null null 2>err || ! grep -q libxxhash err ||
	skip_all "there is no libxxhash"
rm -f null

cat >interrupt.py <<'P'
"""interrupt.py ARGUMENT...: a copy is killed, all its processes, when a part is done."""
import os, signal, subprocess, sys, time

def sealed():
    """Whether a journal has a seal: doc/formats.md."""
    for where, _, names in os.walk("."):
        for name in filter(lambda name: name.startswith(".mmcp-j"), names):
            with open(os.path.join(where, name), "rb") as journal:
                journal.seek(32768)
                if any(journal.read(128)):
                    return True
    return False

command = [os.environ["MMCP"], "--resume", "--bwlimit=40M", *sys.argv[1:]]
process = subprocess.Popen(command, start_new_session=True)
deadline = time.time() + 60
while not sealed() and process.poll() is None and time.time() < deadline:
    time.sleep(0.01)
os.killpg(process.pid, signal.SIGKILL)
process.wait()
sys.exit(not sealed())
P
# interrupted ARGUMENT...: in a place of its own, with $stdin as standard input.
stdin=/dev/null
interrupted() {
	for try in 1 2 3 4 5; do
		prepare cut
		(cd cut && python3 ../interrupt.py "$@" <"$stdin") && return
	done
	echo "it can't be interrupted, $try times"; return 1
}

# like PLACE: all that is there, with its modes and times, and its content.
like() {
	(cd "$1" && find . -printf '%y %m %T@ %l %p\n' | sort &&
		find . -type f -exec cksum {} + | sort -k 3)
}
# prepare PLACE: sources and a directory, in a directory of their own.
prepare() {
	rm -rf "$1"; mkdir -p "$1/dir" "$1/tree/sub" "$1/a name's \"\$HOME\`"
	ln "$large" "$1/large"; ln "$large" "$1/-dash"; ln "$large" "$1/tree/sub/large"
	ln "$large" "$1/a name's \"\$HOME\`/it's *"
	echo small >"$1/tree/small"; ln -s small "$1/tree/link"; mkdir "$1/tree/empty"
	touch -d 2020-02-02 "$1/tree/empty" "$1/tree/sub" "$1/tree" "$1/tree/small" \
		"$1/a name's \"\$HOME\`"
	touch -h -d 2020-02-02 "$1/tree/link"
}
pattern 70000001 >large; large=$work/large
chmod 640 large; touch -d '2020-02-02 02:02:02.123456789' large

# same SOURCE ARGUMENT...: an interrupted copy goes on by what is shown, and is as if it
# hadn't been.  SOURCE leads to what is shown, too.
same() {
	source=$1; shift
	prepare whole; ln -sfn whole place
	(cd whole && "$MMCP" --resume "$@") || { echo "it can't be copied"; return 1; }
	ln -sfn cut place; interrupted "$@" || return 1
	(cd cut && "$MMCP" --status .) >shown
	(cd cut && "$MMCP" --status "$source") >by.source
	sed -n 's/^  to go on://p' shown | sort -u >again
	[ "$(wc -l <again)" = 1 ] || { cat shown; return 1; }
	(cd / && sh "$work/again") >said 2>&1 || { cat again said; return 1; }
	# The copy's directory has other times.
	touch -d 2020-02-02 whole cut whole/dir cut/dir
	like whole >one; like cut >two
	cmp one two || { cat again; diff one two; return 1; }
}
leads() { cmp shown by.source; }
# shows_words WORD...: of the command, behind the program.
shows_words() {
	printf ' %s' "$@" >words
	grep -qF -- "$(cat words)" again || { cat again; false; }
}

check "a file into a directory" same large large dir
check "... whose source is elsewhere, and leads nowhere" grep -q "no copy" by.source
check "a file to a new name" same large large new
check "... whose source is in the same directory, and leads to it" leads
check "a file to a new name, with -T" same large -T large new
check "a file to a new name in a directory" same large large dir/new
check "several sources" same large -- large -dash dir
check "-t" same large -t dir ./-dash
check "a tree to a new name" same tree -a tree new
check "... with -T, once" shows_words "$MMCP" -T --resume
check "a tree to a new name with a slash" same tree -a tree/ new/
check "a tree to a new name in a directory" same tree -a tree dir/new
check "a tree to a new name, with -T" same tree -aT tree new
check "... once" shows_words "$MMCP" --resume
check "a tree's content to a new name" same tree -a tree/. new
check "a tree into a directory" same tree -a tree dir
check "... with -t" same tree -a -t dir tree
check "... and its content alone" same tree -a tree/. dir
check "absolute names" same "$work/place/large" "$work/place/large" "$work/place/dir"
check "... of a tree" same tree -a "$work/place/tree" "$work/place/new"
check "a tree without -p" same tree -r tree new
check "odd names" same large "a name's \"\$HOME\`/it's *" "new \\ 'name' "
check "... of trees" same large -a "a name's \"\$HOME\`" "~ \"other\" & name;#"
check "... into a directory" same large -a "a name's \"\$HOME\`" dir

# ---- where it is looked for ----

interrupted -a tree new || broken "it can't be interrupted"
shown_for() { (cd cut && "$MMCP" --status "$@" | grep -c "to go on"); }
for path in . new new/sub "$work/cut/new/sub/large"; do
	check "a path that it goes to leads to it: $path" [ "$(shown_for "$path")" = 1 ]
done
check "... once" [ "$(shown_for . new new/sub/large "$work/cut")" = 1 ]
for path in new/small new/empty new/sub/smal dir; do
	check "... and no other: $path" [ "$(shown_for "$path")" = 0 ]
done
mv cut/new/sub/.mmcp-* cut/dir
for path in ../tree ../tree/sub/ ../tree/sub/large "$work/cut/tree"; do
	check "a journal in the current directory is found by its source: $path" \
		[ "$(cd cut/dir && "$MMCP" --status "$path" 2>&1 |
			grep -c "to go on")" = 1 ]
done
mv cut/dir/.mmcp-* cut/tree/sub
check "... and so is one beside the source" [ "$(shown_for tree/sub/large)" = 1 ]
echo damaged >"$(echo cut/tree/sub/.mmcp-j*)"
check "... but not if it doesn't name it" [ "$(shown_for tree/sub/large)" = 0 ]

# ---- what can't be said ----

printf 'tree\0' >list
stdin=$work/list
interrupted -a --files0-from=- dir || broken "it can't be interrupted"
run "$MMCP" --status cut
check "a list from standard input has to be given again" out_has \
	"to go on, run the same command again"
run "$MMCP" --status=json cut
check "... which JSON doesn't name" sh -c '! grep command out'
finish
