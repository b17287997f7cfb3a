#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What can't be read, has gone, moves, or finds no room: a line and status 1; all else is
# whole.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim

fill_source() {
	rm -rf s
	mkdir -p s/d/e s/z
	for d in s s/d s/d/e s/z; do
		for i in 1 2 3 4 5 6 7 8 9; do echo "$d/$i" >$d/$i; done
	done
	pattern 50000 >s/d/victim
	ln -s 1 s/d/link
	rm -rf to
}

# all_but NAME...: the copy has all of the source but these.
all_but() {
	only_whole_files "$work/s" to || return
	for name; do
		absent "to/$name" || { echo "there is $name"; return 1; }
	done
	(cd s && find . | LC_ALL=C sort) >have.s
	(cd to && find . && for name; do echo "./$name"; done) | LC_ALL=C sort -u >have.to
	LC_ALL=C comm -23 have.s have.to >missing
	[ ! -s missing ] || { echo "missing:"; cat missing; false; }
}
one_line() { [ "$(wc -l <err)" = 1 ] || { cat err; false; }; }

# during RULE COMMAND OPTION...: COMMAND runs inside a copy of the tree.
during() {
	rule=$1 MMCP_SHIM_RUN=$2; shift 2
	export MMCP_SHIM_RUN
	fill_source
	run shimmed "$rule=run" timeout 100 "$MMCP" "$@" s to
	what="$MMCP_SHIM_RUN in $rule, $*"
}
gone() {
	grep -qx "mmcp: cannot [a-z]* '$1'\( for reading\)\?: No such file or directory" \
		err ||
		{ cat err; false; }
}

for j in 1 3; do
	for option in $([ $j = 1 ] && echo -r || echo -a); do
		during openat@victim#1 "rm -f s/d/victim" "$option" -j$j
		check "$what: status 1" status_is 1
		check "$what: one line" one_line
		check "$what: in cp's words" gone s/d/victim
		check "$what: the rest is whole" all_but d/victim

		during openat@e#1 "rm -rf s/d/e" "$option" -j$j
		check "$what: status 1" status_is 1
		check "$what: one line" one_line
		check "$what: in cp's words" gone s/d/e
		mkdir s/d/e
		check "$what: the rest is whole" all_but d/e

		during openat@victim#1 \
			"rm -f s/d/victim; mkdir s/d/victim; echo x >s/d/victim/new" \
			"$option" -j$j
		check "$what: it ends" test "$status" -le 1
		rm -rf s/d/victim to/d/victim
		check "$what: the rest is whole" all_but

		during openat@victim#1 "rm -f s/d/victim; mkfifo s/d/victim" \
			"$option" -j$j
		check "$what: it ends" test "$status" -le 1
		rm -rf s/d/victim to/d/victim
		check "$what: the rest is whole" all_but

		for change in "truncate -s 0 s/d/victim" "truncate -s 20000 s/d/victim" \
			"echo more >>s/d/victim"; do
			during copy_file_range@/victim#1 "$change" "$option" -j$j
			check "$what: is no failure" went_well
			check "$what: and all is there, as it is now" diff -r s to
		done
		during copy_file_range@/victim#1 "rm -f s/d/victim" "$option" -j$j
		check "$what: is no failure" went_well
		check "$what: and all is there" test -s to/d/victim
	done

	# A failing call for one file.
	for rule in copy_file_range@/victim=EIO copy_file_range@/victim=ENOSPC \
		openat@victim=EACCES futimens@/victim=EIO fchmod@/victim=EPERM \
		copy_file_range@/victim#2=EIO; do
		sampled || continue
		fill_source
		run shimmed "$rule copy_file_range@/victim=short20000" \
			"$MMCP" -a -j$j s to
		check "$rule, -j$j: status 1" status_is 1
		check "$rule, -j$j: one line" one_line
		check "$rule, -j$j: naming it" err_has /d/victim
		case $rule in
		fut* | fch*) check "$rule, -j$j: but all is there" all_but ;;
		*) check "$rule, -j$j: the rest is whole" all_but d/victim ;;
		esac
	done
	for rule in mkdirat@e=ENOSPC mkdirat@e=EIO; do
		sampled || continue
		fill_source
		run shimmed "$rule" "$MMCP" -a -j$j s to
		check "$rule, -j$j: status 1" status_is 1
		check "$rule, -j$j: one line" one_line
		check "$rule, -j$j: cp's words" err_has \
			"mmcp: cannot create directory 'to/d/e': "
		rm -rf s/d/e
		check "$rule, -j$j: the rest is whole" all_but
	done
	fill_source
	run shimmed "symlinkat@link=EIO" "$MMCP" -r -j$j s to
	check "a symlink that can't be made, -j$j" err_is \
		"mmcp: cannot create symbolic link 'to/d/link': Input/output error"
	check "is an error, -j$j" status_is 1
	check "and the rest is whole, -j$j" all_but d/link
	# Each one fails.
	fill_source
	run shimmed "copy_file_range=EIO" "$MMCP" -a -j$j s to
	check "each file that fails has its line, -j$j" test "$(sort -u err | wc -l)" = 37
	check "and no more, -j$j" test "$(wc -l <err)" = 37
	check "and there are none, -j$j" test -z "$(find to -type f)"
	check "but all directories, -j$j" test -d to/d/e -a -d to/z
