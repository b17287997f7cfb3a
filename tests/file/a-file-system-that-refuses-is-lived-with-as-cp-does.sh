#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A table of file systems that refuse something or do it in their own way, times a list of
# copies.  cp and mmcp make each copy, on two equal mounts.  Exit status, names, content
# and metadata are as with cp, with the exceptions that as_by_cp has below.  What cp keeps
# must not be lost, and exit status 0 means the right bytes.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_faultfs
need_gnu_cp
! sanitized || no_leak_check

# The backing directories are in memory: ext4 flushes a file that replaces another.
memory=$work/memory
mount_fs tmpfs 200M "$memory" || mkdir -p "$memory"
limit=100	# seconds that no copy takes, however slow the machine
cells="new longer shorter workers sparse tree merge replace remove links atomic fsync"

# ---- sources, and old files ----

mkdir data
pattern 1000000 >data/large
pattern 5000 >data/small
pattern 1500000 | tr '\000-\377' '\001-\377\000' >data/longer
head -c 300000 data/longer >data/shorter
truncate -s 2000000 data/sparse
for at in 5 200 301 400; do
	dd if=data/small of=data/sparse bs=4096 seek=$at conv=notrunc status=none
done
mkdir -p data/tree/sub/empty data/merge/sub
for n in 1 2 3 4 5 6; do
	cp data/small data/tree/$n
	cp data/shorter data/tree/sub/$n
done
cp data/large data/tree/large
cp data/sparse data/tree/sub/sparse
: >data/tree/sub/nothing
chmod 640 data/tree/1
ln -s nowhere data/tree/symlink
cp data/shorter data/merge/1
cp data/shorter data/merge/2
cp data/small data/merge/large
cp data/shorter data/merge/sub/nothing
cp data/longer data/merge/sub/sparse
mkfifo -m 640 data/tree/sub/fifo
# Old files that -a and --remove-destination have to replace.
cp -a data/merge data/replace
ln -s 1 data/replace/symlink
ln data/replace/1 data/replace/another
mkfifo data/replace/sub/fifo
cp data/small data/replace/other
ln -s ../other data/replace/sub/4
find data/tree -depth -exec touch -h -d '2001-02-03 04:05:06.789' {} +

# fill CELL DIR: put into DIR what that copy needs: src and, if there is an old file,
# dest.
fill() {
	mkdir "$2"
	case $1 in
	new | fsync) cp data/large "$2/src" ;;
	longer | workers | atomic) cp data/large "$2/src"; cp data/longer "$2/dest" ;;
	shorter) cp data/large "$2/src"; cp data/shorter "$2/dest" ;;
	sparse) cp --sparse=always data/sparse "$2/src"; cp data/longer "$2/dest" ;;
	tree) cp -a data/tree "$2/src" ;;
	merge) cp -a data/tree "$2/src"; cp -a data/merge "$2/dest" ;;
	links)
		mkdir "$2/src" "$2/dest"
		cp data/small "$2/src/1"
		ln "$2/src/1" "$2/src/2"
		cp data/shorter "$2/dest/1"
		;;
	replace | remove) cp -a data/tree "$2/src"; cp -a data/replace "$2/dest" ;;
	esac
	[ -z "$young" ] || find "$2/src" -type f -exec touch {} +
}

# copy CELL COMMAND: make that copy in the current directory.
copy() {
	case $1,$2 in
	tree,* | merge,* | replace,*) timeout -k 5 $limit "$2" -a -T src dest ;;
	links,*) timeout -k 5 $limit "$2" -a src/1 src/2 dest ;;
	remove,*) timeout -k 5 $limit "$2" -a --remove-destination -T src dest ;;
	workers,"$MMCP") timeout -k 5 $limit "$2" -j2 --chunk-size=64K src dest ;;
	atomic,"$MMCP") timeout -k 5 $limit "$2" --atomic src dest ;;
	fsync,"$MMCP") timeout -k 5 $limit "$2" --fsync src dest ;;
	fsync,cp) timeout -k 5 $limit cp src dest && sync dest ;;
	*) timeout -k 5 $limit "$2" src dest ;;
	esac
}

# ---- what is checked ----

complain() { echo "$*"; faults=$((faults + 1)); }

