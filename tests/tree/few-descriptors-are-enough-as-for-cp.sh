#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Whatever the limit of open files, what cp copies is copied, with the same result: a walk
# that can't hold its directories open finds everything by whole paths.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_gnu_cp
! sanitized || skip_all "the sanitizers want descriptors, too"

mkdir -p s/flat s/deep/1/2/3/4/5/6
for i in 1 2 3 4 5 6 7 8; do pattern $((i * 100)) >s/flat/$i; done
pattern 300000 >s/file
for dir in s/deep s/deep/1/2 s/deep/1/2/3/4/5/6; do
	pattern 300000 >$dir/large
	echo small >$dir/small
	ln $dir/small $dir/other
	ln -s small $dir/link
	mkfifo $dir/fifo
	mkdir $dir/empty
done
touch -d 2001-02-03 s/deep/1/2/3/4/5/6 s/deep/1
! have setfattr || setfattr -n user.test -v x s/deep/1/2/small 2>/dev/null || :

# copy LIMIT COMMAND: in the current directory, with ../s as the source.
copy() (
	# shellcheck disable=SC3045 # the shells that we know have it
	ulimit -n "$1" && shift && exec timeout 100 "$@"
)
# Fill d with what is written over: older, and with other names.
fill() {
	mkdir d
	case $1 in
	over*)
		cp -a s/deep/. d
		find d -name small -exec touch -d 2001-01-01 {} +
		cp s/flat/1 d/file
		;;
	esac
}
as_cp_does() {
	for who in cp mmcp; do
		rm -rf "$who"
		mkdir "$who"
		ln -s ../s "$who/s"
		(cd "$who" && fill "$what") || broken "there is no destination"
	done
	cp_status=0
	(cd cp && copy "$limit" cp "$@") >cp.out 2>cp.err || cp_status=$?
	[ "$cp_status" = 0 ] || return 0
	compared=$((compared + 1))
	status=0
	(cd mmcp && copy "$limit" "$MMCP" "$@") >out 2>err || status=$?
	went_well && same_tree cp/d mmcp/d
}

limits="3 4 5 6 7 8 10 12 16 40"
[ -z "${MMCP_LONG:-}" ] || limits=$(seq 3 40)
for limit in $limits; do
	sampled || continue
	compared=0
	while read -r what options; do
		# shellcheck disable=SC2086 # options are words
		check "$limit descriptors, $what: as cp ($options)" as_cp_does $options
	done <<-'END'
		file s/file d
		flat -r s/flat d
		deep -r s/deep d
		all -a s/flat s/deep s/file d
		links -al s/deep d
		parents -a --parents s/deep/1/2/3/4/5 d
		over-file s/file d/file
		over-tree -a s/deep/. d
		over-older -au s/deep/. d
		over-backup -rb s/deep/. d
	END
	[ "$limit" -lt 6 ] ||
		check "$limit descriptors: cp copies all of these" test $compared = 10
done

# Directories that --parents makes aren't all held open.
path=s/deep
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do path=$path/$i; done
mkdir -p $path
echo x >$path/file
mkdir d
run copy 30 "$MMCP" -a --parents $path/file d
check "20 directories of --parents and 30 descriptors: all is well" went_well
check "20 directories of --parents and 30 descriptors: equal" cmp $path/file d/$path/file

finish
