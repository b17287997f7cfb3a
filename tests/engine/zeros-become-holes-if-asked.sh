#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need python3

# make NAME SIZE: a source of that shape, and in NAME.blocks how many blocks of 4096 bytes
# in it aren't zeros.
cat >make.py <<'P'
import sys
name, size = sys.argv[1].rpartition("/")[2].partition(".")[0], int(sys.argv[2])
unit = bytes(range(1, 252)) * 16704		# 4 MiB and some, and no zero among them
data = bytearray((unit * (size // len(unit) + 1))[:size])
def zero(start, end):
    start, end = max(start, 0), min(end, size)
    if start < end:
        data[start:end] = bytes(end - start)
runs = []
if name == "begin":
    zero(0, size // 3)
elif name == "middle":
    zero(size // 3, size // 3 * 2)
elif name == "end":
    zero(size // 3 * 2, size)
elif name == "inside":		# never a whole block
    for at in range(0, size, 65536):
        zero(at + 5000, at + 5000 + 4096)
        zero(at + 8193 + 8192, at + 8193 + 8192 + 4095)
elif name == "unaligned":
    for at in range(0, size, 131072):
        zero(at + 20001, at + 20001 + 12288)
        zero(at + 40959, at + 40959 + 4098)
elif name == "odd":
    for at in range(0, size, 3 * 1048576 // 2 + 777):
        zero(at, at + 700001)
elif name == "comb":
    for at in range(0, size, 8192):
        zero(at, at + 4096)
elif name in ("zeros", "hole", "islands", "gap"):
    zero(0, size)
islands = {"islands": range(12345, size, 9 << 20),
           "gap": (0, size - 300000)}.get(name, ())
length = 300000 if name == "gap" else 10000
with open(sys.argv[1], "wb") as f:
    if name in ("hole", "islands", "gap"):
        f.truncate(size)
    else:
        f.write(data)
    for at in islands:
        part = unit[:min(length, size - at)]
        data[at:at + len(part)] = part
        f.seek(at)
        f.write(part)
nothing = bytes(4096)
blocks = sum(data[i:i + 4096] != nothing[:len(data[i:i + 4096])]
             for i in range(0, size, 4096))
with open(sys.argv[1] + ".blocks", "w") as f:
    print(blocks, file=f)
P
source_of() { python3 "$work/make.py" "$1" "$2" || broken "no source"; }

# Whether x has as many blocks as it should after --sparse=$1; a file system may need some
# for itself, and have blocks of less than 4096 bytes.
right_blocks() {
	has_right_blocks "$1" "$2" >/dev/null && return
	sync x 2>/dev/null
	has_right_blocks "$1" "$2"
}
has_right_blocks() {
	has=$(stat -c %b x); given=$(stat -c %b "$2")
	full=$((($(stat -c %s x) + 511) / 512)); need=$(($(cat "$2.blocks") * 8))
	case $1 in
	always) [ "$has" -le $((need + need / 16 + 64)) ] ;;
	never) [ "$has" -ge "$full" ] ;;
	auto) [ "$has" -le $((given + given / 16 + 64)) ] &&
		[ "$has" -ge $((need - need / 16 - 7)) ] ;;
	esac || { echo "$has blocks of $full; $need are not zeros, $given were given"; \
		false; }
}
right() { went_well && same_content "$2" x && right_blocks "$1" "$2"; }
right_in_place() { right "$1" "$2" && [ "$(stat -c %i x)" = "$was" ]; }

# way WHEN FILE ARGUMENT...: onto a new file and onto old ones.  Where there are clones,
# zeros that are data would be shared and stay.
way() {
	sampled || return 0
	how=$1; from=$2; shift 2
	case $how$fs in always[xb]*) set -- "$@" --reflink=never ;; esac
	rm -f x
	run timeout 100 "$MMCP" --sparse="$how" "$@" "$from" x
	check "$fs: $from, $how ($*), new" right "$how" "$from"
	rm -f x; cp --reflink=never over x; truncate -s \
		$(($(stat -c %s "$from") + 1000000)) x
	was=$(stat -c %i x)
	run timeout 100 "$MMCP" --sparse="$how" "$@" "$from" x
	check "$fs: $from, $how ($*), in place of a longer one" right_in_place "$how" \
		"$from"
	[ "$fs$*" = ext4 ] || return
	head -c $(($(stat -c %s "$from") / 2 + 100)) over >x; was=$(stat -c %i x)
	run timeout 100 "$MMCP" --sparse="$how" "$@" "$from" x
	check "$fs: $from, $how ($*), in place of a shorter one" right_in_place "$how" \
		"$from"
}

for fs in tmpfs ext4 xfs btrfs; do
	if ! place $fs; then
		skip "zeros and holes on $fs" "$why"
		continue
	fi
	cd "$work/$fs" || broken "no $fs"
	head -c 4100000 /dev/zero | tr '\0' o >over
	for size in 0 1 4095 4096 4097; do
		case $fs in xfs | btrfs) break ;; esac
		for file in zeros hole; do
			source_of $file.$size $size
			for when in always never auto; do way $when $file.$size; done
		done
	done
	for file in begin middle end inside unaligned zeros data hole islands; do
		source_of $file 1048577
		way always $file
		way always $file --engine=mmap --chunk-size=64K -j3
		way never $file
		case $fs in
		tmpfs) way never $file --engine=mmap --chunk-size=64K -j3 ;;
		ext4) way auto $file; way always $file --engine=stream ;;
		xfs) way always $file --engine=mmap -j1 ;;
		btrfs) ;;
		esac
	done
	for file in comb gap; do
		source_of $file 3000000
		way always $file --engine=mmap --chunk-size=64K -j3
		way auto $file --engine=stream
	done
	rm -f comb* gap* zeros* begin* middle* end* inside* unaligned* data* hole* \
		islands*
	# From 64 MiB on there are workers.
	head -c 75000000 /dev/zero | tr '\0' o >over
	for file in odd hole; do
		source_of $file 73400321
		for when in always never; do
			clone=auto
			case $fs in xfs | btrfs) clone=never ;; esac
			rm -f x
			run timeout 60 "$MMCP" --sparse=$when --reflink=$clone -j3 $file x
			check "$fs: a large $file, $when, new" right $when $file
			cp --reflink=never over x; was=$(stat -c %i x)
			run timeout 60 "$MMCP" --sparse=$when --reflink=$clone -j3 $file x
			check "$fs: a large $file, $when, in place" right_in_place $when \
				$file
			[ $file = odd ] || continue
			rm -f x
			run timeout 60 "$MMCP" --sparse=$when --reflink=$clone -j1 $file x
			check "$fs: a large $file, $when, by one" right $when $file
		done
		rm -f $file $file.blocks x
	done
	rm -f over
	cd "$work" || broken "no work"
	[ "$fs" != tmpfs ] && umount "$fs" && rm -f "$fs.img"
