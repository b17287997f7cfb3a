#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Times to the nanosecond after all caches were dropped, and device numbers.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"

make_source() {
	mkdir -p s/d/e s/empty
	for i in 1 2 3 4 5 6 7 8 9; do echo "$i" >s/d/$i; done
	pattern 3000000 >s/large; : >s/nothing; truncate -s 1M s/d/hole
	ln -s large s/link; ln -s nowhere s/d/dangling; ln -s d s/dirlink; mkfifo s/d/pipe
	i=100000000
	find s -depth | while read -r name; do
		i=$((i + 1234567))
		touch -h -d "@$i.$i" "$name"
	done
	touch -d '1969-12-31 23:59:58.5 UTC' s/d/1
	touch -d '2037-01-01 00:00:00.000000001 UTC' s/d/2
}
# times_of DIR: print the times of all below it, and the sizes of what isn't a directory.
times_of() {
	(cd "$1" && find . -printf '%p %T@ %s %y\n' | sed 's/ [0-9]* d$/ d/' |
		LC_ALL=C sort)
}

make_source
times_of s >times.s

where=here
! is_root || where="here ext4 xfs btrfs tmpfs"
for fs in $where; do
	place "$fs" 2>/dev/null || { skip "on $fs" "$why"; continue; }
	for j in 1 2 7; do
		rm -rf "$fs/to"
		run "$MMCP" -a -j$j s "$fs/to"
		check "-a works on $fs, -j$j" went_well
		sync -f "$fs/to" 2>/dev/null || sync
		if [ -w /proc/sys/vm/drop_caches ]; then
			drop_caches 2 2>/dev/null
		fi
		# A file system of our own can be unmounted.
		case $fs in
		ext4 | xfs | btrfs)
			umount "$fs" || broken "$fs is busy"
			mount -o loop "$fs.img" "$fs" || broken "$fs is gone"
			;;
		esac
		times_of "$fs/to" >times.to
		check "times are there to the nanosecond on $fs, -j$j" \
			diff times.s times.to
		check "and so is the content, -j$j" \
			diff -r --no-dereference -x pipe s "$fs/to"
	done
	# The same for single copies.
	run "$MMCP" -p s/large s/d/2 "$fs"
	for name in large d/2; do
		check "a file alone has its time on $fs" test \
			"$(stat -c %y s/$name)" = "$(stat -c %y "$fs/${name#d/}")"
	done
done
cd "$work" || exit 99

if is_root && mknod s/d/null c 1 3 2>/dev/null; then
	mknod s/d/odd c 240 1000000; mknod s/d/block b 7 300
	chown 12:34 s/d/null; chmod 640 s/d/null
	for j in 1 3; do
		for option in -a -r; do
			rm -rf to
			run "$MMCP" $option -j$j s to
			check "devices are copied, $option -j$j" went_well
			for name in null odd block; do
				check "$name has its number, $option -j$j" test \
					"$(stat -c %t:%T:%F s/d/$name)" = \
					"$(stat -c %t:%T:%F to/d/$name)"
			done
		done
	done
	rm -rf to; "$MMCP" -a s to
	check "and their owners and modes" same_tree s to times
else
	skip "devices are copied" "no devices can be made here"
fi

finish
