#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Calls that mmcp makes and cp doesn't are refused on a trusted file system, as by a
# container's filter or a security module: the copy is as cp's, and nothing is printed.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_gnu_cp
need_shim

pattern 300000 >large
pattern 17000000 >huge
pattern 400000 | tr '\000-\377' '\001-\377\000' >older
cp large holey && truncate -s 2000000 holey && cat older >>holey
mkdir tree
cp large tree/1
cp older tree/2
chmod 640 tree/2
ln -s nowhere tree/symlink
mkfifo tree/fifo

# The old file.
nothing() { :; }
old() { cp ../older to; }
old_tree() {
	mkdir to
	cp ../older to/1
	ln -s else to/symlink
	mkfifo -m 600 to/fifo
}

# refused RULES: make each copy while they hold.
refused() {
	rules=$1
	copy nothing "$work/large"
	copy old "$work/large"
	copy old "$work/holey"
	copy old -f "$work/large"
	copy old -b "$work/large"
	copy old --remove-destination "$work/large"
	copy nothing -a -T "$work/tree"
	copy old_tree -a -T "$work/tree"
	copy old_tree -a --remove-destination -T "$work/tree"
	case $rules in
	*EPERM* | *EIO*)
		copy nothing -j2 "$work/huge"
		copy old -j2 "$work/huge"
		;;
	esac
}
plain_cp() {
	[ "$1" != -j2 ] || shift
	cp "$@"
}
copy() {
	setup=$1; shift
	rm -rf cp.tree mmcp.tree
	mkdir cp.tree mmcp.tree
	(cd cp.tree && $setup && plain_cp "$@" to) || broken "cp $*"
	(cd mmcp.tree && $setup) || broken "$setup"
	cd mmcp.tree || broken "there is no directory"
	run shimmed "$rules" timeout 100 "$MMCP" "$@" to
	cd ..
	what="$rules ($setup, $*)"
	check "$what: no error" went_well
	check "$what: cp's result" same_tree cp.tree mmcp.tree
}

errnos="EPERM EIO ENOSYS"
[ -z "${MMCP_LONG:-}" ] || errnos="$errnos EACCES EINVAL EOPNOTSUPP ENOTTY"
for errno in $errnos; do
	refused "tmpfile=$errno"
	refused "rdwr=$errno tmpfile=$errno"
	refused "linkat=$errno"
	refused "renameat2=$errno tmpfile=$errno"
	refused "ftruncate=$errno fallocate=$errno"
	refused "mmap@large=$errno madvise=$errno ioctl=EOPNOTSUPP sync_file_range=$errno"
done

finish