done
cd "$work" || broken "no work"

# ---- pipes, and other file systems ----

fs=here
source_of odd 5000001; source_of islands 5000001; source_of zeros 5000001; source_of end \
	5000001
piped() {
	from=$1; shift
	# shellcheck disable=SC2002 # a pipe is what is wanted
	cat "$from" | "$MMCP" "$@" /dev/stdin x
}
for file in odd islands zeros end; do
	for engine in auto stream; do
		for when in always never auto; do
			sampled || continue
			rm -f x
			run piped $file --sparse=$when --engine=$engine
			case $when in
			auto) check "from a pipe, $file, $when, $engine" same_content \
				$file x ;;
			*) check "from a pipe, $file, $when, $engine" right $when $file ;;
			esac
		done
	done
	head -c 6000000 /dev/zero | tr '\0' o >x; was=$(stat -c %i x)
	run piped $file --sparse=always
	check "from a pipe, $file, in place" right_in_place always $file
	"$MMCP" --sparse=always $file /dev/stdout | cat >x
	check "into a pipe, $file" same_content $file x
	run "$MMCP" --sparse=always $file /dev/null
	check "into a device, $file" went_well
done
if mount_fs tmpfs 40M "$work/other"; then
	for file in odd islands zeros end; do
		cp --sparse=never $file other/$file; cp $file.blocks other
		for when in always never; do
			rm -f x
			run "$MMCP" --sparse=$when other/$file x
			check "$file from one file system to another, $when" right $when \
				other/$file
		done
	done
else
	skip "from one file system to another" "$why"
