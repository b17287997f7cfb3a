#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Onto a tree that has some of the names, older and newer ones, workers are killed at
# calls that a shim counts.  What is there then is what there would be without that: no
# second backup is made, and no name is left alone because it was half made.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

mkdir -p s old
for d in a b c; do
	mkdir s/$d s/$d/deep old/$d
	for i in $(seq 40); do
		echo "$d $i" >"s/$d/$i"
		[ $((i % 3)) = 0 ] || echo "what was in $d as $i" >"old/$d/$i"
		[ $((i % 3)) = 2 ] || touch -d '2001-02-03 04:05:06' "s/$d/$i"
	done
	pattern 90000 >s/$d/middling; pattern 3000 >old/$d/middling
	ln s/$d/3 s/$d/three; ln s/$d/6 s/$d/deep/six; ln -s 3 s/$d/link
	ln -s 7 old/$d/link; mkfifo s/$d/pipe old/$d/pipe; echo old >old/$d/three
	echo deep >s/$d/deep/file
done
find old -exec touch -h -d '2002-03-04 05:06:07' {} +
touch -d '2000-01-02 03:04:05' old/*/three	# or it depends on the order
chmod 555 s/c s/b/deep; chmod 700 s/a

# fresh: what is copied onto.
fresh() {
	chmod -R u+w to 2>/dev/null
	rm -rf to
	cp -a old to
}
# Directories that exist and aren't given times have those of the copy.
listing() { tree_of to "$times"; }

# Symlinks and FIFOs are opened before and after they are made.
# Some are for options that have such calls.
common="openat#90 openat#150 openat#151 openat#220 fstatat#120 fstatat#181 fstatat#250
	copy_file_range#60 mkdirat#2 getdents64#8
	openat@link#2 openat@link#3 openat@link#4 openat@pipe#2 openat@pipe#3
	openat#70=SIGKILL,openat#120=SIGKILL,fstatat#200"
while read -r times options; do
	calls=$common
	case $options in
	*-rl*) calls="fstatat#120 fstatat#181 linkat#40 linkat#80 linkat#100
		renameat#30 renameat#50 mkdirat#2 unlinkat#30" ;;
	*-b* | *backup*) calls="$common renameat2#30 renameat2#50 renameat#30
		futimens#80 ftruncate#30 symlinkat#3 linkat#4" ;;
	*remove*) calls="$common unlinkat#30 unlinkat#31 futimens#80 symlinkat#3" ;;
	*-a*) calls="$common ftruncate#30 futimens#80 fchmod#40 linkat#4 symlinkat#3" ;;
	esac
	[ "$times" = times ] || times=
	fresh
	# shellcheck disable=SC2086 # options, to be split
	run "$MMCP" $options -j1 -T s to
	check "$options: it works" went_well
	listing >want
	j=2
	for rules in $calls; do
		sampled || continue
		case $j in 2) j=3 ;; 3) j=16 ;; *) j=2 ;; esac
		fresh
		# shellcheck disable=SC2086
		run shimmed "$(echo "$rules=SIGKILL" | tr , ' ')" timeout 100 \
			"$MMCP" $options -j$j -T s to
		[ "$status" != 137 ] || continue	# the parent
		check "$options, $rules, -j$j: nothing went wrong" went_well
		listing >got
		check "$options, $rules, -j$j: it is the same" diff want got
		check "$options, $rules, -j$j: nothing is left" no_leftovers to
	done
done <<'END'
times -a
times -a --backup=numbered
- -r -b -S .old
times -an
times -au
- -rlf
- -rlf -b
times -a --remove-destination
END
chmod -R u+w to

finish
