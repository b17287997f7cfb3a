#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# As tests/file/a-power-loss-leaves-the-old-file-or-the-new.sh, for trees of 2000 files,
# which are synced together.  MMCP_LONG=1: many more moments.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
moments=7 ways=meanwhile
[ "${MMCP_LONG:-0}" != 1 ] || moments=40 ways="alone meanwhile"
# shellcheck source=tests/tools/powerloss-lib
. "${srcdir:-.}/tests/tools/powerloss-lib"
next_way() { :; }	# A commit for each call would take too long.

# ---- sources ----
python3 - <<'P' || broken "python3 doesn't work"
import os, random
generator = random.Random(1)
for directory in range(20):
    for tree in "old", "new":
        top = "contents/%s/%d" % (tree, directory)
        os.makedirs(top)
        # Groups of few files are synced in another way.
        for file in range(20 if directory < 10 else 180):
            with open("%s/%d" % (top, file), "wb") as out:
                out.write(generator.randbytes(generator.randrange(5000)))
P
mkdir contents/nothing

# fill DIR: make the old files.
fill() { : >"$1/other" && cp -r contents/old "$1/there"; }

for fs in ext4 xfs btrfs; do
	have "mkfs.$fs" || { skip "on $fs" "mkfs.$fs is not installed"; continue; }
	make_base "$fs" || broken "no $fs to be had"
	rm -f image; cp --sparse=always base image
	replayer=$(attach image) || broken "no loop device to be had"
	total=0 bad=0

	survives "--atomic, new" --always new/=nothing,new -- \
		-r --atomic contents/new disk/new
	survives "--atomic, onto old files" --always there/=old,new -- \
		-r --atomic -T contents/new disk/there
	[ "${MMCP_LONG:-0}" != 1 ] ||
		survives "--atomic --fsync" --always there/=old,new --after there/=new \
			-- -r --atomic --fsync -T contents/new disk/there
	survives "--fsync, new" --after new/=new -- -r --fsync contents/new disk/new
	survives "--fsync, onto old files" --after there/=new -- \
		-r --fsync -T contents/new disk/there
	losetup -d "$replayer"
	replayer=
	echo "# $fs: $total moments, $bad bad"
done

finish
