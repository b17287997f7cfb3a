#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# With --remove-destination, with -f if it can't be opened, and with -a if it has other
# names or another type, an old file is replaced.  It stays until the new one is whole.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

pattern 3000000 >large
pattern 3000 >small
inode() { stat -c %i "$1"; }

# old: make the file d/f, with another name.
old() {
	rm -rf d && mkdir d && echo old >d/f && chmod 640 d/f && ln d/f d/other
	was=$(inode d/f)
}
untouched() {
	[ "$(cat d/f)" = old ] && [ "$(inode d/f)" = "$was" ] &&
		[ "$(stat -c %a d/f)" = 640 ]
}
only_these() {
	printf '%s\n' "$@" | LC_ALL=C sort >.want
	find d -mindepth 1 -printf '%P\n' | LC_ALL=C sort | diff .want -
}

# ---- success ----

for source in large small; do
	for options in --remove-destination "--remove-destination -p" \
		"--remove-destination --fsync" \
		"--remove-destination --engine=stream" "-a"; do
		old
		# shellcheck disable=SC2086 # options, to be split
		run "$MMCP" $options $source d/f
		check "$source, $options: copied" went_well
		check "$source, $options: equal" cmp $source d/f
		check "$source, $options: a new file" test "$(inode d/f)" != "$was"
		check "$source, $options: its other name has the old one" \
			test "$(cat d/other)" = old
		check "$source, $options: nothing else is there" only_these f other
	done
	old
	run "$MMCP" -v --remove-destination $source d/f
	check "$source: -v prints what cp's does" out_is "removed 'd/f'
'$source' -> 'd/f'"
done

# ---- failure ----

# fails RULES OPTION... SOURCE: the copy fails, and the old file is unchanged.
fails() {
	rules=$1; shift
	old
	run shimmed "$rules" timeout 100 "$MMCP" "$@" d/f
	check "$rules ($*): exit status 1" status_is 1
	check "$rules ($*): the old file is there" untouched
	check "$rules ($*): nothing else is there" only_these f other
	check "$rules ($*): no removal is reported" test ! -s out
}
for options in --remove-destination -av; do
	fails "copy_file_range=EIO" $options small
	fails "copy_file_range=EXDEV pread#2=EIO" $options large
	fails "copy_file_range=EXDEV pwrite#2=EIO" $options large
	fails "fsync=EIO" $options --fsync large
done
old
run shimmed "copy_file_range=EXDEV pread#2=SIGTERM" "$MMCP" --remove-destination large d/f
check "a signal: it ends by it" test "$status" = 143
check "a signal: the old file is there" untouched
check "a signal: nothing else is there" only_these f other
fails "pwrite=EFBIG" --remove-destination --engine=stream small

# Another process removes or replaces it meanwhile.
MMCP_SHIM_RUN="rm -f d/f"
export MMCP_SHIM_RUN
for rule in tmpfile#1=run copy_file_range=run; do
	old
	run shimmed $rule "$MMCP" --remove-destination large d/f
	check "removed meanwhile ($rule): copied" went_well
	check "removed meanwhile ($rule): equal" cmp large d/f
	check "removed meanwhile ($rule): nothing else is there" only_these f other
done
MMCP_SHIM_RUN="echo theirs >d/theirs; mv d/theirs d/f"
old
run shimmed copy_file_range=run "$MMCP" --remove-destination large d/f
check "replaced meanwhile: an error" status_is 1
check "replaced meanwhile: theirs is left alone" test "$(cat d/f)" = theirs
check "replaced meanwhile: nothing else is there" only_these f other

# The same in a tree, with workers.
mkdir tree to
for i in $(seq 50); do cp small "tree/$i"; done
for jobs in 1 3; do
	rm -rf to; mkdir to
	for i in $(seq 50); do echo "old $i" >"to/$i"; done
	run shimmed "copy_file_range@/7=EIO copy_file_range@/33=EIO" \
		"$MMCP" -r -j$jobs --remove-destination tree/. to
	# The new file has no name yet that could be waited for.
	check "a tree (-j$jobs): copied" diff -r tree to
	rm -rf to; mkdir to
	for i in $(seq 50); do echo "old $i" >"to/$i"; done
	run shimmed "pread@tree/7=EIO copy_file_range=EXDEV" \
		"$MMCP" -r -j$jobs --remove-destination tree/. to
	check "a tree (-j$jobs): exit status 1" status_is 1
	check "a tree (-j$jobs): what failed is as it was" test "$(cat to/7)" = "old 7"
	cp small to/7
	check "a tree (-j$jobs): all others are copied" diff -r tree to
	check "a tree (-j$jobs): nothing is left behind" no_leftovers to
