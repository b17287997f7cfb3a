#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

inode() { stat -L -c %i "$1"; }
mode() { stat -c %a "$1"; }
is() { [ "$1" = "$2" ] || { echo "'$1' is not '$2'"; false; }; }

pattern 3000000 >long
pattern 70000000 >large
head -c 1000 long >short

for engine in $engines; do
	for source in short long large; do
		cp long x && chmod 600 x && ln -f x link && ln -sf x symlink
		was=$(inode x)
		run "$MMCP" --engine="$engine" -j 2 $source symlink
		check "a $source file is copied over an old one by $engine" went_well
		check "with all it has" same_content $source x
		check "the file is the same one" is "$(inode x)" "$was"
		check "and its other name has the content too" same_content $source link
		check "its mode is what it was" is "$(mode x)" 600
		check "the symlink to it is still one" test -L symlink
	done
done
rm -f x link symlink large

ln -s nowhere dangling
run "$MMCP" short dangling
check "a dangling symlink is not written through" status_is 1
check "which is reported" err_is "mmcp: not writing through dangling symlink 'dangling'"
check "nothing is made where it points" absent nowhere

cp long x && ln x link
run "$MMCP" --remove-destination -v short x
check "--remove-destination makes a new file" went_well
check "with the content" same_content short x
check "the other name keeps the old one" same_content long link
check "and prints that it removed" out_is "removed 'x'
'short' -> 'x'"

was=$(inode x)
run "$MMCP" -n -v long x
check "-n is content with what exists" went_well
check "prints nothing" test ! -s out
check "and leaves it alone" same_content short x
check "with -n a new file is made nevertheless" "$MMCP" -n long new
check "with its content" same_content long new

run "$MMCP" -v long x
check "-v prints what goes where" out_is "'long' -> 'x'"
mkdir dir
run "$MMCP" -v long short dir
check "for each file" out_is "'long' -> 'dir/long'
'short' -> 'dir/short'"

if open_to_nobody; then
	mkdir mine && cp short long mine && chown -R 65534:65534 mine
	cd mine || broken "no directory"
	for engine in auto kernel stream; do
		rm -f x && cp ../long x && chown 65534:65534 x && chmod 200 x
		was=$(inode x)
		run as_nobody "$mmcp" --engine=$engine short x
		check "a file that can't be read can be written by $engine" went_well
		check "in place" is "$(inode x)" "$was"
		check "with the content" same_content short x
	done
	run as_nobody "$mmcp" --engine=mmap long x
	check "it can't be mapped" status_is 1
	check "which is reported" \
		err_is "mmcp: cannot copy 'long' to 'x' with --engine=mmap:\
 the destination can be written but not read"
	check "before anything changed" same_content short x

	chmod 400 x
	run as_nobody "$mmcp" long x
	check "a file that can't be written is not" status_is 1
	check "as cp says it" err_is \
		"mmcp: cannot create regular file 'x': Permission denied"
	check "it is as it was" same_content short x
	run as_nobody "$mmcp" -fv long x
	check "with -f another takes its place" went_well
	check "which is reported" out_is "'long' -> 'x'
removed 'x'"
	check "it has the content" same_content long x
	check "and the mode of a new file" is "$(mode x)" 644
	check "nothing hidden is left" no_leftovers .
else
	skip "files that can't be read or written" "$why"
fi

# ---- emptied first, unless it is known to be safe not to ----

cd "$work" || broken "no work"
no_leak_check	# which can't be while traced

