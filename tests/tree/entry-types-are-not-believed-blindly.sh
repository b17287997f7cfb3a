#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What a directory says of its entries' types is unknown, or a lie: a shim says it.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

mkdir -p s/d/e s/empty
for i in 1 2 3 4 5 6 7 8 9; do echo "$i" >s/d/$i; echo "$i$i" >s/$i; done
ln s/1 s/d/hard; ln s/2 s/d/e/hard
ln -s 1 s/link; ln -s nowhere s/d/dangling; ln -s d s/dirlink; ln -s . s/d/e/self
mkfifo s/pipe s/d/pipe
pattern 300000 >s/d/e/middling; chmod 600 s/d/e/middling
mkdir s/shut; echo x >s/shut/x; chmod 555 s/shut
touch -d '2001-02-03 04:05:06.7' s/d/e s/d/1

# Unknown, FIFO, character device, directory, block device, file, symlink, socket,
# whiteout, and a number that nobody knows.
for type in 0 1 2 4 6 8 10 12 14 77; do
	for j in 1 3; do
		sampled || continue
		chmod -R u+w to 2>/dev/null; rm -rf to
		run shimmed "getdents64=type$type" timeout 100 "$MMCP" -a -j$j s to
		check "-a copies well where all are of type $type, -j$j" went_well
		check "and all is what it is, type $type -j$j" same_tree s to times
		run shimmed "getdents64=type$type" timeout 100 "$MMCP" -a -j$j -T s to
		check "also onto that, type $type -j$j" went_well
		check "and all is what it is, type $type -j$j" same_tree s to times
		chmod -R u+w to; rm -rf to
		run shimmed "getdents64=type$type" timeout 100 "$MMCP" -r -j$j s to
		check "so does -r, type $type -j$j" went_well
		check "and it is the same tree, type $type -j$j" \
			diff -r --no-dereference \
			-x pipe s to
		check "with its pipes, type $type -j$j" test -p to/d/pipe
	done
done

# Directories that can't be read to their end, or are read in small pieces.
for j in 1 3; do
	chmod -R u+w to; rm -rf to
	run shimmed "getdents64=short200" "$MMCP" -a -j$j s to
	check "in small pieces, -j$j" went_well
	check "it is the same, -j$j" same_tree s to times
	chmod -R u+w to; rm -rf to
	run shimmed "getdents64@/s/d=EIO" "$MMCP" -r -j$j s to
	check "a directory that can't be read is an error, -j$j" status_is 1
	check "that is told, -j$j" err_has "s/d"
	check "with why, -j$j" err_has "Input/output error"
	check "in one line, -j$j" test "$(wc -l <err)" = 1
	check "and the others are there, -j$j" test -f to/shut/x -a -f to/9
	chmod -R u+w to; rm -rf to
	run shimmed "getdents64#1=EINTR getdents64#3=EINTR" "$MMCP" -a -j$j s to
	check "an interrupted reading goes on, -j$j" went_well
	check "to the end, -j$j" same_tree s to times
done

finish
