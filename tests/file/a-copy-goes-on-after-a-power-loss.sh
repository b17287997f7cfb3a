#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# As tests/file/a-power-loss-leaves-the-old-file-or-the-new.sh, for --resume: whenever the
# power fails, what has its name and time is whole, and the same command goes on and makes
# the whole copy.  MMCP_LONG=1: many more moments.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
moments=6 ways=alone
[ "${MMCP_LONG:-0}" != 1 ] || moments=60 ways="alone meanwhile"
"$MMCP" --resume /dev/null null 2>err || ! grep -q libxxhash err ||
	skip_all "there is no libxxhash"
# shellcheck source=tests/tools/powerloss-lib
. "${srcdir:-.}/tests/tools/powerloss-lib"

# ---- sources ----
# 66 MiB, of which 9 are data, in nine places.
mkdir contents/nothing contents/tree contents/old
pattern 9437184 >data
truncate -s 69206017 contents/tree/large
for i in 0 1 2 3 4 5 6 7 8; do
	dd if=data of=contents/tree/large bs=1M skip=$i seek=$((i * 7)) count=1 \
		conv=notrunc status=none
done
for i in $(seq 80); do head -c $((i * 100)) data >"contents/tree/$i"; done
head -c 30000 data >contents/old/large
for i in $(seq 0 2 80); do echo "old $i" >"contents/old/$i"; done
find contents/old -exec touch -d 2001-01-01 {} +

fill() { : >"$1/other" && cp -a contents/old "$1/there"; }
# go_on NAME: make the command that goes on.
go_on() {
	# shellcheck disable=SC2016 # for sh
	printf '#!/bin/sh\nexec "%s" -a --resume -T "%s/contents/tree" "$1/%s"\n' \
		"$MMCP" "$PWD" "$1" >go-on
	chmod 755 go-on
}

for fs in ext4 xfs btrfs; do
	have "mkfs.$fs" || { skip "on $fs" "mkfs.$fs is not installed"; continue; }
	make_base "$fs" || broken "no $fs to be had"
	rm -f image; cp --sparse=always base image
	replayer=$(attach image) || broken "no loop device to be had"
	total=0 bad=0

	survives "onto old files, what has a name" --always there/=old,tree -- \
		-a --resume --bwlimit=20M -T contents/tree disk/there
	go_on new
	survives "new, going on" --then ./go-on --always new/=tree -- \
		-a --resume --bwlimit=20M -T contents/tree disk/new
	if [ "${MMCP_LONG:-0}" = 1 ]; then
		survives "new, what has a name" --always new/=nothing,tree -- \
			-a --resume --bwlimit=20M -T contents/tree disk/new
		go_on there
		survives "onto old files, going on" --then ./go-on --always there/=tree \
			-- -a --resume --bwlimit=20M -T contents/tree disk/there
	fi
	losetup -d "$replayer"
	replayer=
	echo "# $fs: $total moments, $bad bad"
done

finish
