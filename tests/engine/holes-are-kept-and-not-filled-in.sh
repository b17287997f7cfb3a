#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need truncate dd

pattern 262144 >data

# put FILE AT LENGTH (both in units of 64 KiB): some data there.
put() { dd if=data of="$1" conv=notrunc bs=64K seek="$2" count="$3" 2>/dev/null; }

leading() { truncate -s 8M "$1" && put "$1" 124 4; }
beginning() { put "$1" 0 4 && put "$1" 4 1 && truncate -s 8M "$1"; }
trailing() { put "$1" 0 3 && truncate -s 8M "$1"; }
middle() { put "$1" 0 2 && put "$1" 100 2; }
many() { truncate -s 9000001 "$1" && put "$1" 3 1 && put "$1" 50 2 && put "$1" 90 1; }
only() { truncate -s 8M "$1"; }
large() { truncate -s 80M "$1" && put "$1" 5 1 && put "$1" 640 4 && put "$1" 1276 4; }
past_the_end() { put "$1" 0 3 && fallocate -n -l 8M "$1"; }
inside() { put "$1" 0 1 && fallocate -l 8M "$1" && put "$1" 60 1; }

same_size() {
	[ "$(stat -c %s "$1")" = "$(stat -c %s "$2")" ] || { stat "$1" "$2"; return 1; }
}
# Blocks: none of a hole filled in; a file system may need some for itself.
no_more_blocks() {
	most=$(($(stat -c %b "$1") * 5 / 4 + 32))
	[ "$(stat -c %b "$2")" -le "$most" ] || { stat "$1" "$2"; return 1; }
}
a_copy() {
	went_well && same_content s x && same_size s x || return
	case $shape in
	past_the_end | inside) ;;
	*) no_more_blocks s x || return ;;
	esac
	# No page of a hole was allocated by being read.
	[ "$(stat -c %b s)" = "$blocks" ] || { echo "the source grew"; return 1; }
	# A last block that is half beyond the end stays, as zeros, where it was in use.
	# Reserved blocks are data to some as soon as they are in the cache.
	case $shape,$1 in
	many,old | inside,*) ;;
	*) ! can_map_holes || same_holes s x ;;
	esac
}

for fs in tmpfs ext4 xfs btrfs; do
	if ! place "$fs"; then
		skip "holes on $fs" "$why"
		continue
	fi
	cd "$work/$fs" || broken "no $fs"
	cp "$work/data" . || broken "no room on $fs"
	for shape in leading trailing middle many only large past_the_end inside; do
		rm -f s
		if ! $shape s 2>/dev/null; then
			skip "holes on $fs ($shape)" "such a file can't be made there"
			continue
		fi
		sync -f s 2>/dev/null
		blocks=$(stat -c %b s)
		old=$(($(stat -c %s s) + 1000000))
		for engine in $engines; do
			rm -f x
			run "$MMCP" --engine="$engine" -j 2 --chunk-size=1M s x
			check "holes are kept on $fs by $engine ($shape)" a_copy new
			rm -f x
			# Longer than the source, and in blocks that have to go.
			head -c "$old" /dev/zero | tr '\0' o >x
			run "$MMCP" --engine="$engine" -j 2 --chunk-size=1M s x
			check "and are made in an old file" a_copy old
		done
	done
	# Within the hole, or before all data: xfs reserves more than what is appended.
	for shape in leading beginning; do
		rm -f s
		$shape s
		case $shape in leading) old=100001 ;; *) old=4 ;; esac
		for engine in $engines; do
			rm -f x
			head -c $old /dev/zero | tr '\0' o >x
			run "$MMCP" --engine="$engine" -j 2 --chunk-size=1M s x
			check "a shorter file is copied over on $fs by $engine ($shape)" \
				went_well
			check "and equal" same_content s x
			sync s x
			check "and has as many blocks" test "$(stat -c %b x)" -le \
				"$(stat -c %b s)"
		done
	done
	for engine in $engines; do
		truncate -s 256K s x
		touch -d 2001-01-01 x
		run "$MMCP" --reflink=auto --engine="$engine" s x
		check "holes over holes on $fs by $engine" went_well
		check "move the time" test "$(stat -c %Y x)" -gt 1000000000
		rm -f s x
	done
	# In many steps, or xfs gives back what it reserves behind the end.
	dd if=data of=x bs=4K count=40 status=none
	pattern 8388608 >s
	run "$MMCP" --sparse=auto --engine=stream s x
	check "a file that grows on $fs" went_well
	sync s x
	check "has nothing reserved behind its end" no_more_blocks s x
	rm -f s x data
	cd "$work" || broken "no work"
	[ "$fs" != tmpfs ] && umount "$fs" && rm -f "$fs.img"