# lost OLD NEW BY_CP BY_MMCP: cp left the old content, and mmcp neither that nor the new
# one. With --atomic, one of the two must always be there.
lost() {
	old=$1; new=$2; by_cp=$3; by_mmcp=$4
	cmp -s "$old" "$by_cp" || [ "$cell" = atomic ] || return
	! cmp -s "$old" "$by_mmcp" && ! cmp -s "$new" "$by_mmcp"
}
# A copy that failed.
failure_is_harmless() {
	case $cell in
	new | fsync)
		case $rules in *unlink*) return ;; esac
		absent "$ours/dest" || complain "a new file is left"
		;;
	longer | shorter | workers | sparse | atomic)
		old=longer
		[ "$cell" != shorter ] || old=shorter
		! lost "data/$old" "$theirs/src" "$theirs/dest" "$ours/dest" ||
			complain "the old content was lost"
		;;
	merge | replace)
		for name in 1 2 large sub/nothing sub/sparse; do
			! lost "data/$cell/$name" "$theirs/src/$name" \
				"$theirs/dest/$name" "$ours/dest/$name" ||
				complain "the old content of $name was lost"
		done
		;;
	esac
}

# A copy that succeeded, according to mmcp.
copy_is_right() {
	case $cell in
	tree | merge | replace | remove | links)
		(cd "$ours/src" && find . -type f) >files
		while read -r name; do
			cmp "$ours/src/$name" "$ours/dest/$name" ||
				complain "$name is wrong"
		done <files
		;;
	*) cmp "$ours/src" "$ours/dest" || complain "the copy is wrong" ;;
	esac
	[ "$cell,$cp_status" = sparse,0 ] || return
	blocks=$(stat -c %b "$ours/dest")
	by_cp=$(stat -c %b "$theirs/dest")
	[ "$blocks" -le $((by_cp + 128)) ] ||
		complain "it has $blocks blocks, and cp's $by_cp"
}

# Files that cp has not copied whole, as tree_of names them.
left_by_cp() (
	cd "$theirs" || exit
	find dest -type f 2>/dev/null | while read -r name; do
		cmp -s "src${name#dest}" "$name" || echo "./$name"
	done
)
# look DIR: everything below it, a line for each property that is to be kept.
look() (
	cd "$1" || exit
	{
		find . -mindepth 1 -type d \
			-printf '%p: type d\n%p: mode %m\n' \
			-printf '%p: owner %U:%G\n%p: time %T@\n' -o \
			-printf '%p: type %y %l\n%p: mode %m\n%p: owner %U:%G\n' \
			-printf '%p: links %n\n%p: size %s\n%p: time %T@\n'
		[ "$status" = 0 ] || find . -type f -exec cksum {} + |
			sed 's/^\([0-9]* [0-9]*\) \(.*\)/\2: sum \1/'
	} | if [ -n "$timed" ]; then cat; else grep -v ': time '; fi | LC_ALL=C sort
)

# Names, with a colon, that are not compared.
who_came_to_harm() {
	left_by_cp | sed 's/$/:/'
	# Which file fails may depend on the order, and a new file that failed is removed.
	[ -z "$harm" ] ||
		sed "s/‘\|’/'/g" mmcp.err |
			sed -n "s/^[^']*'\(src\|dest\)\([^']*\)'.*/.\/dest\2:/p"
}

# mmcp leaves exactly the files and metadata that cp leaves.  The exceptions: of a file
# that failed, cp leaves a part and mmcp the old one; mmcp may keep metadata that cp
# didn't; and times other than the source's are not compared.
as_by_cp() {
	timed=
	case $cell,$young in tree, | merge, | replace, | remove,) timed=yes ;; esac
	look "$theirs" >by_cp
	look "$ours" >by_mmcp
	! cmp -s by_cp by_mmcp || return 0
	sed -n 's/^\.\/src\([:/]\)/.\/dest\1/p' by_cp | LC_ALL=C sort >of_source
	who_came_to_harm >harmed
	LC_ALL=C comm -3 by_cp by_mmcp | grep -vFf harmed >differing
	sed -n 's/^	//p' differing | LC_ALL=C comm -12 of_source - |
		sed 's/ [^ ]*$//' >kept_more
	grep ': time ' of_source | LC_ALL=C comm -13 - by_cp |
		sed -n 's/\(: time \).*/\1/p' \
		>not_kept
	[ "$cp_status" != 1 ] || grep -vFf kept_more differing >rest
	[ "$cp_status" != 1 ] || mv rest differing
	grep -vFf not_kept differing >rest
	[ ! -s rest ] || { head -n 5 rest; complain "cp leaves something else"; }
}