done

# A disk that fills up in the midst of a tree.
rm -rf s; mkdir s
i=0
while [ $i -lt 300 ]; do
	pattern $((20000 + i * 100)) >s/$i
	i=$((i + 1))
done
for fs in tmpfs ext4; do
	if ! mount_fs $fs 6M "$work/$fs"; then
		skip "a full disk: $fs" "$why"
		continue
	fi
	for j in 1 3; do
		for option in -r -a; do
			sampled || continue
			run timeout 100 "$MMCP" $option -j$j s $fs/to
			check "a full $fs, $option -j$j: status 1" status_is 1
			check "whole files only, $option -j$j" \
				only_whole_files "$work/s" $fs/to
			check "and not none, $option -j$j" \
				test "$(find $fs/to -type f | wc -l)" -gt 50
			# A line for each that isn't there.
			full='No space left on device'
			sed -n "s/.*'s\/\([0-9]*\)'.*: $full\$/\1/p
				s/.*'$fs\/to\/\([0-9]*\)'.*: $full\$/\1/p" err |
				sort >told
			(cd s && for name in *; do
				[ -e "$work/$fs/to/$name" ] || echo "$name"
			done) | sort >missing
			check "a line for each that failed, $option -j$j" \
				diff missing told
			check "and no other, $option -j$j" \
				test "$(wc -l <err)" = "$(wc -l <missing)"
			rm -rf $fs/to
		done
	done
done

# An ordinary user, and what isn't for all.
if open_to_nobody; then
	fill_source
	mkdir s/secret s/d/secret; echo x >s/secret/x; chmod 700 s/secret s/d/secret
	echo x >s/d/private; chmod 600 s/d/private; chmod 750 s/z; chown 0:65534 s/z
	mkdir theirs; chown 65534 theirs
	for j in 1 3; do
		for option in -r -a; do
			sampled || continue
			rm -rf theirs/to
			run as_nobody "$mmcp" $option -j$j s theirs/to
			check "what can't be read is an error, $option -j$j" status_is 1
			sort err >sorted
			cat >want <<'END'
mmcp: cannot access 's/d/secret': Permission denied
mmcp: cannot access 's/secret': Permission denied
mmcp: cannot open 's/d/private' for reading: Permission denied
END
			check "in cp's words, $option -j$j" diff want sorted
			rm -rf to; cp -a theirs/to to
			check "and the rest is there, $option -j$j" \
				all_but d/private secret/x
			modes=$(cd theirs/to &&
				stat -c %a secret d/secret z | tr '\n' ' ')
			check "directories have their modes, $option -j$j" test \
				"$modes" = "700 700 750 "
		done
	done
else
	skip "what can't be read is an error" "$why"
fi

finish
