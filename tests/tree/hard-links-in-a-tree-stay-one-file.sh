#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

one_file() {
	first=$(stat -c '%d:%i' "$1")
	for name; do
		[ "$(stat -c '%d:%i' "$name")" = "$first" ] || { ls -li "$@"; return 1; }
	done
}

mkdir -p s/a s/b s/c other
echo content >s/a/1; ln s/a/1 s/b/2; ln s/a/1 s/c/3
pattern 300000 >s/large; ln s/large s/b/large-too
mkfifo s/a/pipe; ln s/a/pipe s/c/pipe
ln -s nowhere s/a/link; ln s/a/link s/b/link 2>/dev/null
ln s/a/1 other/4; ln s/a/1 5

# Links by the hundred: 40 files with 12 names each, which workers have at the same time.
mkdir -p many/0 many/1 many/2 many/3
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 \
	21 22 23 24 25 26 27 28 29 30 \
	31 32 33 34 35 36 37 38 39 40; do
	echo "file $i" >"many/0/$i-1"
	for n in 0/$i-2 0/$i-3 1/$i-1 1/$i-2 1/$i-3 \
		2/$i-1 2/$i-2 2/$i-3 3/$i-1 3/$i-2 3/$i-3; do
		echo "many/$n"
	done | xargs -n 1 ln "many/0/$i-1"
done

for j in 1 2 7; do
	rm -rf to; mkdir to
	run "$MMCP" -a -j$j s to
	check "-a works, -j$j" went_well
	check "three names in three directories are of one file, -j$j" \
		one_file to/s/a/1 to/s/b/2 to/s/c/3
	check "and all is as it was, -j$j" same_content s/b/large-too to/s/b/large-too
	rm -rf to; mkdir to
	run "$MMCP" -a -j$j s other 5 to
	check "across operands, -j$j" one_file to/s/a/1 to/s/b/2 to/s/c/3 to/other/4 to/5
	check "which makes the trees the same, -j$j" diff -r --no-dereference s/b to/s/b
	rm -rf to
	run "$MMCP" -a -j$j many to
	check "hundreds of links, -j$j" went_well
	check "and all are what they were, -j$j" same_tree many to times
	# Onto what is there: other files under some of the names.
	rm -rf to/2 to/0/1-1; rm to/1/7-1; echo old >to/1/7-1
	run "$MMCP" -a -j$j -T many to
	check "once more onto that, -j$j" went_well
	check "and all are what they were, -j$j" same_tree many to times
	rm -rf to
	run "$MMCP" -r -j$j many to
	check "without -a each is a file of its own, -j$j" \
		test "$(find to -type f -links 1 | wc -l)" = 480
	rm -rf to
	run "$MMCP" -r --preserve=links -j$j many to
	check "with --preserve=links they aren't, -j$j" same_tree many to
	rm -rf to
	run "$MMCP" -rl -j$j many to
	check "with -l they are the source's, -j$j" one_file many/0/9-1 to/3/9-3
done

# Where the first name comes to nothing, another is copied.
if [ -e "${SHIM:=}" ]; then
	for j in 1 2 7; do
		sampled || continue
		for n in 1 2; do
			rm -rf to
			run shimmed "copy_file_range#$n=EIO" "$MMCP" -a -j$j s to
			check "a copy that fails has status 1 ($n, -j$j)" status_is 1
			check "and is told once ($n, -j$j)" test "$(wc -l <err)" = 1
			check "but not by all its names ($n, -j$j)" \
				test "$(find to -type f | wc -l)" = 4
			check "which are whole ($n, -j$j)" only_whole_files "$work/s" to
		done
		rm -rf to
		run shimmed "copy_file_range=EIO" "$MMCP" -a -j$j many to
		check "if nothing can be copied, each name is told, -j$j" \
			test "$(wc -l <err)" = 480
		check "and there is none, -j$j" test -z "$(find to -type f)"
		rm -rf to
		run shimmed "linkat=EMFILE" "$MMCP" -a -j$j many to
		check "if nothing can be linked, each link is told, -j$j" \
			test "$(wc -l <err)" = 440
		check "with cp's words, -j$j" err_has "mmcp: cannot create hard link 'to/"
	done
else
	skip "a copy that fails" "there is no shim"
fi

finish