judge() {
	faults=0
	theirs=$memory/back.cp/$cell
	ours=$memory/back.mmcp/$cell
	case $status in
	0)
		copy_is_right
		case $cp_status,$cell,$excused in
		0,* | *,atomic,* | *,fsync,* | *,*,?*) ;;
		*) complain "cp fails" ;;
		esac
		;;
	1)
		cat mmcp.err
		[ -s mmcp.err ] || complain "it failed without a word"
		[ "$cp_status" != 0 ] || [ -n "$excused" ] || complain "cp succeeds"
		failure_is_harmless
		;;
	124 | 137) complain "it did not end within $limit seconds" ;;
	*) cat mmcp.err; complain "it ended with status $status" ;;
	esac
	case $cell,$excused,$status in
	*,?*,* | atomic,,* | fsync,,1) ;;	# cp has nothing to be compared with
	*) as_by_cp ;;
	esac
	case $rules,$excused in
	*unlink*,?*) ;;
	*) no_leftovers "$ours" ||
		complain "something is left behind: $(find "$ours" -name '.mmcp-*')" ;;
	esac
	[ "$faults" = 0 ]
}

# ---- the run ----

reasons=
harm=
# differs CELL REASON: with the next behaviour, mmcp may fail at CELL and cp not.
differs() { reasons="$reasons$1:$2
"; }
reason_for() { printf %s "$reasons" | sed -n "s/^$1://p"; }

# run_cell WHO COMMAND: status into $status.
run_cell() {
	fill "$cell" "$memory/back.$1/$cell"
	# shellcheck disable=SC2086 # rules are words
	faultfs_rules "$work/mnt.$1" $rules
	status=0
	(cd "mnt.$1/$cell" && copy "$cell" "$2") >"$1.out" 2>"$1.err" || status=$?
	faultfs_rules "$work/mnt.$1"
}

# Replacing and linking names is tested only with rules that concern them.
cells_for() {
	case $* in
	*name* | *link* | *rdwr* | *truncate* | *attr* | *ch[mo]* | *utimens* | *open* | \
	*create* | \
		*write-apart*) names=yes ;;
	*) names=${MMCP_LONG:-} ;;
	esac
	echo "$cells" |
		if [ -n "$names" ]; then cat; else sed 's/replace remove links//'; fi
}

# behaviour NAME OPTIONS RULE...: make the copies on a file system mounted with OPTIONS,
# while these rules hold.  Most have no copy_file_range.
behaviour() {
	behaviour=$1; options=$2; shift 2
	rules=$*
	young=
	case $rules in *settle*) young=yes ;; esac
	case $rules in
	*copy_file_range*) ;;
	*) rules="$rules copy_file_range=ENOSYS" ;;
	esac
	for who in cp mmcp; do
		# shellcheck disable=SC2086 # options are words
		mount_faultfs "$memory/back.$who" "$work/mnt.$who" $options
	done
	cp_said='' mmcp_said=''
	for cell in $(cells_for "$rules"); do
		sampled || continue
		run_cell cp cp
		cp_status=$status cp_said="$cp_said $status"
		run_cell mmcp "$MMCP"
		mmcp_said="$mmcp_said $status"
		excused=$(reason_for "$cell")
		check "$behaviour: $cell${excused:+ (may fail: $excused)}" judge
	done
	for who in cp mmcp; do
		unmount_faultfs "$work/mnt.$who"
		rm -rf "$memory/back.$who"
	done
	reasons=
	echo "# $behaviour: status of cp$cp_said, of mmcp$mmcp_said"
}

no_atomic="without rename nothing is atomic"

