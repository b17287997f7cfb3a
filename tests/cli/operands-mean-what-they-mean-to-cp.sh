#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# cp and mmcp run each line of the tables below in twin directories: their messages,
# their exit status and the files they leave must be the same.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need find cp sed awk

# Messages differ between versions of cp.
case $(cp --version 2>/dev/null | head -n 1) in
*"GNU coreutils"*" 9."*) ;;
*) skip_all "the system's cp is not of GNU coreutils 9" ;;
esac

place tmpfs || place here || broken "nowhere to copy"
cd "$work"/tmpfs 2>/dev/null || cd "$work"/here || broken "nowhere to copy"
top=$PWD
mkdir bin template
ln -s "$(command -v cp)" bin/cp
ln -s "$MMCP" bin/mmcp

make_template() (
	cd template || exit 1
	echo a >a && ln a h && ln -s a s && ln -s s s2 && ln -s nowhere d && ln -s l l
	echo 'b is longer' >b && echo c >c && chmod 640 c && echo x >x && chmod 755 x
	echo ro >ro && chmod 444 ro
	echo u >u && chmod 4755 u && : >empty
	mkdir D E D/sub D/D2 && echo old >D/a && echo 'old b' >D/b && echo f >D/sub/f
	mkdir D/sub/a D/c F && chmod 751 F && echo 'other a' >E/a
	ln -s D Ds && ln -s nowhere/at/all dd && ln -s nowhere E/c && ln -s ../a E/s
	ln a E/h && mkdir G && mkdir G/a && echo ab >'a b' && mkfifo pipe
)
make_template || broken "no files to copy"

# What is in twin $1: type, mode, size, name, target, links, and which names are one
# file; that a name still is what it was before; what is in it.
list() (
	cd "$1" || exit
	find . -printf '%i %y %m %n %s %p %l\n' | sort -k 6 |
		awk -v before="../$1.before" '
		BEGIN { while ((getline <before) > 0) was[$2] = $1 }
		{ inode = $1; kept = was[$6] == inode ? "kept" : "new"
		  if (!(inode in first)) first[inode] = $6
		  if ($2 == "d") $5 = "-"
		  $1 = kept; print $0, "=" first[inode] }'
	find . -type f -exec cksum {} + | sort -k 3
)

# twin PROGRAM ARGUMENT...: a fresh directory, and what PROGRAM makes of it.  What stands
# there is held open, or a new file might get the number of one that was removed.
twin() {
	twin=$1.d; shift
	rm -rf "$twin"
	cp -a template "$twin" || broken "no twin"
	(cd "$twin" && find . -printf '%i %p\n') >"$twin.before"
	(
		cd "$twin" || exit 99
		exec 3<a 4<b 5<c 6<D/a 7<D/b 8<E/a 9<ro
		PATH=$top/bin:$PATH
		export PATH
		"${twin%.d}" "$@" >"../$twin.out" 2>"../$twin.err" </dev/null
	)
	echo "status $?" >"$twin.said"
	cat "$twin.out" >>"$twin.said"
	# cp since 9.2 names both, as mmcp does.
	[ ! -s "$twin.err" ] || sed "s/^${twin%.d}: /PROGRAM: /
		s/Try '${twin%.d} /Try 'PROGRAM /
		s/\(: cannot overwrite directory .* with non-directory\).*/\1/" \
		"$twin.err" >>"$twin.said"
	list "$twin" >>"$twin.said"
}

agrees() {
	twin cp "$@"
	twin mmcp "$@"
	diff cp.d.said mmcp.d.said
}

# What -n answers changed in 9.2 and was changed back in 9.5.
case $(cp --version | sed -n '1s/.* //p') in
9.[234] | 9.[234].*) n_differs=yes ;;
*) n_differs= ;;
esac

while read -r line; do
	case $line in '' | '#'*) continue ;; esac
	sampled || continue
	case " $line" in
	*' -n'* | *' -fn'* | *' --no-clobber'*)
		if [ -n "$n_differs" ]; then
			skip "$line" "this cp's -n is another"
			continue
		fi
		;;
	esac
	# The words are the arguments; ~ is a space within one, @ an empty one.
	set --
	for word in $line; do
		[ "$word" = @ ] && word=
		case $word in *~*) word="${word%%~*} ${word#*~}" ;; esac
		set -- "$@" "$word"
	done
	check "cp $line" agrees "$@"
