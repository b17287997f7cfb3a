#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where several old names lead to one file, by hard links or through symlinks, it ends as
# a copy of one source, as with cp, and not as parts of several.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

# In each directory, one file is read slowly, and the others fast.
mkdir -p s/a s/b s/c
for i in $(seq 100); do echo "$i" >"s/$i"; done	# so that workers are forked
for d in a b c; do
	yes "$d-slow" | head -c 1400000 >s/$d/slow
	for i in $(seq 20); do yes "$d-$i" | head -n 30000 >"s/$d/$i"; done
done
# name FILE TARGET: TARGET is an old file, and FILE another name of it.
name() {
	case $how in
	"hard links") ln "to/$2" "to/s/$1" ;;
	symlinks) ln -s "../../$2" "to/s/$1" ;;
	esac
}
old_files() {
	rm -rf to; mkdir -p to/s/a to/s/b to/s/c
	for d in a b c; do
		echo old >to/$d
		name $d/slow $d
	done
	for i in $(seq 20); do
		name "a/$i" b; name "b/$i" c; name "c/$i" a
	done
}
are_copies() {
	for file in to/a to/b to/c; do
		[ "$(uniq "$file" | wc -l)" = 1 ] || { uniq -c "$file"; return 1; }
	done
}

for how in "hard links" symlinks; do
	for j in 2 3 5; do
		old_files
		run shimmed "pread@/slow=delay60 pread=delay2" \
			"$MMCP" -r -j$j --engine=stream s to
		check "$how, -j$j: all is well" went_well
		check "$how, -j$j: each file is a copy of one source" are_copies
	done
done

finish