fi
# In a tree, by workers of a tree.
rm -rf from to; mkdir from
for i in $(seq 1 20); do cp zeros "from/$i"; echo "$i" >"from/e$i"; done
for when in always never; do
	rm -rf to
	run timeout 100 "$MMCP" -r -j4 --sparse=$when from to
	check "a tree, $when: it is copied" went_well
	check "a tree, $when: all of it" diff -r from to
	for f in 1 10 20; do
		mv to/$f x
		check "a tree, $when: the blocks of $f" right_blocks $when zeros
	done
done
rm -rf from to

# ---- what goes wrong ----

old_or_zeros() { [ "$(head -n 1 "$1" | tr -d '\0')" = old ] || is_prefix "$1" sparse; }

if [ -e "${SHIM:=}" ]; then
	for way in "--engine=stream" "--engine=mmap --chunk-size=64K -j3" \
		"--engine=mmap -j1"; do
		for errno in EOPNOTSUPP ENOSYS EINVAL EPERM; do
			head -c 6000000 /dev/zero | tr '\0' o >x; was=$(stat -c %i x)
			# shellcheck disable=SC2086 # options, to be split
			run shimmed fallocate=$errno "$MMCP" --sparse=always $way odd x
			check "holes that can't be made ($errno, $way) are no error" \
				went_well
			check "and zeros all the same" same_content odd x
			check "in the same file" test "$(stat -c %i x)" = "$was"
		done
		for errno in EIO ENOSPC; do
			head -c 6000000 /dev/zero | tr '\0' o >x
			# shellcheck disable=SC2086
			run shimmed fallocate=$errno "$MMCP" --sparse=always $way odd x
			check "but $errno is ($way)" status_is 1
			check "which is told in one line ($errno, $way)" test \
				"$(wc -l <err)" = 1
			check "with the file ($errno, $way)" err_has \
				"error deallocating 'x'"
			check "which has no other bytes ($errno, $way)" is_prefix x odd
		done
	done
	for file in odd zeros; do
		for size in 0 2500100 5000000; do
			MMCP_SHIM_RUN="truncate -s $size source"; export MMCP_SHIM_RUN
			for way in "madvise#7=run --engine=mmap --chunk-size=64K -j3" \
				"madvise#3=run --engine=mmap -j1" \
				"pread#3=run --engine=stream"; do
				sampled || continue
				# shellcheck disable=SC2086
				set -- ${way#* }
				rm -f x
				cp $file source
				run shimmed "${way%% *}" timeout 100 "$MMCP" \
					--sparse=always "$@" \
					source x
				check "$file cut to $size ($way) is copied" went_well
				check "as it is then" cmp source x
				cp $file source
				head -c 6000000 /dev/zero | tr '\0' o >x
				run shimmed "${way%% *}" timeout 100 "$MMCP" \
					--sparse=always "$@" \
					source x
				check \
				"$file cut to $size ($way) is copied over an old file" \
					went_well
				check "as it is then, with no other bytes" cmp source x
				check "and nothing hidden is left" no_leftovers .
			done
		done
	done
else
	skip "holes that can't be made" "the shim is built by make check"
fi

for fs in tmpfs ext4; do
	if ! mount_fs $fs 24M "$work/full.$fs"; then
		skip "a full $fs" "$why"
		continue
	fi
	truncate -s 400M sparse
	printf x | dd of=sparse bs=1 seek=200000000 conv=notrunc 2>/dev/null
	for way in -j1 -j3 --engine=mmap --engine=stream; do
		run timeout 100 "$MMCP" --sparse=never $way sparse full.$fs/new
		check "a full $fs ($way) is an error" status_is 1
		check "a full $fs ($way): told in one line" test "$(wc -l <err)" = 1
		check "a full $fs ($way): with the reason" err_has \
			"No space left on device"
		check "a full $fs ($way): nothing has the new name" absent full.$fs/new
		check "a full $fs ($way): nothing hidden is left" no_leftovers full.$fs
		echo old >full.$fs/old
		run timeout 100 "$MMCP" --sparse=never $way sparse full.$fs/old
		check "a full $fs ($way): nor is an old file filled" err_has \
			"No space left on device"
		check "a full $fs ($way): with anything else" old_or_zeros full.$fs/old
		rm -f full.$fs/old
		run timeout 100 "$MMCP" --sparse=always $way sparse full.$fs/new
		check "a full $fs ($way): holes have room" went_well
		rm -f full.$fs/new
	done
done

finish
