#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What faultfs does besides refusing: writes that fail later, a size that the kernel
# remembers, a file that grows, an ACL that can't be read.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_faultfs
need_gnu_cp
! sanitized || no_leak_check

# The backing directories are in memory: ext4 flushes a file that replaces another.
memory=$work/memory
mount_fs tmpfs 200M "$memory" || mkdir -p "$memory"
limit=100	# seconds that no copy takes, however slow the machine
mkdir data
pattern 1000000 >data/large
pattern 5000 >data/small
pattern 1500000 | tr '\000-\377' '\001-\377\000' >data/longer
head -c 300000 data/longer >data/shorter

# ---- writes through a mapping that fail later ----
for at in "" writeback; do
	# shellcheck disable=SC2086 # nothing, or an option
	mount_faultfs "$memory/back" "$work/mnt" $at
	cp data/longer "$memory/back/old"
	faultfs_rules "$work/mnt" write=EIO
	for to in new old; do
		run timeout $limit "$MMCP" --engine=mmap data/large mnt/$to
		check "a mapping, ${at:-write-through}, $to: a failed write is reported" \
			status_is 1
	done
	unmount_faultfs "$work/mnt"
	rm -rf "$memory/back"
done

# ---- a size that the kernel caches ----
for at in "" writeback; do
	for who in cp mmcp; do
		# shellcheck disable=SC2086 # nothing, or an option
		mount_faultfs "$memory/back.$who" "$work/mnt.$who" attr_timeout=60 $at
		cp data/shorter "$memory/back.$who/g"
		stat mnt.$who/g >stat.out || broken "there is no $who/g"
		cat data/small >>"$memory/back.$who/g"
	done
	cp mnt.cp/g g.cp
	run timeout $limit "$MMCP" mnt.mmcp/g g.mmcp
	what="a remembered size${at:+, $at}"
	check "$what: no error" went_well
	check "$what: the copy is cp's" same_content g.cp g.mmcp
	for who in cp mmcp; do
		unmount_faultfs "$work/mnt.$who"
		rm -rf "$memory/back.$who"
	done
done

# ---- a log that grows ----
for at in "" direct nonseekable writeback store; do
	# shellcheck disable=SC2086 # nothing, or an option
	mount_faultfs "$work/back" "$work/mnt" ${at#store}
	# An object store takes writes in order, and the file can be read when it is
	# closed.
	[ "$at" != store ] ||
		faultfs_rules "$work/mnt" write-old=EPERM write-apart=ESPIPE \
		read@new=EIO truncate=EPERM
	cp data/longer back/log
	(while :; do echo line; done >>back/log) & writer=$!
	for way in "mnt/log out" "back/log mnt/new" "back/log mnt/new" \
		"mnt/log /dev/stdout"; do
		# shellcheck disable=SC2086 # source and destination
		run timeout $limit "$MMCP" $way
		what="a log that grows${at:+, $at}, $way"
		check "$what: no error" went_well
		case $way in
		*stdout) check "$what: its beginning" is_prefix "$work/out" back/log ;;
		*new) check "$what: its beginning" is_prefix back/new back/log ;;
		*) check "$what: its beginning" is_prefix out back/log ;;
		esac
		cp data/longer "$work/out"
	done
	kill $writer
	wait $writer 2>/dev/null
	unmount_faultfs "$work/mnt"
	rm -rf back
done

# ---- an ACL that can't be read, without which the mode would permit more ----
mount_faultfs "$memory/back.acl" "$work/mnt.acl"
mkdir mnt.acl/d
for name in f d/f; do pattern 1000 >mnt.acl/$name; done
pattern 17000000 >mnt.acl/large
mkfifo mnt.acl/fifo
chmod 664 mnt.acl/*f mnt.acl/large mnt.acl/fifo
chmod 2775 mnt.acl/d
faultfs_rules "$work/mnt.acl" getxattr=EIO listxattr=EIO
for option in -a "-r --preserve=mode"; do
	for who in cp mmcp; do
		program=$MMCP
		[ $who = mmcp ] || program='cp'
		rm -rf acl.$who
		# shellcheck disable=SC2086 # options are words
		run "$program" $option mnt.acl acl.$who
		{
			find acl.$who -printf '%P %M\n'
			sed "s/^[a-z]*: //" err; echo $status
		} |
			LC_ALL=C sort >acl.$who.list
	done
	check "$option: modes where an ACL can't be read" diff acl.cp.list acl.mmcp.list
done
unmount_faultfs "$work/mnt.acl"

finish
