#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Of the ways to move the bytes of a large file, the one goes on that was fastest in its
# first windows, and another one if that fails or becomes slow; a worker that is slow
# leaves the file to others.  The shim says what is slow: no clock of the machine does.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need jq
[ "$(nproc)" -gt 1 ] || skip_all "there is one processor only, and no second worker"

K=copy_file_range=slow500 L=large=slow500 S=small=slow500
size=67108877
pattern $size >large
# What is there before is neither the source nor zeros.
head -c 70000000 /dev/zero | tr '\0' o >older

# warm FILE: bring it into memory, where it stays; else nothing is tried.
warm() { keep_caches; cat "$1" >/dev/null; }

# copy RULES TO OPTION...: from $source to TO, with what --json and --debug say in out and
# err.
copy() {
	rules=$1 to=$2
	shift 2
	warm "$source"
	run shimmed "clock=frozen $rules" timeout 100 \
		"$MMCP" --debug --json "$@" "$source" "$to"
	exec 8>&-
	cat "$work/out" "$work/err"
	[ "$status" = 0 ] && cmp "$source" "$to"
}
# sum JQ: make that of what all files had.
sum() { jq -r "select(.event == \"summary\") | $1" <"$work/out"; }
# chosen WAY: it says that it goes on.
chosen() { grep -q "trial of .*; chosen: $1\$" "$work/err"; }
not_chosen() { ! chosen "$1"; }
# mostly KEY: that many of the bytes are counted there, and all are counted.
mostly() {
	[ "$(sum ".$1 * 10 > .bytes * 7")" = true ] &&
		[ "$(sum '.by_kernel + .by_mapping + .by_hand == .bytes')" = true ]
}

# forces RULES TO WAY KEY OPTION...: WAY goes on, as they say, and most bytes go that way.
forces() {
	rules=$1 to=$2 way=$3 key=$4
	shift 4
	copy "$rules" "$to" "$@" && chosen "$way" && mostly "$key"
}
# over TO: the same over an old file there.
over() { cp "$work/older" "$1"; }

# decide_on FS: each way that may be taken there, by one process and beside a mapper.
decide_on() {
	for way in copy_file_range,by_kernel,"$L $S" write,by_hand,"$K $S"; do
		rules=${way##*,} key=${way#*,} key=${key%,*} way=${way%%,*}
		check "$1: $way goes on" forces "$rules" new "$way" "$key" -j1
		rm -f new
		over old
		check "$1: so it does over an old file" forces "$rules" old "$way" \
			"$key" -j1
		check "$1: and beside a worker that maps" copy "$rules" new -j2
		check "$1: which goes on with what it has" chosen "$way"
		rm -f new
		over old
		check "$1: over an old file, too" copy "$rules" old -j2
		check "$1: that goes on with what it has" chosen "$way"
	done
	[ "$1" != tmpfs ] || return
	check "$1: write by 16 KiB goes on" forces "$K $L" new "write by 16 KiB" \
		by_hand -j1
	rm -f new
	check "$1: and beside a worker that maps" copy "$K $L" new -j2
	check "$1: which goes on by 16 KiB" chosen "write by 16 KiB"
	rm -f new
}

# What one fails with that isn't final, the others do; from the beginning, half-way, and
# while they are tried.
refused_on() {
	for error in EXDEV EINVAL ENOSYS EOPNOTSUPP zero; do
		for when in 1+ 2 4; do
			for jobs in 1 2; do
				rm -f new
				how="$1: -j$jobs: copy_file_range#$when is $error"
				check "$how" copy "copy_file_range#$when=$error $L $S" \
					new -j$jobs
				check "$how: another one goes on" \
					not_chosen copy_file_range
			done
		done
	done
	rm -f new
	over old
	check "$1: so it is over an old file" copy "copy_file_range#9=EXDEV $L" old -j1
}

# slower_on FS: what becomes slow half-way is left.
slower_on() {
	check "$1: what becomes slow is left" copy \
		"copy_file_range#20+=slow900 large=slow300 small=slow900" new -j1
	check "$1: after it had gone on" test "$(sum '.by_kernel > 9000000')" = true
	check "$1: for what is faster now" chosen write
	rm -f new
}

# share N: per cent of the file that worker N of two has moved.
share() {
	sed -n 's/.*, moved: //p' "$work/err" | grep -o '[0-9]*%' | sed -n "$1s/%//p"
}

# leave_on FS: of two workers the second, which maps, takes so long that the first does
# all the rest; or the first does, which stays all the same.  (The delays are to have both
# at work by then.)
leave_on() {
	check "$1: a slow worker" copy "huge=slow9000 growing=slow9000 huge#1=delay100 \
growing#1=delay100 copy_file_range=delay1 large=delay1" new -j2
	check "$1: leaves the chunks to others" test "$(share 2)" -le 15
	rm -f new
	check "$1: if it is the first one" copy "copy_file_range=slow9000 $L $S \
huge=delay2 growing=delay2" new -j2
	check "$1: it stays" test "$(share 1)" -gt 15
	rm -f new
}

# store_on FS: what page faults bring into a mapping.
store_on() {
	pattern 134217728 >mapped
	source=mapped
	rules="huge#100+=slow500 growing="
	for way in "huge folios,${rules}slow900" "growing folios,${rules}slow100"; do
		check "$1: if they become slow, ${way%,*} go on" forces "${way#*,}" \
			new "${way%,*}" by_mapping --engine=mmap -j1
		rm -f new
	done
	rm -f mapped
}

for fs in tmpfs ext4; do
	if ! place $fs; then
		skip "what goes on on $fs" "${why:-there is no room}"
		continue
	fi
	cd "$work/$fs" || broken "no $fs"
	cp "$work/large" here || broken "no room on $fs"
	source=here
	decide_on $fs
	refused_on $fs
	slower_on $fs
	[ $fs = tmpfs ] || leave_on $fs
	rm -f new old
	huge=$(cat /sys/kernel/mm/transparent_hugepage/hpage_pmd_size 2>/dev/null)
	if [ $fs != ext4 ]; then
		:	# nothing is huge there
	elif [ "$huge" = 2097152 ]; then
		store_on $fs
	else
		skip "$fs: folios that are huge" "here they are of ${huge:-no} bytes"
	fi
	cd "$work" || exit
done
finish