# opened_with NAME: print the flags of its last open for writing.
opened_with() {
	sed -n "s/^.*openat([^,]*, \"$1\", \([A-Z_|]*\).*/\1/p" trace |
		grep -E 'WRONLY|RDWR' |
		tail -n 1
}
keeps_bytes() {
	! opened_with x | grep -q O_TRUNC && ! grep -q '^[^(]*truncate([^,]*, 0)' trace
}
# overlay UPPER: mount one on over, with its directories in UPPER.
overlay() {
	mkdir -p "$1/lower" "$1/upper" "$1/work" over
	mount -t overlay overlay over \
		-o "lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work" 2>/dev/null ||
		return
	mounts="$work/over $mounts"
}
# renewed_in DIR: an empty file, copied onto an old one, gives it the time of now.
renewed_in() {
	: >"$1/empty" && touch -d 2001-02-03 "$1/empty" &&
		"$MMCP" "$work/nothing" "$1/empty" || return
	[ -n "$(find "$1/empty" -newer "$work/long")" ] || { stat "$1/empty"; false; }
}
: >nothing
leave() { umount "$work/over" && mounts=${mounts#"$work/over "}; }

# written_in DIR: copy a short file onto a longer one in DIR.
written_in() {
	cd "$1" || return
	rm -f x; cat "$work/long" >x; was=$(inode x)
	run strace -f -o "$work/trace" -e trace=openat,ftruncate "$MMCP" "$work/short" x
	cd "$work" || return
	went_well && cmp short "$1/x" && is "$(inode "$1/x")" "$was"
}
if ! have strace || ! is_root; then
	skip "what is emptied first" "that takes root and strace"
else
	for fs in ext4 xfs btrfs tmpfs; do
		[ -d $fs ] || [ -L $fs ] || place $fs || { skip "$fs" "$why"; continue; }
		check "$fs: in place" written_in $fs
		check "$fs: not emptied first" keeps_bytes
		check "$fs: an old empty file gets a new time" renewed_in $fs
		if ! overlay "$work/$fs"; then
			skip "an overlay above $fs" "it can't be mounted"
			continue
		fi
		check "an overlay above $fs: in place" written_in over
		if [ $fs = tmpfs ]; then	# extents tell, and it has none
			check "an overlay above $fs: emptied first" sh -c \
				'grep -q "ftruncate([0-9]*, 0)" trace'
		else
			check "an overlay above $fs: not emptied first" keeps_bytes
		fi
		check "an overlay above $fs: an old empty file gets a new time" \
			renewed_in over
		leave
	done
	mkdir ram
	if mount -t ramfs none ram 2>/dev/null; then
		mounts="$work/ram $mounts"
		check "ramfs, which is not known: in place" written_in ram
		check "ramfs: opened as by cp" \
			is "$(opened_with x | tr '|' '\n' | grep -c O_TRUNC)" 1
		run "$MMCP" --attributes-only -p short ram/x
		check "ramfs: --attributes-only" went_well
		check "ramfs: --attributes-only leaves its content alone" cmp short ram/x
		run sh -c 'echo line | "$1" --attributes-only /dev/stdin ram/x' - "$MMCP"
		check "ramfs: --attributes-only, from a pipe" cmp short ram/x
		run "$MMCP" --reflink=always long ram/x
		check "ramfs: what can't be cloned is an error" status_is 1
		check "ramfs: and the old file is left alone" cmp short ram/x
		for engine in mmap kernel; do
			run "$MMCP" --engine=$engine long ram/x
			check "ramfs: --engine=$engine can't serve" status_is 1
			check "ramfs: --engine=$engine leaves the old file alone" \
				cmp short ram/x
		done
		run "$MMCP" --engine=stream long ram/x
		check "ramfs: --engine=stream can" cmp long ram/x
		run "$MMCP" long ram/new
		check "ramfs: a new file" same_content long ram/new
		check "ramfs: and no hidden one" no_leftovers ram
	fi
fi

# What is cut short must not seem newer than its source.
pattern 4000000 >long; pattern 4000001 >shorter; touch -d '2001-02-03' shorter
# shellcheck disable=SC3045
run sh -c 'ulimit -f 2000; exec "$@"' sh "$MMCP" -u long shorter
check "a copy that fails leaves an old file short" \
	test "$status" = 1 -a "$(stat -c %s shorter)" -lt 4000000
run "$MMCP" -u long shorter
check "which is copied again by -u" same_content long shorter

finish
