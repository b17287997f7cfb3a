#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Which name the old file gets, of one file and in trees, and where there can be none.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
# shellcheck source=tests/tools/backup-lib
. "${srcdir:-.}/tests/tools/backup-lib"
ln -s nowhere dangling

# ---- numbers ----

numbered() {
	check "numbered ($*): it is copied" went_well
	check "numbered ($*): and the old file is there" kept_as "d/$1"
	check "numbered ($*): and the new one" same_content small d/b
}
for case in 1: 2:1 4:3 4:1,3 10:9 10:1,9 100:99 1:01 1:0 3:2,007 1:1x 1000:5,999 \
	10000000000000000000000:9999999999999999999999; do
	old
	for n in $(echo "${case#*:}" | tr , ' '); do echo "$n" >"d/b.~$n~"; done
	run "$MMCP" --backup=numbered small d/b
	numbered "b.~${case%%:*}~" after "${case#*:}"
	for n in $(echo "${case#*:}" | tr , ' '); do
		check "numbered, after ${case#*:}: $n is as it was" holds "d/b.~$n~" "$n"
	done
	case ${case#*:} in
	'' | 01 | 0 | 1x) expected=b~ ;;
	*) expected=b.~${case%%:*}~ ;;
	esac
	mv "d/b.~${case%%:*}~" d/b
	run "$MMCP" -b small d/b
	check "existing, after ${case#*:}: a number if there was one" \
		kept_as "d/$expected"
done

old
mkdir d/b.~5~; ln -s nowhere d/b.~7~
run "$MMCP" --backup=numbered small d/b
numbered b.~8~ after a directory and a symlink
seq -f d/b.~%.0f~ 1 2000 | xargs touch
old_inode=$was; echo old >d/b; chmod 640 d/b; was=$(inode d/b)
run "$MMCP" --backup=numbered small d/b
numbered b.~2001~ after 2000 others
check "numbered (after 2000 others): none of them was replaced" test \
	"$(inode d/b.~8~)" = "$old_inode"

# A backup that appears between the choice of its number and the rename.
for way in "renameat2#1=run" "renameat2=EINVAL linkat#1=run" \
	"renameat2=EINVAL linkat#1=run linkat#1=EPERM"; do
	old
	MMCP_SHIM_RUN="echo theirs >d/b.~1~"; export MMCP_SHIM_RUN
	run shimmed "$way" "$MMCP" --backup=numbered -v small d/b
	check "$way: a number that was taken meanwhile" holds d/b.~1~ theirs
	numbered b.~2~ "$way"
	check "$way: and it is said how it is called" out_is \
		"'small' -> 'd/b' (backup: 'd/b.~2~')"
done
old
MMCP_SHIM_RUN="for i in 1 2 3 4 5 6 7; do echo \$i >d/b.~\$i~; done"; export MMCP_SHIM_RUN
run shimmed "renameat2#1=run" "$MMCP" --backup=numbered small d/b
numbered b.~8~ several that were taken meanwhile
# A file that has two names for a moment must not keep both.
old
run shimmed "renameat2=EINVAL unlinkat=EIO" "$MMCP" --backup=numbered small d/b
check "half a rename is an error" err_has "cannot backup 'd/b': Input/output error"
check "and the old file has its name" kept_as d/b

if [ -n "${mmcp:-}" ]; then
	for n in 0 1 2 25; do
		old; chown -R 65534:65534 d
		[ $n = 0 ] || seq -f d/b.~%.0f~ 1 $n | xargs touch
		chmod 300 d
		run as_nobody timeout 100 "$mmcp" --backup=numbered small d/b
		numbered "b.~$((n + 1))~" "in a directory that can't be read, $n others"
	done
	old; chown -R 65534:65534 d; chmod 300 d
	run as_nobody "$mmcp" -b small d/b
	check "a simple one in a directory that can't be read" kept_as d/b~
else
	skip "numbers in a directory that can't be read" "only root can become nobody"
fi

# ---- long names ----

