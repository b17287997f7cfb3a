#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Set-user-ID bits, existing directories, and directories without write permission.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

mode_is() {
	[ "$(stat -c %a "$2")" = "$1" ] || { stat -c '%a %n' "$2"; false; }
}

# An existing directory keeps its mode, except with -p.
for j in 1 3; do
	rm -rf s to
	mkdir -p s/d to/d; echo x >s/d/f; chmod 750 s/d; chmod 711 to/d; chmod 1777 to
	run "$MMCP" -r -j$j -T s to
	check "an existing directory is filled, -j$j" same_content s/d/f to/d/f
	check "and keeps its mode, -j$j" mode_is 711 to/d
	check "and so does the operand, -j$j" mode_is 1777 to
	run "$MMCP" -rp -j$j -T s to
	check "with -p it gets the source's, -j$j" mode_is 750 to/d
done

# Directories whose owner may not write to them; also deep ones, and with many files.
rm -rf s to
mkdir -p s/a/b/c s/e
for i in 1 2 3 4 5 6 7 8 9; do
	for d in s s/a s/a/b s/a/b/c; do echo $d $i >$d/$i; done
done
mkfifo s/a/pipe; ln -s 1 s/a/link; ln s/a/1 s/a/b/hard
find s -depth -type d -exec touch -d '2001-02-03 04:05:06.789' {} +
find s -depth -type d -exec chmod 555 {} +
for j in 1 3; do
	for option in -r -a; do
		run "$MMCP" $option -j$j s to
		check "a tree that can't be written to is copied, $option -j$j" went_well
		if [ $option = -a ]; then
			check "with all in it, $option -j$j" same_tree s to times
		else
			check "with all in it, $option -j$j" diff -r -x pipe s to
		fi
		check "and its modes, $option -j$j" mode_is 555 to/a/b/c
		chmod -R u+w to; rm -rf to
	done
done
if open_to_nobody; then
	mkdir theirs; chown 65534:65534 theirs; chown -R 65534:65534 s
	for j in 1 3; do
		for option in -r -a -rp; do
			run as_nobody "$mmcp" $option -j$j s theirs/to
			check "also by an ordinary user, $option -j$j" went_well
			check "with its modes, $option -j$j" mode_is 555 theirs/to/a/b/c
			[ $option != -a ] ||
				check "and all in it, $option -j$j" \
					same_tree theirs/to s times
			check "and all of its files, $option -j$j" \
				diff -r -x pipe s theirs/to
			chmod -R u+w theirs/to; rm -rf theirs/to
		done
	done

	# A copy of root's file, owned by another user, doesn't have its set-ID bits.
	mkdir -p set/d
	for mode in 4755 2755 6777 1777 755; do
		echo $mode >set/d/$mode; chmod $mode set/d/$mode
	done
	chmod 6755 set/d
	for j in 1 3; do
		for option in -a -rp "-r --preserve=mode,ownership"; do
			rm -rf theirs/to
			# shellcheck disable=SC2086
			run as_nobody "$mmcp" $option -j$j set theirs/to
			check "root's files can be copied by another, $option -j$j" \
				went_well
			check "without set-ID bits, $option -j$j" \
				test -z "$(find theirs/to -perm /6000)"
			check "and with the other ones, $option -j$j" \
				mode_is 755 theirs/to/d/4755
			check "as wide as they were, $option -j$j" \
				mode_is 777 theirs/to/d/6777
		done
		rm -rf theirs/to
		run "$MMCP" -a -j$j set theirs/to
		check "root keeps them all, -j$j" same_tree set theirs/to
		chown -R 12:34 theirs/to
		chmod 6755 theirs/to/d/6777
		rm -rf theirs/again
		run "$MMCP" -a -j$j theirs/to theirs/again
		check "and those of others, -j$j" same_tree theirs/to theirs/again
		rm -rf theirs/again
	done

	# A directory that everybody may write to keeps its sticky bit, whatever its
	# owner.
	rm -rf set; mkdir -p set/sticky set/both set/d
	chmod 1777 set/sticky; chmod 3777 set/both
	for option in -a -rp "-r --preserve=mode,ownership" "-r --preserve=ownership"; do
		rm -rf theirs/to
		for times in once twice; do
			# shellcheck disable=SC2086
			run as_nobody "$mmcp" $option -T set theirs/to
			check "$option by another, $times: no error" went_well
			wanted=$(find theirs/to -name both -o -name sticky | sort)
			check "$option by another, $times: it is sticky" \
				test "$(find theirs/to -perm -1000 | sort)" = "$wanted"
			check "$option by another, $times: nothing else is set" \
				test -z "$(find theirs/to -perm /6000)"
		done
	done
else
	skip "also by an ordinary user" "$why"
fi
rm -rf s to; mkdir -p s/sticky; chmod 1777 s/sticky
run "$MMCP" -r --no-preserve=mode s to
# cp 9.1 leaves these bits where there are ACLs (doc/cp-compat.md).
for bits in 4 2 1; do
	rm -rf from into; mkdir -p from/d into/d; echo new >from/f; echo old >into/f
	chmod 755 from/f from/d from; chmod ${bits}755 into/f into/d into
	for how in -a -rp "-r --preserve=mode"; do
		# shellcheck disable=SC2086 # several words
		run "$MMCP" $how from/. into
		check "$how: old special bits go with what had them ($bits)" test \
			"$(stat -c %a into into/d into/f | sort -u)" = 755
	done
done
check "a new directory is sticky, if its mode isn't kept, too" mode_is 1755 to/sticky

finish