done

# ---- special files ----

ln -s nowhere symlink
mkfifo fifo
for source in symlink fifo; do
	for options in "-a" "-a --remove-destination"; do
		old
		# shellcheck disable=SC2086
		run shimmed "symlinkat=EPERM mknodat=EPERM mknod=EPERM" \
			"$MMCP" $options $source d/f
		if [ "$status" = 0 ]; then
			skip "$options $source: it can't be made" "the call isn't seen"
			continue
		fi
		check "$options $source: it can't be made" status_is 1
		check "$options $source: the old file is there" untouched
		check "$options $source: nothing else is there" only_these f other
		old
		# shellcheck disable=SC2086
		run "$MMCP" $options $source d/f
		check "$options $source: it takes the name" went_well
		check "$options $source: and is like it" test \
			"$(stat -c %F $source)" = "$(stat -c %F d/f)"
		check "$options $source: nothing else is there (made)" only_these f other
	done
done
old
run "$MMCP" -av symlink d/f
check "-v prints what cp's does (a symlink)" out_is "removed 'd/f'
'symlink' -> 'd/f'"

# ---- -f ----

if open_to_nobody; then
	why=
	mkdir theirs && cp large theirs/source && chown -R 65534 theirs
	closed() {
		rm -f theirs/f; echo old >theirs/f
		chown 65534 theirs/f; chmod 400 theirs/f
	}
	closed
	run as_nobody "$mmcp" -fv theirs/source theirs/f
	check "-f: what can't be opened is replaced" cmp large theirs/f
	check "-f: and that is reported" out_is "'theirs/source' -> 'theirs/f'
removed 'theirs/f'"
	closed
	run as_nobody sh -c 'ulimit -f 1000; exec "$@"' - "$mmcp" -f theirs/source \
		theirs/f
	check "-f: a file too large is an error" err_has "File too large"
	check "-f: and the old one is there" test "$(cat theirs/f)" = old
	check "-f: nothing else is" no_leftovers theirs
	mkdir theirs/closed && echo old >theirs/closed/f
	chown -R 65534 theirs/closed; chmod 555 theirs/closed
	for source in symlink fifo small; do
		run as_nobody "$mmcp" -a --remove-destination $source theirs/closed/f
		check "what can't be removed is reported as by cp ($source)" err_is \
			"mmcp: cannot remove 'theirs/closed/f': Permission denied"
		check "and stays ($source)" test "$(cat theirs/closed/f)" = old
	done
	chmod 1777 theirs; chown 0 theirs/f theirs
	run as_nobody "$mmcp" -f theirs/source theirs/f
	check "-f: what can't be removed is reported as by cp" \
		err_is "mmcp: cannot remove 'theirs/f': Operation not permitted"
else
	skip "-f" "$why"
fi

# ---- no inode is free ----

if mount_fs tmpfs 4M "$work/inodes" nr_inodes=12; then
	for source in small large symlink fifo; do
		rm -f inodes/*; echo old >inodes/f
		i=0; while (: >"inodes/$i") 2>/dev/null; do i=$((i + 1)); done
		run "$MMCP" -a --remove-destination $source inodes/f
		check "no inode for both ($source): copied" went_well
		check "no inode for both ($source): alike" test \
			"$(stat -c %F $source)" = "$(stat -c %F inodes/f)"
	done
else
	skip "no inode" "$why"
fi

# ---- a full disk ----

# There is no room for both files: the old one is removed first, and if that isn't enough,
# that is reported.
if mount_fs tmpfs 4M "$work/full"; then
	head -c 2500000 /dev/zero | tr '\0' o >full/f
	for options in --remove-destination "--remove-destination --engine=stream" \
		"--remove-destination --engine=mmap -j2"; do
		# shellcheck disable=SC2086
		run "$MMCP" $options large full/f
		check "no room for both ($options): copied" went_well
		check "no room for both ($options): equal" cmp large full/f
	done
	pattern 5000000 >larger
	for options in "--remove-destination --progress=never" \
		"--remove-destination --engine=stream"; do
		echo old >full/f
		# shellcheck disable=SC2086
		run "$MMCP" $options larger full/f
		check "no room at all ($options): exit status 1" status_is 1
		check "no room at all ($options): it is reported" \
			err_has "No space left on device (and the old one is gone)"
		check "no room at all ($options): as one line" test "$(wc -l <err)" = 1
		check "no room at all ($options): there is nothing" empty_directory full
	done
else
	skip "a full disk" "$why"
fi

finish
