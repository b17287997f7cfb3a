#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The requests that a FUSE file system receives, compared with cp.  Each may be a round
# trip to a server (sshfs).  There are no more of any kind than from cp, except these:
#	STATFS		one for each process: which file system is it?
#	LOOKUP		one: lstat of the destination operand
#	GETATTR		one for each file that is read: has it changed meanwhile?
#	OPENDIR		one for each directory of the copy, which is held open, so that
#			it can't be replaced; one for each directory that several
#			processes had, which is opened again to be finished; RELEASEDIR
#	GETXATTR	one for each of these: does it give ACLs to what is made in it?
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_faultfs
need_gnu_cp
! sanitized || no_leak_check

mkdir -p src/tree/sub/deep
pattern 3000 >src/small
pattern 3000000 >src/large
for dir in src/tree src/tree/sub src/tree/sub/deep; do
	for i in 1 2 3; do cp src/small $dir/$i; done
	pattern 300000 >$dir/middle
	ln -s 1 $dir/link
done

mounted() { mountpoint -q "$work/mnt"; }
# mark NAME: wait until earlier requests are in the log, and add NAME to it.
mark() { ! stat "mnt/$1" >/dev/null 2>&1 && wait_until grep -aq "/$1" log; }
# asked WHO COMMAND...: run it; its requests go to WHO.requests, "KIND COUNT" a line.
asked() {
	who=$1; shift
	rm -rf back mnt out
	mkdir back mnt out
	cp -a src back/src
	cp -a src/small src/large back
	cp -a src/tree back/old
	echo "$rules" >rules
	"$FAULTFS" "$work/back" "$work/mnt" \
		-o "debug,attr_timeout=60,entry_timeout=60,control=$work/rules" 2>log &
	daemon=$!
	wait_until mounted || broken "faultfs can't be mounted"
	mounts="$work/mnt $mounts"
	mark begin-of-copy
	status=0
	"$@" >"$who.out" 2>&1 || status=$?
	mark end-of-copy
	unmount_faultfs "$work/mnt"
	wait $daemon
	# Requests without an answer, or due to a lack of memory, are not the copy's.
	sed -n '/LOOKUP .*begin-of-copy/,/LOOKUP .*end-of-copy/p' log |
		grep -ao 'opcode: [A-Z_]*' | cut -d ' ' -f 2 |
		sed 's/READDIRPLUS/READDIR/' |
		grep -v -e FORGET -e INIT -e DESTROY -e INTERRUPT -e SYNCFS |
		sort | uniq -c | awk '{ print $2, $1 }' >"$who.requests"
	grep -q . "$who.requests" || broken "nothing was asked"
}
# no_more READS DIRECTORIES SHARED: compare them; how many files are read, directories
# copied, and directories that several processes may have, on either side.
no_more() {
	awk -v reads="$1" -v dirs="$2" -v shared="$3" '
		NR == FNR { cp[$1] = $2; next }
		{ most = cp[$1] }
		$1 == "STATFS" || $1 == "LOOKUP" { most++ }
		$1 == "STATFS" && shared > 0 { most += 2 }
		$1 == "GETATTR" { most += reads }
		$1 ~ /^(OPENDIR|RELEASEDIR)$/ { most += shared }
		$1 ~ /^(OPENDIR|RELEASEDIR|GETXATTR)$/ { most += dirs }
		$2 > most { print $1, $2, "and cp", cp[$1] + 0; worse = 1 }
		END { exit worse }' cp.requests mmcp.requests
}
# requests READS DIRECTORIES ARGUMENT...: run cp and mmcp, and compare.
requests() {
	reads=$1; dirs=$2; shift 2
	asked cp cp "$@"
	[ $status = 0 ] || broken "cp $*"
	asked mmcp "$MMCP" "$@"
	check "$*: all is well" status_is 0
	shared=0
	for each; do
		case $each in mnt/*) shared=$((shared + 3)) ;; esac
	done
	case $* in *tree*) ;; *) shared=0 ;; esac
	check "$*: no more requests" no_more "$reads" "$dirs" "$shared"
}

rules="copy_file_range=ENOSYS"
requests 0 0 src/small mnt/new
requests 1 0 mnt/src/small out/new
requests 1 0 mnt/src/small mnt/new
requests 0 0 src/large mnt/new
requests 1 0 mnt/src/large out/new
requests 1 0 mnt/src/large mnt/new
requests 0 0 src/small mnt/small
requests 0 0 src/large mnt/large
requests 0 3 -r src/tree mnt/new
requests 12 0 -r mnt/src/tree out/new
requests 12 3 -r mnt/src/tree mnt/new
# As sshfs: no attributes, no ACLs.
rules="copy_file_range=ENOSYS setxattr=ENOSYS getxattr=ENOSYS listxattr=ENOSYS
removexattr=ENOSYS lseek=ENOSYS fallocate=ENOSYS"
requests 0 0 -a src/small mnt/new
requests 0 0 -a src/large mnt/large
requests 1 0 -a mnt/src/large out/new
requests 0 3 -a src/tree mnt/new
requests 12 0 -a mnt/src/tree out/new
requests 12 3 -a mnt/src/tree mnt/new
requests 0 3 -a src/tree/. mnt/old
requests 0 3 -au src/tree/. mnt/old

finish