long=$(head -c 300 /dev/zero | tr '\0' n)
for length in 247 250 251 252 253 254 255; do
	for kind in simple existing numbered; do
		old; name=$(echo "$long" | cut -c "1-$length"); mv d/b "d/$name"
		run "$MMCP" --backup=$kind small "d/$name"
		what="a name of $length bytes, $kind"
		if [ $status = 0 ]; then
			check "$what: the copy is there" same_content small "d/$name"
			check "$what: and a backup, and nothing else" test \
				"$(find d -type f | wc -l)" = 2
			check "$what: which is the old file" kept_as \
				"$(find d -type f ! -name "$name")"
		else
			check "$what: it is said why" err_has "cannot backup"
			check "$what: the old file is there" kept_as "d/$name"
			check "$what: alone" names_are "$name"
		fi
		case $kind$status in numbered0) ;; *) continue ;; esac
		before=$(find d -type f ! -name "$name")
		was=$(inode "$before")
		run "$MMCP" --backup=$kind large "d/$name"
		check "$what: no numbered backup is ever replaced" kept_as "$before"
		check "$what: no old file either" test \
			"$(grep -lx new d/* | wc -l)" = 1
	done
done
old; name=$(echo "$long" | cut -c 1-255); mv d/b "d/$name"
run "$MMCP" --backup=simple small "d/$name"
check "where a simple backup has no room the old file stays" test $status = 1 -o \
	"$(find d -type f -inum "$was" | wc -l)" = 1

# ---- the source is the backup ----

# refused SENTENCE SOURCE ARGUMENT...
refused() {
	sentence=$1; source=$2; shift 2
	run "$MMCP" "$@"
	check "$sentence: refused" err_is \
		"mmcp: backing up 'd/b' might destroy source;  '$source' not copied"
	check "$sentence: with exit status 1" status_is 1
	check "$sentence: both are there" untouched
}
old earlier
refused "the source is the backup" d/b~ -b d/b~ d/b
refused "the source is the backup (-S)" d/b~ -S '~' d/b~ d/b
refused "the source is the backup (-f)" d/b~ -bf d/b~ d/b
refused "the source is the backup (-l)" d/b~ -bl d/b~ d/b
refused "the source is the backup (--remove-destination)" d/b~ \
	-b --remove-destination d/b~ d/b
refused "the source is the backup (--atomic)" d/b~ -b --atomic d/b~ d/b
refused "the source is the backup (./)" d/../d/./b~ -b d/../d/./b~ d/b
ln -s d/b~ way
refused "by a symlink" way -b way d/b
mkdir s; ln -s ../d/b~ s/b
refused "by a symlink, into a directory" s/b -b s/b d
ln -s d dd
refused "by another directory" dd/b~ -b dd/b~ d/b
ln d/b~ hard
refused "with another hard link, by the name that would go" d/b~ -b d/b~ d/b
run "$MMCP" -b hard d/b
check "by another hard link: nothing is lost" went_well
check "by another hard link: the old file is the backup" kept_as d/b~
check "by another hard link: the content is the copy" holds d/b earlier
check "by another hard link: and there still" holds hard earlier
old earlier
run "$MMCP" --backup=numbered d/b~ d/b
check "a numbered backup is none of a source" went_well
check "and what was copied is there twice" holds d/b earlier
check "and there still" holds d/b~ earlier
check "and the old file too" kept_as d/b.~1~
old
run "$MMCP" -fb d/b d/b
check "a file to its own backup" went_well
check "leaves the file" kept_as d/b
check "and makes the backup" holds d/b~ old

# ---- trees ----

