#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Directories whose names several walkers had get times, modes, owners, ACLs and
# attributes as cp gives them, deep ones and wide ones.
# shellcheck source=tests/tools/lib.sh
. "${srcdir:-.}/tests/tools/lib.sh"
need_shim
need cp

mkdir -p s
# A chain with something at each level, wide ones, and a tree of many small ones.
path=s
for level in $(seq 12); do
	path=$path/deep$level
	mkdir "$path"
	for i in 1 2 3 4 5; do echo "$level $i" >"$path/$i"; done
	mkdir "$path/side" "$path/other"; echo side >"$path/side/file"
done
for d in wide1 wide2; do
	mkdir s/$d
	for i in $(seq 60); do echo "$d $i" >"s/$d/$i"; done
	for i in $(seq 20); do mkdir "s/$d/dir$i"; echo x >"s/$d/dir$i/x"; done
done
chmod 555 s/wide1 s/deep1/deep2/deep3 s/deep1/side
chmod 2775 s/wide2 s/deep1/deep2; chmod 700 s/deep1/deep2/deep3/deep4
chmod 1777 s/wide2/dir7; chmod 2555 s/wide2/dir8; chmod 0111 s/wide1/dir9
chmod 0500 s/deep1/deep2/deep3/deep4/deep5
if is_root; then
	chown 12:34 s/wide1 s/deep1/deep2/deep3 s/wide2/dir3
	chgrp 56 s/wide2 s/deep1/deep2
fi
acls=
if have setfacl && setfacl -m u:77:rwx s/wide1 2>/dev/null; then
	acls=yes
	setfacl -d -m u:78:rx,g::rwx s/wide2
	setfacl -d -m u:79:rwx s/deep1/deep2/deep3/deep4
fi
! have setfattr || setfattr -n user.test -v value s/wide1 2>/dev/null || :
n=0
find s -depth -type d | while read -r d; do
	n=$((n + 1))
	touch -d "2001-02-03 04:05:06.$n" "$d"
done

facts() {
	tree_of "$1/s" "$2"
	[ -z "$acls" ] || (cd "$1/s" && find . -type d | sort | xargs getfacl -n --)
	! have getfattr || (cd "$1/s" && find . -type d | sort |
		xargs getfattr -d --absolute-names 2>/dev/null)
}
as_cp_did() { facts mmcp.to "$times" >got; diff want got; }

# prepare NAME KIND: what NAME is copied to.
prepare() {
	chmod -R u+rwx "$1" 2>/dev/null
	rm -rf "$1"
	mkdir "$1"
	case $2 in
	default) [ -z "$acls" ] || setfacl -d -m u:80:rwx "$1" ;;
	setgid) chmod 2755 "$1"; ! is_root || chgrp 90 "$1" ;;
	old)
		mkdir -p "$1/s/wide1" "$1/s/wide2/dir3" "$1/s/deep1/deep2"
		chmod 750 "$1/s/wide1" "$1/s/deep1"
		touch -d 2002-03-04 "$1/s/wide1" "$1/s/wide2/dir3"
		;;
	esac
}

slow="openat=delay1 mkdirat=delay1"
j=3
while read -r kind mask times options; do
	prepare cp.to "$kind"
	# shellcheck disable=SC2086 # options, to be split
	(umask "$mask"; cp $options s cp.to) 2>cp.err
	cp_status=$?
	facts cp.to "$times" >want
	# Another number of workers each time.
	case $j in 16) j=3 ;; *) j=16 ;; esac
	prepare mmcp.to "$kind"
	# shellcheck disable=SC2016,SC2086
	run shimmed "$slow" timeout 100 sh -c 'umask "$1"; shift; exec "$@"' - \
		"$mask" "$MMCP" $options -j$j s mmcp.to
	what="$options, umask $mask, $kind, -j$j"
	check "$what: cp's status" test "$status" = "$cp_status"
	check "$what: cp's result" as_cp_did
done <<'END'
new 022 times -a
new 077 times -a
default 022 times -a
old 022 times -a
new 027 - -r
default 022 - -r
setgid 002 - -r
old 022 - -r
new 022 times -rp
new 022 - -r --preserve=mode
new 022 times -a --no-preserve=mode
END
chmod -R u+rwx s cp.to mmcp.to

finish
