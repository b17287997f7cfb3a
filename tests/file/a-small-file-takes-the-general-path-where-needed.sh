#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Small new files of a tree are copied by a short path (smallfile.c).  Files that it can't
# copy end the same as by the long one.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need_strace

fill_source() {
	mkdir -p s/d/e
	for d in s s/d s/d/e; do
		i=0
		while [ $i -lt 40 ]; do
			pattern $((i * 1601 + 1)) >$d/$i
			i=$((i + 1))
		done
		[ $d != s/d ] || pattern 30000 >s/d/victim
	done
	: >s/d/empty
	pattern 65535 >s/d/65535
	pattern 65536 >s/d/65536
	truncate -s 60000 s/d/hole
	printf x >>s/d/hole
	ln s/d/3 s/d/e/other-name
	chmod 640 s/d/4
	chmod 400 s/d/5
	touch -d "2001-02-03 04:05:06.789" s/d/6
}

# Print how many files the last run, traced into "log", copied by the short path: only
# there copy_file_range has no offsets.
in_few_steps() { grep -c "copy_file_range([0-9]*, NULL, [0-9]*, NULL" log; }
most_are() {
	[ "$(in_few_steps)" -ge 100 ] || { echo "$(in_few_steps) of them"; false; }
}
none_is() { [ "$(in_few_steps)" = 0 ]; }

# traced COMMAND...: as run.
traced() {
	run timeout 100 strace -f -qq -o log -e trace=copy_file_range,close_range "$@"
}

# the_same: the copy is equal, as far as -r or -a ($how) keep it.
the_same() {
	if [ "$how" = -a ]; then same_tree s to times; else diff -r s to; fi
}
all_but_victim() {
	absent to/d/victim || return
	pattern 30000 >to/d/victim
	diff -r s to
}
one_line() { [ "$(wc -l <"$work/err")" = 1 ]; }
holes_are_kept() { [ "$(stat -c %b to/d/hole)" -le 16 ]; }

what_goes_wrong() {
	# Refused calls, which have other ways.
	for rule in openat@victim#1=EMFILE openat@victim#2=EMFILE openat@victim#1=EINTR \
		copy_file_range@/victim#1=EINTR copy_file_range@/victim#1=EXDEV \
		copy_file_range=EXDEV copy_file_range@/victim=EINVAL \
		copy_file_range@/victim#1=zero copy_file_range@/victim=short1000 \
		close_range=ENOSYS; do
		sampled || continue
		rm -rf to
		run shimmed "$rule" "$MMCP" $how s to
		check "$fs, $how, $rule: no error" went_well
		check "$fs, $how, $rule: the tree is the same" the_same
	done
	for rule in openat@victim=EACCES copy_file_range@/victim#1=EIO \
		copy_file_range@/victim=ENOSPC fstat@s/d/victim#2+=EIO; do
		sampled || continue
		rm -rf to
		run shimmed "$rule" "$MMCP" $how s to
		check "$fs, $how, $rule: status 1" status_is 1
		check "$fs, $how, $rule: one line" one_line
		check "$fs, $how, $rule: naming it" err_has "/d/victim'"
		check "$fs, $how, $rule: the rest is the same" all_but_victim
	done
	# Another process takes the name first.
	rm -rf to
	MMCP_SHIM_RUN="echo theirs >to/d/victim"
	export MMCP_SHIM_RUN
	run shimmed openat@victim#2=run "$MMCP" $how s to
	check "$fs, $how: a name that was taken is an error" err_is \
		"mmcp: cannot create regular file 'to/d/victim': File exists"
	check "$fs, $how: with status 1" status_is 1
	check "$fs, $how: and what has it is left alone" grep -qx theirs to/d/victim
	rm -f to/d/victim
	check "$fs, $how: the rest is the same" all_but_victim
	# The source has changed when it has been copied.
	for change in "echo more >>s/d/victim" "truncate -s 20000 s/d/victim"; do
		rm -rf to
		MMCP_SHIM_RUN=$change
		run shimmed copy_file_range@/victim#1=run "$MMCP" $how s to
		check "$fs, $how, $change: all is well" went_well
		check "$fs, $how, $change: the tree is the same" diff -r s to
		pattern 30000 >s/d/victim
	done
}

for fs in tmpfs ext4; do
	place $fs || { skip "small files on $fs" "$why"; continue; }
	cd "$work/$fs" || exit
	fill_source
	for how in "-r -j1" "-r -j2" -a; do
		rm -rf to
		# shellcheck disable=SC2086 # options, to be split
		traced "$MMCP" $how s to
		check "$fs, $how: no error" went_well
		check "$fs, $how: the tree is the same" the_same
		check "$fs, $how: most files took few steps" most_are
		check "$fs, $how: holes are kept" holes_are_kept
	done
	for option in --engine=stream --engine=kernel --sparse=always --nocache \
		--json --atomic; do
		sampled || continue
		rm -rf to
		traced "$MMCP" -r $option s to
		check "$fs, $option: the tree is the same" diff -r s to
		check "$fs, $option: it took the way that was asked for" none_is
	done
	rm -rf to
	run sh -c "ulimit -n 24; exec \"\$0\" -r -j2 s to" "$MMCP"
	check "$fs: few descriptors will do" went_well
	check "$fs: and the tree is the same" diff -r s to
	for how in -r -a; do what_goes_wrong; done
	cd "$work" || exit
done

# Where close may fail, or a file may be cloned, the short path isn't used.
for fs in xfs btrfs; do
	place $fs || { skip "small files on $fs" "$why"; continue; }
	cd "$work/$fs" || exit
	fill_source
	traced "$MMCP" -r s to
	check "$fs: the tree is the same" diff -r s to
	check "$fs: its files are clones" none_is
	cd "$work" || exit
done

finish