done <<END
# file to file
a new
a b
b a
a ./new
a D/new
D/a new
a~b new
new2 new
a new/
a nodir/x/
-bS !#:+ a b
-b --suffix=!#:+ a b
a b -S !#:+
--pat a D
--path D/a E
--pa D/a E
a b/
a empty
empty a
u new
c new
ro new
x new
a x
s new
s2 new
a s
b s
b s2
b ro
d new
a d
a dd
l new
a l
a nowhere/new
nowhere/a new
a/ new
a b/c
nowhere/new/x a
a @
@ a
@ @
a .
a ..
. a
D new
D a
D E
. new
-- a new
-v a new
-v a b
-v a~b new
-v a D
-v a b D
--verbose a D/
# file to directory
a D
a D/
a D//
a ./D/.
a Ds
a Ds/
D/a D
D/a .
D/a E
./a D
a F
c E
a G
E/a D
h D
s D
h E
s E
a E
D/../a D
a D/sub
D/sub/f D
# several into a directory
a b D
a b c E
a b D/
a b Ds
a nowhere D
nowhere nowhere D
a D E
D a E
D D a E
a b new
a b c
a b new/
a b nowhere/new
a b s
a b d
a a E
a a .
D/a D/a D
b ./b a D
a nowhere/
a b nowhere/
a ./a E
a D/a F
a D/a E/a F
D/a a F
a s F
a h F
s s F
s s2 F
D/b b D
a b ro x u F
a b c G
a E/a G
# -t
-t D a
-t D a b
-t D/ a
-t D
-t Ds a
-t nowhere a
-t b a
-t s a
-t d a
-t @ a
-tD a
--target-directory D a
--target-directory=D a b
a -t D
a b -t D c
-t D nowhere a
-t D D
-t E a a
-T -t D a
-t D -T a
# -T
-T a new
-T a b
-T a s
-T D/a E/a
-T a new/
-T a d
-T D new
-T a
-T a b c
-T a b D
-T
--no-target-directory a b
# options that say what to do with what exists
-n a b
-n a new
-n a D
-n a b D
-n a b D/a E
-n a d
-n a dd
-n -T a D
-n nowhere b
-n D b
--no-clobber a s
-f a b
-f a new
-f a d
-f a dd
-f a l
-f a D
-f a ro
-f b s
-f a E
-fv a E
-vf a b
-f l new
--force a b D
--remove-destination a b
--remove-destination a new
--remove-destination a d
--remove-destination a dd
--remove-destination a l
--remove-destination b s
--remove-destination b h
--remove-destination a D
--remove-destination a b D
--remove-destination a b E
--remove-destination a D/a E
--remove-destination c E
--remove-destination a E
--remove-destination a G
--remove-destination nowhere b
--remove-destination D b
--remove-destination -v a b
--remove-destination -v a b D
--remove-destination -v a s
--remove-destination -f a ro
--remove-destination -n a b
-n -f a b
-f -n b s
# special files
/dev/null new
/dev/null b
a /dev/null
a b /dev/null
-v /dev/null new
a D/a/x
a a/b
END

# One file under two names, in all ways, with all answers to a file that exists.
for option in '' -f -n --remove-destination -fn; do
	for from in a h s d ./a s2; do
		for to in a h s d ./a s2; do
			sampled || continue
			name="cp${option:+ $option} $from $to"
			case $option,$from,$to in
			--rem*,s,s | --rem*,s2,s2 | --rem*,s2,s) continue ;;  # see below
			esac
			case $option,$n_differs in
			-n,yes | -fn,yes)
				skip "$name" "this cp's -n is another"
				continue
				;;
			esac
			check "$name" agrees ${option:+"$option"} "$from" "$to"
		done
	done
done

# ---- where mmcp is another on purpose ----

# cp has removed the symlink by the time it looks for the source.
twin mmcp --remove-destination s s
check "a symlink is not removed to be copied onto itself" test -L mmcp.d/s
check "and that is refused" grep -qx "PROGRAM: 's' and 's' are the same file" mmcp.d.said
twin mmcp --remove-destination s2 s2
check "neither is one to a symlink" test -L mmcp.d/s2
check "which is refused" grep -qx "PROGRAM: 's2' and 's2' are the same file" mmcp.d.said

# cp removes the middle of the way to the source, and then can't find that.
twin mmcp --remove-destination s2 s
check "what a symlink leads through can be replaced by the content" grep -qx a mmcp.d/s
check "and that is no error" grep -qx "status 0" mmcp.d.said

# Not all versions of cp name the source here.
twin mmcp -T a D
check "a directory is not overwritten, and the message has both names" \
	grep -qx "mmcp: cannot overwrite directory 'D' with non-directory 'a'" mmcp.d.err

finish