tree() {
	rm -rf "$1"; mkdir -p "$1/sub/deep" "$1/fresh"
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		echo "$2 $i" >"$1/f$i"; echo "$2 sub $i" >"$1/sub/f$i"
		echo "$2 d" >"$1/sub/deep/f$i"
	done
	ln -s "$2" "$1/link"; mkfifo "$1/fifo"; ln -s f1 "$1/sub/file-or-link"
	echo "$2 one" >"$1/one"; ln "$1/one" "$1/two"
}
for options in -rb "-ab" "-a --backup=numbered" "-rb --engine=mmap" "-rb --atomic" -rlPb \
	"-rb --remove-destination" "-rb --fsync"; do
	tree from new
	echo 'new f~' >from/f1~; echo 'new f~' >from/sub/f2~; cp large from/sub/large
	for jobs in 1 4; do
		tree to$jobs old
		rm to$jobs/sub/file-or-link; echo 'old file' >to$jobs/sub/file-or-link
		mkfifo to$jobs/sub/large; echo 'old fresh' >to$jobs/fresh/x
		# shellcheck disable=SC2086
		run timeout 100 "$MMCP" $options -j$jobs -T from to$jobs
		check "a tree ($options, -j$jobs) is copied" went_well
		check "and nothing hidden is left" no_leftovers to$jobs
	done
	check "($options) as many workers make the same of it" same_tree to1 to4
	ext='~'
	case $options in *numbered*) ext=.~1~ ;; esac
	check "($options) and the old files are there" holds "to1/sub/f7$ext" "old sub 7"
	check "($options) and the new ones" holds to1/sub/f7 "new sub 7"
	check "($options) an old symlink too" test "$(readlink "to1/link$ext")" = old
	check "($options) an old FIFO too" \
		test -p "to1/fifo$ext" -a -p "to1/sub/large$ext"
	check "($options) no directory has a backup" test -z \
		"$(find to1 -type d -name '*~')"
	check "($options) no old file is lost" test \
		"$(find to1 -type f -exec grep -lx 'old sub [0-9]*' {} + | wc -l)" = 12
done

old
mkdir s2; echo x >s2/x
run "$MMCP" -rbTv s2 d/b
check "a directory takes the place of a file" went_well
check "which is kept" kept_as d/b~
check "which is said" out_is "'s2' -> 'd/b'
's2/x' -> 'd/b/x'"
check "and is whole" holds d/b/x x
old
run shimmed "mkdirat@b=ENOSPC" "$MMCP" -rbTv s2 d/b
check "a directory that can't be made is an error" status_is 1
check "and the old file has its name again" untouched
check "and nothing else is there" names_are b
check "which is said" out_has "'d/b~' -> 'd/b' (unbackup)"
old
run shimmed "renameat=EIO" "$MMCP" -rbT s2 d/b
check "where the file can't be renamed, no directory is made" err_is \
	"mmcp: cannot backup 'd/b': Input/output error"
check "and the file is there" untouched

# ---- with other options ----

for options in "--engine=mmap" "--engine=stream" "--fsync" "--atomic" "--atomic --fsync" \
	-p --sparse=always "-f" "--remove-destination" "-u" -d; do
	for source in small large; do
		old; touch -d 2001-01-01 d/b
		# shellcheck disable=SC2086
		run "$MMCP" -bv $options $source d/b
		check "-b $options $source: works" went_well
		check "-b $options $source: the copy is there" same_content $source d/b
		check "-b $options $source: and the old file" kept_as d/b~
		check "-b $options $source: and nothing else" names_are b b~
		check "-b $options $source: which is said" out_is \
			"'$source' -> 'd/b' (backup: 'd/b~')"
	done
done
old
run "$MMCP" -b -j3 huge d/b
check "a file for workers takes the place, too" same_content huge d/b
check "and the old one is kept" kept_as d/b~
old; ln d/b d/other
run "$MMCP" -b small d/b
check "other names of the old file stay names of it" \
	test "$(inode d/other)" = "$(inode d/b~)"
check "and have its content" holds d/other old
for options in -l "-s" "-d"; do
	old
	case $options in
	-s) source=$work/small ;;
	-d) source=dangling ;;
	*) source=small ;;
	esac
	run "$MMCP" -b $options "$source" d/b
	check "-b $options: works" went_well
	check "-b $options: the old file is kept" kept_as d/b~
	check "-b $options: nothing hidden is left" names_are b b~
done

finish
