#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
case $(cp --version 2>/dev/null | head -n 1) in
*"GNU coreutils"*) ;;
*) skip_all "the system's cp is not of GNU coreutils" ;;
esac

# Both print the same.
as_cp_says() {
	cp "$@" 2>&1 | sed 's/^cp: /mmcp: /' >cp.said
	"$MMCP" "$@" >mmcp.said 2>&1
	diff cp.said mmcp.said
}
# The output is whole lines of text for a terminal.
harmless() { ! LC_ALL=C tr -d '\n -~\200-\377' <mmcp.said | grep -q .; }

mkdir dir from
echo content >content
n=0
x50=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
while read -r spec; do
	# shellcheck disable=SC2059
	name=$(printf -- "$spec"; echo .)
	name=${name%.}
	n=$((n + 1)); called="$n ($(printf %s "$spec" | tr -cd '[:alnum:] '))"
	check "missing name $called is told as by cp" as_cp_says -- "$name" x
	check "and does nothing to a terminal" harmless
	check "also as a destination" as_cp_says -- content "nowhere/$name"
	check "and as a directory" as_cp_says -t "$name" -- content
	check "and as the last of several" as_cp_says -- content content "./$name"
	check "-v tells it as cp does" as_cp_says -v -- content "$name"
	check "and does nothing to a terminal" harmless
	check "what was made has the content" same_content content "./$name"
	run "$MMCP" -- "$name" dir
	check "it is copied into a directory" went_well
	check "under its name" same_content content "dir/$name"
	check "one file of itself is told as by cp" as_cp_says -- "$name" "$name"
done <<'END'
plain
with space
 leading and trailing 
it's
say "x"
it's "both"
it's a\nline
new\nline
\nat its start
at its end\n
two\n\nlines
\033[31mred
\033]0;title\007
tab\tbell\abackspace\b
\r
\177
\001\002
\303\251t\303\251
\303
bad \377\376 bytes
\342\202\254 and \342\202
a\\\\backslash
$HOME
`id`
it's $HOME
'
''
"
~
*?[]
{a,b}
#comment
a=b
!
it's!
&|;<>()
-
-dash
--
--help
-v
...
%%s%%n
\302\205
\342\200\256
\360\237\220\261
END

# cp forgets the last quote of this one, so that a shell can't read it.
newline='
'
run "$MMCP" "it's$newline" x
check "an apostrophe before a last newline is quoted" err_is \
	"mmcp: cannot stat 'it'\\''s'\$'\\n': No such file or directory"

long=$x50$x50$x50$x50${x50}12345
run "$MMCP" content "$long"
check "a name of 255 bytes is a destination" went_well
run "$MMCP" "$long" dir
check "and a source" same_content content "dir/$long"
pattern 3000000 >large
run "$MMCP" large "$long"
check "for a large file, too" same_content large "$long"
rm "$long"
run "$MMCP" large "$long"
check "and a new one" same_content large "$long"
check "one of 256 bytes is an error" as_cp_says content "${long}6"
check "for a large file, too" as_cp_says large "${long}6"
check "and in a directory" as_cp_says content "dir/${long}6"
check "no hidden name is left" no_leftovers .

# The longest path that a message can have.
path=dir
while [ ${#path} -lt 3600 ]; do path=$path/../dir; done
run "$MMCP" content "$path/deep"
check "a long path is a destination" went_well
check "of the content" same_content content dir/deep
while [ ${#path} -lt 4200 ]; do path=$path/../dir; done
check "one that is too long is an error" as_cp_says content "$path/deep"
check "as a source, too" as_cp_says "$path/deep" x

# Bytes that are no text in this locale.
LC_ALL=C
check "in the C locale, bytes are told as by cp" as_cp_says "$(printf '\303\251')" x
check "and do nothing to a terminal" harmless

finish
