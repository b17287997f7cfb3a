#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Operands are on their way at the same time.  Where one depends on another, or on what
# another changes, the outcome is that of one after the other.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

contents() { cat "$@" | sort | uniq -c | sed 's/^ *//' | tr '\n' ' '; }
contents_are() {
	wanted=$1; shift
	[ "$(contents "$@")" = "$wanted" ] || { contents "$@"; false; }
}

for j in 1 2 7; do
	rm -rf ./*
	mkdir -p a d/a && echo 1 >a/x && ln a/x y
	run "$MMCP" -a -j$j a y d
	check "a link to what comes with an operand before is made, -j$j" \
		test d/a/x -ef d/y
	check "with nothing to complain of, -j$j" went_well

	# Of two operands with one destination, the second is refused, unless the first
	# left that as it was.
	rm -rf ./*
	mkdir s t d
	for i in $(seq 100); do echo new >"s/f$i"; echo old >"d/f$i"; done
	echo other >t/f90; echo other >t/f95
	if open_to_nobody; then
		chmod -R a+rwX . && chmod 0 s/f95
		run as_nobody "$mmcp" -j$j s/* t/* d
		check "what was overwritten isn't again, -j$j" grep -q new d/f90
		check "but what couldn't be is, -j$j" grep -q other d/f95
		check "both are told, -j$j" test "$(wc -l <"$work/err")" = 2
	fi

	# The first ones are copied before there are walkers.
	rm -rf ./*
	mkdir s t d
	for i in $(seq 100); do echo new >"s/f$i"; echo other >"t/f$i"; done
	run "$MMCP" -j$j s/* t/f1 t/f10 t/f98 t/f99 d
	check "an operand that was new isn't overwritten, -j$j" \
		contents_are "100 new " d/*
	check "which is an error, -j$j" status_is 1
	check "for each, -j$j" test "$(wc -l <"$work/err")" = 4

	# What is copied may leave no trace.
	rm -rf ./*
	mkdir s t d
	for i in $(seq 100); do : >"s/f$i"; : >"t/f$i"; : >"d/f$i"; done
	sleep 0.1
	run "$MMCP" --attributes-only -j$j s/* t/f98 t/f99 d
	check "nor is one whose attributes are the same, -j$j" \
		test "$(wc -l <"$work/err")" = 2

	rm -rf ./*
	mkdir s d
	for i in $(seq 70); do echo "$i" >"s/f$i"; done
	ln s/f1 s/h1
	# shellcheck disable=SC2046
	run "$MMCP" -a -j$j s/f1 s/h1 $(seq -f s/f%g 2 70) d
	check "and so are links among many operands, -j$j" test d/f1 -ef d/h1
	check "which are all there, -j$j" test "$(find d -type f | wc -l)" = 71
	check "with nothing to complain of, -j$j" went_well
	rm -rf d; mkdir d; ln -s f70 s/l70
	# shellcheck disable=SC2046
	run "$MMCP" -H --preserve=links -j$j $(seq -f s/f%g 1 70) s/l70 d
	check "a symlink that is followed leads to one of them, -j$j" test d/f70 -ef d/l70

	for order in "a a/b/c e" "a/b/c a e" "e a a/b/c"; do
		rm -rf ./*; mkdir -p a/b/c e d1 d2
		for i in $(seq 100); do
			echo "$i" >"a/$i"; echo "$i" >"a/b/c/$i"; echo "$i" >"e/$i"
		done
		# shellcheck disable=SC2086 # names without spaces
		run "$MMCP" -r -j$j $order d1
		# shellcheck disable=SC2086
		cp -r $order d2 2>/dev/null
		check "$order: an operand below another is copied as by cp, -j$j" \
			diff -r d1 d2
	done

	rm -rf ./*
	mkdir o1 o2 w o o/sub
	for i in $(seq 70); do echo one >"o1/f$i"; echo two >"o2/f$i"; done
	ln -s ../o1 w/x && ln -s ../o2 o/x
	cd w || exit 99
	# shellcheck disable=SC2046
	run "$MMCP" -rd -j$j --remove-destination x/f1 ../o/sub/.. $(seq -f x/f%g 2 70) .
	cd .. || exit 99
	check "what an operand replaced is not gone through any more, -j$j" \
		contents_are "1 one 69 two " w/f*

	# The same by walkers that are slow: there are others from the 32nd name on.
	if [ -e "${SHIM:=}" ]; then
		rm -rf ./*
		mkdir -p o1 o2 w/d o/d
		for i in $(seq 70); do
			echo one >"o1/f$i"; echo two >"o2/f$i"; : >"o/e$i"
		done
		ln -s ../../o1 w/d/x && ln -s ../../o2 o/d/x
		cd w || exit 99
		# shellcheck disable=SC2046
		run shimmed symlinkat@x=delay500 "$MMCP" -rd -j$j --remove-destination \
			d/x/f1 ../o/d/.. $(seq -f d/x/f%g 2 70) .
		cd .. || exit 99
		check "nor what walkers are about to replace, -j$j" \
			contents_are "1 one 69 two " w/f*
	fi

	# What a walker writes into, by another name.
	if [ -e "$SHIM" ]; then
		rm -rf ./*
		mkdir -p a/d to/a/d
		for i in $(seq 70); do echo "$i" >"a/$i"; done
		echo new >a/d/x; echo old >to/a/d/x; ln to/a/d/x y
		run shimmed "fstatat@x=delay100 openat@x=delay500" "$MMCP" -r -j$j a y to
		check "an operand that another changes is copied as it is then, -j$j" \
			grep -q new to/y
	fi

	rm -rf ./*
	mkdir -p s/a s/b d/a && ln -s a d/b
	for i in $(seq 64); do echo A >"s/a/f$i"; echo B >"s/b/f$i"; done
	run "$MMCP" -rT --keep-directory-symlink -j$j s d
	[ "$(contents d/a/f1)" = "1 A " ] && last=A || last=B
	check "of two ways to one directory the last one wins whole, -j$j" \
		contents_are "64 $last " d/a/*
done

# Where times are kept in seconds, what was changed just now is changed at the same time.
rm -rf ./*
coarse_ext4() {
	why="only root can mount"
	is_root || return
	why="no ext4 with times in seconds"
	have mkfs.ext4 && truncate -s 16M coarse.img && mkdir coarse &&
		mkfs.ext4 -q -F -I 128 coarse.img >/dev/null 2>&1 &&
		mount -o loop coarse.img coarse 2>/dev/null || return
	mounts="$work/coarse $mounts"
}
if coarse_ext4; then
	mkdir s t
	for i in $(seq 100); do echo new >"s/f$i"; echo other >"t/f$i"; done
	for try in 1 2 3; do
		cp t/* coarse
		run "$MMCP" -j2 s/* t/f98 t/f99 coarse
		check "an operand that was changed just before isn't overwritten, $try" \
			contents_are "100 new " coarse/f*
	done
else
	skip "an operand that was changed just before isn't overwritten" "$why"
fi

# An empty clone leaves no trace either.
rm -rf ./*
if mount_fs btrfs 128M "$work/btrfs"; then
	mkdir btrfs/s btrfs/t btrfs/d
	for i in $(seq 100); do
		: >"btrfs/s/f$i"; : >"btrfs/d/f$i"; echo other >"btrfs/t/f$i"
	done
	sleep 0.1
	run "$MMCP" --reflink=always -j2 btrfs/s/* btrfs/t/f98 btrfs/t/f99 btrfs/d
	check "nor is an empty clone overwritten" contents_are "" btrfs/d/*
	check "which is an error" status_is 1
else
	skip "nor is an empty clone overwritten" "$why"
fi

rm -rf ./*
if open_to_nobody; then
	mkdir -m 755 u && mkdir d && chmod 777 d
	for i in $(seq 70); do echo "$i" >"u/f$i"; done
	echo secret >u/secret && chmod 600 u/secret && ln -s secret u/link
	run as_nobody "$mmcp" -H u/f* u/link d
	check "a symlink whose target can't be read is an error" status_is 1
	check "which is told" err_is \
		"mmcp: cannot open 'u/link' for reading: Permission denied"
	check "and is not copied as such" absent d/link
	check "and the others are there" test "$(find d -type f | wc -l)" = 70
else
	skip "a symlink whose target can't be read is an error" "$why"
fi

finish
