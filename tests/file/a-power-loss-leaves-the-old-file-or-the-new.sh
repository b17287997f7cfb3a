#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A disk records what is written to it (tests/tools/recordfs.c).  Its state at many
# moments of a copy is restored (tests/tools/replay.py) and compared with what --atomic,
# --fsync and --backup promise.  MMCP_LONG=1: many more moments.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
moments=8 ways=alone
[ "${MMCP_LONG:-0}" != 1 ] || moments=20 ways="alone busily meanwhile"
# shellcheck source=tests/tools/powerloss-lib
. "${srcdir:-.}/tests/tools/powerloss-lib"

# ---- sources ----
pattern 6000000 >all
head -c 20480 all >contents/small
tail -c +30001 all | head -c 12345 >contents/old
tail -c +50001 all | head -c 3145728 >contents/large
tail -c +70001 all | head -c 2500000 >contents/old-large
rm all
: >contents/empty
mkdir contents/directory
mkfifo contents/pipe
ln -s old contents/old-link
ln -s "$(printf '%0200d' 0)" contents/long-link		# more than an inode holds
ln -s "$PWD/contents/small" contents/link
mkdir -p tree/sub/directory
cp contents/small tree/file; ln tree/file tree/name; cp contents/large tree/sub/big
cp -P contents/link contents/long-link tree/sub; mkfifo tree/sub/pipe; : >tree/sub/empty

# fill DIR: make the old files.
fill() {
	cp contents/old "$1/file" && cp contents/old-large "$1/big" &&
		cp contents/large "$1/source" && : >"$1/other" &&
		mkdir -p "$1/there/sub" && cp contents/old "$1/there/file" &&
		cp contents/old "$1/there/name" &&
		cp contents/old-large "$1/there/sub/big" &&
		cp contents/old "$1/there/sub/link" &&
		cp -P contents/old-link "$1/there/sub/long-link"
}

# tree_is DIR: print rules, one a word, that all of it is there.
tree_is() {
	for rule in file=small name=small sub/big=large sub/link=link \
		sub/long-link=long-link sub/empty=empty sub/pipe=pipe \
		sub/directory=directory; do
		echo "--after $1/$rule"
	done
}
# tree_is_whole DIR OLD OLD-LARGE OLD-LINK: print rules that each file is old or new.
tree_is_whole() {
	echo "--always $1/file=$2,small --always $1/name=$2,small"
	echo "--always $1/sub/big=$3,large"
	echo "--always $1/sub/link=$2,link --always $1/sub/long-link=$4,long-link"
}

# shellcheck disable=SC2046,SC2086 # rules, to be split
for fs in ext4 xfs btrfs; do
	have "mkfs.$fs" || { skip "on $fs" "mkfs.$fs is not installed"; continue; }
	make_base "$fs" || broken "no $fs to be had"
	rm -f image; cp --sparse=always base image
	replayer=$(attach image) || broken "no loop device to be had"
	total=0 bad=0
	kept="--always file|file~=old"

	survives "--atomic, small, onto an old file" --always file=old,small -- \
		--atomic contents/small disk/file
	survives "--atomic, large, onto an old file" --always big=old-large,large -- \
		--atomic contents/large disk/big
	survives "--atomic, small, new" --always new=absent,small -- \
		--atomic contents/small disk/new
	survives "--atomic, large, new" --always new=absent,large -- \
		--atomic contents/large disk/new
	if [ "$fs" != ext4 ]; then
		prepare="cp --reflink=never contents/small disk/dirty"
		survives "--atomic, a clone of what is in memory" \
			--always file=old,small -- \
			--atomic --reflink=always disk/dirty disk/file
		prepare=:
		survives "--atomic, a clone, onto an old file" \
			--always big=old-large,large -- \
			--atomic --reflink=always disk/source disk/big
		survives "--atomic, a clone, new" --always new=absent,large -- \
			--atomic --reflink=always disk/source disk/new
	fi
	survives "--atomic, mapped" --always big=old-large,large -- \
		--atomic --engine=mmap contents/large disk/big
	survives "--fsync, small, onto an old file" --after file=small -- \
		--fsync contents/small disk/file
	survives "--fsync, large, onto an old file" --after big=large -- \
		--fsync contents/large disk/big
	survives "--fsync, small, new" --after new=small -- \
		--fsync contents/small disk/new
	survives "--fsync, large, new" --always new=absent,large --after new=large -- \
		--fsync contents/large disk/new
	survives "--atomic --fsync" --always file=old,small --after file=small -- \
		--atomic --fsync contents/small disk/file
	survives "--atomic -b" $kept --always file=old,small \
		--always file~=absent,old -- --atomic -b contents/small disk/file
	survives "--fsync -b" $kept --always file=absent,old,small \
		--always file~=absent,old --after file=small --after file~=old -- \
		--fsync -b contents/small disk/file
	survives "--fsync -b, a symlink" $kept --after file=link --after file~=old -- \
		--fsync -P -b contents/link disk/file
	survives "--fsync -s" --after new=link -- \
		--fsync -s "$PWD/contents/small" disk/new
	prepare="cp --reflink=never contents/small disk/dirty"
	survives "--atomic -l, of what is in memory" --always new=absent,small -- \
		--atomic -l disk/dirty disk/new
	survives "--fsync -lf, of what is in memory" --after file=small -- \
		--fsync -lf disk/dirty disk/file
	prepare=:
	survives "--fsync --parents" --after tree/sub/big=large -- \
		--fsync --parents tree/sub/big disk
	survives "--fsync, a tree" $(tree_is new) -- --fsync -a tree disk/new
	survives "--fsync, a tree onto another" $(tree_is there) -- \
		--fsync -a tree/. disk/there
	survives "--atomic, a tree" $(tree_is_whole new absent absent absent) -- \
		--atomic -a tree disk/new
	survives "--atomic, a tree onto another" \
		$(tree_is_whole there old old-large old-link) -- \
		--atomic -a tree/. disk/there
	losetup -d "$replayer"
	replayer=
	echo "# $fs: $total moments, $bad bad"
done

finish