# ---- unusual behaviour ----
behaviour "nothing unusual" ""
behaviour "direct" direct
behaviour "write-back" writeback
behaviour "copy_file_range" "" copy_file_range=delay0
behaviour "short copy_file_range" "" copy_file_range=short10000
behaviour "short reads" direct read=short4000
behaviour "short writes" direct write=short5000
behaviour "slow reads" "" read=delay5
behaviour "times settle late" "" settle=delay60 read=delay10
behaviour "times settle late, write-back" writeback settle=delay60 read=delay10

# ---- unsupported calls ----
behaviour "no SEEK_DATA" "" lseek=ENOSYS
behaviour "no SEEK_DATA (EINVAL)" "" lseek=EINVAL
behaviour "no punching" "" punch=EOPNOTSUPP
behaviour "no fallocate" "" fallocate=EOPNOTSUPP
behaviour "no holes" "" lseek=ENOSYS fallocate=EOPNOTSUPP
behaviour "no holes, write-back" writeback lseek=EINVAL punch=EOPNOTSUPP
behaviour "no rename flags" "" rename-flags=EINVAL
differs atomic "$no_atomic"
behaviour "no rename" "" rename=EPERM
differs atomic "$no_atomic"
behaviour "no rename (ENOSYS)" "" rename=ENOSYS
behaviour "no link" "" link=EPERM
behaviour "no unlink" hard_remove unlink=EPERM
differs atomic "$no_atomic"
behaviour "no rename, link or unlink" hard_remove rename=EPERM link=EPERM unlink=EPERM
behaviour "no reading and writing at once" "" rdwr=EACCES
behaviour "no truncate" "" truncate=EPERM
behaviour "no fsync" "" fsync=EINVAL
behaviour "no fsync (ENOSYS)" "" fsync=ENOSYS
behaviour "no statfs" "" statfs=ENOSYS
behaviour "no attributes" "" setxattr=EOPNOTSUPP getxattr=EOPNOTSUPP \
	listxattr=EOPNOTSUPP removexattr=EOPNOTSUPP
differs atomic "a file that replaces another has its attributes"
behaviour "attributes can't be read" "" getxattr=EIO listxattr=EIO
differs atomic "a file that replaces another has its mode"
behaviour "no modes" "" chmod=EPERM setxattr=EOPNOTSUPP
behaviour "no owners" "" chown=EPERM
behaviour "no times" "" utimens=EPERM
behaviour "no descriptor can be sought" nonseekable
behaviour "files have no size" direct,sizeless
behaviour "files have no size and can't be sought" direct,sizeless,nonseekable
behaviour "no truncate (EIO)" "" truncate=EIO
behaviour "opened for writing only with O_TRUNC" "" open-old=EPERM
behaviour "written only with O_TRUNC" "" write-old=EPERM
behaviour "written only in order" "" write-apart=ESPIPE
differs atomic "$no_atomic"
behaviour "an object store" "" write-old=EPERM write-apart=ESPIPE truncate=EPERM \
	rdwr=EACCES rename=EPERM link=ENOSYS fallocate=EOPNOTSUPP lseek=ENOSYS

# ---- errors ----
harm=yes
behaviour "write: ENOSPC" "" "write>300000=ENOSPC"
behaviour "write: ENOSPC, direct" direct "write>300000=ENOSPC"
behaviour "write: ENOSPC, write-back" writeback "write>300000=ENOSPC"
behaviour "write: EIO, write-back" writeback "write>300000=EIO"
behaviour "a second write: EINVAL" direct write-again=EINVAL
behaviour "close: EIO" "" flush@dest=EIO
behaviour "close: EDQUOT, write-back" writeback flush@dest=EDQUOT
differs atomic "what isn't on the device doesn't get the name"
behaviour "fsync: EIO" "" fsync=EIO
behaviour "read: EIO" "" "read>500000=EIO"
behaviour "read: EIO, direct" direct "read>500000=EIO"
behaviour "copy_file_range: EIO" "" "copy_file_range>500000=EIO"
behaviour "open: EACCES" "" open@dest=EACCES
differs atomic "it takes a new file"
behaviour "create: ENOSPC" "" create=ENOSPC
behaviour "mkdir: ENOSPC" "" mkdir=ENOSPC
behaviour "symlink: EPERM" "" symlink=EPERM

finish
