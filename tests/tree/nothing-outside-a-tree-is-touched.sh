#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Symlinks in the source and in the destination lead to things that don't change.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

mkdir -p outside/dir/below s/dir/below s/links
echo "outside, file" >outside/file; echo inner >outside/dir/file
echo below >outside/dir/below/file
chmod 600 outside/file; chmod 750 outside/dir; chmod 4711 outside/dir/file
touch -d '2003-04-05 06:07:08.9' outside/file outside/dir/file outside/dir
if is_root; then chown 12:34 outside/file outside/dir; fi

for name in file dir/file dir/below/file; do echo "a source" >s/$name; done
for name in s s/dir s/dir/below; do chmod 711 $name; done
ln -s ../../outside/file s/links/file
ln -s ../../outside/dir s/links/dir
ln -s "$work/outside/dir" s/links/absolute
ln -s ../../outside/none s/links/none
find s -exec touch -h -d '1999-08-07 06:05:04.3' {} +
if is_root; then chown -hR 56:78 s; fi

outside() { tree_of outside times; find outside -printf '%p %C@\n' | sort; }
outside >before
untouched() { outside | diff before -; }

# As symlinks of the source they are copied as such.
for j in 1 3; do
	for option in -a -r -rp "-a --remove-destination" "-rH --preserve=all"; do
		sampled || continue
		rm -rf to
		# shellcheck disable=SC2086 # options, to be split
		run "$MMCP" $option -j$j s to
		check "symlinks of the source are copied, $option -j$j" went_well
		check "as they are, $option -j$j" \
			test "$(readlink to/links/dir)" = ../../outside/dir
		check "and not followed, $option -j$j" untouched
	done
	rm -rf to; cp -a s to
	run "$MMCP" -a -j$j -T s to
	check "also onto the copy, -j$j" went_well
	check "and not followed, -j$j" untouched

	# In the destination, directories that are symlinks.
	for option in -a -r -rf "-a --remove-destination" "-rp"; do
		sampled || continue
		for where in dir dir/below; do
			rm -rf to; mkdir -p to/dir
			case $where in
			dir) rmdir to/dir; ln -s ../outside/dir to/dir ;;
			*) ln -s ../../outside/dir to/$where ;;
			esac
			# shellcheck disable=SC2086
			run "$MMCP" $option -j$j -T s to
			what="in the way of $where, $option -j$j"
			refusal="cannot overwrite non-directory"
			check "a symlink to a directory $what" \
				status_is 1
			check "is told, $option -j$j" err_is \
				"mmcp: $refusal 'to/$where' with directory 's/$where'"
			check "and not followed, $option -j$j" untouched
			check "but the rest is there, $option -j$j" \
				same_content s/file to/file
		done
	done
	# And files.
	rm -rf to; mkdir to to/dir
	ln -s ../outside/none to/file; ln -s ../../outside/none to/dir/file
	run "$MMCP" -r -j$j -T s to
	check "nothing is written through a dangling symlink, -j$j" status_is 1
	sort err >sorted
	cat >want <<'END'
mmcp: not writing through dangling symlink 'to/dir/file'
mmcp: not writing through dangling symlink 'to/file'
END
	check "as it is told, -j$j" diff want sorted
	check "and so nothing is there, -j$j" untouched
	for option in "-a --remove-destination" "-r --remove-destination"; do
		sampled || continue
		rm -rf to; mkdir to to/dir; ln -s ../outside/file to/file
		ln -s ../../outside/file to/dir/file
		# shellcheck disable=SC2086
		run "$MMCP" $option -j$j -T s to
		check "symlinks to files are removed, $option -j$j" \
			same_content s/file to/file
		check "as is asked for, $option -j$j" went_well
		check "and not followed, $option -j$j" untouched
	done

	# With --keep-directory-symlink, only a directory's files go where it leads.
	mkdir -p led/below; chmod 700 led; echo mine >led/mine
	rm -rf to; mkdir to; ln -s ../led to/dir
	run "$MMCP" -r --keep-directory-symlink -j$j -T s to
	check "--keep-directory-symlink follows, -j$j" went_well
	check "and keeps the symlink, -j$j" test -L to/dir
	check "and fills what it leads to, -j$j" \
		same_content s/dir/below/file led/below/file
	check "with what was there before, -j$j" test "$(cat led/mine)" = mine
	check "whose mode is what it was, -j$j" test "$(stat -c %a led)" = 700
	rm -rf to led; mkdir to; ln -s nowhere to/dir
	run "$MMCP" -r --keep-directory-symlink -j$j -T s to
	check "but not to nowhere, -j$j" status_is 1
	check "and makes nothing there, -j$j" absent to/nowhere
	check "and nothing else is touched, -j$j" untouched
done

# A symlink is given its owner and times, and not what it leads to.
rm -rf to; mkdir to
"$MMCP" -a s to/deep
check "symlinks have what they had" test \
	"$(find s/links -printf '%f %U:%G %T@ %l\n' | sort)" = \
	"$(find to/deep/links -printf '%f %U:%G %T@ %l\n' | sort)"
check "and nothing else is touched" untouched

finish
