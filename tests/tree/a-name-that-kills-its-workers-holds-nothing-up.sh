#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A name at which each worker dies is given up, and the copies of its other names don't
# wait for it.  A copy that was complete when its worker died stays.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

mkdir -p s/a s/b s/c
for d in a b c; do
	for i in $(seq 100); do echo "$d $i" >"s/$d/$i"; done
done
pattern 300000 >s/a/large
ln s/a/large s/b/large-b; ln s/a/large s/c/large-c; ln s/a/large s/a/large-a

other_names_are_one_file() {
	rm -f "to/$1"
	[ "$(find to -type f -links 3 | wc -l)" = 3 ] && cmp s/a/large "$(find to \
		-links 3 | head -n 1)"
}

# No copy gets its name, if that is the first one of the file: after the others, it is a
# link.
for name in a/large a/large-a b/large-b c/large-c; do
	for j in 2 5; do
		rm -rf to
		run shimmed "linkat@${name#?/}=SIGKILL" timeout 100 "$MMCP" -a -j$j s to
		[ "$status" != 137 ] || continue	# the first process had it
		check "$name kills whoever makes it, -j$j: status 1" status_is 1
		check "$name, -j$j: that is told" \
			err_is "mmcp: cannot copy 's/$name': Owner died"
		check "$name, -j$j: its other names are one file" \
			other_names_are_one_file "$name"
		check "$name, -j$j: nothing is left behind" no_leftovers to
	done
done

# It has its name already, and is closed.
for name in large large-a large-b large-c; do
	for n in 1 2 3; do
		for how in -r -a; do
			rm -rf to
			run shimmed "close@/$name#$n=SIGKILL" timeout 100 \
				"$MMCP" $how -j2 s to
			check "$how, $name is closed (#$n): all is well" went_well
			check "$how, $name is closed (#$n): nothing is missing" \
				diff -r s to
		done
	done
done

finish
