#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Modes are kept with ACLs, and below an existing directory an ACL may have to be
# removed.  On a file system without ACLs (ramfs) that is no error.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_gnu_cp
need_root
need setfacl
LC_ALL=C	# a permission's quotes depend on it

mkdir ram
mount -t ramfs ramfs ram 2>/dev/null || skip_all "ramfs can't be mounted"
mounts="$work/ram $mounts"

mkdir -p plain/d/e
echo a >plain/f
echo b >plain/d/e/g
chmod 640 plain/f; chmod 750 plain/d
mkfifo plain/fifo
cp -a plain acl; cp -a plain default; cp -a plain both
setfacl -m u:daemon:rwx acl/f acl/d/e 2>/dev/null || skip_all "no ACLs here"
setfacl -d -m u:daemon:rwx default/d
setfacl -m u:daemon:rwx both/d; setfacl -d -m g:daemon:r both/d/e

# Copies into "to", which is in ramfs, over the copy before.
to_ram() {
	there=$work/ram/${PWD##*/}
	mkdir -p "$there"
	ln -s "$there" to
}
for options in -a -rp "-r --preserve=mode" -r "-r --no-preserve=mode"; do
	for what in plain plain acl default both; do
		# shellcheck disable=SC2086 # options, to be split
		says_as_cp "into ramfs" to_ram $options "$work/$what/." to
		check "$options $what: cp's result" same_tree ram/cp.tree ram/mmcp.tree
	done
	rm -rf ram/*.tree
done

# Special bits that --no-preserve=mode leaves, with ACLs and without.
mkdir -p special/sticky special/gid special/uid special/plain
mkfifo special/one special/two
chmod 1755 special/sticky; chmod 2755 special/gid; chmod 4711 special/uid
chmod 4755 special/one; chmod 1622 special/two
for where in . ram; do
	for mode in 755 2775; do
		for who in cp mmcp; do
			program=$MMCP
			[ $who = mmcp ] || program='cp'
			mkdir $where/to.$who && chgrp 7 $where/to.$who &&
				chmod $mode $where/to.$who
			run "$program" -r --no-preserve=mode special $where/to.$who
			find $where/to.$who/special -printf '%P %M\n' | sort >$who.bits
		done
		check "special bits in a directory $mode of $where" diff cp.bits mmcp.bits
		rm -r $where/to.cp $where/to.mmcp
	done
done

# And from ramfs: a file with an ACL loses it to a source that has none.
cp -a plain ram/plain
with_acls() { cp -a "$work/both" to; setfacl -m u:daemon:rwx to/f to/fifo; }
acls_of() { (cd "$1" && getfacl -R to 2>/dev/null); }
for options in -a -rp "-r --preserve=mode" -r; do
	# shellcheck disable=SC2086 # options, to be split
	as_cp "from ramfs" with_acls $options "$work/ram/plain/." to
	acls_of cp.tree >cp.acls
	acls_of mmcp.tree >acls
	check "$options: cp's ACLs" diff cp.acls acls
done

finish