done

# Ten thousand holes, and the data between them.
if place here && have python3; then
	cd here || broken "no directory"
	python3 -c '
with open("s", "wb") as f:
    for i in range(10000):
        f.seek(i * 8192)
        f.write(b"%08d" % i * 8)'
	sync -f s 2>/dev/null
	for engine in $engines; do
		shape=many blocks=$(stat -c %b s)
		rm -f x
		run timeout 100 "$MMCP" --engine="$engine" -j 2 s x
		check "ten thousand extents are copied by $engine" a_copy new
	done
else
	skip "ten thousand extents" "python3 is not installed"
fi

# ---- and those of the source stay, even where they are filled in the copy ----

cd "$work" || broken "no work"
if [ -d tmpfs ] || place tmpfs; then
	for size in 9M 40M; do
		for with in -j1 -j2 --engine=mmap --engine=stream; do
			truncate -s $size tmpfs/s
			run "$MMCP" --sparse=never $with tmpfs/s x
			check "$size with $with: well" went_well
			check "$size with $with: filled" same_content tmpfs/s x
			check "$size with $with: nothing came into the source" \
				test "$(stat -c %b tmpfs/s)" = 0
			rm -f tmpfs/s x
		done
	done
else
	skip "what is read of a source on tmpfs" "$why"
fi

# ---- where none can be punched, an old file is cut and grows again ----

if [ -e "${SHIM:=}" ]; then
	truncate -s 30000000 s
	for at in 3 100 101 400; do put s $at 2; done
	for way in "" -j3 --engine=stream --engine=kernel "--engine=mmap -j1" \
		"--engine=mmap -j3"; do
		for old in 40000000 10000000; do
			head -c $old /dev/zero | tr '\0' o >x
			# shellcheck disable=SC2086 # options, to be split
			run shimmed fallocate=EOPNOTSUPP timeout 100 "$MMCP" $way s x
			check "no punching, over $old bytes ($way): all is well" went_well
			check "no punching, over $old bytes ($way): equal" same_content \
				s x
			check "no punching, over $old bytes ($way): holes" \
				no_more_blocks s x
		done
	done
	rm -f s x
fi

# ---- what was reserved and not written is a hole, also where it is read ahead ----

cold() { sync && drop_caches 3; }
[ ! -d ext4 ] || rmdir ext4
if ! place ext4; then
	skip "reserved blocks of a cold source" "$why"
elif ! cold 2>/dev/null; then
	skip "reserved blocks of a cold source" "caches can't be dropped here"
else
	cd ext4 || broken "no ext4"
	truncate -s 80M s
	for i in 0 6 12 18 24 30 36 42 48 54; do
		fallocate -o ${i}M -l 4M s
		printf 'some bytes' |
			dd of=s bs=1M seek=$((i + 1)) conv=notrunc status=none
	done
	for with in "-j1" "-j2" "-j2 --nocache" "--engine=stream"; do
		cold
		# shellcheck disable=SC2086
		run "$MMCP" --reflink=never $with s x
		check "$with: cold, and well" went_well
		check "$with: equal" same_content s x
		check "$with: no block for what was never written" test \
			"$(stat -c %b x)" -lt 1000
		rm -f x
	done
	cd "$work" || broken "no work"
fi

finish
