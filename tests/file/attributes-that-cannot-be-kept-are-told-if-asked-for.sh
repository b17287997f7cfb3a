#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Destinations without extended attributes: by the file system, or by a shim.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need setfattr
need_shim

mkdir -p s/d
for name in s/f s/d/f s/d/g; do echo "$name" >$name; done
setfattr -n user.test -v value s/f 2>/dev/null || skip_all "no attributes here"
setfattr -n user.test -v value s/d/g; setfattr -n user.test -v value s/d
ln -s f s/link

dressed() { [ "$(getfattr --only-values -n user.test "$1" 2>/dev/null)" = value ]; }

for j in 1 3; do
	for option in -a "-r --preserve=xattr" "-a --preserve=xattr"; do
		rm -rf to
		# shellcheck disable=SC2086 # options, to be split
		run "$MMCP" $option -j$j s to
		check "where there are attributes, $option is quiet, -j$j" went_well
		for name in f d/g d; do
			check "$name has its attribute, $option -j$j" dressed to/$name
		done
		check "and others have none, $option -j$j" \
			sh -c '! getfattr to/d/f | grep .'
	done
	rm -rf to
	run "$MMCP" -r -j$j s to
	check "without an option for them, there are none, -j$j" \
		sh -c '! getfattr to/d/g | grep .'

	for why in EOPNOTSUPP ENOSPC EPERM; do
		rm -rf to
		rules="fsetxattr@user.test=$why setxattr@user.test=$why"
		run shimmed "$rules" "$MMCP" -a -j$j s to
		check "-a doesn't mind $why, -j$j" status_is 0
		check "and prints nothing, $why -j$j" err_empty
		check "but copies all, $why -j$j" same_tree s to times
		rm -rf to
		run shimmed "$rules" "$MMCP" -r --preserve=xattr -j$j s to
		check "asked for by name, $why is an error, -j$j" status_is 1
		# libattr has a message of its own where there are no attributes at all.
		case $why in
		EOPNOTSUPP) what="attributes" ;;
		*) what="attribute 'user.test'" ;;
		esac
		sort err | sed 's/: [A-Z][^:]*$//' >sorted
		printf "mmcp: setting $what for 'to/%s'\n" d d/g f >want
		check "reported in cp's words for each, $why -j$j" diff want sorted
		check "but all is copied, $why -j$j" same_tree s to
	done
done

# A real file system.  VFAT has neither owners nor symlinks, so only files are copied.
need_gnu_cp
rm s/link
set -- ramfs
[ ! -e /proc/filesystems ] || grep -q ramfs /proc/filesystems || set --
for fs; do
	mkdir "$fs"
	if ! is_root || ! mount -t "$fs" "$fs" "$fs" 2>/dev/null; then
		skip "on $fs" "it can't be mounted"
		continue
	fi
	mounts="$work/$fs $mounts"
	if setfattr -n user.test -v value "$fs" 2>/dev/null; then
		skip "on $fs" "it has attributes"
		continue
	fi
	for option in -a "-r --preserve=xattr" "-r --preserve=all" \
		"-a --preserve=xattr" -rp \
		"-r --preserve=mode,xattr"; do
		# shellcheck disable=SC2086
		cp $option s $fs/to >cp.out 2>cp.err
		cp_status=$?
		rm -rf "$fs/to"
		for j in 1 3; do
			# shellcheck disable=SC2086
			run "$MMCP" $option -j$j s $fs/to
			check "on $fs: $option has cp's status, -j$j" \
				test "$status" = $cp_status
			sed 's/^cp: /mmcp: /' cp.err | sort >want
			sort err >sorted
			check "and cp's words, -j$j" diff want sorted
			check "but all is copied, -j$j" diff -r s "$fs/to"
			rm -rf "$fs/to"
		done
	done
done

finish
